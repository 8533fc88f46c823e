"""What the queue's script asks of the dashboard, and what the forms do without it."""

from typing import Any

import asyncpg
from aiohttp import ClientSession

from tests.web.browsing import OWN_FORM, csrf_of, forms, queue, send, sign_in, status_of
from tests.web.harness import CheckAll, MakeSite, MakeToken, StartWeb, Submit
from tests.web.sending import Answer, get, page_of, read

JSON = {"Accept": "application/json"}


async def ask(client: ClientSession, path: str, fields: dict[str, str]) -> Answer:
    """As the page's script does."""
    async with client.post("/dashboard/" + path, data=fields, headers=OWN_FORM | JSON) as response:
        return await read(response)


async def decided(client: ClientSession, action: str = "approve", **more: str) -> dict[str, Any]:
    [form] = forms(await queue(client))
    answer = await ask(client, "decide", form | {"action": action} | more)
    return {"http": answer.status, "csrf": form["csrf"]} | answer.json


async def test_a_script_is_told_how_a_decision_went(desk: ClientSession, held: str) -> None:
    told = await decided(desk)
    assert (told["http"], told["ok"], told["status"], told["version"]) == (200, True, "published", 3)
    assert told["text"] == "Approved: it is on the page."


async def test_whoever_loses_is_told_who_decided_meanwhile(
    start_web: StartWeb, desk: ClientSession, make_token: MakeToken, database: asyncpg.Connection, held: str
) -> None:
    other = (await start_web()).client
    await sign_in(other, await make_token("moderator", name="Hob"))
    [form] = forms(await queue(other))
    await decided(desk, "spam")
    answer = await ask(other, "decide", form | {"action": "approve"})
    assert (answer.status, answer.json["ok"], answer.json["code"]) == (409, False, "stale-version")
    assert answer.json["text"] == "Ruth decided it meanwhile: Spam. Nothing was changed."
    assert await status_of(database, held) == "spam"


async def test_a_decision_is_taken_back_by_script(
    desk: ClientSession, database: asyncpg.Connection, held: str
) -> None:
    told = await decided(desk, "reject", reason="hate")
    undone = await ask(desk, "undo", {"csrf": told["csrf"], "id": held})
    assert (undone.status, undone.json["status"], undone.json["version"]) == (200, "held", 4)
    again = await ask(desk, "undo", {"csrf": told["csrf"], "id": held})
    assert (again.status, again.json["code"]) == (409, "nothing-to-undo")
    assert await status_of(database, held) == "held"


async def test_a_decision_is_taken_back_by_a_form(
    desk: ClientSession, database: asyncpg.Connection, held: str
) -> None:
    [form] = forms(await queue(desk))
    answer = await send(desk, "/dashboard/decide", form | {"action": "spam"})
    page = page_of(await get(desk, answer.headers["Location"]))
    [undo] = [form for form in page.all("form") if form.get("action") == "/dashboard/undo"]
    fields = {node.get("name"): node.get("value") for node in undo.iter("input")}
    assert fields["id"] == held
    back = await send(desk, "/dashboard/undo", fields)
    assert "Taken back" in page_of(await get(desk, back.headers["Location"])).text
    assert await status_of(database, held) == "held"


async def test_what_is_picked_is_decided_together_and_each_on_its_own(
    desk: ClientSession, submit: Submit, check_all: CheckAll, database: asyncpg.Connection, held: str
) -> None:
    for n in range(2):
        await submit(comment=f"Number {n}.", author=f"Author {n}")
    await check_all()
    page = await queue(desk)
    picks = {
        str(n.get("name")): str(n.get("value")) for n in page.all("input") if n.get("type") == "checkbox"
    }
    assert len(picks) == 3
    picks[f"pick-{held}"] = "1"  # somebody was faster
    fields = picks | {"csrf": csrf_of(page), "action": "reject", "reason": "hate"}
    answer = await send(desk, "/dashboard/decide-many", fields)
    told = page_of(await get(desk, answer.headers["Location"])).text
    assert "2 of 3 comments were decided." in told
    assert "Someone decided this comment meanwhile" in told
    assert await status_of(database, held) == "held"
    assert await database.fetchval("SELECT count(*) FROM comment WHERE status = 'rejected'") == 2


async def test_what_is_picked_and_has_to_be_confirmed_by_another_one_is_no_refusal(
    client: ClientSession, make_site: MakeSite, make_token: MakeToken, submit: Submit, check_all: CheckAll
) -> None:
    await make_site("paper", second_pair_of_eyes=("rejection",))
    picks = {f"pick-{(await submit(comment=f'Number {n}.'))['id']}": "2" for n in range(2)}
    await check_all()
    await sign_in(client, await make_token("moderator"))
    fields = picks | {"csrf": csrf_of(await queue(client)), "action": "reject", "reason": "hate"}
    answer = await send(client, "/dashboard/decide-many", fields)
    told = page_of(await get(client, answer.headers["Location"])).text
    assert "2 of 2 comments were decided. Proposed: somebody else has to confirm the rejection." in told
    answer = await send(client, "/dashboard/decide-many", fields)
    told = page_of(await get(client, answer.headers["Location"])).text
    assert "0 of 2 comments were decided. You proposed it; somebody else has to confirm it." in told


async def test_a_hundred_that_are_picked_are_one_form(desk: ClientSession, held: str) -> None:
    csrf = csrf_of(await queue(desk))
    picks = {f"pick-01890000-0000-7000-8000-{n:012}": "2" for n in range(100)}
    answer = await ask(desk, "decide-many", picks | {"csrf": csrf, "action": "spam"})
    assert [one["code"] for one in answer.json["results"]] == ["comment-not-found"] * 100


async def test_who_looks_at_a_comment_has_it_and_others_see_that(
    start_web: StartWeb, desk: ClientSession, make_token: MakeToken, held: str
) -> None:
    other = (await start_web()).client
    await sign_in(other, await make_token("moderator", name="Hob"))
    csrf, others = csrf_of(await queue(desk)), csrf_of(await queue(other))
    assert (await ask(desk, "claim", {"csrf": csrf, "id": held})).json["ok"] is True
    assert (await ask(desk, "claim", {"csrf": csrf, "id": held})).json["ok"] is True
    assert (await ask(other, "claim", {"csrf": others, "id": held})).json["ok"] is False
    assert "Ruth is looking at it." in (await queue(other)).text
    assert "is looking at it." not in (await queue(desk)).text
    [form] = forms(await queue(other))
    refused = await ask(other, "decide", form | {"action": "approve"})
    assert refused.json["text"] == "Ruth is looking at it. Nothing was changed."
    await ask(other, "claim", {"csrf": others, "release": held})  # not theirs
    assert (await ask(other, "claim", {"csrf": others, "id": held})).json["ok"] is False
    await ask(desk, "claim", {"csrf": csrf, "release": held})
    assert (await ask(other, "claim", {"csrf": others, "id": held})).json["ok"] is True


async def test_the_script_hears_what_is_new_and_what_was_decided(
    start_web: StartWeb,
    desk: ClientSession,
    submit: Submit,
    check_all: CheckAll,
    make_token: MakeToken,
    held: str,
) -> None:
    csrf = csrf_of(await queue(desk))
    before = (await ask(desk, "news", {"csrf": csrf, "ids": held})).json
    assert before["newest"] == [held]
    assert before["standing"][held] == {
        "status": "held", "version": 2, "claimed_by": None, "decided_by": None,
    }  # fmt: skip
    fresh = str((await submit(comment="And another."))["id"])
    await check_all()
    other = (await start_web()).client
    await sign_in(other, await make_token("moderator", name="Hob"))
    form = next(form for form in forms(await queue(other)) if form["id"] == held)
    await ask(other, "decide", form | {"action": "spam"})
    after = (await ask(desk, "news", {"csrf": csrf, "ids": held + ",x"})).json
    assert after["newest"] == [fresh]
    assert after["standing"][held]["decided_by"] == "Hob"


async def test_nothing_of_another_site_is_heard_or_had(
    start_web: StartWeb, client: ClientSession, make_site: Any, make_token: MakeToken, held: str
) -> None:
    await make_site("gazette")
    await sign_in(client, await make_token("moderator", ("gazette",)))
    csrf = csrf_of(await queue(client))
    assert (await ask(client, "news", {"csrf": csrf, "ids": held})).json == {"newest": [], "standing": {}}
    assert (await ask(client, "claim", {"csrf": csrf, "id": held})).json["ok"] is False
    told = (await ask(client, "decide", {"csrf": csrf, "id": held, "version": "2", "action": "spam"})).json
    assert (told["code"], "status" in told) == ("comment-not-found", False)
    assert (await ask(client, "undo", {"csrf": csrf, "id": held})).json["code"] == "comment-not-found"


async def test_a_viewer_hears_and_does_nothing(
    client: ClientSession, make_token: MakeToken, held: str
) -> None:
    await sign_in(client, await make_token("viewer"))
    csrf = csrf_of(await queue(client))
    assert (await ask(client, "news", {"csrf": csrf, "ids": held})).status == 200
    for path in ("decide", "decide-many", "undo", "claim"):
        answer = await ask(client, path, {"csrf": csrf, "id": held, "version": "2", "action": "spam"})
        assert (answer.status, answer.json["type"].rpartition("/")[2]) == (403, "role-too-low")


async def test_what_a_script_sends_needs_the_token_of_the_page(desk: ClientSession, held: str) -> None:
    for path in ("decide", "decide-many", "undo", "claim", "news", "choose"):
        fields = {"id": held, "version": "2", "action": "spam", "ids": held}
        assert (await ask(desk, path, fields)).status == 403
        csrf = csrf_of(await queue(desk))
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert (await send(desk, "/dashboard/" + path, fields | {"csrf": csrf}, **foreign)).status == 403


async def test_choices_are_kept_in_the_browser_and_hold_for_every_page(
    desk: ClientSession, held: str
) -> None:
    csrf = csrf_of(await queue(desk))
    chosen = {
        "language": "de",
        "theme": "dark",
        "density": "compact",
        "keys": "off",
        "size": "50",
        "blur": "x",
    }
    answer = await send(desk, "/dashboard/choose", chosen | {"csrf": csrf})
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    page = page_of(await get(desk, answer.headers["Location"]))
    assert "Ihre Auswahl ist in diesem Browser gespeichert." in page.text
    page = await queue(desk)
    assert page.root.get("lang") == "de"
    assert [page.root.get(f"data-{name}") for name in ("theme", "density", "blur")] == [
        "dark",
        "compact",
        "off",
    ]
    assert "Freigeben" in page.text
    [form] = forms(page)
    told = await ask(desk, "decide", form | {"action": "spam"})
    assert told.json["text"] == "Als Spam markiert."


async def test_the_end_of_a_shift_says_what_was_done(desk: ClientSession, held: str) -> None:
    assert "Nothing was decided yet." in page_of(await get(desk, "/dashboard/shift")).text
    await decided(desk, "spam")
    page = page_of(await get(desk, "/dashboard/shift"))
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in page.all("tr")]
    assert rows == [["Action", "Number"], ["marked as spam", "1"]]


async def test_the_newest_come_first_where_that_is_wanted(
    desk: ClientSession, submit: Submit, check_all: CheckAll, held: str
) -> None:
    fresh = str((await submit(comment="And another."))["id"])
    await check_all()
    assert [form["id"] for form in forms(await queue(desk, sort="newest"))] == [fresh, held]
    assert [form["id"] for form in forms(await queue(desk, sort="nonsense"))] == [held, fresh]
    form = forms(await queue(desk, sort="newest"))[0]
    answer = await send(desk, "/dashboard/decide", form | {"action": "spam"})
    assert "sort=newest" in answer.headers["Location"]
