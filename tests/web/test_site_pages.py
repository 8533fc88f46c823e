"""What admins and moderators do at the pages about a site, by their forms, without a script."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import orjson
import pytest
from aiohttp import ClientSession

from tests.web.browsing import MakeModerator, send, sign_in
from tests.web.harness import PAGE, CheckAll, MakeSite, MakeToken, StartWeb, Submit
from tests.web.sending import get, page_of
from tests.web.site_pages import SitePages, forms_of, notice_of


@pytest.fixture
async def admin(client: ClientSession, make_site: MakeSite, make_token: MakeToken) -> SitePages:
    """A browser of an admin of `paper` alone."""
    await make_site("paper")
    assert (await sign_in(client, await make_token("admin", ("paper",), name="Ada"))).status == 303
    return SitePages(client)


Waiting = Callable[[], Awaitable[str]]


@pytest.fixture
def waiting(submit: Submit, check_all: CheckAll) -> Waiting:
    """`await waiting()`: one more comment of Mina that is held; its id."""
    numbers = iter(range(100))

    async def wait() -> str:
        accepted = await submit(comment=f"The ferry was late again, number {next(numbers)}.")
        await check_all()
        return str(accepted["id"])

    return wait


async def policy_of(database: asyncpg.Connection) -> dict[str, Any]:
    document = await database.fetchval(
        "SELECT document FROM policy JOIN site ON site.id = policy.site_id AND version = policy_version"
    )
    return dict(orjson.loads(document))


async def test_a_site_is_switched_and_says_how_it_is(admin: SitePages) -> None:
    page = await admin.change("/dashboard/mode", "mode", mode="closed", hours="4")
    assert "The site is in another mode from now on." in notice_of(page)
    assert "The site takes no replies." in page.text
    assert "Until " in page.text
    page = await admin.change("/dashboard/mode", "mode", mode="premoderated", hours="")
    assert "A person looks at everything first. Until somebody says otherwise." in page.text
    page = await admin.change("/dashboard/mode", "mode", mode="usual")
    assert "The site takes replies, as its policy says." in page.text
    assert "as its policy says" in (await admin.get("/dashboard/site")).text


async def test_a_switch_for_hours_that_nobody_offers_changes_nothing(admin: SitePages) -> None:
    answer = await admin.submit("/dashboard/mode", "mode", mode="closed", hours="5")
    assert answer.status == 422
    assert "The site takes replies, as its policy says." in page_of(answer).text


async def test_opening_hours_are_kept_and_taken_away(admin: SitePages, database: asyncpg.Connection) -> None:
    hours = {
        "limited": "on", "opening_hours.time_zone": "Europe/Berlin",
        "opening_hours.days.monday": "08:00-12:00, 13:00 – 22:30", "opening_hours.days.sunday": "10:00-24:00",
    }  # fmt: skip
    page = await admin.change("/dashboard/mode", "hours", **hours)
    assert (await policy_of(database))["opening_hours"] == {
        "time_zone": "Europe/Berlin", "outside": "closed",
        "days": {"monday": ["08:00-12:00", "13:00-22:30"], "sunday": ["10:00-24:00"]},
    }  # fmt: skip
    assert page.by_id("hours--opening_hours-days-monday").get("value") == "08:00-12:00, 13:00-22:30"
    await admin.change("/dashboard/mode", "hours", limited=None)
    assert (await policy_of(database))["opening_hours"] is None


async def test_a_fault_is_told_at_its_field_and_what_was_typed_stays(
    admin: SitePages, database: asyncpg.Connection
) -> None:
    sent = {"limited": "on", "opening_hours.time_zone": "Mars/Olympus", "opening_hours.days.monday": "8-25"}
    answer = await admin.submit("/dashboard/mode", "hours", **sent)
    assert answer.status == 422
    page = page_of(answer)
    field = page.by_id("hours--opening_hours-days-monday")
    assert (field.get("value"), field.get("aria-invalid")) == ("8-25", "true")
    assert "fault-hours--opening_hours-days-monday" in field.get("aria-describedby")
    assert "Please look at this field." in page.text
    assert (await policy_of(database))["opening_hours"] is None


async def test_word_lists_are_kept_a_line_an_entry(admin: SitePages, database: asyncpg.Connection) -> None:
    page = await admin.change(
        "/dashboard/words", "words", held_words="ferry\n\n  late again \n", trusted_domains="paper.example"
    )
    assert "The word lists are kept." in notice_of(page)
    policy = await policy_of(database)
    assert policy["held_words"] == ["ferry", "late again"]
    assert policy["trusted_domains"] == ["paper.example"]
    answer = await admin.submit("/dashboard/words", "words", held_patterns="fine\n\n(a+")
    assert answer.status == 422
    field = page_of(answer).by_id("words--held_patterns")
    assert "(a+" in field.text
    told = "".join(page_of(answer).by_id("fault-words--held_patterns").itertext())
    assert told.count("Line 3: ") == 1, told
    assert field.get("aria-invalid") == "true"
    assert (await policy_of(database))["held_patterns"] == []


async def test_the_policy_is_changed_looked_at_and_reverted(
    admin: SitePages, database: asyncpg.Connection
) -> None:
    page = await admin.change("/dashboard/policy", "policy", max_links="7", only_look="on")
    assert "max_links: 2 → 7" in notice_of(page)
    assert (await policy_of(database))["max_links"] == 2
    sent = {"max_links": "7", "promise.publish": "0,95", "author_required": None, "check-shouting": None}
    page = await admin.change("/dashboard/policy", "policy", note="Summer.", **sent)
    assert "The policy holds from now on." in notice_of(page)
    policy = await policy_of(database)
    assert (policy["max_links"], policy["promise"]["publish"], policy["author_required"]) == (7, 0.95, False)
    assert policy["checks"]["shouting"]["on"] is False
    assert "Summer." in page.text
    page = await admin.change("/dashboard/policy", "revert", of="1")
    assert (await policy_of(database))["max_links"] == 2
    whole = page.by_id("whole--policy").text.replace('"max_links": 2', '"max_links": 4')
    await admin.change("/dashboard/policy", "whole", policy=whole)
    assert (await policy_of(database))["max_links"] == 4


@pytest.mark.parametrize(
    ("action", "typed", "field"),
    [
        ("policy", {"max_links": "many"}, "policy--max_links"),
        ("policy", {"promise.sample": "2"}, "policy--promise-sample"),
        ("whole", {"policy": "{"}, "whole--policy"),
        ("whole", {"policy": "[" * 9999}, "whole--policy"),
        ("whole", {"policy": '{"max_linkz": 1}'}, None),
    ],
)
async def test_what_is_no_policy_is_refused(
    admin: SitePages, database: asyncpg.Connection, action: str, typed: dict[str, str], field: str | None
) -> None:
    before = await policy_of(database)
    answer = await admin.submit("/dashboard/policy", action, **typed)
    assert answer.status == 422
    page = page_of(answer)
    assert "That is no policy; please look at what is marked." in notice_of(page)
    assert field is None or page.by_id(field).get("aria-invalid") == "true"
    assert field is not None or "max_linkz" in notice_of(page)
    assert await policy_of(database) == before


@pytest.mark.parametrize("note", ["n" * 501, "a\x07b", "a\x00b"], ids=["too long", "bell", "null"])
async def test_a_note_that_cannot_be_kept_is_told_at_its_field(
    admin: SitePages, database: asyncpg.Connection, note: str
) -> None:
    answer = await admin.submit("/dashboard/words", "words", held_words="ferry", note=note)
    assert answer.status == 422
    page = page_of(answer)
    assert page.by_id("words--note").get("aria-invalid") == "true"
    assert "ferry" in page.by_id("words--held_words").text
    assert (await policy_of(database))["held_words"] == []


async def test_two_admins_do_not_overwrite_each_other(admin: SitePages, database: asyncpg.Connection) -> None:
    [form] = [one for one in forms_of(await admin.get("/dashboard/words")) if one.get("action") == "words"]
    await admin.change("/dashboard/policy", "policy", max_links="7")
    answer = await send(admin.client, "/dashboard/words/change", form | {"held_words": "ferry"})
    assert answer.status == 409
    assert "Somebody changed the policy first." in notice_of(page_of(answer))
    page = page_of(answer)
    assert "ferry" in page.by_id("words--held_words").text
    assert "max_links: 2 → 7" in notice_of(page)
    assert (await policy_of(database))["held_words"] == []


async def test_a_second_try_brings_nothing_old_back(admin: SitePages, database: asyncpg.Connection) -> None:
    """Whatever it was refused for: a field that was not touched has what somebody else wrote there."""
    [form] = [one for one in forms_of(await admin.get("/dashboard/words")) if one.get("action") == "words"]
    await admin.change("/dashboard/words", "words", trusted_domains="paper.example")
    for mine in ({"held_words": "ferry"}, {"held_words": "ferry", "held_patterns": "(a+"}):
        refused = page_of(await send(admin.client, "/dashboard/words/change", form | mine))
        [again] = [one for one in forms_of(refused) if one.get("action") == "words"]
        assert (again["trusted_domains"], again["held_words"]) == ("paper.example", "ferry")
    sent = await send(admin.client, "/dashboard/words/change", again | {"held_patterns": ""})
    assert sent.status == 303
    policy = await policy_of(database)
    assert (policy["held_words"], policy["trusted_domains"]) == (["ferry"], ["paper.example"])


async def test_reasons_are_added_worded_and_retired(admin: SitePages) -> None:
    words = {"label": "Rude", "text": "Please be kind."}
    page = await admin.change("/dashboard/reasons", "keep", code="rude", **words)
    assert "Rude rude the site's own" in page.text
    page = await admin.change("/dashboard/reasons", "keep", of="rude", label="Impolite")
    assert "Impolite rude" in page.text
    page = await admin.change("/dashboard/reasons", "retire", of="rude")
    assert "Nobody chooses this reason any more" in notice_of(page)
    assert "Retired Impolite rude" in page.text
    refused = await admin.submit("/dashboard/reasons", "keep", code="Not a code", **words)
    assert refused.status == 422
    assert page_of(refused).by_id("keep--code").get("value") == "Not a code"


async def test_thresholds_of_alerts_are_kept(admin: SitePages, database: asyncpg.Connection) -> None:
    sent = {"alerts.held_minutes": "30", "alerts.queue": "200"}
    assert "The thresholds are kept." in notice_of(await admin.change("/dashboard/alerts", "alerts", **sent))
    alerts = (await policy_of(database))["alerts"]
    assert (alerts["held_minutes"], alerts["queue"], alerts["check_failures"]) == (30, 200, None)
    await database.execute(
        "INSERT INTO alert (site_id, kind, threshold, value) SELECT id, 'queue_too_long', 200, 213 FROM site"
    )
    assert "too many are held213200" in (await admin.get("/dashboard/alerts")).text  # cells


async def test_a_webhook_is_added_tested_rested_and_removed(
    admin: SitePages, database: asyncpg.Connection
) -> None:
    url = "https://hooks.paper.example/replydesk"
    told = {"type-comment.held": "on", "description": "The newsroom's chat"}
    page = await admin.change("/dashboard/webhooks", "add", url=url, **told)
    [secret] = [one.text for one in page.all("code") if one.get("class") == "once"]
    assert secret.startswith("whsec_")
    assert secret not in (await admin.get("/dashboard/webhooks")).text
    row = await database.fetchrow("SELECT id::text, types FROM webhook")
    assert row["types"] == ["comment.held"]
    hook = row["id"]
    page = await admin.change("/dashboard/webhooks", "test", of=hook)
    assert "webhook.test: waiting" in page.text
    page = await admin.change("/dashboard/webhooks", "switch", of=hook)
    assert "it rests" in page.text
    page = await admin.change("/dashboard/webhooks", "switch", of=hook)
    assert "it works" in page.text
    page = await admin.change("/dashboard/webhooks", "rotate", of=hook)
    [new] = [one.text for one in page.all("code") if one.get("class") == "once"]
    assert new != secret
    await admin.change("/dashboard/webhooks", "replay", of=hook, hours="24")
    page = await admin.change("/dashboard/webhooks", "remove", of=hook)
    assert "The webhook is removed." in notice_of(page)
    refused = await admin.submit("/dashboard/webhooks", "add", url="http://127.0.0.1/")
    assert refused.status == 422
    assert page_of(refused).by_id("add--url").get("aria-invalid") == "true"


async def test_people_are_invited_given_roles_and_shut_out(
    admin: SitePages, make_moderator: MakeModerator, database: asyncpg.Connection
) -> None:
    page = await admin.change("/dashboard/people", "invite", role="viewer")
    [url] = [one.text for one in page.all("code") if one.get("class") == "once"]
    assert (await get(admin.client, "/dashboard/invitations/" + url.rpartition("/")[2])).status == 200
    number = str(await database.fetchval("SELECT id FROM invitation"))
    page = await admin.change("/dashboard/people", "revoke", of=number)
    assert "Links that can still be used" not in page.text
    ruth = str(await make_moderator("Ruth", role="viewer", sites_named=("paper",)))
    await admin.change("/dashboard/people", "role", of=ruth, role="moderator")
    assert await database.fetchval("SELECT role FROM moderator_access") == "moderator"
    page = await admin.change("/dashboard/people", "disable", of=ruth)
    assert "shut out" in page.text
    await admin.change("/dashboard/people", "enable", of=ruth)
    page = await admin.change("/dashboard/people", "remove", of=ruth)
    assert "Ruth" not in page.text
    refused = await send(
        admin.client, "/dashboard/people/change",
        {**forms_of(page)[-1], "action": "disable", "id": ruth},
    )  # fmt: skip
    assert refused.status == 404
    assert "There is no such person any more." in notice_of(page_of(refused))


async def test_tokens_and_sessions_are_ended(admin: SitePages, database: asyncpg.Connection) -> None:
    page = await admin.change("/dashboard/tokens", "create", role="viewer", of_site="paper", days="30")
    [secret] = [one.text for one in page.all("code") if one.get("class") == "once"]
    headers = {"Authorization": f"Bearer {secret}"}
    assert (await get(admin.client, "/api/v1/moderation/summary", **headers)).status == 200
    number = str(await database.fetchval("SELECT max(id) FROM moderator_token"))
    await admin.change("/dashboard/tokens", "revoke", of=number)
    assert (await get(admin.client, "/api/v1/moderation/summary", **headers)).status == 401
    [mine] = [
        one["id"] for one in forms_of(await admin.get("/dashboard/tokens")) if one.get("action") == "end"
    ]
    assert (await admin.submit("/dashboard/tokens", "end", of=mine)).status == 303
    assert "token" in {
        one.get("id") for one in page_of(await get(admin.client, "/dashboard/tokens")).all("input")
    }


async def test_the_audit_log_names_who_changed_what(admin: SitePages) -> None:
    await admin.change("/dashboard/mode", "mode", mode="closed", hours="1")
    await admin.change("/dashboard/policy", "policy", max_links="7")
    page = await admin.get("/dashboard/audit", site="")
    assert "Adasite.mode_changed" in page.text  # two cells
    page = await admin.get("/dashboard/audit", action="policy")
    assert "policy.changed" in page.text
    assert "site.mode_changed" not in page.text
    assert "Nothing was found." in (await admin.get("/dashboard/audit", moderator="Nobody")).text


async def test_an_author_is_ordered_about_and_decided_at_once(
    admin: SitePages, waiting: Waiting, database: asyncpg.Connection
) -> None:
    ids = {await waiting() for _ in range(3)}
    key = await database.fetchval("SELECT key FROM author")
    about = {"author_key": key}
    page = await admin.get("/dashboard/author", **about)
    assert "Signed with: Mina" in page.text
    assert "mina@reader.example" not in page.text
    assert {
        one.get("href").rpartition("/")[2] for one in page.all("a") if "/comments/" in one.get("href")
    } == ids
    page = await admin.change(
        "/dashboard/author", "order", about=about, kind="banned", reason="abusive", days="7", note="Enough."
    )
    assert "This holds from the next comment on." in notice_of(page)
    assert "Everything is rejected." in page.text
    assert "Enough." in page.text
    page = await admin.change("/dashboard/author", "lift", about=about)
    assert "judged like everybody" in page.text
    page = await admin.change(
        "/dashboard/author", "decide", about=about, decision="reject", reason="off_topic"
    )
    assert "3 comments were decided." in notice_of(page)
    statuses = await database.fetch("SELECT DISTINCT status, reason FROM comment")
    assert [tuple(row) for row in statuses] == [("rejected", "off_topic")]


async def test_a_rejection_of_all_without_a_reason_is_told(
    admin: SitePages, waiting: Waiting, database: asyncpg.Connection
) -> None:
    await waiting()
    about = {"author_key": await database.fetchval("SELECT key FROM author")}
    answer = await admin.submit("/dashboard/author", "decide", about=about, decision="reject")
    assert answer.status == 422
    assert "A rejection needs a reason" in notice_of(page_of(answer))
    assert await database.fetchval("SELECT status FROM comment") == "held"


async def test_a_page_is_closed_titled_and_decided_at_once(
    admin: SitePages, waiting: Waiting, database: asyncpg.Connection
) -> None:
    await waiting()
    listed = await admin.get("/dashboard/pages")
    assert PAGE in listed.text
    about = {"page_url": PAGE}
    sent = {"state": "closed", "title": "The <ferry>", "premoderated": "on"}
    page = await admin.change("/dashboard/page", "change", about=about, **sent)
    row = await database.fetchrow("SELECT open, title, premoderated FROM page")
    assert tuple(row) == (False, "The <ferry>", True)
    assert "closed, everything is looked at first" in page.text
    page = await admin.change(
        "/dashboard/page", "change", about=about, state="open", after="6", premoderated=None
    )
    assert "open, until" in page.text
    page = await admin.change("/dashboard/page", "decide", about=about, decision="approve")
    assert "1 comment was decided." in notice_of(page)
    assert "number 0" in (await admin.get("/dashboard/page", status="published", **about)).text


async def test_a_page_is_merged_into_another_one(
    admin: SitePages, waiting: Waiting, database: asyncpg.Connection
) -> None:
    comment_id = await waiting()
    about, kept = {"page_url": PAGE}, PAGE + "?again"
    refused = await admin.submit("/dashboard/page", "merge", about=about, into="nowhere")
    assert refused.status == 422
    assert page_of(refused).by_id("merge--into").get("aria-invalid") == "true"
    page = await admin.change("/dashboard/page", "merge", about=about, into=kept)
    assert "Both addresses are those of one page now." in notice_of(page)
    assert kept in page.text
    url = "SELECT url FROM page JOIN comment ON page.id = page_id WHERE comment.id = $1"
    assert await database.fetchval(url, comment_id) == kept
    assert (await admin.submit("/dashboard/page", "merge", about=about, into=kept)).status == 409


async def test_a_network_is_ordered_about_by_a_comment_and_lifted(
    admin: SitePages, waiting: Waiting, database: asyncpg.Connection
) -> None:
    comment_id = await waiting()
    comment = page_of(await get(admin.client, f"/dashboard/comments/{comment_id}"))
    [way] = [one.get("href") for one in comment.all("a") if "/dashboard/networks" in one.get("href")]
    assert way == f"/dashboard/networks?site=paper&comment={comment_id}"
    about = {"comment": comment_id}
    page = await admin.change("/dashboard/networks", "give", about=about, days="30", note="Ten names.")
    assert "This holds from the next comment on." in notice_of(page)
    assert "Ten names." in page.text
    number = str(await database.fetchval("SELECT id FROM network_standing"))
    page = await admin.change("/dashboard/networks", "lift", of=number)
    assert "Nothing is ordered about any network." in page.text


SEEN_BY_ALL = ("site", "mode", "alerts", "networks", "pages", "tokens")
FOR_ADMINS = ("policy", "words", "reasons", "webhooks", "people", "audit")


@pytest.mark.parametrize("role", ["viewer", "moderator"])
async def test_whoever_is_no_admin_sees_what_the_role_may_and_changes_nothing_else(
    admin: SitePages, start_web: StartWeb, make_token: MakeToken, database: asyncpg.Connection, role: str
) -> None:
    forms = {name: forms_of(await admin.get(f"/dashboard/{name}")) for name in (*SEEN_BY_ALL, *FOR_ADMINS)}
    other = (await start_web()).client
    await sign_in(other, await make_token(role, ("paper",), name="Vera"))
    for name in SEEN_BY_ALL:
        assert (await get(other, f"/dashboard/{name}")).status == 200, name
    for name in FOR_ADMINS:
        assert (await get(other, f"/dashboard/{name}")).status == 403, name
    own = forms_of(page_of(await get(other, "/dashboard/tokens")))[0]["csrf"]
    before = await policy_of(database)
    for name, of_page in forms.items():
        for form in of_page:
            if form.get("action") in {None, "end"} or (role == "moderator" and form["action"] == "mode"):
                continue
            answer = await send(other, f"/dashboard/{name}/change", form | {"csrf": own})
            assert answer.status == 403, (name, form)
    assert await policy_of(database) == before


async def test_a_form_changes_the_site_that_it_names_and_no_other(
    admin: SitePages, make_site: MakeSite, database: asyncpg.Connection
) -> None:
    await make_site("evening")
    [form] = [one for one in forms_of(await admin.get("/dashboard/mode")) if one.get("action") == "mode"]
    for site in ("evening", "nowhere", ""):
        answer = await send(admin.client, "/dashboard/mode/change", form | {"site": site, "mode": "closed"})
        assert answer.status == 404, site
    assert (await get(admin.client, "/dashboard/mode", {"site": "evening"})).status == 404
    assert await database.fetchval("SELECT count(*) FROM site WHERE mode <> 'usual'") == 0


async def test_a_form_that_is_not_ours_changes_nothing(
    admin: SitePages, database: asyncpg.Connection
) -> None:
    [form] = [one for one in forms_of(await admin.get("/dashboard/mode")) if one.get("action") == "mode"]
    for wrong, headers in (({"csrf": "x"}, {}), ({}, {"Sec-Fetch-Site": "cross-site"})):
        answer = await send(
            admin.client, "/dashboard/mode/change", form | {"mode": "closed"} | wrong, **headers
        )
        assert answer.status == 403
    assert await database.fetchval("SELECT mode FROM site") == "usual"


async def test_whoever_is_not_signed_in_sees_the_way_in(client: ClientSession) -> None:
    for name in (*SEEN_BY_ALL, *FOR_ADMINS):
        assert page_of(await get(client, f"/dashboard/{name}")).has_id("token"), name
