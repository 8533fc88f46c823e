"""What operators and developers ask: health, figures, and this reference."""

from typing import Any

from service.web.openapi.operation import (
    OPERATORS,
    PROBLEMS,
    answer,
    json_answer,
    operation,
    page_answer,
    problems,
)

Json = dict[str, Any]

_READY: Json = {
    "ready": True,
    "draining": False,
    "postgres": "reachable",
    "schema": {"found": 1, "wanted": 1},
    "redis": "reachable",
}
_ANYHOW = ("EmailInUrl", "InternalError")


def operator_paths() -> dict[str, Json]:
    """Paths of the operations."""
    return {
        "/healthz": {"get": _healthz()},
        "/readyz": {"get": _readyz()},
        "/metrics": {"get": _metrics()},
        "/openapi.json": {"get": _document()},
        "/docs": {"get": _docs()},
        "/problems/{code}": {"get": _problem()},
    }


def _healthz() -> Json:
    return operation(
        "getHealth", OPERATORS, "Ask whether the process lives", "Touches nothing.",
        responses={"200": json_answer("It lives.", "Alive", {"status": "alive"})} | problems(*_ANYHOW),
    )  # fmt: skip


def _readyz() -> Json:
    waits = _READY | {"ready": False, "postgres": "unreachable", "schema": {"found": None, "wanted": 1}}
    return operation(
        "getReadiness", OPERATORS, "Ask whether it may be sent requests",
        "Ready means that Postgres answers, that its schema is one that this code knows, and that the process"
        " is not on its way out. Redis is named, but not required.",
        responses={
            "200": json_answer("Ready.", "Readiness", _READY),
            "503": json_answer("Not ready.", "Readiness", waits, {"Retry-After": "RetryAfter"}),
        }
        | problems(*_ANYHOW),
    )  # fmt: skip


def _metrics() -> Json:
    text: Json = {"text/plain": {"schema": {"type": "string"}}}
    return operation(
        "getMetrics", OPERATORS, "Read the figures",
        "Prometheus's text format, for loopback and the operator's networks alone; nothing to anyone else.",
        responses={"200": answer("The figures of this process, and the backlog.", text)}
        | problems("NotFound", *_ANYHOW),
    )  # fmt: skip


def _document() -> Json:
    content: Json = {"application/json": {"schema": {"type": "object"}}}
    headers = {"Cache-Control": "CacheControl", "Access-Control-Allow-Origin": "AllowOrigin"}
    return operation(
        "getOpenapi", OPERATORS, "Get this reference as a document",
        responses={"200": answer("OpenAPI 3.1.", content, headers)} | problems(*_ANYHOW),
    )  # fmt: skip


def _docs() -> Json:
    return operation(
        "showDocs", OPERATORS, "Read this reference", "It loads nothing from elsewhere.",
        responses={"200": page_answer("The page.", {"Cache-Control": "CacheControl"})}
        | problems("PageInvalid", "PageFailed"),
    )  # fmt: skip


def _problem() -> Json:
    code: Json = {
        "name": "code",
        "in": "path",
        "required": True,
        "schema": {"type": "string"},
        "description": "The code of a problem.",
    }
    return operation(
        "showProblem", PROBLEMS, "Look a problem up", "Where the `type` of every problem leads.",
        parameters=(code,),
        responses={"302": answer("To this list.", headers={"Location": "Location"})} | problems(*_ANYHOW),
    )  # fmt: skip
