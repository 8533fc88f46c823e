"""What moderators order about an author holds from the next comment on, and the author is not told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession

from tests.web.harness import COMMENT, CheckAll, MakeSite, MakeToken, Submit
from tests.web.sending import post

ADDRESS = "quarrel@reader.example"


class Desk:
    """A moderator of `paper`, and an author there."""

    def __init__(self, client: ClientSession, token: str, submit: Submit, check_all: CheckAll) -> None:
        self.client, self.headers = client, {"Authorization": "Bearer " + token}
        self.submit, self.check_all = submit, check_all
        self.number = 0

    async def ask(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        url = "/api/v1/moderation" + path
        sent = {"json": body} if body else {}
        async with self.client.request(method, url, headers=self.headers, **sent) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def comment(self, **changes: Any) -> dict[str, Any]:
        """A new comment of the author as moderators see it, checked."""
        self.number += 1
        text = f"The ferry was late again, number {self.number}."
        accepted = await self.submit(**{"comment": text, "email": ADDRESS} | changes)
        await self.check_all()
        return await self.ask("GET", f"/comments/{accepted['id']}")

    async def order(self, key: str, kind: str, **more: Any) -> dict[str, Any]:
        return await self.ask(
            "PUT", f"/sites/paper/authors/{key}/standing", kind=kind, reason="abusive", **more
        )


@pytest.fixture
async def desk(
    client: ClientSession, make_site: MakeSite, make_token: MakeToken, submit: Submit, check_all: CheckAll
) -> Desk:
    await make_site("paper", publish="auto")
    return Desk(client, await make_token("moderator"), submit, check_all)


async def test_a_banned_author_is_rejected_and_told_nothing(desk: Desk, client: ClientSession) -> None:
    first = await desk.comment()
    assert first["status"] == "published"
    author = await desk.order(first["author_key"], "banned", note="Third time.")
    assert (author["standing"]["by"], author["standing"]["note"]) == ("Ruth", "Third time.")
    sent = await post(client, COMMENT | {"email": ADDRESS, "comment": "And another thing."})
    assert (sent.status, sent.json["status"]) == (202, "pending")
    rejected = await desk.comment()
    assert (rejected["status"], rejected["reason"]) == ("rejected", "abusive")
    assert rejected["explanation"]["decided_by"] == "standing"
    assert (await desk.comment(email="someone.else@reader.example"))["status"] == "published"


async def test_a_premoderated_author_waits_for_a_person_until_it_is_lifted(desk: Desk) -> None:
    key = (await desk.comment())["author_key"]
    await desk.order(key, "premoderated")
    assert (await desk.comment())["status"] == "held"
    lifted = await desk.ask("DELETE", f"/sites/paper/authors/{key}/standing")
    assert lifted["standing"] is None
    assert [one["lifted_by"] for one in lifted["standings"]] == ["Ruth"]
    assert (await desk.comment())["status"] == "published"


async def test_an_order_ends_at_its_time(desk: Desk, database: asyncpg.Connection) -> None:
    key = (await desk.comment())["author_key"]
    until = datetime.now(UTC) + timedelta(days=1)
    author = await desk.order(key, "banned", expires_at=until.isoformat())
    assert datetime.fromisoformat(author["standing"]["expires_at"]) == until
    await database.execute("UPDATE standing SET expires_at = now()")
    assert (await desk.comment())["status"] == "published"
    assert (await desk.ask("GET", f"/sites/paper/authors/{key}"))["standing"] is None
    assert (await desk.ask("GET", "/sites/paper/standings"))["standings"] == []


async def test_a_new_order_takes_the_place_of_the_last_one_and_both_stay_on_record(
    desk: Desk, make_token: MakeToken
) -> None:
    key = (await desk.comment())["author_key"]
    await desk.order(key, "premoderated")
    author = await desk.order(key, "banned")
    assert [(one["kind"], one["is_active"]) for one in author["standings"]] == [
        ("banned", True), ("premoderated", False),
    ]  # fmt: skip
    listed = await desk.ask("GET", "/sites/paper/standings")
    assert [(one["author_key"], one["kind"]) for one in listed["standings"]] == [(key, "banned")]
    desk.headers = {"Authorization": "Bearer " + await make_token("admin", name="Ada")}
    entries = (await desk.ask("GET", "/audit?action=author"))["entries"]
    assert [(one["action"], one["subject"]) for one in entries] == [
        ("author.banned", key), ("author.premoderated", key),
    ]  # fmt: skip


async def test_an_author_is_known_by_names_record_and_strikes(desk: Desk) -> None:
    first = await desk.comment()
    for name in ("Mara", "Maria"):
        one = await desk.comment(author=name)
        await desk.ask(
            "POST",
            f"/comments/{one['id']}/decision",
            action="reject",
            reason="abusive",
            version=one["version"],
        )
    author = await desk.ask("GET", f"/sites/paper/authors/{first['author_key']}")
    assert author["names"] == ["Maria", "Mara", COMMENT["author"]]
    assert author["record"] == {"published": 1, "held": 0, "rejected": 2, "spam": 0}
    assert author["strikes"] == 2
    assert [one["status"] for one in author["comments"]] == ["rejected", "rejected", "published"]
    assert "quarrel" not in str(author)


async def test_with_the_person_the_order_is_erased(
    desk: Desk, make_token: MakeToken, database: asyncpg.Connection
) -> None:
    key = (await desk.comment())["author_key"]
    await desk.order(key, "banned")
    admin = {"Authorization": "Bearer " + await make_token("admin", name="Ada")}
    asked = {"email": ADDRESS, "site": "paper"}
    async with desk.client.post("/api/v1/moderation/erasures", json=asked, headers=admin) as answer:
        assert answer.status == 202
    assert await database.fetchval("SELECT count(*) FROM standing") == 0


async def test_a_ban_outlives_the_comments_that_earned_it(desk: Desk, database: asyncpg.Connection) -> None:
    one = await desk.comment()
    await desk.order(one["author_key"], "banned")
    decision = {"action": "spam", "version": one["version"]}
    await desk.ask("POST", f"/comments/{one['id']}/decision", **decision)
    await database.execute("UPDATE comment SET decided_at = decided_at - interval '5 years'")
    assert await database.fetchval("SELECT expire_restricted(10)") == 1
    assert await database.fetchval("SELECT count(*) FROM comment") == 0
    assert await database.fetchval("SELECT expire_standings(10)") == 0
    assert (await desk.comment())["status"] == "rejected"


async def test_who_is_left_with_an_order_that_is_over_is_forgotten(
    desk: Desk, database: asyncpg.Connection
) -> None:
    one = await desk.comment()
    await desk.order(one["author_key"], "banned")
    await desk.ask("POST", f"/comments/{one['id']}/decision", action="spam", version=one["version"])
    await database.execute("UPDATE comment SET decided_at = decided_at - interval '5 years'")
    await database.fetchval("SELECT expire_restricted(10)")
    await database.execute("UPDATE standing SET expires_at = now()")
    assert await database.fetchval("SELECT expire_standings(10)") == 1
    for table in ("author", "author_identity", "standing"):
        assert await database.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608
