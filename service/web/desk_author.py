"""The page of an author: a pseudonym, the record, what was ordered, and all that is held in one decision."""

from datetime import UTC, datetime, timedelta

from service.domain.errors import MissingReason, UnknownReason
from service.storage.standings import NewStanding
from service.usecases.author_standing import give_standing, lift_standing
from service.web.authors import GIVEN, StandingBody, author_key_in, read_author
from service.web.deciding_all import decide_all
from service.web.desk_at_site import AtSite
from service.web.desk_items import reasons_for
from service.web.desk_site_pages import SitePage, Values, body_of
from service.web.marked_text import marked_html
from service.web.moderation_payloads import AllBody

DAYS = (1, 7, 30, 90, 365)
"""How long an order may hold; else until it is lifted."""


async def read(at: AtSite) -> Values:
    """All that is known of the author; a 404 for one who is not there."""
    author = await read_author(at.services, at.of, author_key_in(at.asked("author_key")))
    for one in author["comments"]:
        one["html"] = marked_html(one["text"], ())
    return {
        "author": author, "days": DAYS, "given": sorted(GIVEN), "outcome": None,
        "reasons": reasons_for(at.caller, at.of.slug),
    }  # fmt: skip


async def order(at: AtSite) -> str:
    """Pre-moderate or ban."""
    at.must("moderator")
    key, days = author_key_in(at.form.get("author_key", "")), at.form.get("days", "")
    until = datetime.now(UTC) + timedelta(days=int(days)) if days in map(str, DAYS) else None
    sent = {"kind": at.form.get("kind"), "reason": at.form.get("reason"), "expires_at": until}
    body = body_of(StandingBody, sent | {"note": at.form.get("note", "").strip() or None})
    if body.reason not in GIVEN:
        raise UnknownReason
    new = NewStanding(body.kind, body.reason, body.note, body.expires_at)
    await at.change(lambda held: give_standing(held, at.of, key, new, at.moderator_id))
    return "author-ordered"


async def lift(at: AtSite) -> str:
    """As usual again."""
    at.must("moderator")
    key = author_key_in(at.form.get("author_key", ""))
    await at.change(lambda held: lift_standing(held, at.of, key, at.moderator_id))
    return "author-lifted"


async def decide(at: AtSite) -> Values:
    """One decision about all that is held of the author."""
    return await decide_held(at, {"author_key": at.form.get("author_key", "")})


async def decide_held(at: AtSite, of: dict[str, str]) -> Values:
    """The same about an author or a page; what came of it is told on the page."""
    at.must("moderator")
    sent = {"action": at.form.get("decision"), "note": at.form.get("note", "").strip() or None}
    body = body_of(AllBody, sent | {"reason": at.form.get("reason") or None} | of)
    if body.action == "reject" and body.reason is None:
        raise MissingReason
    found = await decide_all(at.request, at.services, at.caller, at.of, body)
    refused = [one["problem"]["code"] for one in found["results"] if not one["ok"]]
    done = len(found["results"]) - len(refused)
    return {"outcome": {"done": done, "refused": refused, "left": found["left"]}}


PAGE = SitePage(
    "author", "viewer", read, {"order": order, "lift": lift, "decide": decide}, kept=("author_key",)
)
