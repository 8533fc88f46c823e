"""Somebody new comes in by a link: once, in time, with what the invitation says and no more."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession

from service.storage import moderators, passwords
from tests.web.browsing import is_in, send, sign_in_as
from tests.web.desk import Desk, MakeDesk
from tests.web.harness import MakeSite
from tests.web.sending import Answer, get, page_of

PASSWORD = "a boat that is never late"


@pytest.fixture
async def admin(make_site: MakeSite, make_desk: MakeDesk) -> Desk:
    """An admin of `paper`; there is a `gazette` beside it."""
    await make_site("paper")
    await make_site("gazette")
    return await make_desk("admin", ("paper",), name="Ada")


async def invite(admin: Desk, **body: Any) -> dict[str, Any]:
    answer = await admin.post("/invitations", {"role": "moderator", "sites": ["paper"]} | body)
    assert answer.status == 201, answer.text
    made: dict[str, Any] = answer.json
    return made


def secret_of(made: dict[str, Any]) -> str:
    return str(made["url"]).rpartition("/")[2]


async def look(client: ClientSession, made: dict[str, Any]) -> Answer:
    return await get(client, f"/dashboard/invitations/{secret_of(made)}")


async def come(client: ClientSession, made: dict[str, Any], name: str = "Nora", **more: str) -> Answer:
    fields = {"invitation": secret_of(made), "name": name, "password": PASSWORD} | more
    return await send(client, "/dashboard/invitation", fields)


async def test_an_invitation_is_a_way_in_once(
    admin: Desk, client: ClientSession, database: asyncpg.Connection
) -> None:
    made = await invite(admin)
    for _ in range(3):  # a mail program looks, too
        assert (await look(client, made)).status == 200
    assert (await come(client, made)).status == 303
    assert await is_in(client)
    nora = await moderators.ensure_moderator(database, "Nora")
    rights = await passwords.rights_of(database, nora)
    assert rights is not None
    assert list(rights.at.values()) == ["moderator"]
    client.cookie_jar.clear()
    assert (await look(client, made)).status == 404
    assert (await come(client, made, "Mallory")).status == 404
    assert not await is_in(client)
    assert (await sign_in_as(client, "Nora", PASSWORD)).status == 303


async def test_neither_the_secret_nor_the_name_is_stored_or_logged_in_clear(
    admin: Desk, client: ClientSession, database: asyncpg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    made = await invite(admin)
    await look(client, made)
    await come(client, made)
    out = capsys.readouterr()
    assert "/dashboard/invitations/{secret}" in out.out + out.err
    assert secret_of(made) not in out.out + out.err
    rows = await database.fetch("SELECT * FROM invitation")
    log = await database.fetch("SELECT * FROM audit_entry")
    assert secret_of(made) not in str([dict(row) for row in [*rows, *log]])
    assert "url" not in str((await admin.get("/invitations")).json)


async def test_of_two_at_once_one_comes_in(
    admin: Desk, client: ClientSession, database: asyncpg.Connection
) -> None:
    made = await invite(admin)
    answers = await asyncio.gather(come(client, made, "Nora"), come(client, made, "Olga"))
    assert sorted(answer.status for answer in answers) == [303, 404]
    came = await database.fetchval("SELECT count(*) FROM moderator WHERE name IN ('Nora', 'Olga')")
    assert came == 1


@pytest.mark.parametrize(
    "spoilt",
    [
        "UPDATE invitation SET expires_at = clock_timestamp()",
        "UPDATE invitation SET revoked_at = clock_timestamp()",
        "UPDATE moderator SET disabled_at = now() WHERE name = 'Ada'",
        "UPDATE moderator_token SET revoked_at = now()",
        "UPDATE moderator_token SET site_ids = ARRAY[(SELECT id FROM site WHERE slug = 'gazette')]",
    ],
)
async def test_an_invitation_ends_by_time_by_hand_and_with_its_makers_rights(
    admin: Desk, client: ClientSession, database: asyncpg.Connection, spoilt: str
) -> None:
    made = await invite(admin)
    await database.execute(spoilt)
    assert (await look(client, made)).status == 404
    assert (await come(client, made)).status == 404
    assert not await database.fetchval("SELECT 1 FROM moderator WHERE name = 'Nora'")


async def test_it_lasts_72_hours(admin: Desk, database: asyncpg.Connection) -> None:
    await invite(admin)
    assert await database.fetchval("SELECT expires_at - created_at FROM invitation") < timedelta(hours=72.1)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name": ""}, 422),
        ({"name": "x" * 101}, 422),
        ({"name": "a\nb"}, 422),
        ({"password": "short"}, 422),
        ({"name": "a boat that is never late"}, 422),
        ({"name": "Ada"}, 409),
    ],
)
async def test_what_cannot_be_is_said_and_the_invitation_stays(
    admin: Desk, client: ClientSession, fields: dict[str, str], status: int
) -> None:
    made = await invite(admin)
    answer = await send(
        client,
        "/dashboard/invitation",
        {"invitation": secret_of(made), "name": "Nora", "password": PASSWORD} | fields,
    )
    assert answer.status == status
    assert page_of(answer).has_id("fault")
    assert PASSWORD not in answer.text or fields.get("name") == PASSWORD
    assert (await come(client, made)).status == 303


async def test_a_form_from_elsewhere_takes_no_invitation(admin: Desk, client: ClientSession) -> None:
    made = await invite(admin)
    for elsewhere in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        fields = {"invitation": secret_of(made), "name": "Nora", "password": PASSWORD}
        assert (await send(client, "/dashboard/invitation", fields, **elsewhere)).status == 403
    assert (await look(client, made)).status == 200


async def test_an_admin_invites_to_the_own_sites_alone(admin: Desk) -> None:
    for body in ({"sites": ["gazette"]}, {"sites": ["paper", "gazette"]}, {"sites": ["nowhere"]}):
        assert (await admin.post("/invitations", {"role": "viewer"} | body)).is_problem("site-not-found")
    assert (await admin.post("/invitations", {"role": "viewer"})).is_problem("role-too-low")
    assert (await admin.post("/invitations", {"role": "viewer", "sites": []})).is_problem("invalid-decision")
