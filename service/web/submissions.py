"""Readers in: takes a reply as JSON or from a form, and answers in kind."""

from time import time

import orjson
import structlog
from aiohttp import web

from service.domain.comment_id import new_comment_id
from service.domain.errors import StorageUnavailable
from service.domain.page_url import safe_redirect
from service.domain.site import Site
from service.domain.submission import Submission
from service.signed import make_form_token, make_receipt
from service.storage.pages import url_digest
from service.usecases.submit import Accepted, Arrival
from service.web.arrivals import Post, read_arrival
from service.web.body import read_body
from service.web.cors import preflight, write_headers
from service.web.desk_choices import speak, spoken_language
from service.web.in_kind import wants_json
from service.web.middleware import error_answer
from service.web.problems import UNFORESEEN, Problem, problem_of
from service.web.reader_words import in_their_language
from service.web.refused_form import refused_form, unknown_site
from service.web.services import in_time, services_of

log = structlog.get_logger(__name__)

_BODY_BASE = 24 * 1024
_BODY_PER_CHARACTER = 12


async def post_comment(request: web.Request) -> web.StreamResponse:
    """`POST /api/v1/sites/{site}/comments`."""
    services = services_of(request)
    post = Post(request, services, unknown_site(request.match_info["site"]), wants_json(request), {})
    headers = {"Vary": "Origin"}
    try:
        post.site = await _site_of(post)
        headers = write_headers(request, post.site, services.settings.public_url)
        accepted, submission = await _take(post)
    except Exception as error:  # noqa: BLE001  (answered in kind, and logged where nobody foresaw it)
        response = _refuse(post, error)
    else:
        services.metrics.submissions.labels("accepted" if accepted.is_new else "repeated").inc()
        response = _answer(post, accepted, submission)
    response.headers.update(headers)
    return response


async def options_comment(request: web.Request) -> web.Response:
    """The preflight of the same."""
    return preflight(request, await _site(request), services_of(request).settings.public_url)


async def form_token(request: web.Request) -> web.Response:
    """`GET /api/v1/sites/{site}/form-token`: when the form was opened, signed, and a key for its retries."""
    services, site = services_of(request), await _site(request)
    given = {
        "form_token": make_form_token(services.signing, site.id, now_s=time()),
        "submission_key": new_comment_id().hex,
    }
    headers = write_headers(request, site, services.settings.public_url) | {"Cache-Control": "no-store"}
    return web.Response(body=orjson.dumps(given), content_type="application/json", headers=headers)


async def _site(request: web.Request) -> Site:
    services = services_of(request)
    return await in_time(services, services.directory.of_slug(request.match_info["site"]))


async def _site_of(post: Post) -> Site:
    try:
        return await _site(post.request)
    except StorageUnavailable:
        if not post.wants_json:
            await _read_fields(post)  # nobody shall type it again
        raise


async def _read_fields(post: Post) -> None:
    limit = post.site.policy.comment_limit
    body = await read_body(post.request, max_bytes=_BODY_BASE + _BODY_PER_CHARACTER * limit)
    post.fields = body.fields


async def _take(post: Post) -> tuple[Accepted, Submission]:
    """Read, validate, count, store.

    Raises:
        BodyError, InvalidSubmission, Problem, DomainError: see `problems.py`.
    """
    await _read_fields(post)
    speak(spoken_language(post.fields))
    submission, arrival = await read_arrival(post)
    too_fast = await _count(post, arrival)
    if too_fast is not None:
        return await _accepted_before(post, submission, arrival, too_fast), submission
    accepted = await in_time(post.services, post.services.desk.accept(post.site, submission, arrival))
    if accepted.is_new:
        post.services.doorbell.ring()
    return accepted, submission


async def _accepted_before(
    post: Post, submission: Submission, arrival: Arrival, too_fast: Problem
) -> Accepted:
    """The first answer again: whoever repeats what was accepted adds nothing, and must learn that it was.

    It is looked up where a limit refuses and nowhere else, so that others do not pay for it.
    """
    desk = post.services.desk
    try:
        accepted = await in_time(post.services, desk.find_accepted(post.site, submission, arrival))
    except StorageUnavailable:
        accepted = None
    if accepted is None:
        raise too_fast
    return accepted


async def _count(post: Post, arrival: Arrival) -> Problem | None:
    """Count it under every limit; the answer where one of them is reached."""
    limits, site = post.services.limits, post.site.id
    network = arrival.network.hex() if arrival.network else "unknown"
    page = url_digest(arrival.page_url)[:16].hex()
    decision = await post.services.limiter.take({
        f"network:{network}": limits.network,
        f"page:{site}:{page}": limits.page,
        f"site:{site}": limits.site,
        "global": limits.everyone,
    })  # fmt: skip
    if decision.allowed:
        return None
    return Problem(
        429,
        "too-fast",
        "Too many comments at once",
        f"Please wait {decision.retry_after} seconds and send it again.",
        headers={"Retry-After": str(decision.retry_after)},
    )


def _refuse(post: Post, error: Exception) -> web.Response:
    problem = problem_of(error)
    if problem is None:
        log.error("unforeseen error", exc_info=error)
        problem = UNFORESEEN
    post.services.metrics.submissions.labels(problem.code).inc()
    speak(spoken_language(post.fields))
    problem = in_their_language(problem, post.site)
    if post.wants_json or problem.code == "site-not-found":
        return error_answer(post.request, problem, as_page=not post.wants_json)
    return refused_form(post, problem)


def _answer(post: Post, accepted: Accepted, submission: Submission) -> web.Response:
    receipt_url = _receipt_url(post, accepted)
    if not post.wants_json:
        target = safe_redirect(submission.redirect_to, post.site.origins) if submission.redirect_to else None
        lang = spoken_language(post.fields)
        asked = f"&lang={lang}" if lang else ""
        return web.Response(status=303, headers={"Location": target or receipt_url + "?posted=1" + asked})
    return web.Response(
        status=202,
        content_type="application/json",
        body=orjson.dumps({
            "id": str(accepted.id),
            "status": "pending",
            "page_url": accepted.page_url,
            "submitted_at": accepted.submitted_at,
            "receipt_url": receipt_url,
        }),
    )  # fmt: skip


def _receipt_url(post: Post, accepted: Accepted) -> str:
    receipt = make_receipt(post.services.signing, post.site.id, accepted.id)
    return f"{post.services.settings.public_url}/receipts/{receipt}"
