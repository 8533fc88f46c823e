"""Role by site by operation by method, made from the OpenAPI document (R7)."""

from typing import Any

import asyncpg
import pytest
from aiohttp import web

from service.web.openapi import openapi_document
from tests.web.access_scene import (
    FIXED_PARTS,
    FOREIGN,
    METHODS,
    NOWHERE,
    OWN,
    SIDE,
    AccessScene,
    bearer,
    keys_of,
    shape,
    told,
)
from tests.web.access_table import ACCESS, DESK, ROLES, may
from tests.web.browsing import MakeModerator
from tests.web.harness import CheckAll, MakeSite, MakeToken, StartWeb
from tests.web.openapi_check import Operation, Reference

REFERENCE = Reference(openapi_document("https://talk.example"))
MODERATION = sorted(name for name, access in ACCESS.items() if access.role)
PUBLIC = sorted(name for name, access in ACCESS.items() if not access.role)
READING = [name for name in ACCESS if REFERENCE.operations[name].method == "get"]
PARTS = 4
"""What changes nothing is asked in so many tests, each on a scene of its own."""
NAMING = [name for name in MODERATION if ACCESS[name].names != "nothing"]
PATHS = {
    path: {one.method.upper() for one in REFERENCE.operations.values() if one.path == path}
    for path in sorted({one.path for one in REFERENCE.operations.values()})
}


@pytest.fixture
async def scene(
    start_web: StartWeb, database: asyncpg.Connection, check_all: CheckAll, make_site: MakeSite,
    make_token: MakeToken, make_moderator: MakeModerator,
) -> AccessScene:  # fmt: skip
    process = await start_web(trusted_proxies="127.0.0.0/8", limit_page="off", limit_sign_in="off")
    for slug in (OWN, FOREIGN, SIDE):
        await make_site(slug)
    await make_site("demo", origins=(process.url,))
    made = AccessScene(process, database, check_all)
    await made.prepare(make_token, make_moderator)
    return made


def test_every_operation_has_its_line_and_every_line_an_operation() -> None:
    assert set(ACCESS) | DESK == set(REFERENCE.operations)
    assert not set(ACCESS) & DESK


def test_exactly_the_moderation_api_asks_for_a_role() -> None:
    for name, access in ACCESS.items():
        in_api = REFERENCE.operations[name].path.startswith("/api/v1/moderation/")
        assert (access.role is not None) == in_api, name
        assert ("security" in REFERENCE.operations[name].described) == in_api, name


@pytest.mark.parametrize("part", range(PARTS))
async def test_without_a_valid_token_nobody_is_told_anything(scene: AccessScene, part: int) -> None:
    for name in MODERATION[part::PARTS]:
        operation = REFERENCE.operations[name]
        answers = []
        for where in (OWN, FOREIGN, NOWHERE):
            sent = await scene.request(name, operation, where)
            by_query = sent | {
                "params": sent["params"] | {"token": scene.tokens["admin"], "access_token": "x"}
            }
            tries = {**{why: (sent, headers) for why, headers in scene.strangers().items()},
                     "in the address": (by_query, {})}  # fmt: skip
            for why, (request, headers) in tries.items():
                answer = await scene.ask(operation.method.upper(), request, headers)
                assert (answer.status, answer.is_problem("unauthenticated")) == (401, True), (name, why)
                assert answer.headers["WWW-Authenticate"].startswith("Bearer"), (name, why)
                answers.append(told(answer))
        assert len(set(map(repr, answers))) == 1, name


@pytest.mark.parametrize("name", MODERATION)
async def test_a_role_opens_what_the_table_says_and_nothing_above_it(scene: AccessScene, name: str) -> None:
    operation, access = REFERENCE.operations[name], ACCESS[name]
    for role in ROLES:
        answers = {}
        for where in (OWN, FOREIGN, NOWHERE):
            sent = await scene.request(name, operation, where)
            answers[where] = await scene.ask(operation.method.upper(), sent, bearer(scene.tokens[role]))
        if may(role, access):
            expected = [access.own] + [access.other if access.names != "nothing" else access.own] * 2
            assert [answer.status for answer in answers.values()] == expected, role
        else:
            assert len({repr(told(answer)) for answer in answers.values()}) == 1
            assert all(one.status == 403 and one.is_problem("role-too-low") for one in answers.values()), role


@pytest.mark.parametrize("name", NAMING)
async def test_a_role_counts_at_its_own_site_whatever_it_is_at_another(scene: AccessScene, name: str) -> None:
    """An admin beside, with each role here: what is here is allowed or refused as that role says."""
    operation, access = REFERENCE.operations[name], ACCESS[name]
    for role in ROLES:
        sent = await scene.request(name, operation, OWN)
        answer = await scene.ask(operation.method.upper(), sent, bearer(scene.tokens[f"{role} and more"]))
        if may(role, access):
            assert answer.status == access.own, role
        elif access.names == "entries":
            assert [one["problem"]["code"] for one in answer.json["results"]] == ["role-too-low"]
        else:
            there_is_none = answer.status == access.own == 404
            assert there_is_none or answer.is_problem("role-too-low"), role


@pytest.mark.parametrize("name", NAMING)
async def test_what_is_another_sites_is_answered_like_what_does_not_exist(
    scene: AccessScene, name: str
) -> None:
    """Byte for byte, but for the clock and the request's own id."""
    operation, access = REFERENCE.operations[name], ACCESS[name]
    own_id = await scene.held(OWN)
    for role in (role for role in ROLES if may(role, access)):
        said = []
        for where in (FOREIGN, NOWHERE):
            sent = await scene.request(name, operation, where)
            answer = await scene.ask(operation.method.upper(), sent, bearer(scene.tokens[role]))
            said.append(told(answer, about=sent["comment_id"]))
            assert own_id not in answer.text
        assert said[0] == said[1]
        assert said[0][0] == access.other
    moved = await scene.database.fetchval(
        """
        SELECT count(*) FROM comment JOIN site ON site.id = site_id
        WHERE slug = $1 AND (status <> 'held' OR version <> 2 OR claimed_by IS NOT NULL)
        """,
        FOREIGN,
    )
    assert moved == 0


@pytest.mark.parametrize("name", MODERATION)
async def test_nothing_of_another_site_is_in_any_answer(scene: AccessScene, name: str) -> None:
    operation, access = REFERENCE.operations[name], ACCESS[name]
    foreign_id = await scene.held(FOREIGN)
    for role in (role for role in ROLES if may(role, access)):
        sent = await scene.request(name, operation, OWN)
        answer = await scene.ask(operation.method.upper(), sent, bearer(scene.tokens[role]))
        assert foreign_id not in answer.text
        assert FOREIGN not in answer.text
        theirs = await scene.ask(operation.method.upper(), sent, bearer(scene.tokens["foreign admin"]))
        assert f'"site":"{OWN}"' not in theirs.text


VIEWED = {
    "id", "site", "page_url", "page_title", "parent_id", "status", "version", "reason", "author", "website",
    "text", "submitted_at", "findings", "author_key", "author_history", "claimed_by", "claimed_until",
    "risk", "language", "undo_until", "edited_at", "staff", "proposed", "reports", "revises", "picked",
}  # fmt: skip
FOUND = {"check", "version", "outcome", "reason", "score", "detail", "spans", "rule"}
HISTORY = {
    "at", "by", "source", "action", "from_status", "status", "version", "reason", "note", "policy_version",
    "decided_by", "findings", "rule", "text_before",
}  # fmt: skip
COUNTS = {"published", "held", "rejected", "spam"}


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_sees_these_fields_of_a_comment_and_no_others(scene: AccessScene, role: str) -> None:
    for name in ("listQueue", "getComment"):
        sent = await scene.request(name, REFERENCE.operations[name], OWN)
        answer = await scene.ask("GET", sent, bearer(scene.tokens[role]))
        comment = answer.json["comments"][0] if name == "listQueue" else answer.json
        assert set(comment) == VIEWED | ({"history", "explanation"} if name == "getComment" else set())
        assert all(set(finding) == FOUND for finding in comment["findings"])
        assert set(comment["author_history"]) == COUNTS
        assert all(set(entry) == HISTORY for entry in comment.get("history", ()))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("token", [None, "admin"])
async def test_a_method_that_is_not_described_is_none(
    scene: AccessScene, method: str, token: str | None
) -> None:
    headers = bearer(scene.tokens[token]) if token else {}
    for path, methods in PATHS.items():
        described = methods | ({"HEAD"} if "GET" in methods else set())
        url = Operation("get", path, {}).url(**{"site": OWN, "id": "x", "receipt": "x"} | FIXED_PARTS)
        answer = await scene.ask(method, {"url": url}, headers)
        if method in described:
            assert answer.status != 405, path
            continue
        assert answer.status == 405, path
        assert {one.strip() for one in answer.headers["Allow"].split(",")} == described, path
        if path.startswith("/api/"):
            assert method == "HEAD" or answer.is_problem("method-not-allowed"), path


@pytest.mark.parametrize("part", range(PARTS))
async def test_head_is_get_without_a_body(scene: AccessScene, part: int) -> None:
    for name in READING[part::PARTS]:
        for headers in ({}, bearer(scene.tokens["viewer"])):
            sent = await scene.request(name, REFERENCE.operations[name], OWN)
            whole, bare = [await scene.ask(method, sent, headers) for method in ("GET", "HEAD")]
            assert (bare.status, bare.body) == (whole.status, b""), name


@pytest.mark.parametrize("name", PUBLIC)
async def test_what_is_public_is_the_same_for_everybody(
    scene: AccessScene, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation, access = REFERENCE.operations[name], ACCESS[name]
    sent = await scene.request(name, operation, OWN)
    looked: list[str] = []

    def cookies(request: web.Request) -> Any:
        looked.append(request.path)
        return {}

    monkeypatch.setattr(web.Request, "cookies", property(cookies))
    session = scene.sessions[0]
    comers = [
        {},
        {"Cookie": f"replydesk_session={session}; __Host-replydesk={session}; x=y"},
        bearer(scene.tokens["admin"]),
        bearer("garbage"),
        {"Authorization": "Basic YWRtaW46YWRtaW4="},
    ]
    answers = [await scene.ask(operation.method.upper(), sent, headers) for headers in comers]
    assert {answer.status for answer in answers} == {access.own}
    assert looked == []
    assert not [answer for answer in answers if "Set-Cookie" in answer.headers]
    learnt = [repr(shape(answer) if access.varies else told(answer)) for answer in answers]
    assert len(set(learnt)) == 1


@pytest.mark.parametrize("name", [name for name in PUBLIC if ACCESS[name].names == "path"])
async def test_a_site_or_receipt_that_does_not_exist_is_not_found(scene: AccessScene, name: str) -> None:
    operation = REFERENCE.operations[name]
    sent = await scene.request(name, operation, NOWHERE)
    assert (await scene.ask(operation.method.upper(), sent, {})).status == ACCESS[name].other


async def test_no_schema_of_an_answer_describes_an_email() -> None:
    schemas = REFERENCE.document["components"]["schemas"]
    asked = {"Submission", "SubmissionForm", "ErasureBody", "NoticeBody"}
    assert [
        name for name, schema in schemas.items() if "email" in keys_of(schema) and name not in asked
    ] == []
