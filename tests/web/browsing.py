"""What a moderator's browser does at the desk: its forms, and what they were sent from."""

from collections.abc import Awaitable, Callable
from http.cookies import Morsel, SimpleCookie
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession

from service.passwords import PasswordHash
from service.storage import moderators, passwords, sites
from tests.web.harness import CheckAll, MakeSite, MakeToken, Submit
from tests.web.sending import Answer, Page, get, page_of, read

PASSWORD = "the ferry was late again"
OWN_FORM = {"Sec-Fetch-Site": "same-origin"}


async def send(client: ClientSession, path: str, fields: dict[str, str], **headers: str) -> Answer:
    """Send a form as a browser does from a page of ours, unless `headers` tell where it came from."""
    told = OWN_FORM | headers if "Origin" not in headers else headers
    async with client.post(path, data=fields, headers=told, allow_redirects=False) as response:
        return await read(response)


async def sign_in(client: ClientSession, token: str, **headers: str) -> Answer:
    return await send(client, "/dashboard/sign-in", {"token": token}, **headers)


async def sign_in_as(client: ClientSession, name: str, password: str = PASSWORD, **headers: str) -> Answer:
    return await send(client, "/dashboard/sign-in", {"name": name, "password": password}, **headers)


async def queue(client: ClientSession, **params: str) -> Page:
    return page_of(await get(client, "/dashboard", params))


async def is_in(client: ClientSession, **headers: str) -> bool:
    """Whether the dashboard shows the queue, not the way in."""
    return not page_of(await get(client, "/dashboard", **headers)).has_id("token")


def forms(page: Page) -> list[dict[str, str]]:
    """The fields of each form that decides."""
    return [
        {node.get("name"): node.get("value") for node in form.iter("input")}
        for form in page.all("form")
        if form.get("action") == "/dashboard/decide"
    ]


def csrf_of(page: Page) -> str:
    """The token of a page's forms."""
    [csrf] = {str(node.get("value")) for node in page.all("input") if node.get("name") == "csrf"}
    return csrf


def cookie_of(answer: Answer) -> Morsel[str]:
    [morsel] = SimpleCookie(answer.headers["Set-Cookie"]).values()
    return morsel


MakeModerator = Callable[..., Awaitable[int]]


@pytest.fixture
def make_moderator(database: asyncpg.Connection) -> MakeModerator:
    """`await make_moderator("Ruth", role="viewer", sites=("paper",))`: someone with `PASSWORD`; the id."""

    async def make(
        name: str = "Ruth",
        password: str = PASSWORD,
        *,
        role: str = "moderator",
        sites_named: tuple[str, ...] | None = None,
        hashes: Any = None,
    ) -> int:
        known = {site.slug: site.id for site in await sites.list_sites(database)}
        moderator_id = await moderators.ensure_moderator(database, name)
        reached = None if sites_named is None else [known[slug] for slug in sites_named]
        await passwords.set_access(database, moderator_id, role, reached)
        await passwords.set_password(database, moderator_id, (hashes or PasswordHash()).make(password))
        return moderator_id

    return make


async def status_of(database: asyncpg.Connection, comment_id: str) -> str:
    return str(await database.fetchval("SELECT status FROM comment WHERE id = $1", comment_id))


@pytest.fixture
async def held(make_site: MakeSite, submit: Submit, check_all: CheckAll) -> str:
    """The id of a comment of the site `paper` that waits for a person."""
    await make_site("paper")
    accepted = await submit()
    await check_all()
    return str(accepted["id"])


@pytest.fixture
async def desk(client: ClientSession, make_token: MakeToken, held: str) -> ClientSession:
    """A browser that has signed in with a moderator's token."""
    assert (await sign_in(client, await make_token("moderator"))).status == 303
    return client
