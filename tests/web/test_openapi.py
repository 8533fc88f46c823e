"""The document is valid, whole, and says what the code says."""

import ast
import re
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession, web
from jsonschema import ValidationError
from openapi_spec_validator import OpenAPIV31SpecValidator

import service.web
from service.domain.typed_values import FIELD_NAMES, HONEYPOTS
from service.web.api_docs import api_sections
from service.web.desk_site_routes import SITE_PAGES
from service.web.openapi import openapi_document
from service.web.openapi.moderation_schemas import ACTIONS, SOURCES
from service.web.openapi.problem_codes import PROBLEM_CODES
from service.web.openapi.problem_responses import PROBLEM_RESPONSES, status_of
from service.web.problems import Problem
from service.web.rendering import render
from service.web.routes import routes
from tests.web.harness import WebProcess
from tests.web.openapi_check import Reference

PUBLIC_URL = "https://talk.example"
NOT_DESCRIBED = {
    ("POST", "/dashboard/sign-in"),
    ("POST", "/dashboard/sign-out"),
    ("POST", "/dashboard/decide"),
    ("POST", "/dashboard/decide-many"),
    ("POST", "/dashboard/undo"),
    ("POST", "/dashboard/claim"),
    ("POST", "/dashboard/news"),
    ("POST", "/dashboard/choose"),
    ("POST", "/dashboard/answer"),
    ("POST", "/dashboard/invitation"),
    ("POST", "/dashboard/code"),
    ("GET", "/dashboard/events"),
    ("GET", "/dashboard/oidc"),
    ("GET", "/dashboard/oidc/return"),
    ("POST", "/dashboard/redact"),
    ("POST", "/dashboard/answer-reader"),
    ("POST", "/dashboard/pick"),
    ("POST", "/dashboard/answer-appeal"),
}
NOT_DESCRIBED |= {("POST", page.path + "/change") for page in SITE_PAGES if page.acts}
"""The dashboard's own forms are no API."""

REFERENCE = Reference(openapi_document(PUBLIC_URL))
OPERATIONS = sorted(REFERENCE.operations)


def test_it_is_valid_openapi_3_1() -> None:
    OpenAPIV31SpecValidator(REFERENCE.document).validate()
    assert REFERENCE.document["openapi"].startswith("3.1.")
    assert REFERENCE.document["servers"] == [{"url": PUBLIC_URL}]


def test_every_route_is_described_and_nothing_else() -> None:
    there = {(route.method, route.path) for route in routes() if isinstance(route, web.RouteDef)}
    described = {(one.method.upper(), one.path) for one in REFERENCE.operations.values()}
    assert there - NOT_DESCRIBED == described
    assert there >= NOT_DESCRIBED


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_an_operation_has_a_known_tag_a_summary_and_its_path_parameters(operation_id: str) -> None:
    operation = REFERENCE.operations[operation_id]
    [tag] = operation.described["tags"]
    assert tag in {known["name"] for known in REFERENCE.document["tags"]}
    assert re.fullmatch(r"[A-Z][^.]*[^.]", operation.described["summary"])
    parameters = [REFERENCE.resolved(raw) for raw in operation.described.get("parameters", ())]
    in_path = {one["name"] for one in parameters if one["in"] == "path"}
    assert in_path == set(re.findall(r"{(\w+)}", operation.path))


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_a_token_is_asked_for_exactly_under_the_moderation_api(operation_id: str) -> None:
    operation = REFERENCE.operations[operation_id]
    secured = operation.described.get("security") == [{"moderatorToken": []}]
    assert secured == operation.path.startswith("/api/v1/moderation/")


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_the_examples_of_answers_fit_their_schemas(operation_id: str) -> None:
    for response in REFERENCE.responses(operation_id).values():
        for content in response.get("content", {}).values():
            for example in _examples(content):
                REFERENCE.validate(content["schema"], example)


@pytest.mark.parametrize(
    "operation_id", ["postComment", "decide", "decideMany", "claimComments", "erasePerson"]
)
def test_the_examples_of_bodies_fit_their_schemas(operation_id: str) -> None:
    body = REFERENCE.operations[operation_id].described["requestBody"]
    examples = [(c["schema"], e) for c in body["content"].values() for e in _examples(c)]
    assert examples
    for schema, example in examples:
        REFERENCE.validate(schema, example)


@pytest.mark.parametrize("kind", ["schemas", "parameters", "headers", "responses"])
def test_every_shared_part_is_used(kind: str) -> None:
    used = set(re.findall(rf"'#/components/{kind}/(\w+)'", str(REFERENCE.document)))
    assert used == set(REFERENCE.document["components"][kind])


def test_a_submission_has_every_field_that_is_read_and_no_trap() -> None:
    schemas = REFERENCE.document["components"]["schemas"]
    names = {name for names in FIELD_NAMES.values() for name in names}
    assert set(schemas["SubmissionForm"]["properties"]) == names
    assert set(schemas["Submission"]["properties"]) == set(FIELD_NAMES) - {"comment_post_ID"}
    assert not names & set(HONEYPOTS)


def test_every_code_of_a_problem_is_listed_with_its_status_and_title() -> None:
    listed = {(known.code, known.status) for known in PROBLEM_CODES}
    in_code = _problems_in_code()
    assert listed == {(code, status) for code, status, _ in in_code}
    titles = {(code, title) for code, _, title in in_code}
    assert {(known.code, known.title) for known in PROBLEM_CODES} <= titles


def test_the_codes_of_one_answer_have_one_status() -> None:
    statuses = {known.code: known.status for known in PROBLEM_CODES}
    for name, codes in PROBLEM_RESPONSES.items():
        assert {statuses[code] for code in codes} == {status_of(name)}


def test_the_problems_stand_where_their_types_lead() -> None:
    html = render("docs.html", site=None, openapi=REFERENCE.document)
    _, _, below = html.partition('id="tag-problems"')
    for known in PROBLEM_CODES:
        assert f"<code>{known.code}</code> ({known.status}):" in below


def test_the_page_has_every_operation() -> None:
    shown = [one["summary"] for section in api_sections(REFERENCE.document) for one in section["operations"]]
    assert sorted(shown) == sorted(one.described["summary"] for one in REFERENCE.operations.values())
    html = render("docs.html", site=None, openapi=REFERENCE.document)
    for summary in shown:
        assert f"<h3>{summary}".replace("'", "&#39;") in html


@pytest.mark.parametrize(
    "field", ["comments[].html", "page.count", "errors[].field", "results[].comment.status"]
)
def test_the_page_has_the_fields_inside_of_fields(field: str) -> None:
    assert f"<code>{field}</code>" in render("docs.html", site=None, openapi=REFERENCE.document)


async def test_both_are_served(web_app: WebProcess, client: ClientSession) -> None:
    async with client.get("/openapi.json") as response:
        assert await response.json() == openapi_document(web_app.url)
    async with client.get("/docs") as response:
        assert response.status == 200
        assert "Send a comment" in await response.text()


@pytest.mark.parametrize(("column", "words"), [("source", SOURCES), ("action", ACTIONS)])
async def test_the_words_of_the_history_are_those_of_the_schema(
    database: asyncpg.Connection, column: str, words: tuple[str, ...]
) -> None:
    constraint = await database.fetchval(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = $1", f"decision_{column}_check"
    )
    assert set(re.findall(r"'(\w+)'", constraint)) == set(words)


def _examples(content: dict[str, Any]) -> list[Any]:
    single = [content["example"]] if "example" in content else []
    return single + [example["value"] for example in content.get("examples", {}).values()]


def _problems_in_code() -> set[tuple[str, int, str]]:
    """Code, status and title of every problem that the web room can make, read from its source."""
    room = Path(service.web.__file__).parent
    found = {("not-found", 404, "There is nothing here")}
    found |= {("method-not-allowed", 405, "This method is not allowed here")}
    for path in room.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                found |= _made_by(node, node.func.id)
    return found


def _made_by(call: ast.Call, name: str) -> set[tuple[str, int, str]]:
    values = [argument.value if isinstance(argument, ast.Constant) else None for argument in call.args]
    match name, values:
        case "Problem" | "BodyError" | "_fixed", [int(status), str(code), str(title), *_]:
            return {(code, status, title)}
        case "_reason", [str(code), _]:
            return {(code, 422, "The decision is not valid")}
        case _:
            return set()


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "alive", "more": 1},
        {"status": "dead"},
        {},
        {"status": None},
    ],
)
def test_what_is_not_described_is_noticed(wrong: dict[str, Any]) -> None:
    REFERENCE.validate({"$ref": "#/components/schemas/Alive"}, {"status": "alive"})
    with pytest.raises(ValidationError):
        REFERENCE.validate({"$ref": "#/components/schemas/Alive"}, wrong)


def test_problems_are_found_in_the_code() -> None:
    code, status, title = "page-closed", 403, "Comments on this page are closed"
    assert (code, status, title) in _problems_in_code()
    assert Problem(status, code, title).document(PUBLIC_URL, "x")["code"] == code
