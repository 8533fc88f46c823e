"""Around every request: an id, one log line, a problem for every error, the headers of every answer."""

import time
import uuid

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from service.domain.fault import Fault
from service.web.clock import start_clock
from service.web.desk_choices import start_choices
from service.web.in_kind import is_for_people
from service.web.problems import UNFORESEEN, Problem, problem_of, problem_response
from service.web.rendering import render
from service.web.services import services_of

log = structlog.get_logger(__name__)

REQUEST_ID = web.RequestKey("request_id", str)

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'{also}; base-uri 'none'; frame-ancestors 'none'"
)


def page_policy(*also: str) -> str:
    """The content security policy of a page whose form may lead on to those origins."""
    return PAGE_POLICY.format(also="".join(f" {origin}" for origin in sorted(also)))


# Whatever the dashboard answers, an error too: nobody keeps it, frames it or gets a hand on its window.
_OF_DESK = {
    "Content-Security-Policy": page_policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


@web.middleware
async def log_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """One line per request: route template, status, duration. No path, query, address or body."""
    started = time.perf_counter()
    request_id = request[REQUEST_ID] = uuid.uuid4().hex
    start_clock()
    start_choices(request, of_desk=_is_of_desk(request))
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        response = await handler(request)
        passed_s = time.perf_counter() - started
        route = _route(request)
        services_of(request).metrics.requests.labels(request.method, route, response.status).observe(passed_s)
        log.info(
            "request",
            method=request.method,
            route=route,
            status=response.status,
            ms=round(passed_s * 1000, 1),
        )
    response.headers["X-Request-ID"] = request_id
    return response


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every error into its answer; what nobody foresaw becomes a bare 500 and a traceback in the log."""
    try:
        _refuse_email_in_url(request)
        return await handler(request)
    except Exception as error:
        if isinstance(error, web.HTTPException) and error.status < 400:
            raise
        problem = problem_of(error)
        if problem is None:
            log.exception("unforeseen error", exc_info=error)
            problem = UNFORESEEN
        return error_answer(request, problem, as_page=is_for_people(request))


def _refuse_email_in_url(request: web.Request) -> None:
    # URLs are kept in histories and logs of others.
    if any(name.lower() == "email" for name in request.query):
        fault = Fault("email", "not_allowed", "An address does not belong in a URL; send it in a body.")
        raise Problem(422, "email-in-url", "An address does not belong in a URL", errors=(fault,))


def error_answer(request: web.Request, problem: Problem, *, as_page: bool) -> web.Response:
    """The error as a page where people look, as a problem document everywhere else."""
    if not as_page:
        return problem_response(problem, services_of(request).settings.public_url, request[REQUEST_ID])
    if problem.status == 404:
        text = render("not_found.html")
    else:
        text = render(
            "form_error.html",
            site=None,
            title=problem.title,
            message=problem.detail,
            form=None,
            back_url=None,
        )
    return html_page(text, status=problem.status, headers={"Cache-Control": "no-store", **problem.headers})


def html_page(
    text: str, *, status: int = 200, headers: dict[str, str] | None = None, form_to: tuple[str, ...] = ()
) -> web.Response:
    """A page with its content security policy; `form_to` are origins that its form may lead on to."""
    policy = {"Content-Security-Policy": page_policy(*form_to)}
    return web.Response(
        text=text, status=status, content_type="text/html", headers={**policy, **(headers or {})}
    )


def see_other(location: str) -> web.Response:
    """On to another page after a form."""
    return web.Response(status=303, headers={"Location": location})


async def set_headers(request: web.Request, response: web.StreamResponse) -> None:
    """The headers of every answer, and not the one that names the server's version."""
    if _is_of_desk(request):
        response.headers.update(_OF_DESK)
    if services_of(request).settings.is_https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    response.headers.pop("Server", None)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    response.headers.setdefault("Cache-Control", "no-store")


def _is_of_desk(request: web.Request) -> bool:
    return request.path == "/dashboard" or request.path.startswith("/dashboard/")


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"


async def go_on(request: web.Request) -> None:
    """Answer `Expect: 100-continue`; no other is ours (RFC 9110 10.1.1 lets us ignore it)."""
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0
