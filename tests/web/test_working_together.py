"""Who has what, what happened meanwhile, and one decision about all of an author or a page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from tests.web.desk import API, MISSING, Desk, MakeDesk
from tests.web.harness import ORIGIN, PAGE, CheckAll, MakeSite, Submit
from tests.web.sending import Answer, read


@pytest.fixture
async def ids(make_site: MakeSite, submit: Submit, check_all: CheckAll) -> list[str]:
    await make_site("paper")
    made = [(await submit(comment=f"Number {n}."))["id"] for n in range(4)]
    await check_all()
    return made


@pytest.fixture
async def ruth(ids: list[str], make_desk: MakeDesk) -> Desk:
    return await make_desk("moderator", name="Ruth")


@pytest.fixture
async def nora(ids: list[str], make_desk: MakeDesk) -> Desk:
    return await make_desk("moderator", name="Nora")


async def delete(desk: Desk, path: str) -> Answer:
    async with desk.client.delete(API + path, headers=desk.bearer) as response:
        return await read(response)


async def holders(desk: Desk) -> dict[str, str]:
    return {one["id"]: one["claimed_by"] for one in (await desk.get("/claims")).json["claims"]}


async def test_a_certain_comment_is_taken_seen_and_given_back(ruth: Desk, nora: Desk, ids: list[str]) -> None:
    taken = (await ruth.post(f"/comments/{ids[2]}/claim", {})).json
    assert (taken["claimed_by"], taken["version"]) == ("Ruth", 2)
    assert datetime.fromisoformat(taken["claimed_until"]) > datetime.now(UTC) + timedelta(minutes=4)
    assert await holders(nora) == {ids[2]: "Ruth"}
    assert (await ruth.post(f"/comments/{ids[2]}/claim", {})).status == 200
    for refused in (
        await nora.post(f"/comments/{ids[2]}/claim", {}),
        await delete(nora, f"/comments/{ids[2]}/claim"),
    ):
        assert (refused.status, refused.json["claimed_by"]) == (409, "Ruth")
    assert (await delete(ruth, f"/comments/{ids[2]}/claim")).json["claimed_by"] is None
    assert await holders(nora) == {}
    assert (await nora.post(f"/comments/{ids[2]}/claim", {})).status == 200


async def test_all_of_ones_own_are_given_back_and_nobody_elses(
    ruth: Desk, nora: Desk, ids: list[str]
) -> None:
    await ruth.claim(limit=2)
    await nora.claim(limit=1)
    assert (await delete(ruth, "/claims?site=nowhere")).json == {"released": 0}
    assert (await delete(ruth, "/claims")).json == {"released": 2}
    assert await holders(ruth) == {ids[2]: "Nora"}
    assert await nora.claim(limit=4) == [ids[0], ids[1], ids[3]]


async def test_an_admin_takes_over_and_a_moderator_does_not(
    ruth: Desk, nora: Desk, ids: list[str], make_desk: MakeDesk
) -> None:
    admin = await make_desk("admin", name="Ada")
    await ruth.claim(limit=2)
    refused = await nora.post(f"/comments/{ids[0]}/claim", {"take_over": True})
    assert (refused.status, refused.is_problem("role-too-low")) == (403, True)
    assert (await admin.post(f"/comments/{ids[0]}/claim", {})).status == 409
    assert (await admin.post(f"/comments/{ids[0]}/claim", {"take_over": True})).json["claimed_by"] == "Ada"
    assert (await ruth.decide(ids[0], "approve", 2)).json["claimed_by"] == "Ada"
    assert (await delete(admin, f"/comments/{ids[1]}/claim")).json["claimed_by"] is None


async def test_what_ended_is_nobodys(ruth: Desk, ids: list[str], database: asyncpg.Connection) -> None:
    await ruth.claim(limit=1)
    await database.execute("UPDATE comment SET claimed_until = claimed_until - interval '6 minutes'")
    assert await holders(ruth) == {}
    assert (await delete(ruth, "/claims")).json == {"released": 0}


async def test_what_nobody_waits_for_cannot_be_taken(ruth: Desk, ids: list[str]) -> None:
    await ruth.decide(ids[0], "approve", 2)
    answer = await ruth.post(f"/comments/{ids[0]}/claim", {})
    assert (answer.status, answer.json["current"]) == (409, {"status": "published", "version": 3})
    assert (await ruth.post(f"/comments/{MISSING}/claim", {})).status == 404


async def test_who_is_late_is_told_what_happened_meanwhile(ruth: Desk, nora: Desk, ids: list[str]) -> None:
    await ruth.decide(ids[0], "reject", 2, reason="off_topic")
    await ruth.decide(ids[0], "approve", 3)
    late = (await nora.decide(ids[0], "spam", 2)).json
    assert late["current"] == {"status": "published", "version": 4}
    assert [(one["by"], one["source"], one["action"], one["reason"]) for one in late["meanwhile"]] == [
        ("Ruth", "moderator", "reject", "off_topic"),
        ("Ruth", "moderator", "approve", None),
    ]
    [entry] = (
        await nora.post("/decisions", {"decisions": [{"id": ids[0], "action": "spam", "version": 3}]})
    ).json["results"]
    assert [one["action"] for one in entry["problem"]["meanwhile"]] == ["approve"]
    assert (await nora.decide(ids[0], "spam", 9)).json["meanwhile"] == []
    first = (await nora.decide(ids[1], "spam", 1)).json["meanwhile"]
    assert [(one["by"], one["source"]) for one in first] == [("checks", "checks")]


async def test_a_comment_says_until_when_its_decision_can_be_taken_back(
    ruth: Desk, ids: list[str], database: asyncpg.Connection
) -> None:
    assert (await ruth.get(f"/comments/{ids[0]}")).json["undo_until"] is None
    decided = (await ruth.decide(ids[0], "approve", 2)).json
    left = datetime.fromisoformat(decided["undo_until"]) - datetime.now(UTC)
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)
    assert (await ruth.undo(ids[0])).json["undo_until"] is None
    await ruth.decide(ids[1], "approve", 2)
    await database.execute("UPDATE decision SET decided_at = decided_at - interval '601 seconds'")
    assert (await ruth.get(f"/comments/{ids[1]}")).json["undo_until"] is None
    assert (await ruth.undo(ids[1])).status == 409


async def all_of(desk: Desk, **body: Any) -> Any:
    answer = await desk.post("/sites/paper/decisions", body)
    assert answer.status == 200, answer.text
    return answer.json


async def test_all_that_is_held_of_an_author_is_decided_each_on_its_own(
    ruth: Desk, nora: Desk, ids: list[str], submit: Submit, check_all: CheckAll
) -> None:
    other = (await submit(comment="Of another.", email="other@reader.example"))["id"]
    await check_all()
    key = (await ruth.get(f"/comments/{ids[0]}")).json["author_key"]
    await nora.post(f"/comments/{ids[1]}/claim", {})
    first = await all_of(ruth, author_key=key, action="reject", reason="off_topic", limit=3)
    assert [(one["id"], one["ok"]) for one in first["results"]] == [
        (ids[0], True), (ids[1], False), (ids[2], True),
    ]  # fmt: skip
    assert first["results"][1]["problem"]["claimed_by"] == "Nora"
    assert first["left"] == 2
    again = await all_of(nora, author_key=key, action="spam")
    assert ([one["id"] for one in again["results"]], again["left"]) == ([ids[1], ids[3]], 0)
    assert (await ruth.get(f"/comments/{other}")).json["status"] == "held"
    assert (await ruth.get(f"/comments/{ids[0]}")).json["history"][-1]["by"] == "Ruth"


async def test_all_that_is_held_on_a_page_is_decided(
    ruth: Desk, ids: list[str], submit: Submit, check_all: CheckAll
) -> None:
    elsewhere = (await submit(page_url=ORIGIN + "/mill", comment="Elsewhere."))["id"]
    await check_all()
    done = await all_of(ruth, page_url=PAGE + "?utm_source=x", action="approve", note="All fine.")
    assert ([one["id"] for one in done["results"]], done["left"]) == (ids, 0)
    assert (await ruth.get(f"/comments/{elsewhere}")).json["status"] == "held"
    assert await all_of(ruth, page_url=ORIGIN + "/nowhere", action="spam") == {"results": [], "left": 0}


@pytest.mark.parametrize(
    "body",
    [
        {"action": "spam"},
        {"action": "spam", "author_key": "a", "page_url": PAGE},
        {"action": "spam", "author_key": "a", "limit": 201},
        {"author_key": "a"},
    ],
)
async def test_a_decision_about_all_names_one_author_or_one_page(ruth: Desk, body: Any) -> None:
    assert (await ruth.post("/sites/paper/decisions", body)).status == 422


async def test_who_proposes_comes_to_the_end_of_a_page_and_another_one_confirms_it_all(
    make_site: MakeSite, submit: Submit, check_all: CheckAll, make_desk: MakeDesk
) -> None:
    await make_site("paper", second_pair_of_eyes=("rejection",))
    for n in range(4):
        await submit(comment=f"Number {n}.")
    await check_all()
    body = {"action": "reject", "reason": "abusive", "page_url": PAGE, "limit": 2}

    async def come_to(desk: Desk) -> tuple[list[bool], int]:
        told = (await desk.post("/sites/paper/decisions", body)).json
        return [one["ok"] for one in told["results"]], told["left"]

    ruth, nora = await make_desk("moderator", name="Ruth"), await make_desk("moderator", name="Nora")
    assert await come_to(ruth) == ([True, True], 2)
    assert await come_to(ruth) == ([True, True], 0)
    assert await come_to(ruth) == ([], 0)
    assert await come_to(nora) == ([True, True], 2)
    assert (await nora.get("/comments", status="rejected")).json["comments"] != []
