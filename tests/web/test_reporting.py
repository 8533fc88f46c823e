"""Readers report by a page or a program, nobody learns who, and moderators see and settle it."""

from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
import structlog
from aiohttp import ClientSession

from tests.web.browsing import forms, queue, send, sign_in
from tests.web.desk import Desk
from tests.web.harness import ORIGIN, PAGE, CheckAll, MakeSite, MakeToken, StartWeb, WebProcess
from tests.web.sending import HTML, Answer, Page, get, page_of, post, read, reply

CANARY = "It names my neighbour, q7x-canary <script>alert(1)</script>"
HERE, BESIDE, THERE = "203.0.113.5", "203.0.113.77", "198.51.100.5"


@dataclass
class Paper:
    """A site that publishes by itself, behind a proxy, with a published comment and a moderator."""

    web: WebProcess
    desk: Desk
    database: asyncpg.Connection
    comment_id: str

    @property
    def form(self) -> str:
        return f"/sites/paper/report?comment={self.comment_id}"

    async def report(self, ip: str = HERE, *, kind: str = "json", **fields: Any) -> Answer:
        sent = {"json": fields} if kind == "json" else {"data": fields}
        accepts = {} if kind == "json" else {"Accept": HTML}
        url = f"/api/v1/sites/paper/comments/{self.comment_id}/reports"
        headers = accepts | {"X-Forwarded-For": ip}
        async with self.web.client.post(url, headers=headers, allow_redirects=False, **sent) as response:
            return await read(response)

    async def told(self) -> dict[str, Any]:
        return dict((await self.desk.get(f"/comments/{self.comment_id}")).json)


@pytest.fixture
async def paper(
    start_web: StartWeb,
    make_site: MakeSite,
    make_token: MakeToken,
    check_all: CheckAll,
    database: asyncpg.Connection,
) -> Paper:
    web = await start_web(trusted_proxies="127.0.0.1", limit_reports="4/600")
    await make_site("paper", publish="auto", reports_hold_from=2.0)
    accepted = await post(web.client, reply(comment="The ferry was late, <b>again</b>."))
    await check_all()
    desk = Desk(web.client, await make_token("moderator"))
    return Paper(web, desk, database, accepted.json["id"])


async def test_a_reader_reports_by_the_link_below_a_comment_without_a_script(paper: Paper) -> None:
    thread = page_of(await get(paper.web.client, "/sites/paper/thread", {"page_url": PAGE}))
    [link] = [one.get("href") for one in thread.all("a") if "report" in one.get("class", "")]
    assert link == paper.form
    page = page_of(await get(paper.web.client, link))
    assert "The ferry was late, <b>again</b>." in page.text
    [form] = list(page.all("form"))
    offered = {node.get("value") for node in form.iter("input") if node.get("type") == "radio"}
    assert {"abusive", "illegal", "other"} <= offered
    assert not offered & {"flood", "check_failed", "awaiting_confirmation", "blocked_word"}
    async with paper.web.client.post(
        form.get("action"), data={"reason": "abusive", "text": CANARY}, headers={"Accept": HTML}
    ) as response:
        assert response.status == 200
        thanks = await read(response)
    assert response.url.query["sent"] == "1"
    assert "Thank you for your report" in thanks.text
    assert "Set-Cookie" not in thanks.headers


async def test_the_link_of_a_fragment_leads_here_from_anywhere(paper: Paper) -> None:
    params = {"page_url": PAGE, "fragment": "1"}
    assert (
        f'href="{paper.web.url}{paper.form}"'
        in (await get(paper.web.client, "/sites/paper/thread", params)).text
    )


async def test_what_is_wrong_is_told_in_kind_with_what_was_typed(paper: Paper) -> None:
    told = await paper.report(text="x" * 1001)
    assert (told.status, told.faults) == (422, {"reason": "required", "text": "too_long"})
    for reason in ("blocked_word", "nothing", 7, ["hate"]):
        assert (await paper.report(reason=reason)).faults == {"reason": "not_found"}
    again = await paper.report(kind="form", text=CANARY)
    assert again.status == 422
    [typed] = page_of(again).all("textarea")
    assert typed.text == CANARY
    assert paper.web.services.limits.reports  # and none of them was counted
    assert (await paper.report(reason="hate")).status == 202


async def test_the_first_report_and_a_repeated_one_look_alike_and_count_once(paper: Paper) -> None:
    first = await paper.report(reason="hate")
    again = await paper.report(BESIDE, reason="abusive")  # the same /24
    assert (first.status, first.body) == (again.status, again.body) == (202, first.body)
    assert (await paper.told())["reports"]["count"] == 1
    by_form = await paper.report(kind="form", reason="hate")
    assert (by_form.status, by_form.headers["Location"]) == (303, f"{paper.web.url}{paper.form}&sent=1")
    assert (await paper.told())["version"] == 2


async def test_a_network_reports_so_often_and_no_more_and_others_still_may(paper: Paper) -> None:
    statuses = [(await paper.report(reason="hate")).status for _ in range(5)]
    assert statuses == [202] * 4 + [429]
    refused = await paper.report(kind="form", reason="hate", text="Typed before.")
    assert (refused.status, "Retry-After" in refused.headers) == (429, True)
    assert "Typed before." in refused.text
    assert (await paper.report(THERE, reason="hate")).status == 202


async def test_enough_reports_hide_it_from_readers_at_once_and_a_person_finds_out_why(paper: Paper) -> None:
    await paper.report(HERE, reason="hate", text=CANARY)
    await paper.report(THERE, reason="hate")
    thread = (await get(paper.web.client, f"/api/v1/sites/paper/comments?page_url={PAGE}")).json
    assert thread["comments"] == []
    told = await paper.told()
    assert (told["status"], told["reason"], told["version"]) == ("held", "hate", 3)
    assert told["reports"]["reasons"] == {"hate": 2}
    assert [one["text"] for one in told["reports"]["texts"]] == [CANARY]
    last = told["history"][-1]
    assert (last["by"], last["decided_by"]) == ("checks", "reports")
    assert (await paper.desk.decide(paper.comment_id, "approve", 3)).status == 200
    after = (await paper.told())["reports"]
    assert (after["count"], after["settled"], after["texts"]) == (0, 2, [])


async def test_the_queue_is_narrowed_to_what_is_reported(paper: Paper) -> None:
    async def ids(**params: Any) -> list[str]:
        return [one["id"] for one in (await paper.desk.get("/comments", **params)).json["comments"]]

    assert await ids(status="published", reported="1") == []
    await paper.report(reason="hate")
    assert await ids(status="published", reported="1") == await ids(reported="1") == [paper.comment_id]
    assert await ids(reported="0") == []  # what is held, as ever
    assert (await paper.desk.get("/comments", reported="yes")).status == 422


async def test_the_desk_shows_reports_and_keeps_a_comment_by_its_form(
    paper: Paper, make_token: MakeToken
) -> None:
    await paper.report(reason="hate", text=CANARY)
    async with ClientSession(paper.web.url, cookie_jar=paper.web.client.cookie_jar) as browser:
        assert (await sign_in(browser, await make_token("moderator", name="Nora"))).status == 303
        shown = await queue(browser, status="reported")
        assert _tab(shown, "Reported") == "Reported 1"
        assert "q7x-canary <script>alert(1)</script>" in shown.text
        assert not [one for one in shown.all("script") if not one.get("src")]
        [form] = forms(shown)
        done = await send(browser, "/dashboard/decide", form | {"action": "approve"})
        assert "status=reported" in done.headers["Location"]
        shown = await queue(browser, status="reported")
        assert _tab(shown, "Reported") == "Reported 0"
        assert forms(shown) == []
    assert (await paper.told())["status"] == "published"


def _tab(page: Page, word: str) -> str:
    words = [" ".join("".join(one.itertext()).split()) for one in page.all("a")]
    return next(one for one in words if one.startswith(word))


async def test_a_reports_words_and_origin_are_in_no_public_answer_no_event_and_no_log(
    paper: Paper, capsys: pytest.CaptureFixture[str]
) -> None:
    with structlog.testing.capture_logs() as logged:
        await paper.report(HERE, reason="hate", text=CANARY)
        await paper.report(THERE, kind="form", reason="hate", text=CANARY + "x" * 1000)
        await paper.report(THERE, reason="hate")
    public = [
        "/sites/paper/thread?page_url=" + PAGE,
        "/api/v1/sites/paper/comments?page_url=" + PAGE,
        paper.form + "&sent=1",
        "/metrics",
    ]
    heard = [(await get(paper.web.client, path)).text for path in public]
    events = await paper.database.fetch("SELECT * FROM event")
    rows = await paper.database.fetch("SELECT * FROM report")
    assert len(rows) == 2
    assert events
    for place in (repr(logged), *heard, repr(events), *capsys.readouterr()):
        assert "q7x-canary" not in place
        assert HERE not in place
    assert HERE not in repr(rows)
    networks = {row["network"] for row in await paper.database.fetch("SELECT network FROM comment")}
    assert not networks & {
        row["reporter"] for row in rows
    }  # a report meets nothing that was written from there


async def test_a_report_from_a_page_that_is_not_registered_is_refused(paper: Paper) -> None:
    url = f"/api/v1/sites/paper/comments/{paper.comment_id}/reports"
    for origin, status in (("https://evil.example", 403), (ORIGIN, 202), ("null", 202)):
        async with paper.web.client.post(url, json={"reason": "hate"}, headers={"Origin": origin}) as answer:
            assert answer.status == status, origin
            assert answer.headers.get("Access-Control-Allow-Origin") == (ORIGIN if origin == ORIGIN else None)


async def test_of_a_comment_that_nobody_sees_the_form_is_not_there(paper: Paper) -> None:
    await paper.desk.decide(paper.comment_id, "reject", 2, reason="hate")
    assert (await get(paper.web.client, paper.form)).status == 404
    assert (await paper.report(reason="hate")).is_problem("comment-not-found")
    assert (await paper.report(kind="form", reason="hate")).status == 404
    assert (await get(paper.web.client, "/sites/paper/report", {"comment": "x"})).status == 404
