"""Readers in: takes a reply as JSON or from a form, and answers in kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import time
from urllib.parse import quote

import orjson
from aiohttp import web

from service.domain.errors import DomainError
from service.domain.fault import Fault, InvalidSubmission
from service.domain.page_url import InvalidPageUrl, normalise_page_url, origin_of, safe_redirect
from service.domain.site import Site
from service.domain.submission import Submission, parse_submission, post_id_of, typed_values
from service.signed import make_form_token, make_receipt, seconds_to_fill
from service.storage.pages import url_digest
from service.usecases.submit import Accepted, Arrival, new_comment_id
from service.vault import network_hash
from service.web.body import body_kind, read_body
from service.web.client_ip import client_ip, network_of
from service.web.cors import preflight, write_headers
from service.web.middleware import error_answer, html_page
from service.web.problems import UNFORESEEN, Problem, problem_of
from service.web.rendering import render
from service.web.reply_form import reply_form
from service.web.services import Services, in_time, services_of

MAX_KEY_LENGTH = 200
_BODY_BASE = 24 * 1024
_BODY_PER_CHARACTER = 12

NEEDS_PAGE_URL = (
    "The form does not say which page it is on. The web editor must add a hidden field named page_url."
)


@dataclass(slots=True)
class Post:
    """One submission on its way; `fields` is what was typed, as soon as that could be read."""

    request: web.Request
    services: Services
    site: Site
    wants_json: bool
    fields: Mapping[str, object]


async def post_comment(request: web.Request) -> web.StreamResponse:
    """`POST /api/v1/sites/{site}/comments`."""
    services, wants_json = services_of(request), _wants_json(request)
    try:
        post = Post(request, services, await _site(request), wants_json, {})
    except DomainError as error:
        return error_answer(request, problem_of(error) or UNFORESEEN, as_page=not wants_json)
    headers = {"Vary": "Origin"}
    try:
        headers = write_headers(request, post.site, services.settings.public_url)
        accepted, submission = await _take(post)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        services.metrics.submissions.labels(problem.code).inc()
        response = (
            error_answer(request, problem, as_page=False) if post.wants_json else _error_page(post, problem)
        )
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


def _wants_json(request: web.Request) -> bool:
    accepts = request.headers.get("Accept", "")
    if body_kind(request.headers.getall("Content-Type", ())) == "json":
        return True
    return "application/json" in accepts or ("text/html" not in accepts and _is_unreadable(request))


def _is_unreadable(request: web.Request) -> bool:
    return body_kind(request.headers.getall("Content-Type", ())) is None


async def _take(post: Post) -> tuple[Accepted, Submission]:
    """Read, validate, count, store.

    Raises:
        BodyError, InvalidSubmission, Problem, DomainError: see `problems.py`.
    """
    policy = post.site.policy
    body = await read_body(post.request, max_bytes=_BODY_BASE + _BODY_PER_CHARACTER * policy.comment_limit)
    post.fields = body.fields
    referred = _referred_page(post.request, post.site, body.fields)
    submission = parse_submission(body.fields, policy, page_required=referred is None)
    arrival = _arrival(post, submission, referred)
    await _count(post, arrival)
    accepted = await in_time(post.services, post.services.desk.accept(post.site, submission, arrival))
    if accepted.is_new:
        post.services.doorbell.ring()
    return accepted, submission


def _referred_page(request: web.Request, site: Site, fields: Mapping[str, object]) -> str | None:
    """The page of a form that does not name it: by WordPress's post id, else by a Referer that has a path."""
    post_id = post_id_of(fields)
    if post_id and site.post_url:
        return normalise_page_url(site.post_url.replace("{id}", quote(post_id, safe="")))
    try:
        url = normalise_page_url(request.headers.get("Referer", ""))
    except InvalidPageUrl:
        return None
    # Across origins browsers send the bare origin: that is every page of the paper, so it is none.
    has_path = url != origin_of(url) + "/"
    return url if has_path and origin_of(url) in site.origins else None


def _arrival(post: Post, submission: Submission, referred: str | None) -> Arrival:
    page_url = submission.page_url or referred
    if page_url is None:
        raise _page_fault(post, "required", NEEDS_PAGE_URL)
    if origin_of(page_url) not in post.site.origins:
        raise _page_fault(post, "not_allowed", "This page does not belong to the site.")
    return Arrival(
        page_url=page_url,
        idempotency_key=_idempotency_key(post.request) or submission.submission_key,
        refuse_other_body=post.wants_json,
        network=_network(post),
        seconds_to_fill=seconds_to_fill(
            post.services.signing, submission.form_token, post.site.id, now_s=time()
        ),
    )


def _page_fault(post: Post, code: str, detail: str) -> InvalidSubmission:
    return InvalidSubmission([Fault("page_url", code, detail)], typed_values(post.fields))  # type: ignore[arg-type]


def _idempotency_key(request: web.Request) -> str | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    if key and (len(key) > MAX_KEY_LENGTH or not key.isascii() or not key.isprintable()):
        raise Problem(
            400,
            "idempotency-key-invalid",
            "The Idempotency-Key cannot be used",
            f"Send at most {MAX_KEY_LENGTH} printable ASCII characters.",
        )
    return key or None


def _network(post: Post) -> bytes | None:
    settings = post.services.settings
    ip = client_ip(
        post.request.remote, post.request.headers.getall("X-Forwarded-For", ()), settings.trusted_proxies
    )
    return network_hash(post.services.signing, network_of(ip), datetime.now(UTC).date()) if ip else None


async def _count(post: Post, arrival: Arrival) -> None:
    limits, site = post.services.limits, post.site.id
    network = arrival.network.hex() if arrival.network else "unknown"
    page = url_digest(arrival.page_url)[:16].hex()
    decision = await post.services.limiter.take({
        f"network:{network}": limits.network,
        f"page:{site}:{page}": limits.page,
        f"site:{site}": limits.site,
        "global": limits.everyone,
    })  # fmt: skip
    if not decision.allowed:
        raise Problem(
            429,
            "too-fast",
            "Too many comments at once",
            f"Please wait {decision.retry_after} seconds and send it again.",
            headers={"Retry-After": str(decision.retry_after)},
        )


def _answer(post: Post, accepted: Accepted, submission: Submission) -> web.Response:
    receipt_url = _receipt_url(post, accepted)
    if not post.wants_json:
        target = safe_redirect(submission.redirect_to, post.site.origins) if submission.redirect_to else None
        return web.Response(status=303, headers={"Location": target or receipt_url + "?posted=1"})
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


def _error_page(post: Post, problem: Problem) -> web.Response:
    """The refused form, with everything that was typed and each fault beside its field."""
    typed = typed_values(post.fields)
    form = None
    if problem.status not in {403, 404} and any(typed.values()):
        notice = None if problem.errors else problem.detail or problem.title
        form = reply_form(post.site, typed, faults=problem.errors, notice=notice)
    text = render(
        "form_error.html",
        site=post.site,
        title=problem.title,
        message=problem.detail,
        form=form,
        back_url=safe_redirect(typed["page_url"], post.site.origins),
    )
    response = html_page(
        text,
        status=problem.status,
        headers={"Cache-Control": "no-store", **problem.headers},
        form_to=tuple(post.site.origins),
    )
    if problem.status in {408, 413}:
        response.force_close()
    return response
