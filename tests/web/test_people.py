"""What an admin does about people ends where the admin's own sites end."""

from typing import Any

import asyncpg
import pytest

from service.storage import moderators, passwords
from tests.web.browsing import PASSWORD, MakeModerator, is_in, sign_in, sign_in_as
from tests.web.desk import API, Desk, MakeDesk
from tests.web.harness import MakeSite, MakeToken
from tests.web.sending import Answer, read


async def call(desk: Desk, method: str, path: str, body: Any = None) -> Answer:
    async with desk.client.request(method, API + path, json=body, headers=desk.bearer) as response:
        return await read(response)


@pytest.fixture
async def admin(make_site: MakeSite, make_desk: MakeDesk) -> Desk:
    """An admin of `paper`; there is a `gazette` beside it."""
    await make_site("paper")
    await make_site("gazette")
    return await make_desk("admin", ("paper",), name="Ada")


async def of_both(database: asyncpg.Connection, ruth: int, role: str) -> None:
    gazette = await database.fetchval("SELECT id FROM site WHERE slug = 'gazette'")
    await passwords.set_role_at(database, ruth, role, [gazette])


async def roles_of(database: asyncpg.Connection, person: int) -> dict[str | None, str]:
    rows = await database.fetch(
        "SELECT slug, role FROM moderator_access LEFT JOIN site ON site.id = site_id WHERE moderator_id = $1",
        person,
    )
    return {row["slug"]: row["role"] for row in rows}


async def test_an_admin_sees_the_people_of_the_own_sites_and_only_that_there_are_others(
    admin: Desk, make_moderator: MakeModerator, database: asyncpg.Connection
) -> None:
    ruth = await make_moderator("Ruth", role="viewer", sites_named=("paper",))
    await of_both(database, ruth, "admin")
    await make_moderator("Far", role="admin", sites_named=("gazette",))
    await make_moderator("Olga", role="moderator")
    found = {one["name"]: one for one in (await admin.get("/people")).json["people"]}
    assert set(found) == {"Ada", "Olga", "Ruth"}
    assert found["Ruth"]["roles"] == {"paper": "viewer"}
    assert (found["Ruth"]["has_other_sites"], found["Ruth"]["may_be_disabled"]) == (True, False)
    assert (found["Olga"]["is_everywhere"], found["Olga"]["roles"]) == (True, {"paper": "moderator"})
    assert found["Ada"]["is_you"]
    assert "gazette" not in str(found)


async def test_the_list_is_paged_and_misses_nobody(admin: Desk, make_moderator: MakeModerator) -> None:
    for name in ("Bea", "Cleo", "Dora"):
        await make_moderator(name, sites_named=("paper",))
    seen: list[str] = []
    params: dict[str, Any] = {"limit": 2}
    while params.get("cursor", "") is not None:
        answer = (await admin.get("/people", **params)).json
        seen += [one["name"] for one in answer["people"]]
        params["cursor"] = answer["next_cursor"]
    assert seen == ["Ada", "Bea", "Cleo", "Dora"]


async def test_a_role_is_changed_at_the_own_site_and_nowhere_else(
    admin: Desk, make_moderator: MakeModerator, database: asyncpg.Connection
) -> None:
    ruth = await make_moderator("Ruth", role="viewer", sites_named=("paper",))
    await of_both(database, ruth, "moderator")
    answer = await call(admin, "PUT", f"/sites/paper/people/{ruth}", {"role": "admin"})
    assert (answer.status, answer.json["roles"]) == (200, {"paper": "admin"})
    assert await roles_of(database, ruth) == {"paper": "admin", "gazette": "moderator"}
    elsewhere = await call(admin, "PUT", f"/sites/gazette/people/{ruth}", {"role": "viewer"})
    assert elsewhere.is_problem("site-not-found")
    [entry] = (await admin.get("/audit", action="moderator")).json["entries"]
    assert (entry["action"], entry["subject"], entry["details"]) == (
        "moderator.access_changed", "Ruth", {"role": "admin"},
    )  # fmt: skip


async def test_whoever_reaches_beyond_is_not_shut_out_but_taken_off_the_site(
    admin: Desk, make_moderator: MakeModerator, make_desk: MakeDesk, database: asyncpg.Connection
) -> None:
    ruth = await make_moderator("Ruth", role="viewer", sites_named=("paper",))
    await of_both(database, ruth, "viewer")
    tool = await make_desk("viewer", ("paper", "gazette"), name="Ruth")
    assert (await call(admin, "POST", f"/people/{ruth}/disable")).is_problem("role-too-low")
    assert (await call(admin, "DELETE", f"/sites/paper/people/{ruth}")).status == 200
    assert await roles_of(database, ruth) == {"gazette": "viewer"}
    assert (await tool.get("/reasons", site="gazette")).status == 200
    assert (await tool.get("/reasons", site="paper")).status == 404
    assert (await call(admin, "DELETE", f"/sites/paper/people/{ruth}")).is_problem("person-not-found")


async def test_whoever_has_no_site_left_is_out_with_sessions_and_tokens(
    admin: Desk, make_moderator: MakeModerator, make_desk: MakeDesk, database: asyncpg.Connection
) -> None:
    ruth = await make_moderator("Ruth", sites_named=("paper",))
    tool = await make_desk("viewer", ("paper", "gazette"), name="Ruth")  # opens `paper` alone
    await sign_in_as(admin.client, "Ruth", PASSWORD)
    assert await is_in(admin.client)
    everyone = await make_desk("admin", None, name="Olga")
    assert (await call(everyone, "DELETE", f"/sites/paper/people/{ruth}")).status == 200
    assert not await is_in(admin.client)
    assert (await tool.get("/summary")).status == 401
    assert await database.fetchval("SELECT count(*) FROM moderator_session") == 0


async def test_a_person_of_every_site_is_changed_by_admins_of_every_site_alone(
    admin: Desk, make_moderator: MakeModerator, make_desk: MakeDesk, database: asyncpg.Connection
) -> None:
    olga = await make_moderator("Olga", role="viewer")
    two = await make_desk("admin", ("paper", "gazette"), name="Nora")
    for desk in (admin, two):
        for method, path, body in [
            ("PUT", f"/sites/paper/people/{olga}", {"role": "viewer"}),
            ("DELETE", f"/sites/paper/people/{olga}", None),
            ("POST", f"/people/{olga}/disable", None),
        ]:
            assert (await call(desk, method, path, body)).is_problem("role-too-low")
    assert await roles_of(database, olga) == {None: "viewer"}
    everyone = await make_desk("admin", None, name="Dora")
    assert (await call(everyone, "PUT", f"/sites/paper/people/{olga}", {"role": "admin"})).status == 200
    assert await roles_of(database, olga) == {None: "viewer", "paper": "admin"}


async def test_a_role_does_not_cost_a_program_its_other_sites(
    admin: Desk, make_desk: MakeDesk, database: asyncpg.Connection
) -> None:
    tool = await make_desk("moderator", ("paper", "gazette"), name="Archive")
    archive = await moderators.ensure_moderator(database, "Archive")
    answer = await call(admin, "PUT", f"/sites/paper/people/{archive}", {"role": "viewer"})
    assert answer.is_problem("role-too-low")
    assert (await tool.get("/reasons", site="gazette")).status == 200


async def test_a_person_is_shut_out_and_let_in_again(admin: Desk, make_moderator: MakeModerator) -> None:
    ruth = await make_moderator("Ruth", sites_named=("paper",))
    assert (await call(admin, "POST", f"/people/{ruth}/disable")).json["disabled_at"]
    assert (await sign_in_as(admin.client, "Ruth", PASSWORD)).status == 401
    assert (await call(admin, "POST", f"/people/{ruth}/enable")).json["disabled_at"] is None
    assert (await sign_in_as(admin.client, "Ruth", PASSWORD)).status == 303


async def test_nobody_gives_more_than_the_own_rights(admin: Desk, make_moderator: MakeModerator) -> None:
    await make_moderator("Ruth", role="viewer", sites_named=("paper",))
    tokens: list[tuple[dict[str, Any], str]] = [
        ({"role": "viewer"}, "role-too-low"),
        ({"role": "viewer", "sites": ["gazette"]}, "site-not-found"),
        ({"role": "admin", "sites": ["paper"], "name": "Ruth"}, "role-too-low"),
    ]
    for body, code in tokens:
        assert (await admin.post("/tokens", body)).is_problem(code), body


async def test_a_token_is_made_shown_once_and_revoked(admin: Desk, database: asyncpg.Connection) -> None:
    made = (await admin.post("/tokens", {"role": "viewer", "sites": ["paper"], "name": "Archive"})).json
    tool = Desk(admin.client, made["token"])
    assert (await tool.get("/summary")).status == 200
    listed = (await admin.get("/tokens")).json["tokens"]
    assert made["token"] not in str(listed)
    assert [one["prefix"] for one in listed if one["moderator"] == "Archive"] == [made["token"][:11]]
    assert (await call(admin, "DELETE", f"/tokens/{made['id']}")).status == 200
    assert (await tool.get("/summary")).status == 401
    assert (await call(admin, "DELETE", f"/tokens/{made['id']}")).is_problem("token-not-found")
    kept = await database.fetch("SELECT * FROM moderator_token, audit_entry")
    assert made["token"] not in str([dict(row) for row in kept])


async def test_a_token_of_other_sites_too_is_not_revoked_from_one(
    admin: Desk, make_desk: MakeDesk, database: asyncpg.Connection
) -> None:
    wide = await make_desk("viewer", ("paper", "gazette"), name="Wide")
    token_id = await database.fetchval("SELECT max(id) FROM moderator_token")
    assert (await call(admin, "DELETE", f"/tokens/{token_id}")).is_problem("role-too-low")
    assert (await wide.get("/summary")).status == 200
    [shown] = [one for one in (await admin.get("/tokens")).json["tokens"] if one["moderator"] == "Wide"]
    assert shown["sites"] == ["paper"]


async def test_sessions_are_listed_and_ended_by_their_own_person_alone(
    admin: Desk, make_token: MakeToken, make_desk: MakeDesk
) -> None:
    mine = Desk(admin.client, await make_token("viewer", ("paper",), name="Ruth"))
    await sign_in(admin.client, mine.token)
    [session] = (await mine.get("/sessions")).json["sessions"]
    assert (await admin.get("/sessions")).json["sessions"] == []
    assert (await call(admin, "DELETE", f"/sessions/{session['id']}")).is_problem("session-not-found")
    assert (await call(admin, "DELETE", "/sessions")).json == {"ended": 0}
    assert await is_in(admin.client)
    assert (await call(mine, "DELETE", f"/sessions/{session['id']}")).json == {"ended": 1}
    assert not await is_in(admin.client)
