"""Only a valid token opens the moderators' API, and it opens what its role and its sites allow."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession

from service.storage import moderators, passwords
from tests.web.desk import API, MISSING, Desk, MakeDesk
from tests.web.harness import CheckAll, MakeSite, MakeToken, StartWeb, Submit
from tests.web.sending import Answer, get, read

READING = ["/comments", f"/comments/{MISSING}", "/summary", "/reasons?site=paper"]
DECIDING: list[tuple[str, Any]] = [
    (f"/comments/{MISSING}/decision", {"action": "approve", "version": 1}),
    (f"/comments/{MISSING}/undo", {}),
    ("/decisions", {"decisions": []}),
    ("/claims", {"limit": 1}),
]
CALLS = [("GET", path, None) for path in READING] + [("POST", path, body) for path, body in DECIDING]


async def call(client: ClientSession, method: str, path: str, body: Any, **headers: str) -> Answer:
    async with client.request(method, API + path, json=body, headers=headers) as response:
        return await read(response)


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
async def test_without_a_valid_token_every_call_is_refused(
    client: ClientSession, make_site: MakeSite, make_token: MakeToken, method: str, path: str, body: Any
) -> None:
    await make_site("paper")
    good = await make_token("admin")
    wrong: list[dict[str, str]] = [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Bearer {good}x"},
        {"Authorization": f"Bearer {good[:-1]}"},
        {"Authorization": f"Basic {good}"},
        {"Authorization": good},
        {"Authorization": "Bearer " + "r" * 5000},
        {"Authorization": "Bearer ü"},
        {"Cookie": f"replydesk_session={good}; token={good}; Authorization=Bearer {good}"},
        {"X-Api-Key": good},
    ]
    for headers in wrong:
        answer = await call(client, method, path, body, **headers)
        assert (answer.status, answer.is_problem("unauthenticated")) == (401, True), headers
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    by_query = await call(client, method, f"{path}{'&' if '?' in path else '?'}token={good}", body)
    assert by_query.status == 401
    assert (await call(client, method, path, body, Authorization=f"bearer {good}")).status in {200, 404}


async def test_a_session_of_the_dashboard_is_no_token(client: ClientSession, make_token: MakeToken) -> None:
    token = await make_token("admin")
    async with client.post("/dashboard/sign-in", data={"token": token}) as response:
        assert response.status == 200
    [session] = [cookie.value for cookie in client.cookie_jar]
    for headers in ({}, {"Cookie": f"replydesk_session={session}"}, {"Authorization": f"Bearer {session}"}):
        assert (await call(client, "GET", "/comments", None, **headers)).status == 401


async def test_an_expired_and_a_revoked_token_are_refused(
    client: ClientSession,
    make_desk: MakeDesk,
    database: asyncpg.Connection,
) -> None:
    expired = await make_desk("admin", lasts=timedelta(seconds=-1))
    assert (await expired.get("/summary")).status == 401
    revoked = await make_desk("admin", name="Nora")
    assert (await revoked.get("/summary")).status == 200
    await database.execute(
        "UPDATE moderator_token SET revoked_at = clock_timestamp() WHERE expires_at > now()"
    )
    assert (await revoked.get("/summary")).status == 401


async def test_a_token_for_this_machine_works_from_here_alone(
    start_web: StartWeb, make_token: MakeToken
) -> None:
    token = await make_token("admin", loopback_only=True)
    web = await start_web(trusted_proxies="127.0.0.0/8")
    bearer = {"Authorization": f"Bearer {token}"}
    assert (await call(web.client, "GET", "/summary", None, **bearer)).status == 200
    for forwarded, status in [
        ("192.0.2.1", 401),
        ("127.0.0.1, 192.0.2.1", 401),
        ("192.0.2.1, 127.0.0.1", 401),
    ]:
        answer = await call(web.client, "GET", "/summary", None, **bearer, **{"X-Forwarded-For": forwarded})
        assert answer.status == status
    async with web.client.post(
        "/dashboard/sign-in", data={"token": token}, headers={"X-Forwarded-For": "192.0.2.1"}
    ) as response:
        assert response.status == 401


@pytest.mark.parametrize(("path", "body"), DECIDING)
async def test_a_viewer_reads_and_decides_nothing(
    make_site: MakeSite,
    make_desk: MakeDesk,
    submit: Submit,
    path: str,
    body: Any,
) -> None:
    await make_site("paper")
    accepted = await submit()
    viewer = await make_desk("viewer")
    answer = await viewer.post(path.replace(MISSING, accepted["id"]), body)
    assert (answer.status, answer.is_problem("role-too-low")) == (403, True)
    for readable in READING:
        assert (await viewer.get(readable.replace(MISSING, accepted["id"]))).status == 200
    for role in ("moderator", "admin"):
        desk = await make_desk(role)
        assert (await desk.post(path.replace(MISSING, accepted["id"]), body)).status in {200, 409}


def body_of(answer: Answer) -> tuple[Any, ...]:
    return answer.status, {name: value for name, value in answer.json.items() if name != "request_id"}


async def test_a_foreign_comment_is_told_from_a_missing_one_by_nothing(
    make_site: MakeSite,
    make_desk: MakeDesk,
    submit: Submit,
    check_all: CheckAll,
    database: asyncpg.Connection,
) -> None:
    await make_site("paper")
    await make_site("gazette")
    foreign = (await submit("gazette"))["id"]
    await check_all()
    here = await make_desk("admin", ("paper",))
    there = await make_desk("admin", ("gazette",), name="Nora")
    assert (await there.get(f"/comments/{foreign}")).status == 200
    unknown = [MISSING, "17", "x" * 300, foreign.replace(foreign[0], "f", 1)]
    for path, body in [("", None), ("/decision", {"action": "approve", "version": 2}), ("/undo", {})]:
        answers = [
            await (
                here.get(f"/comments/{one}{path}")
                if body is None
                else here.post(f"/comments/{one}{path}", body)
            )
            for one in (foreign, *unknown)
        ]
        assert {repr(body_of(answer)) for answer in answers} == {repr(body_of(answers[0]))}
        assert answers[0].is_problem("comment-not-found")
    entries = [{"id": one, "action": "spam", "version": 2} for one in (foreign, *unknown[:2])]
    results = (await here.post("/decisions", {"decisions": entries})).json["results"]
    assert {one["problem"]["code"] for one in results} == {"comment-not-found"}
    assert await here.claim() == []
    assert await here.claim(site="gazette") == []
    assert (await here.get("/comments", site="gazette")).json["comments"] == []
    assert (await here.get("/comments")).json["comments"] == []
    assert [one["site"] for one in (await here.get("/summary")).json["sites"]] == ["paper"]
    assert body_of(await here.get("/reasons", site="gazette")) == body_of(
        await here.get("/reasons", site="nowhere")
    )
    assert await database.fetchval("SELECT status FROM comment WHERE id = $1", foreign) == "held"


async def test_a_token_without_sites_reaches_sites_made_later(
    make_site: MakeSite,
    make_desk: MakeDesk,
    submit: Submit,
) -> None:
    desk: Desk = await make_desk("viewer")
    await make_site("later")
    await submit("later")
    assert [one["site"] for one in (await desk.get("/comments", status="pending")).json["comments"]] == [
        "later"
    ]


async def test_using_a_token_leaves_a_trace(
    make_desk: MakeDesk,
    database: asyncpg.Connection,
) -> None:
    desk = await make_desk("viewer")
    await desk.get("/summary")
    assert await database.fetchval("SELECT last_used_at IS NOT NULL FROM moderator_token")


async def test_moderation_is_not_shared_with_other_origins(make_desk: MakeDesk) -> None:
    desk = await make_desk("viewer")
    answer = await get(desk.client, API + "/summary", **desk.bearer, Origin="https://paper.example")
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_token_opens_no_more_than_its_persons_roles(
    make_site: MakeSite, make_desk: MakeDesk, database: asyncpg.Connection
) -> None:
    paper, gazette = await make_site("paper"), await make_site("gazette")
    desk = await make_desk("admin", None, name="Ruth")
    assert (await desk.get("/sites/paper/policy")).status == 200
    ruth = await moderators.ensure_moderator(database, "Ruth")
    await passwords.set_role_at(database, ruth, "viewer", [paper.id])
    assert (await desk.get("/sites/paper/policy")).is_problem("role-too-low")
    assert (await desk.get("/sites/gazette/policy")).is_problem("role-too-low")
    await passwords.set_role_at(database, ruth, "admin", [gazette.id])
    assert (await desk.get("/sites/paper/policy")).is_problem("role-too-low")
    assert (await desk.get("/sites/gazette/policy")).status == 200
