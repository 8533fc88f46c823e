"""What readers send beside comments: read in kind, counted by network, answered in kind."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import structlog
from aiohttp import web

from service.domain.errors import StorageUnavailable
from service.domain.site import Site
from service.limits.limit import Limit
from service.web.body import read_body
from service.web.client_ip import client_ip, network_of
from service.web.cors import preflight, write_headers
from service.web.desk_choices import speak, spoken_language
from service.web.in_kind import wants_json
from service.web.middleware import error_answer
from service.web.problems import UNFORESEEN, Problem, problem_of
from service.web.reader_words import in_their_language
from service.web.refused_form import unknown_site
from service.web.services import Services, in_time, services_of
from service.web.sign_in_limits import network_digest

log = structlog.get_logger(__name__)

MAX_BODY_BYTES = 128 * 1024
"""Ten times what the longest text takes in the widest encoding."""


@dataclass(slots=True)
class ReaderPost:
    """One post on its way; `fields` is what was typed, as soon as that could be read."""

    request: web.Request
    services: Services
    site: Site
    wants_json: bool
    fields: Mapping[str, object] = field(default_factory=dict)

    @property
    def network(self) -> str:
        """The /24 or /64 that it came from; all of whom that is not known are one."""
        forwarded = self.request.headers.getall("X-Forwarded-For", ())
        ip = client_ip(self.request.remote, forwarded, self.services.settings.trusted_proxies)
        return network_of(ip) if ip else "unknown"


Take = Callable[[ReaderPost], Awaitable[web.Response]]
Again = Callable[[ReaderPost, Problem], web.Response]
"""The form with what was typed, and what was wrong with it."""


async def answer_in_kind(request: web.Request, take: Take, again: Again) -> web.StreamResponse:
    """Read what was sent and have it taken; a refusal is a problem, or the form again."""
    services = services_of(request)
    post = ReaderPost(request, services, unknown_site(request.match_info["site"]), wants_json(request))
    headers = {"Vary": "Origin"}
    try:
        await _find_site(post)
        headers = write_headers(request, post.site, services.settings.public_url)
        await _read_fields(post)
        speak(spoken_language(post.fields))
        response = await take(post)
    except Exception as error:  # noqa: BLE001  (answered in kind, and logged where nobody foresaw it)
        response = _refuse(post, error, again)
    response.headers.update(headers)
    return response


async def options_of_readers(request: web.Request) -> web.Response:
    """The preflight of the same."""
    services = services_of(request)
    site = await in_time(services, services.directory.of_slug(request.match_info["site"]))
    return preflight(request, site, services.settings.public_url)


async def count_post(post: ReaderPost, kind: str, limit: Limit | None) -> None:
    """Count it for its network.

    Raises:
        Problem: 429, it is one too many.
    """
    decision = await post.services.limiter.take(
        {f"{kind}:{network_digest(post.request, post.services)}": limit}
    )
    if not decision.allowed:
        raise Problem(
            429,
            "too-many-reports",
            "Too many reports at once",
            f"Please wait {decision.retry_after} seconds and send it again.",
            headers={"Retry-After": str(decision.retry_after)},
        )


async def _find_site(post: ReaderPost) -> None:
    services = post.services
    try:
        post.site = await in_time(services, services.directory.of_slug(post.site.slug))
    except StorageUnavailable:
        if not post.wants_json:
            await _read_fields(post)  # nobody shall type it again
        raise


async def _read_fields(post: ReaderPost) -> None:
    post.fields = (await read_body(post.request, max_bytes=MAX_BODY_BYTES)).fields


def _refuse(post: ReaderPost, error: Exception, again: Again) -> web.Response:
    problem = problem_of(error)
    if problem is None:
        log.error("unforeseen error", exc_info=error)
        problem = UNFORESEEN
    speak(spoken_language(post.fields))
    problem = in_their_language(problem, post.site)
    if post.wants_json or problem.status in {403, 404}:
        return error_answer(post.request, problem, as_page=not post.wants_json)
    response = again(post, problem)
    response.headers.update(problem.headers)
    if problem.status in {408, 413}:
        response.force_close()
    return response
