"""What is answered past our middlewares: what is no HTTP or comes too slowly, and aiohttp's own failures.

Its own answer repeats what was sent and names its version and Python's; its log line names the client.
"""

import uuid
from http import HTTPStatus

import orjson
import structlog
from aiohttp import web

from service.web.problems import UNFORESEEN, Problem, problem_response

log = structlog.get_logger(__name__)

_TOO_SLOW = Problem(408, "request-too-slow", "The request took too long", "Send the request faster.")


def answer_unreadable(
    request: web.BaseRequest, status: int, error: BaseException | None
) -> web.StreamResponse:
    """The answer, after which the connection is closed; raises ConnectionError behind a begun one."""
    if status >= 500:
        log.error("a request failed outside the handlers", status=status, exc_info=error)
    else:
        log.info("a request could not be read", status=status, error=type(error).__name__)
    if request.writer.output_size > 0:
        raise ConnectionError("an answer has begun already")
    request_id = uuid.uuid4().hex
    response = problem_response(_problem(status), "", request_id)
    response.headers.update({"X-Request-ID": request_id, "Server": "replydesk"})
    response.force_close()
    return response


def answer_in_bytes(problem: Problem) -> bytes:
    """The problem as a whole answer, for a connection on which no request is read."""
    body = orjson.dumps(problem.document("", uuid.uuid4().hex))
    head = {
        **problem.headers,
        "Cache-Control": "no-store",
        "Connection": "close",
        "Content-Length": str(len(body)),
        "Content-Type": "application/problem+json",
    }
    lines = [f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in head.items()]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _problem(status: int) -> Problem:
    if status >= 500:
        return UNFORESEEN
    if status == 408:
        return _TOO_SLOW
    return Problem(status, "malformed-request", HTTPStatus(status).phrase, "The request is not valid HTTP.")
