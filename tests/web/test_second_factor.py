"""With a second factor nobody comes in by the password alone, and no code works twice."""

import base64
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from aiohttp import ClientSession, CookieJar

from service.domain.one_time_code import STEP_S, code_at
from service.usecases.second_factor import SecondFactors
from tests.web.browsing import PASSWORD, MakeModerator, csrf_of, is_in, queue, send, sign_in, sign_in_as
from tests.web.harness import MakeSite, MakeToken, StartWeb, WebProcess
from tests.web.sending import Answer, page_of

PAGE = "/dashboard/second-factor"


@dataclass
class Phone:
    """Ruth's browser and her app; `now` is the clock of both sides."""

    client: ClientSession
    web: WebProcess
    now: datetime = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    secret: bytes = b""
    recovery: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        return code_at(self.secret, int(self.now.timestamp()) // STEP_S)

    def later(self, seconds: int = 2 * STEP_S) -> None:
        self.now += timedelta(seconds=seconds)

    async def act(self, action: str, **fields: str) -> Answer:
        csrf = csrf_of(await queue(self.client))
        return await send(self.client, "/dashboard/code", {"csrf": csrf, "action": action} | fields)

    async def set_up(self) -> None:
        page = page_of(await self.act("begin"))
        [shown] = [str(node.text) for node in page.all("code")]
        self.secret = base64.b32decode(shown.replace(" ", ""))
        done = await self.act("confirm", code=self.code)
        assert done.status == 200, done.text
        self.recovery = re.findall(r"<code>([A-Z2-7-]{19})</code>", done.text)

    async def come(self, **fields: str) -> bool:
        self.client.cookie_jar.clear()
        answer = await send(
            self.client, "/dashboard/sign-in", {"name": "Ruth", "password": PASSWORD} | fields
        )
        assert answer.status in {303, 401}
        return answer.status == 303


@pytest.fixture
async def phone(start_web: StartWeb, make_site: MakeSite, make_moderator: MakeModerator) -> Phone:
    web = await start_web(limit_sign_in="off")  # its own limit is what is looked at
    await make_site("paper")
    await make_moderator("Ruth")
    made = Phone(web.client, web)
    web.services.second_factors = SecondFactors(web.services.second_factors.vault, now=lambda: made.now)
    assert await made.come()
    return made


async def test_the_password_alone_opens_nothing_any_more(phone: Phone) -> None:
    await phone.set_up()
    phone.later()
    assert not await phone.come()
    assert not await phone.come(code="000000")
    assert not await phone.come(code=phone.code, password="not that one")
    assert await phone.come(code=phone.code)
    assert await is_in(phone.client)


async def test_no_code_works_twice_and_none_before_one_that_worked(phone: Phone) -> None:
    await phone.set_up()
    assert not await phone.come(code=phone.code)  # it confirmed the app
    phone.later()
    earlier = code_at(phone.secret, int(phone.now.timestamp()) // STEP_S - 1)
    assert await phone.come(code=phone.code)
    assert not await phone.come(code=phone.code)
    assert not await phone.come(code=earlier)


async def test_a_recovery_code_works_once(phone: Phone, database: asyncpg.Connection) -> None:
    await phone.set_up()
    assert len(phone.recovery) == 10
    assert await phone.come(code=phone.recovery[3].lower())
    assert not await phone.come(code=phone.recovery[3])
    assert await phone.come(code=phone.recovery[4])
    assert await database.fetchval("SELECT count(*) FROM moderator_recovery_code") == 8


async def test_an_app_that_was_not_confirmed_is_not_asked_for(phone: Phone) -> None:
    await phone.act("begin")
    wrong = await phone.act("confirm", code="000000")
    assert (wrong.status, page_of(wrong).has_id("fault")) == (422, True)
    assert await phone.come()


async def test_setting_it_up_ends_the_sessions_without_a_code(phone: Phone) -> None:
    async with ClientSession(phone.web.url, cookie_jar=CookieJar(unsafe=True)) as other:
        await sign_in_as(other, "Ruth", PASSWORD)
        assert await is_in(other)
        await phone.set_up()
        assert not await is_in(other)
    assert await is_in(phone.client)


async def test_who_has_one_cannot_have_it_replaced_without_a_code(phone: Phone) -> None:
    await phone.set_up()
    assert "<code>" not in (await phone.act("begin")).text
    assert (await phone.act("remove", code="000000")).status == 422
    phone.later()
    assert not await phone.come()
    assert await phone.come(code=phone.code)
    phone.later()
    assert (await phone.act("remove", code=phone.code)).status == 200
    assert await phone.come()


async def test_codes_are_not_tried_without_end(phone: Phone) -> None:
    await phone.set_up()
    phone.later()
    for number in range(20):
        assert not await phone.come(code=f"{number:06}")
    assert not await phone.come(code=phone.code)


async def test_nothing_of_it_is_stored_or_logged_in_clear(
    phone: Phone, database: asyncpg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    await phone.set_up()
    out = capsys.readouterr()
    kept = await database.fetch("SELECT * FROM moderator_totp, moderator_recovery_code, audit_entry")
    stored = str([dict(row) for row in kept])
    assert "second_factor.added" in stored
    for secret in (*phone.recovery, phone.code):
        assert secret not in stored + out.out + out.err
    assert phone.secret not in [row["sealed"] for row in kept]
    assert not any(phone.secret in row["sealed"] for row in kept)


async def test_who_came_by_a_token_sets_none_up(
    client: ClientSession, make_site: MakeSite, make_token: MakeToken, database: asyncpg.Connection
) -> None:
    await make_site("paper")
    await sign_in(client, await make_token("moderator"))
    csrf = csrf_of(await queue(client))
    assert (await send(client, "/dashboard/code", {"csrf": csrf, "action": "begin"})).status == 200
    assert await database.fetchval("SELECT count(*) FROM moderator_totp") == 0


async def test_an_admin_of_all_that_somebody_has_resets_it_and_ends_the_sessions(
    phone: Phone, make_site: MakeSite, make_token: MakeToken, database: asyncpg.Connection
) -> None:
    await make_site("gazette")
    await phone.set_up()
    ruth = await database.fetchval("SELECT id FROM moderator WHERE name = 'Ruth'")
    path = f"/api/v1/moderation/people/{ruth}/reset-second-factor"
    lower = await make_token("moderator", name="Ida")
    narrow = await make_token("admin", ("gazette",), name="Olga")
    whole = await make_token("admin", name="Ada")
    for token, status in ((lower, 403), (narrow, 403), (whole, 200)):
        assert await is_in(phone.client)
        headers = {"Authorization": f"Bearer {token}"}
        async with phone.client.post(path, headers=headers) as response:
            assert response.status == status, await response.text()
    assert not await is_in(phone.client)
    assert await phone.come()
    assert await database.fetchval("SELECT count(*) FROM moderator_recovery_code") == 0
    [entry] = await database.fetch(
        "SELECT name, subject FROM audit_entry JOIN moderator ON moderator.id = moderator_id"
        " WHERE action = 'second_factor.reset'"
    )
    assert tuple(entry) == ("Ada", "Ruth")
    async with phone.client.post(path, headers={"Authorization": f"Bearer {whole}"}) as response:
        assert response.status == 200  # there is nothing left to reset
    assert await is_in(phone.client)
