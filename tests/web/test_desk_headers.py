"""Whatever the dashboard answers, on every route: nobody keeps it, frames it, or runs a script in it (R5)."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession, web

from service.web.routes import routes
from tests.web.browsing import OWN_FORM, MakeModerator, csrf_of, queue, sign_in, sign_in_as
from tests.web.harness import MakeToken, StartWeb, WebProcess
from tests.web.sending import Answer, read

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
EXACTLY = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
ROUTES = sorted(
    (route.method, route.path)
    for route in routes()
    if isinstance(route, web.RouteDef) and route.path.startswith("/dashboard")
)
FORMS = [path for method, path in ROUTES if method == "POST"]
NOBODY = "postgresql://replydesk:unguessable-7@127.0.0.1:1/replydesk"


def assert_guarded(answer: Answer, *, https: bool = False) -> None:
    [written] = answer.headers.getall("Content-Security-Policy")  # type: ignore[attr-defined]
    assert dict(part.strip().partition(" ")[::2] for part in written.split(";")) == POLICY
    for name, value in EXACTLY.items():
        assert answer.headers.getall(name) == [value], name  # type: ignore[attr-defined]
    assert answer.headers.get("Strict-Transport-Security") == ("max-age=31536000" if https else None)
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    assert not {"Server", "X-Powered-By", "ETag", "Last-Modified"} & set(answer.headers)


async def ask(client: ClientSession, method: str, path: str, **request: Any) -> Answer:
    async with client.request(method, path, allow_redirects=False, **request) as response:
        return await read(response)


@dataclass(frozen=True)
class Scene:
    """A browser that has signed in, one that has not, and processes with something wrong."""

    desk: ClientSession
    csrf: str
    web: WebProcess
    start_web: StartWeb

    async def post(self, path: str, **fields: str) -> Answer:
        return await ask(self.desk, "POST", path, data={"csrf": self.csrf} | fields, headers=OWN_FORM)

    async def sign_in(self, **settings: Any) -> Answer:
        other = await self.start_web(**settings)
        return await sign_in_as(other.client, "Nobody", "a wrong password")


@pytest.fixture
async def scene(desk: ClientSession, web_app: WebProcess, start_web: StartWeb) -> Scene:
    return Scene(desk, csrf_of(await queue(desk)), web_app, start_web)


Provoke = Callable[[Scene], Awaitable[Answer]]


async def _too_fast(scene: Scene) -> Answer:
    other = await scene.start_web(limit_sign_in="1/600")
    await sign_in_as(other.client, "Nobody", "a wrong password")
    return await sign_in_as(other.client, "Nobody", "a wrong password")


async def _without_database(scene: Scene) -> Answer:
    away = await scene.start_web(database_url=NOBODY)
    return await ask(away.client, "GET", "/dashboard", headers={"Cookie": "replydesk_session=rd_any"})


async def _signed_out(scene: Scene) -> Answer:
    scene.desk.cookie_jar.clear()
    return await scene.post("/dashboard/decide")


async def _unforeseen(scene: Scene) -> Answer:
    scene.web.services.metrics.sign_ins = None  # type: ignore[assignment]
    return await sign_in(scene.desk, "rd_wrong")


KINDS: dict[str, tuple[int, Provoke]] = {
    "the queue": (200, lambda scene: ask(scene.desk, "GET", "/dashboard")),
    "its headers": (200, lambda scene: ask(scene.desk, "HEAD", "/dashboard")),
    "the way in": (200, lambda scene: ask(scene.desk, "GET", "/dashboard", headers={"Cookie": "x=y"})),
    "decided": (303, lambda scene: scene.post("/dashboard/decide")),
    "signed out": (303, lambda scene: scene.post("/dashboard/sign-out")),
    "a body that is none": (
        400,
        lambda scene: ask(
            scene.desk, "POST", "/dashboard/decide", data=b"%",
            headers=OWN_FORM | {"Content-Type": "multipart/form-data"},
        ),
    ),
    "a wrong token": (401, lambda scene: sign_in(scene.desk, "rd_wrong")),
    "a wrong password": (401, lambda scene: sign_in_as(scene.desk, "Ruth", "not that one")),
    "the session is over": (401, _signed_out),
    "a foreign form": (403, lambda scene: ask(scene.desk, "POST", "/dashboard/decide", data={"a": "b"})),
    "no such address": (404, lambda scene: ask(scene.desk, "GET", "/dashboard/nothing")),
    "a slash too many": (404, lambda scene: ask(scene.desk, "GET", "/dashboard/")),
    "another method": (405, lambda scene: ask(scene.desk, "DELETE", "/dashboard")),
    "a form that is too large": (413, lambda scene: scene.post("/dashboard/decide", note="x" * 20_000)),
    "a type that is none": (
        415,
        lambda scene: ask(
            scene.desk, "POST", "/dashboard/decide", data=b"x", headers=OWN_FORM | {"Content-Type": "text/x"}
        ),
    ),
    "a bad cursor": (422, lambda scene: ask(scene.desk, "GET", "/dashboard?cursor=x")),
    "an address in the URL": (422, lambda scene: ask(scene.desk, "GET", "/dashboard?email=a")),
    "too many tries": (429, _too_fast),
    "what nobody foresaw": (500, _unforeseen),
    "no database": (503, _without_database),
    "no database to sign in": (503, lambda scene: scene.sign_in(database_url=NOBODY)),
}  # fmt: skip


@pytest.mark.parametrize("kind", list(KINDS))
async def test_every_kind_of_answer_is_guarded(scene: Scene, kind: str) -> None:
    status, provoke = KINDS[kind]
    answer = await provoke(scene)
    assert answer.status == status
    assert_guarded(answer)
    if status in {429, 503}:
        assert int(answer.headers["Retry-After"]) >= 1
    if status >= 400:
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_the_kinds_cover_every_status_that_the_dashboard_gives() -> None:
    assert {status for status, _ in KINDS.values()} >= {200, 303, 401, 403, 404, 405, 429, 503}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_every_route_by_every_method_is_guarded_signed_in_or_not(
    client: ClientSession, make_token: MakeToken, web_app: WebProcess, method: str
) -> None:
    web_app.services.feed.closing = True  # a stream of events ends at once
    for _ in range(2):
        for path in sorted({path for _, path in ROUTES}):
            named = path.replace("{secret}", "rd_x").replace("{id}", "0")
            answer = await ask(client, method, named, headers={"Origin": "https://evil.example"})
            described = (method, path) in ROUTES or (method == "HEAD" and ("GET", path) in ROUTES)
            assert (answer.status != 405) == described, path
            assert_guarded(answer)
        await sign_in(client, await make_token("moderator"))


async def test_over_tls_browsers_are_told_to_stay_there(
    start_web: StartWeb, make_token: MakeToken, make_moderator: MakeModerator
) -> None:
    web = await start_web(public_url="https://talk.paper.example")
    await make_moderator("Ruth")
    async with ClientSession(f"http://127.0.0.1:{web.settings.port}") as client:
        answers = [await sign_in(client, await make_token("viewer")), await sign_in_as(client, "Ruth")]
        answers += [await sign_in_as(client, "Ruth", "a wrong one"), await ask(client, "GET", "/dashboard")]
        answers += [await ask(client, "GET", "/dashboard/x"), await ask(client, "PUT", "/dashboard")]
        for answer in answers:
            assert_guarded(answer, https=True)
        public = await ask(client, "GET", "/healthz")
        assert public.headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_the_pages_load_nothing_that_the_policy_forbids(desk: ClientSession) -> None:
    for path in ("/dashboard", "/dashboard?status=published"):
        page = (await ask(desk, "GET", path)).text
        assert "style=" not in page
        assert "<style" not in page
        assert not re.search(r'<script(?! src="/static/[a-z-]+\.js\?v=[0-9a-f]{12}" defer></script>)', page)
        assert "<img" not in page
