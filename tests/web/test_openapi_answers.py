"""Every operation answers as the OpenAPI document says: each documented status and code, driven for real."""

from typing import Any

import asyncpg
import pytest

from service.storage import moderators, sessions
from service.tokens import new_secret, secret_digest
from service.web.desk_session import SESSION_LASTS
from service.web.desk_site_routes import SITE_PAGES
from service.web.openapi import openapi_document
from tests.web import (
    openapi_alert_probes,
    openapi_answer_probes,
    openapi_appeal_probes,
    openapi_authors_probes,
    openapi_event_probes,
    openapi_figures_probes,
    openapi_learning_probes,
    openapi_mail_probes,
    openapi_network_probes,
    openapi_notice_probes,
    openapi_pages_probes,
    openapi_people_probes,
    openapi_policy_probes,
    openapi_reader_probes,
    openapi_receipt_probes,
    openapi_redaction_probes,
    openapi_report_probes,
    openapi_site_page_probes,
    openapi_team_probes,
    openapi_webhook_probes,
)
from tests.web.harness import COMMENT, PAGE, CheckAll, MakeSite, MakeToken, StartWeb, Submit, WebProcess
from tests.web.openapi_check import Reference
from tests.web.openapi_moderation_probes import ACT, APPROVE
from tests.web.openapi_scene import NOBODY, PROBES, Scene

assert openapi_reader_probes  # they fill the list of probes
assert openapi_policy_probes
assert openapi_answer_probes
assert openapi_redaction_probes
assert openapi_learning_probes
assert openapi_site_page_probes
assert openapi_network_probes
assert openapi_people_probes
assert openapi_authors_probes
assert openapi_pages_probes
assert openapi_team_probes
assert openapi_figures_probes
assert openapi_event_probes
assert openapi_webhook_probes
assert openapi_alert_probes
assert openapi_mail_probes
assert openapi_report_probes
assert openapi_receipt_probes
assert openapi_appeal_probes
assert openapi_notice_probes
REFERENCE = Reference(openapi_document("https://talk.example"))
OF_LINKS = {"showConfirm", "confirmAddress", "showStop", "stopMail", "showOwnData", "eraseOwnData"} | {
    "showNotice",
    "getNotice",
}
"""Without a link that opens they look at nothing."""

DESK_PAGES = (
    "showDashboard",
    "showChecks",
    "showFigures",
    "showAutomation",
    "showSamples",
    "showAppeals",
    "showTransparency",
    "showSecondFactor",
    "showShift",
    "showSettings",
    "showSearch",
    "showCommentPage",
    *(page.operation_id for page in SITE_PAGES),
)
OPERATIONS = sorted(REFERENCE.operations)
MODERATION = [name for name in OPERATIONS if "security" in REFERENCE.operations[name].described]
WITH_STORAGE = [
    name
    for name in OPERATIONS
    if "503" in REFERENCE.responses(name)
    and name not in {"getReadiness", "showInvitation", *OF_LINKS, *DESK_PAGES}
]
PARTS = {
    "site": "paper",
    "id": NOBODY,
    "receipt": "",
    "name": "site.css",
    "code": "x",
    "author_key": "nobody",
    "appeal": "1",
}
BODIES: dict[str, Any] = {
    "postComment": COMMENT,
    "reportComment": {"reason": "abusive"},
    "sendNotice": {"explanation": "It is against the law.", "shows_child_abuse": "yes", "good_faith": "yes"},
    "decide": APPROVE,
    "decideMany": {"decisions": [APPROVE | {"id": NOBODY}]},
    "claimComments": {},
    "claimComment": {},
    "putReason": {"label": "Rude", "text": "Please be kind."},
    "answerComment": {"text": "Yes."},
    "pickComment": {"picked": True},
    "answerAppeal": {"answer": "uphold"},
    "giveNetworkStanding": {"kind": "banned", "reason": "abusive", "expires_at": "2026-03-09T09:30:00Z"},
    "redactComment": {"version": 1, "spans": [[0, 1]]},
    "decideAll": {"action": "approve", "author_key": "nobody"},
}
NEEDS_A_SLOW_SENDER = {"body-too-slow"}
"""Provoked in tests/unit/web/test_body_over_http.py."""
FOR_EVERY_OPERATION = {"email-in-url", "unauthenticated", "internal-error", "unavailable"}
"""Provoked below, for each operation that lists them."""


@pytest.fixture
async def scene(
    web_app: WebProcess,
    database: asyncpg.Connection,
    make_site: MakeSite,
    make_token: MakeToken,
    submit: Submit,
    check_all: CheckAll,
    start_web: StartWeb,
) -> Scene:
    await make_site("paper", publish="auto")
    await make_site("demo", publish="auto", origins=(web_app.url,))
    await make_site("pageless", new_pages_per_hour=0)
    tokens = {
        "viewer": await make_token("viewer", name="Vera"),
        "moderator": await make_token("moderator", name="Ruth"),
        "admin": await make_token("admin", name="Ada"),
        "other": await make_token("moderator", name="Other"),
    }
    reference = Reference(openapi_document(web_app.url))
    return Scene(reference, web_app, database, tokens, submit, check_all, start_web)


@pytest.mark.parametrize("operation_id", OPERATIONS)
async def test_an_operation_answers_as_described(scene: Scene, operation_id: str) -> None:
    for probe in (probe for probe in PROBES if probe.operation_id == operation_id):
        await scene.database.execute("UPDATE comment SET claimed_until = NULL; DELETE FROM submission_key")
        answer = await probe.send(scene)
        assert answer.status == probe.status, await answer.text()
        assert await scene.reference.check(operation_id, answer) == probe.code


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_described_answer_is_provoked(operation_id: str) -> None:
    provoked = {(probe.status, probe.code) for probe in PROBES if probe.operation_id == operation_id}
    missing = _described(operation_id) - provoked
    assert {status for status, code in missing if code is None} <= {500, 503, 422, 408}
    assert {code for _, code in missing if code} <= FOR_EVERY_OPERATION | NEEDS_A_SLOW_SENDER


async def test_an_address_in_the_url_is_refused_everywhere(scene: Scene) -> None:
    for operation_id in OPERATIONS:
        answer = await _ask(scene, operation_id, params={"email": "mina@reader.example"})
        assert answer.status == 422, operation_id
        assert await scene.reference.check(operation_id, answer) in {"email-in-url", None}, operation_id


@pytest.mark.parametrize("authorization", [None, "Bearer", "Bearer rd_nobody", "Basic cmRfbm9ib2R5"])
async def test_without_a_token_nothing_is_told(scene: Scene, authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    for operation_id in MODERATION:
        answer = await _ask(scene, operation_id, headers=headers)
        assert answer.status == 401, operation_id
        assert await scene.reference.check(operation_id, answer) == "unauthenticated", operation_id


async def test_without_its_database_an_operation_asks_to_come_again(scene: Scene) -> None:
    away = await scene.start_web(
        database_url="postgresql://replydesk@127.0.0.1:1/nowhere",
        signing_keys=scene.web.settings.signing_keys.get_secret_value(),
    )
    for operation_id in WITH_STORAGE:
        answer = await _ask(scene, operation_id, role="moderator", client=away.client)
        assert answer.status == 503, operation_id
        assert await scene.reference.check(operation_id, answer) in {"unavailable", None}, operation_id


async def test_an_error_that_nobody_foresaw_gives_nothing_away(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    receipt = await scene.receipt()
    for name in ("of_slug", "of_id", "of_ids"):
        monkeypatch.setattr(f"service.usecases.directory.SiteDirectory.{name}", fail)
    headers = {"Cookie": "replydesk_session=" + await _session(scene)}
    for operation_id in [*WITH_STORAGE, *DESK_PAGES]:
        answer = await _ask(scene, operation_id, role="moderator", headers=headers, receipt=receipt)
        assert answer.status == 500, operation_id
        assert await scene.reference.check(operation_id, answer) in {"internal-error", None}, operation_id
        assert "secret" not in await answer.text(), operation_id


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/sites/paper/comments", "/nothing", "/static/"])
async def test_what_is_not_there_is_a_problem(scene: Scene, path: str) -> None:
    async with scene.web.client.get(path) as answer:
        problem = await answer.json(content_type="application/problem+json")
        assert (answer.status, problem["code"]) == (404, "not-found")
        scene.reference.validate({"$ref": "#/components/schemas/Problem"}, problem)


async def test_a_method_that_is_not_there_is_a_problem(scene: Scene) -> None:
    async with scene.web.client.delete("/api/v1/sites/paper/comments") as answer:
        problem = await answer.json(content_type="application/problem+json")
        assert (answer.status, problem["code"]) == (405, "method-not-allowed")
        assert set(answer.headers["Allow"].split(",")) == {"GET", "HEAD", "OPTIONS", "POST"}
        scene.reference.validate({"$ref": "#/components/schemas/Problem"}, problem)


GETS = [name for name in OPERATIONS if REFERENCE.operations[name].method == "get"]


async def test_head_is_answered_wherever_get_is(scene: Scene) -> None:
    for operation_id in GETS:
        path = REFERENCE.operations[operation_id].url(**PARTS | {"receipt": "x"})
        async with scene.web.client.head(path, allow_redirects=False) as answer:
            assert answer.status != 405, operation_id


LIMITED = ["listComments", "showThread", "showDemo", "listQueue"]


@pytest.mark.parametrize("operation_id", LIMITED)
async def test_parameters_are_taken_as_far_as_they_are_described(scene: Scene, operation_id: str) -> None:
    described = REFERENCE.operations[operation_id].described["parameters"]
    for parameter in (REFERENCE.resolved(raw) for raw in described):
        good, bad = _values(parameter["schema"])
        for value in good if parameter["in"] == "query" else ():
            assert await _status(scene, operation_id, parameter["name"], value) == 200, (parameter, value)
        for value in bad if parameter["name"] != "fragment" else ():
            assert await _status(scene, operation_id, parameter["name"], value) == 422, (parameter, value)


async def test_the_most_pages_that_can_be_counted_are_as_described(scene: Scene) -> None:
    described = REFERENCE.operations["countComments"].described["parameters"]
    [most] = [one["schema"]["maxItems"] for one in described if one.get("name") == "page_url"]
    for count, status in ((most, 200), (most + 1, 422)):
        pages = [("page_url", f"{PAGE}?{index}") for index in range(count)]
        assert (await scene.ask("countComments", params=pages)).status == status


SHORT = ["author", "page_title", "submission_key"]


@pytest.mark.parametrize("field", SHORT)
async def test_a_field_is_taken_up_to_its_described_length(scene: Scene, field: str) -> None:
    schema = REFERENCE.document["components"]["schemas"]["Submission"]["properties"][field]
    longest = "x" * schema["maxLength"]
    assert (await scene.ask("postComment", json=COMMENT | {field: longest})).status == 202
    answer = await scene.ask("postComment", json=COMMENT | {field: longest + "x"})
    [fault] = (await answer.json())["errors"]
    assert (fault["field"], fault["code"]) == (field, "too_long")


def _described(operation_id: str) -> set[tuple[int, str | None]]:
    """Status and code; null for a page or a plain answer."""
    found: set[tuple[int, str | None]] = set()
    for status, response in REFERENCE.responses(operation_id).items():
        kinds = response.get("content", {None: {}})
        for content in kinds.values():
            found |= {(int(status), code) for code in content.get("examples", {None: {}})}
    return found


async def _ask(scene: Scene, operation_id: str, receipt: str | None = None, **request: Any) -> Any:
    """A request that would succeed, or be told that there is no such thing."""
    operation = REFERENCE.operations[operation_id]
    parts = PARTS | {"receipt": receipt or await scene.receipt()}
    body = {"json": BODIES[operation_id]} if operation_id in BODIES else {}
    if (
        "params" not in request
        and operation.method == "get"
        and "Moderators" not in operation.described["tags"]
    ):
        request["params"] = {"page_url": PAGE}
    return await scene.ask(operation_id, parts=parts, **body, **request)


async def _session(scene: Scene) -> str:
    """A session of the dashboard, made behind the back of a directory that fails."""
    holder = await moderators.find_token_holder(scene.database, secret_digest(scene.tokens[ACT["role"]]))
    assert holder is not None
    session = new_secret()
    assert holder.token_id is not None
    await sessions.insert_session_of_token(
        scene.database, secret_digest(session), holder.token_id, SESSION_LASTS
    )
    return session


def _values(schema: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Values at the edge of what is described, and just beyond."""
    if "enum" in schema:
        return list(schema["enum"]), [schema["enum"][0].upper() + "x", ""]
    if "minimum" in schema:
        low, high = schema["minimum"], schema["maximum"]
        return [str(low), str(high)], [str(low - 1), str(high + 1), "many", ""]
    return [], []


async def _status(scene: Scene, operation_id: str, name: str, value: str) -> int:
    role = "viewer" if operation_id == "listQueue" else None
    params = {"page_url": PAGE} | {name: value}
    return (await scene.ask(operation_id, role=role, params=params)).status
