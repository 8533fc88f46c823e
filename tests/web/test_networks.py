"""What moderators order about the network of a comment holds for a while; nobody can read which one it is."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

import service.usecases.network_standing
import service.web.arrivals
from service.domain.site import OrderedNetwork
from service.domain.standing import Standing
from service.keyring import Keyring
from service.usecases.network_standing import standing_of_network
from service.vault import network_hash
from tests.web.desk import API, Desk
from tests.web.harness import CheckAll, MakeSite, MakeToken, StartWeb, WebProcess
from tests.web.sending import post, read, reply

HERE, BESIDE, THERE = "203.0.113.5", "203.0.113.77", "198.51.100.5"
MONDAY = date(2026, 3, 2)


def until(days: float = 1) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


class Paper:
    """A site that publishes by itself, behind a proxy, and its moderator."""

    def __init__(self, web: WebProcess, desk: Desk, check_all: CheckAll) -> None:
        self.web, self.desk, self.check_all, self.number = web, desk, check_all, 0

    async def comment(self, ip: str = HERE) -> str:
        """A new comment from there, checked; its id."""
        self.number += 1
        self.web.forget_sites()
        text = f"The ferry was late again, number {self.number}."
        sent = reply(comment=text, email=f"reader{self.number}@reader.example")
        answer = await post(self.web.client, sent, headers={"X-Forwarded-For": ip})
        assert answer.status == 202, answer.text
        await self.check_all()
        return str(answer.json["id"])

    async def state(self, comment_id: str) -> tuple[str, str | None]:
        told = (await self.desk.get(f"/comments/{comment_id}")).json
        return told["status"], told["reason"]

    async def order(self, comment_id: str, kind: str = "banned", **more: Any) -> dict[str, Any]:
        body = {"kind": kind, "reason": "abusive", "expires_at": until()} | more
        answer = await self.desk.post(f"/comments/{comment_id}/network-standing", body)
        assert answer.status == 201, answer.text
        return dict(answer.json)

    async def lift(self, standing_id: str) -> dict[str, Any]:
        url = f"{API}/sites/paper/network-standings/{standing_id}"
        async with self.desk.client.delete(url, headers=self.desk.bearer) as response:
            answer = await read(response)
        assert answer.status == 200, answer.text
        return dict(answer.json)


@pytest.fixture
async def paper(
    start_web: StartWeb, make_site: MakeSite, make_token: MakeToken, check_all: CheckAll
) -> Paper:
    web = await start_web(trusted_proxies="127.0.0.1")
    await make_site("paper", publish="auto")
    return Paper(web, Desk(web.client, await make_token("moderator")), check_all)


async def test_a_banned_network_is_rejected_until_it_is_lifted_and_no_other_is(paper: Paper) -> None:
    first = await paper.comment()
    assert await paper.state(first) == ("published", None)
    given = await paper.order(first, note="Ten names in an hour.")
    assert (given["by"], given["is_active"]) == ("Ruth", True)
    assert await paper.state(await paper.comment(BESIDE)) == ("rejected", "abusive")
    assert await paper.state(await paper.comment(THERE)) == ("published", None)
    listed = (await paper.desk.get("/sites/paper/network-standings")).json["network_standings"]
    assert listed == [given]
    lifted = await paper.lift(given["id"])
    assert (lifted["lifted_by"], lifted["is_active"]) == ("Ruth", False)
    assert await paper.state(await paper.comment()) == ("published", None)
    assert (await paper.desk.get("/sites/paper/network-standings")).json["network_standings"] == []


async def test_a_premoderated_network_waits_for_a_person(paper: Paper) -> None:
    await paper.order(await paper.comment(), "premoderated")
    held = await paper.comment()
    assert await paper.state(held) == ("held", "abusive")
    why = (await paper.desk.get(f"/comments/{held}")).json["explanation"]
    assert why["decided_by"] == "standing"


async def test_it_holds_on_the_days_after_though_the_hash_is_another_one(
    paper: Paper, database: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + timedelta(days=5)

    await paper.order(await paper.comment())
    monkeypatch.setattr(service.web.arrivals, "datetime", Later)
    assert await paper.state(await paper.comment()) == ("rejected", "abusive")
    assert await database.fetchval("SELECT count(DISTINCT network) FROM comment") == 2


async def test_a_new_order_takes_the_place_of_the_last_one(paper: Paper) -> None:
    comment_id = await paper.comment()
    await paper.order(comment_id)
    milder = await paper.order(comment_id, "premoderated")
    listed = (await paper.desk.get("/sites/paper/network-standings")).json["network_standings"]
    assert [one["id"] for one in listed] == [milder["id"]]


async def test_an_order_ends_at_its_time_and_the_network_is_forgotten(
    paper: Paper, database: asyncpg.Connection
) -> None:
    await paper.order(await paper.comment())
    assert await database.fetchval("SELECT expire_network_standings(10)") == 0
    await database.execute(
        "UPDATE network_standing SET since = since - interval '2 days', expires_at = now() - interval '1 day'"
    )
    assert await paper.state(await paper.comment()) == ("published", None)
    assert await database.fetchval("SELECT expire_network_standings(10)") == 1
    assert await database.fetchval("SELECT network FROM network_standing") is None


async def test_an_order_is_for_a_month_at_most(paper: Paper, database: asyncpg.Connection) -> None:
    comment_id = await paper.comment()
    for moment in (until(30.1), until(-0.001), None):
        body = {"kind": "banned", "reason": "abusive", "expires_at": moment}
        answer = await paper.desk.post(f"/comments/{comment_id}/network-standing", body)
        assert answer.is_problem("invalid-decision")
        assert [one["field"] for one in answer.json["errors"]] == ["expires_at"]
    await paper.order(comment_id)
    with pytest.raises(asyncpg.CheckViolationError):
        await database.execute("UPDATE network_standing SET expires_at = now() + interval '60 days'")


async def test_a_comment_forgets_the_order_with_its_network(
    paper: Paper, database: asyncpg.Connection
) -> None:
    await paper.order(await paper.comment())
    rejected = await paper.comment()
    came_in = "SELECT network_standing_id IS NOT NULL FROM comment WHERE id = $1"
    assert await database.fetchval(came_in, rejected)
    await database.execute("UPDATE comment SET network = NULL WHERE id = $1", rejected)
    assert not await database.fetchval(came_in, rejected)


async def test_nothing_is_ordered_about_a_network_that_is_forgotten(
    paper: Paper, database: asyncpg.Connection
) -> None:
    comment_id = await paper.comment()
    await database.execute("UPDATE comment SET network = NULL")
    body = {"kind": "banned", "reason": "abusive", "expires_at": until()}
    answer = await paper.desk.post(f"/comments/{comment_id}/network-standing", body)
    assert (answer.status, answer.json["type"].rpartition("/")[2]) == (409, "network-not-kept")


async def test_a_site_has_so_many_orders_and_no_more_until_one_is_lifted(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.usecases.network_standing, "MOST", 2)
    first, _second = [await paper.order(await paper.comment(ip), "premoderated") for ip in (HERE, THERE)]
    third = await paper.comment("192.0.2.9")
    body = {"kind": "banned", "reason": "abusive", "expires_at": until()}
    answer = await paper.desk.post(f"/comments/{third}/network-standing", body)
    assert (answer.status, answer.json["type"].rpartition("/")[2]) == (409, "too-many-networks")
    await paper.lift(first["id"])
    await paper.order(third)


async def test_who_only_reads_here_or_moderates_elsewhere_orders_and_lifts_nothing(
    paper: Paper, make_site: MakeSite, make_token: MakeToken
) -> None:
    await make_site("evening")
    comment_id = await paper.comment()
    given = await paper.order(comment_id)
    body = {"kind": "banned", "reason": "abusive", "expires_at": until()}
    for role, site, ordering, lifting in (("viewer", "paper", 403, 403), ("admin", "evening", 404, 404)):
        other = Desk(paper.web.client, await make_token(role, (site,), name=f"{role} {site}"))
        answer = await other.post(f"/comments/{comment_id}/network-standing", body)
        assert answer.status == ordering
        for slug in ("paper", site):
            url = f"{API}/sites/{slug}/network-standings/{given['id']}"
            async with paper.web.client.delete(url, headers=other.bearer) as response:
                assert response.status == lifting, slug
    assert (await paper.state(await paper.comment()))[0] == "rejected"  # it holds


async def test_it_is_on_record_and_the_network_is_not(
    paper: Paper, make_token: MakeToken, database: asyncpg.Connection
) -> None:
    given = await paper.order(await paper.comment())
    await paper.lift(given["id"])
    ada = Desk(paper.web.client, await make_token("admin", name="Ada"))
    audit = await ada.get("/audit", action="network")
    told = [(one["action"], one["moderator"], one["subject"]) for one in audit.json["entries"]]
    assert told == [("network.lifted", "Ruth", given["id"]), ("network.banned", "Ruth", given["id"])]
    network = await database.fetchval("SELECT encode(network, 'hex') FROM network_standing")
    assert network not in audit.text
    assert not {"network", "day"} & set(given)


OLD, NEW = bytes(range(32)), bytes(range(1, 33))


def ordered(number: int, kind: Standing, day: date, network: str, key: bytes = OLD) -> OrderedNetwork:
    return OrderedNetwork(number, kind, day, network_hash(Keyring({1: key}), network, MONDAY))


@pytest.mark.parametrize(
    ("orders", "found"),
    [
        ([ordered(1, "banned", MONDAY, "here")], 1),
        ([ordered(1, "banned", MONDAY, "there")], None),
        ([ordered(1, "banned", MONDAY, "here"), ordered(2, "premoderated", MONDAY, "here")], 1),
        ([ordered(1, "banned", MONDAY, "here"), ordered(2, "banned", MONDAY, "here")], 2),
        ([ordered(1, "banned", MONDAY + timedelta(days=1), "here")], 1),  # stored just after midnight
        ([ordered(1, "banned", MONDAY, "here", NEW)], None),
        ([], None),
    ],
)
def test_the_strictest_and_then_the_newest_order_counts(
    orders: list[OrderedNetwork], found: int | None
) -> None:
    assert standing_of_network(Keyring({1: OLD}), "here", orders) == found


def test_an_order_outlives_the_key_under_which_it_was_given() -> None:
    rotated = Keyring({2: NEW, 1: OLD})
    assert standing_of_network(rotated, "here", [ordered(1, "banned", MONDAY, "here")]) == 1
