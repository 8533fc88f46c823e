"""What aiohttp answers by itself, past our middlewares: requests that are no HTTP, and its own failures.

Its own answer repeats what was sent and names its version and Python's; its log line names the client.
"""

import uuid
from http import HTTPStatus

import structlog
from aiohttp import web, web_server
from aiohttp.web_protocol import RequestHandler

from service.web.problems import UNFORESEEN, Problem, problem_response

log = structlog.get_logger(__name__)


class Connection(RequestHandler):
    """A client's connection that answers errors of the protocol with a problem."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  (it quotes the request)
    ) -> web.StreamResponse:
        """The answer, after which the connection is closed; raises ConnectionError behind a begun one."""
        if status >= 500:
            log.error("a request failed outside the handlers", status=status, exc_info=exc)
        else:
            log.info("a request could not be read", status=status, error=type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun already")
        problem = UNFORESEEN if status >= 500 else _malformed(status)
        request_id = uuid.uuid4().hex
        response = problem_response(problem, "", request_id)
        response.headers.update({"X-Request-ID": request_id, "Server": "replydesk"})
        response.force_close()
        return response


def _malformed(status: int) -> Problem:
    return Problem(status, "malformed-request", HTTPStatus(status).phrase, "The request is not valid HTTP.")


def install() -> None:
    """Let every server of this process answer so; aiohttp has no other door for it."""
    web_server.RequestHandler = Connection  # type: ignore[attr-defined]
