"""The page of a site's policy: its switches, every earlier version, and the whole of it as JSON."""

import json

from service.domain.fault import Fault
from service.moderation.pipeline import check_names
from service.moderation.policy_document import InvalidPolicy, differences, read_policy
from service.storage import policies
from service.storage.policies import PolicyVersion
from service.storage.pool import Connection
from service.web.desk_at_site import AtSite
from service.web.desk_policy_form import PolicyField, changed, current, save, shown
from service.web.desk_policy_meanwhile import meanwhile
from service.web.desk_site_pages import SitePage, Values
from service.web.languages import N_
from service.web.policy import policy_not_found
from service.web.policy_payloads import policy_dump

SHOWN = 20
PUBLISH = (
    ("review", N_("a person, always")),
    ("first", N_("the checks, once something of the author is published")),
    ("auto", N_("the checks")),
)
FIELDS = (
    PolicyField("publish", "choice", N_("Who publishes"), options=PUBLISH),
    PolicyField(
        "promise.publish",
        "share",
        N_("Of what the checks publish, so much must be fine"),
        N_("Such as 0.98; empty: they never publish alone."),
    ),
    PolicyField(
        "promise.spam",
        "share",
        N_("Of what the checks call spam, so much must be"),
        N_("Such as 0.99; empty: they never decide alone."),
    ),
    PolicyField(
        "promise.sample", "share", N_("Drawn for people to look at all the same"), N_("Such as 0.02.")
    ),
    PolicyField("hold_from", "share", N_("Weighed notes from which a comment is held")),
    PolicyField("max_links", "number", N_("Links that are allowed")),
    PolicyField("comment_limit", "number", N_("Longest comment, in characters")),
    PolicyField("depth", "number", N_("Levels of a thread"), N_("1 is flat.")),
    PolicyField(
        "close_after_days", "number", N_("Days after which a page closes"), N_("Empty: it stays open.")
    ),
    PolicyField("new_pages_per_hour", "number", N_("New pages an hour")),
    PolicyField(
        "languages", "lines", N_("Languages that are expected"), N_("Such as en, one a line; none: any.")
    ),
    PolicyField(
        "second_pair_of_eyes",
        "lines",
        N_("What one person proposes and another confirms"),
        N_("rejection, ban or both, one a line; none: everybody decides alone."),
    ),
    PolicyField(
        "confirm_address",
        "choice",
        N_("Replies wait until their address is confirmed by mail"),
        options=(
            ("off", N_("Never")),
            ("first", N_("Until an address was confirmed once")),
            ("always", N_("Always")),
        ),
    ),
    PolicyField(
        "trust_from",
        "number",
        N_("Confirmed replies from which review is for cause alone"),
        N_("Empty: never."),
    ),
    PolicyField(
        "reports_hold_from",
        "share",
        N_("Weight of readers' reports from which a published comment is held"),
        N_("One reader without a record weighs 1; 0: never by itself."),
    ),
    PolicyField(
        "edit_minutes",
        "number",
        N_("Minutes in which authors may change a comment"),
        N_("0: never."),
    ),
    PolicyField(
        "statement_mail",
        "choice",
        N_("Mailed that a reply was refused"),
        options=(("opted", N_("Who asked for it")), ("always", N_("Everybody whose address is kept"))),
    ),
    PolicyField(
        "markup",
        "choice",
        N_("Comments are read as"),
        options=(("plain", N_("Plain text")), ("markdown", N_("Markdown, without pictures and headings"))),
    ),
    PolicyField("house_rules_url", "text", N_("Address of the house rules"), N_("Linked at the form.")),
    PolicyField("privacy_url", "text", N_("Address of the privacy notice"), N_("Linked at the form.")),
    PolicyField("author_required", "switch", N_("A name is required")),
    PolicyField("email_required", "switch", N_("An email address is required")),
)


async def read(at: AtSite) -> Values:
    """The version that holds, its switches and the latest versions with what each changed."""
    if at.site is None:
        return {"found": None}
    found, versions = await current(at), await _versions(at)
    return {
        "found": found,
        "fields": FIELDS,
        "values": shown(found.policy, FIELDS),
        "checks": [(name, found.policy.of_check(name)) for name in check_names()],
        "versions": versions,
        "whole": json.dumps(policy_dump(found.policy), indent=2, ensure_ascii=False),
        "changes": None,
    } | await meanwhile(at, found, FIELDS)


async def keep(at: AtSite) -> str | Values:
    """Keep the switches; or say what they would change, where that is asked for."""
    before = await current(at)
    document = changed(before.policy, FIELDS, at.form)
    for name in check_names():
        _switch(document, name, is_on=at.form.get(f"check-{name}") == "on")
    return await _keep(at, before, document)


async def keep_whole(at: AtSite) -> str | Values:
    """The same for the whole document."""
    try:
        document = json.loads(at.form.get("policy", ""))
    except (ValueError, RecursionError):
        raise InvalidPolicy([Fault("policy", "invalid", "This is not JSON.")]) from None
    return await _keep(at, await current(at), document)


async def revert(at: AtSite) -> str:
    """Make an earlier version hold again, as a new one."""
    wanted, site = at.form.get("id", ""), at.of
    number = int(wanted[:9]) if wanted.isdecimal() else 0
    found = await at.read(lambda held: policies.find_version(held, site.id, number))
    if found is None:
        raise policy_not_found()
    await save(at, policy_dump(found.policy))
    return "policy"


async def _keep(at: AtSite, before: PolicyVersion, document: object) -> str | Values:
    if at.form.get("only_look") == "on":
        values = {"changes": differences(before.policy, read_policy(document))}
        return values | {"sent": {"action": at.form["action"], "id": ""}}
    await save(at, document)
    return "policy"


def _switch(document: Values, name: str, *, is_on: bool) -> None:
    """A check that is on as it comes is not named."""
    if is_on and name not in document["checks"]:
        return
    document["checks"].setdefault(name, {})["on"] = is_on


async def _versions(at: AtSite) -> list[tuple[PolicyVersion, list[str]]]:
    site = at.of

    async def find(held: Connection) -> list[PolicyVersion]:
        return await policies.list_versions(held, site.id, limit=SHOWN + 1)

    found = await at.read(find)
    before = [one.policy for one in found[1:]]
    shown_ones = [(one, differences(old, one.policy)) for one, old in zip(found, before, strict=False)]
    return shown_ones[:SHOWN] if len(found) > SHOWN else [*shown_ones, (found[-1], [])]


PAGE = SitePage("policy", "admin", read, {"policy": keep, "whole": keep_whole, "revert": revert})
