"""Puts the description of one operation together: parameters, bodies, answers and problems."""

from collections.abc import Mapping
from typing import Any

from service.web.openapi.problem_responses import status_of

Json = dict[str, Any]

READERS, MODERATORS, OPERATORS, PROBLEMS = "Readers", "Moderators", "Operators", "Problems"


def operation(
    operation_id: str,
    tag: str,
    summary: str,
    description: str = "",
    *,
    parameters: tuple[str | Json, ...] = (),
    body: Json | None = None,
    responses: Mapping[str, Json],
) -> Json:
    """One operation; moderators' operations need a bearer token. A parameter may be a component's name."""
    described: Json = {"operationId": operation_id, "tags": [tag], "summary": summary}
    if description:
        described["description"] = description
    if parameters:
        described["parameters"] = [_parameter(one) for one in parameters]
    if body is not None:
        described["requestBody"] = body
    if tag == MODERATORS:
        described["security"] = [{"moderatorToken": []}]
    return described | {"responses": dict(sorted(responses.items()))}


def problems(*names: str) -> dict[str, Json]:
    """Those of the shared problem responses, by status."""
    found = {str(status_of(name)): _ref("responses", name) for name in names}
    if len(found) != len(names):
        raise ValueError(f"two of {names} have the same status")
    return found


def json_answer(
    description: str, schema: str, example: Any, headers: Mapping[str, str] | None = None
) -> Json:
    """An answer in JSON, of a shared schema."""
    content = {"application/json": {"schema": _ref("schemas", schema), "example": example}}
    return answer(description, content, headers)


def page_answer(description: str, headers: Mapping[str, str] | None = None) -> Json:
    """A page."""
    return answer(description, {"text/html": {"schema": {"type": "string"}}}, headers)


def answer(description: str, content: Json | None = None, headers: Mapping[str, str] | None = None) -> Json:
    """An answer; `headers` are the names of shared ones by header. Each has its `X-Request-ID`."""
    named = {"X-Request-ID": "RequestId"} | dict(headers or {})
    described: Json = {
        "description": description,
        "headers": {header: _ref("headers", component) for header, component in named.items()},
    }
    return described if content is None else described | {"content": content}


def json_body(schema: str, example: Any, description: str = "") -> Json:
    """A required body in JSON."""
    body: Json = {"description": description} if description else {}
    content = {"application/json": {"schema": _ref("schemas", schema), "example": example}}
    return body | {"required": True, "content": content}


def _parameter(one: str | Json) -> Json:
    return _ref("parameters", one) if isinstance(one, str) else one


def _ref(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}
