"""A queue is narrowed by what is asked for, and a bad filter is told by its name."""

from typing import Any

import pytest

from tests.web.desk import Desk, MakeDesk
from tests.web.harness import ORIGIN, CheckAll, MakeSite, Submit

LINKS = "See http://a.example http://b.example http://c.example"
GERMAN = (
    "Ich habe das Schiff nicht gesehen und es war doch die ganze Nacht da, aber wir haben auch nicht mit"
    " einem Wort davon gesprochen, weil sie sich nicht mehr bei uns gemeldet haben."
)


@pytest.fixture
async def desk(make_site: MakeSite, make_desk: MakeDesk) -> Desk:
    await make_site("paper")
    return await make_desk("viewer")


@pytest.fixture
async def ids(desk: Desk, submit: Submit, check_all: CheckAll) -> dict[str, str]:
    """Four comments that are held: one of the sports pages, one with links, a German one, a plain one."""
    sent: dict[str, dict[str, str]] = {
        "plain": {"comment": "The lighthouse keeper was a friend."},
        "sport": {"page_url": ORIGIN + "/sport/final", "comment": "What a match."},
        "links": {"comment": LINKS, "email": "other@reader.example"},
        "german": {"page_url": ORIGIN + "/sport-extra", "comment": GERMAN},
    }
    made = {name: (await submit(**fields))["id"] for name, fields in sent.items()}
    await check_all()
    return made


async def names(desk: Desk, ids: dict[str, str], **params: Any) -> list[str]:
    answer = await desk.get("/comments", **params)
    assert answer.status == 200, answer.text
    by_id = {comment_id: name for name, comment_id in ids.items()}
    return [by_id[one["id"]] for one in answer.json["comments"]]


async def test_each_filter_narrows_the_queue(desk: Desk, ids: dict[str, str]) -> None:
    everything = list(ids)
    assert await names(desk, ids) == everything
    assert await names(desk, ids, page_url=ORIGIN + "/sport/final?utm_source=x") == ["sport"]
    for section in ("/sport/", "/sport"):
        assert await names(desk, ids, section=ORIGIN + section) == ["sport"]
    assert await names(desk, ids, section=ORIGIN + "/") == everything
    assert await names(desk, ids, reason="links") == ["links"]
    assert await names(desk, ids, check="links") == ["links"]
    assert await names(desk, ids, min_score="0.5") == ["links"]
    assert "links" not in await names(desk, ids, max_score="0.49")
    assert await names(desk, ids, language="de") == ["german"]
    assert await names(desk, ids, q="lighthouse -ferry") == ["plain"]
    assert await names(desk, ids, q='"friend keeper"') == []
    one = (await desk.get(f"/comments/{ids['links']}")).json
    assert await names(desk, ids, author_key=one["author_key"]) == ["links"]
    moment = one["submitted_at"]
    assert await names(desk, ids, submitted_before=moment) == ["plain", "sport"]
    assert await names(desk, ids, submitted_after=moment) == ["german"]
    assert await names(desk, ids, section=ORIGIN + "/", q="match", sort="risk") == ["sport"]
    assert (one["risk"] >= 0.5, one["language"]) == (True, None)


async def test_the_riskiest_come_first_page_after_page(desk: Desk, ids: dict[str, str]) -> None:
    whole = [one["id"] for one in (await desk.get("/comments", sort="risk")).json["comments"]]
    assert whole[0] == ids["links"]
    found, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        answer = (await desk.get("/comments", sort="risk", limit=1, **more)).json
        found += [one["id"] for one in answer["comments"]]
        if not (cursor := answer["next_cursor"]):
            break
    assert found == whole


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sort", "hottest"),
        ("page_url", "ferry"),
        ("section", "sport"),
        ("section", ORIGIN + "/?a=b"),
        ("section", ORIGIN + "/" + "a" * 300),
        ("reason", "boring"),
        ("check", "weather"),
        ("min_score", "2"),
        ("max_score", "nan"),
        ("language", "elvish"),
        ("submitted_after", "yesterday"),
        ("submitted_before", "2026-03-02T09:30:00"),
        ("submitted_before", "0001-01-01T00:00:00Z"),
        ("author_key", "a b"),
        ("q", "a" * 201),
        ("q", "a\x00b"),
        ("cursor", "x"),
    ],
)
async def test_a_bad_filter_is_named(desk: Desk, name: str, value: str) -> None:
    answer = await desk.get("/comments", **{name: value})
    assert (answer.status, answer.is_problem("invalid-query")) == (422, True)
    assert [fault["field"] for fault in answer.json["errors"]] == [name]


async def test_a_cursor_of_another_sort_is_refused(desk: Desk, ids: dict[str, str]) -> None:
    cursor = (await desk.get("/comments", limit=1)).json["next_cursor"]
    assert (await desk.get("/comments", limit=1, cursor=cursor)).status == 200
    for sort in ("newest", "risk"):
        answer = await desk.get("/comments", sort=sort, cursor=cursor)
        assert (answer.status, answer.json["errors"][0]["field"]) == (422, "cursor")


async def test_what_is_erased_keeps_no_trace_of_its_findings(
    desk: Desk, ids: dict[str, str], make_desk: MakeDesk, database: Any
) -> None:
    admin = await make_desk("admin", name="Ada")
    assert (await admin.post("/erasures", {"email": "other@reader.example"})).status == 202
    await database.execute("SELECT go_on_erasing(100)")
    row = await database.fetchrow("SELECT * FROM comment WHERE id = $1", ids["links"])
    assert (row["status"], row["risk"], row["language"], row["objections"]) == ("erased", None, None, None)
