"""What admins change is on record, and whoever reads the record sees their own sites' part of it."""

from typing import Any

import asyncpg
import pytest

from tests.web.desk import Desk, MakeDesk
from tests.web.harness import MakeSite
from tests.web.sending import read

Entries = list[dict[str, Any]]


async def entries(desk: Desk, **params: Any) -> Entries:
    answer = await desk.get("/audit", **params)
    assert answer.status == 200, answer.text
    found: Entries = answer.json["entries"]
    return found


@pytest.fixture
async def admin(make_site: MakeSite, make_desk: MakeDesk) -> Desk:
    """An admin of `paper`; there is a `gazette` beside it."""
    await make_site("paper")
    await make_site("gazette")
    return await make_desk("admin", ("paper",), name="Ada")


async def put(desk: Desk, path: str, body: Any) -> None:
    async with desk.client.put(f"/api/v1/moderation{path}", json=body, headers=desk.bearer) as response:
        assert (await read(response)).status == 200


async def change_all(desk: Desk) -> None:
    """Everything that an admin can change over HTTP, once."""
    await put(desk, "/sites/paper/policy", {"policy": {"max_links": 7}, "version": 1})
    await put(desk, "/sites/paper/policy/shadow", {"policy": {"max_links": 9}})
    async with desk.client.delete(
        "/api/v1/moderation/sites/paper/policy/shadow", headers=desk.bearer
    ) as response:
        assert response.status == 200
    assert (await desk.post("/sites/paper/models", {"action": "off", "task": "spam"})).status == 200
    assert (await desk.post("/erasures", {"email": "mina@reader.example", "site": "paper"})).status == 202


async def test_everything_that_an_admin_changes_is_on_record(admin: Desk) -> None:
    await change_all(admin)
    found = await entries(admin)
    assert [one["action"] for one in found] == [
        "person.erased", "models.changed", "candidate.ended", "candidate.begun", "policy.changed",
    ]  # fmt: skip
    assert {(one["site"], one["moderator"]) for one in found} == {("paper", "Ada")}
    assert found[-1]["details"] == {"version": 2}
    assert "mina@reader.example" not in str(found)


async def test_what_changes_nothing_is_not_on_record(admin: Desk) -> None:
    await put(admin, "/sites/paper/policy", {"policy": {}, "version": 1})
    assert (await admin.post("/sites/paper/recheck", {"limit": 5})).status == 200
    assert await entries(admin) == []


async def test_an_entry_is_found_by_action_by_thing_and_by_person(admin: Desk) -> None:
    await change_all(admin)
    assert [one["action"] for one in await entries(admin, action="policy.changed")] == ["policy.changed"]
    assert len(await entries(admin, action="candidate")) == 2
    assert await entries(admin, action="cand") == []
    assert len(await entries(admin, moderator="Ada")) == 5
    assert await entries(admin, moderator="Nora") == []


async def test_the_log_is_paged_from_the_newest_to_the_oldest(admin: Desk) -> None:
    await change_all(admin)
    seen: list[str] = []
    params: dict[str, Any] = {"limit": 2}
    while params.get("cursor", "") is not None:
        answer = await admin.get("/audit", **params)
        seen += [one["id"] for one in answer.json["entries"]]
        params["cursor"] = answer.json["next_cursor"]
    assert [int(one) for one in seen] == sorted(map(int, seen), reverse=True)
    assert len(set(seen)) == 5


@pytest.mark.parametrize("cursor", ["soon", "0", "-1", "9" * 19, "1" * 40, "٣"])
async def test_a_cursor_that_no_answer_gave_is_refused(admin: Desk, cursor: str) -> None:
    assert (await admin.get("/audit", cursor=cursor)).is_problem("invalid-query")


@pytest.mark.parametrize("name", ["action", "moderator"])
async def test_a_filter_that_nothing_could_fit_is_refused(admin: Desk, name: str) -> None:
    for raw in ("", "a\nb", "\x00", "x" * 201):
        assert (await admin.get("/audit", **{name: raw})).is_problem("invalid-query")


async def test_another_sites_entries_are_not_told(admin: Desk, make_desk: MakeDesk) -> None:
    await change_all(admin)
    other = await make_desk("admin", ("gazette",), name="Nora")
    assert await entries(other) == []
    assert (await other.get("/audit", site="paper")).is_problem("site-not-found")


async def test_what_concerns_no_one_site_is_for_admins_of_every_site(
    admin: Desk, make_desk: MakeDesk, database: asyncpg.Connection
) -> None:
    await database.execute("INSERT INTO audit_entry (action, subject) VALUES ('keys.rotated', 'keys')")
    assert await entries(admin) == []
    everywhere = await make_desk("admin", None, name="Olga")
    [entry] = await entries(everywhere)
    assert (entry["action"], entry["site"], entry["moderator"]) == ("keys.rotated", None, None)
    assert await entries(everywhere, site="paper") == []


async def test_two_sites_together_are_not_every_site(
    admin: Desk, make_desk: MakeDesk, database: asyncpg.Connection
) -> None:
    await database.execute("INSERT INTO audit_entry (action, subject) VALUES ('keys.rotated', 'keys')")
    assert await entries(await make_desk("admin", ("paper", "gazette"), name="Nora")) == []
