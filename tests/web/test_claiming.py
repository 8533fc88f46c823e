"""What one moderator looks at is handed to no one else, and not twice to the same."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from tests.web.desk import Desk, MakeDesk
from tests.web.harness import CheckAll, MakeSite, Submit


@pytest.fixture
async def ids(make_site: MakeSite, submit: Submit, check_all: CheckAll) -> list[str]:
    await make_site("paper")
    made = [(await submit(comment=f"Number {n}."))["id"] for n in range(12)]
    await check_all()
    return made


@pytest.fixture
async def ruth(ids: list[str], make_desk: MakeDesk) -> Desk:
    return await make_desk("moderator", name="Ruth")


@pytest.fixture
async def nora(ids: list[str], make_desk: MakeDesk) -> Desk:
    return await make_desk("moderator", name="Nora")


async def test_the_oldest_are_leased_for_five_minutes(ruth: Desk, ids: list[str]) -> None:
    answer = await ruth.post("/claims", {"limit": 3})
    assert [one["id"] for one in answer.json["comments"]] == ids[:3]
    until = datetime.fromisoformat(answer.json["leased_until"]) - datetime.now(UTC)
    assert timedelta(minutes=4, seconds=50) < until <= timedelta(minutes=5)
    for one in answer.json["comments"]:
        assert one["claimed_by"] == "Ruth"
        assert one["version"] == 2
    assert (await ruth.get(f"/comments/{ids[0]}")).json["claimed_by"] == "Ruth"


async def test_what_is_leased_is_handed_to_no_one_and_not_again_to_its_holder(
    ruth: Desk, nora: Desk, ids: list[str]
) -> None:
    assert await ruth.claim(limit=5) == ids[:5]
    assert await ruth.claim(limit=3) == ids[5:8]
    assert await nora.claim(limit=200) == ids[8:]
    assert await nora.claim(limit=5) == []


async def test_claims_at_once_never_overlap(ruth: Desk, nora: Desk, ids: list[str]) -> None:
    parts = await asyncio.gather(*(desk.claim(limit=2) for desk in (ruth, nora) * 5))
    claimed = [one for part in parts for one in part]
    assert len(claimed) == len(set(claimed))
    assert all(len(part) <= 2 for part in parts)


async def test_another_holder_keeps_a_comment_from_being_decided(
    ruth: Desk, nora: Desk, ids: list[str]
) -> None:
    await ruth.claim(limit=1)
    for answer in (await nora.decide(ids[0], "approve", 2), await nora.undo(ids[0])):
        assert (answer.status, answer.is_problem("claimed-by-another")) == (409, True)
        assert answer.json["claimed_by"] == "Ruth"
    [one] = (
        await nora.post("/decisions", {"decisions": [{"id": ids[0], "action": "spam", "version": 2}]})
    ).json["results"]
    assert one["problem"]["claimed_by"] == "Ruth"
    assert (await ruth.decide(ids[0], "approve", 2)).status == 200


async def test_a_lease_ends_with_its_decision(ruth: Desk, nora: Desk, ids: list[str]) -> None:
    await ruth.claim(limit=2)
    await ruth.decide(ids[0], "approve", 2)
    assert (await nora.get(f"/comments/{ids[0]}")).json["claimed_by"] is None
    assert (await nora.undo(ids[0])).status == 200
    assert await nora.claim(limit=1) == ids[:1]


async def test_a_lease_ends_by_itself(
    ruth: Desk, nora: Desk, ids: list[str], database: asyncpg.Connection
) -> None:
    await ruth.claim(limit=12)
    await database.execute("UPDATE comment SET claimed_until = clock_timestamp()")
    assert (await nora.get(f"/comments/{ids[0]}")).json["claimed_by"] is None
    assert await nora.claim(limit=1) == ids[:1]
    assert (await nora.decide(ids[1], "approve", 2)).status == 200


async def test_a_claim_may_name_its_site(
    ruth: Desk, ids: list[str], make_site: MakeSite, submit: Submit, check_all: CheckAll
) -> None:
    await make_site("gazette")
    other = (await submit("gazette"))["id"]
    await check_all()
    assert await ruth.claim(site="gazette", limit=5) == [other]
    assert await ruth.claim(site="nowhere", limit=5) == []


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 0},
        {"limit": 201},
        {"limit": "5"},
        {"limit": 1.5},
        {"limit": True},
        {"site": 5},
        {"site": "\ud800"},
        {"limit": None},
    ],
)
async def test_a_claim_that_cannot_be_read_leases_nothing(ruth: Desk, ids: list[str], body: Any) -> None:
    answer = await ruth.post("/claims", body)
    assert (answer.status, set(answer.faults)) == (422, set(body))
    assert len(await ruth.claim(limit=200)) == 12


async def test_a_claim_needs_no_limit(ruth: Desk, ids: list[str]) -> None:
    assert await ruth.claim() == ids[:10]
