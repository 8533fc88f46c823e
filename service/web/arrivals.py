"""From the fields of a request to a submission and the page it belongs to, or to every fault at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import time
from urllib.parse import quote

from aiohttp import web

from service.domain import field_rules
from service.domain.as_submitted import AsSubmitted
from service.domain.errors import StorageUnavailable
from service.domain.fault import Fault, FaultCode, InvalidSubmission
from service.domain.page_url import InvalidPageUrl, normalise_page_url, origin_of
from service.domain.site import Site
from service.domain.submission import Submission, parse_submission, post_id_of
from service.domain.typed_values import given
from service.domain.user_agent import family_of
from service.signed import seconds_to_fill
from service.usecases.network_standing import standing_of_network
from service.usecases.submit import Arrival
from service.vault import network_hash
from service.web.client_ip import client_ip, network_of
from service.web.desk_choices import current_language
from service.web.problems import Problem
from service.web.services import Services, in_time

MAX_KEY_LENGTH = 200


@dataclass(slots=True)
class Post:
    """One submission on its way; `fields` is what was typed, as soon as that could be read.

    `referred` is the page of a form that does not name one itself.
    """

    request: web.Request
    services: Services
    site: Site
    wants_json: bool
    fields: Mapping[str, object]
    referred: str | None = None


async def read_arrival(post: Post) -> tuple[Submission, Arrival]:
    """What was sent, within its rules, and what the request adds to it.

    Raises:
        InvalidSubmission: with every fault, those of the page and of the parent among them.
        Problem: the Idempotency-Key is unusable.
    """
    fields = dict(post.fields)
    if post.site.post_url is None:
        fields.pop("comment_post_ID", None)  # it names no page here, so page_url is what is missing
    post.referred = _referred_page(post.request, post.site, fields)
    try:
        submission = parse_submission(fields, post.site.policy, page_required=post.referred is None)
    except InvalidSubmission as refused:
        more = await _more_faults(post, {fault.field for fault in refused.faults})
        raise InvalidSubmission([*refused.faults, *more], refused.typed) from None
    page_url = submission.page_url or post.referred
    if page_url is None or not _belongs(page_url, post.site):
        raise InvalidSubmission([_page_fault("not_allowed" if page_url else "required")], {})
    return submission, _arrival(post, submission, page_url)


def _arrival(post: Post, submission: Submission, page_url: str) -> Arrival:
    ip, signing = _client_ip(post), post.services.signing
    network = network_of(ip) if ip else None
    return Arrival(
        page_url=page_url,
        idempotency_key=_idempotency_key(post.request) or submission.submission_key,
        refuse_other_body=post.wants_json,
        network=network_hash(signing, network, datetime.now(UTC).date()) if network else None,
        network_standing_id=(
            standing_of_network(signing, network, post.site.ordered_networks) if network else None
        ),
        seconds_to_fill=seconds_to_fill(signing, submission.form_token, post.site.id, now_s=time()),
        user_agent=family_of(post.request.headers.get("User-Agent")),
        language=current_language(),
        as_submitted=_as_submitted(post),
    )


def _as_submitted(post: Post) -> AsSubmitted | None:
    """What Akismet wants to know of the request, where the site has it on."""
    if not post.site.policy.service("akismet").on:
        return None
    ip, headers = _client_ip(post), post.request.headers
    return AsSubmitted.of(ip, headers.get("User-Agent"), headers.get("Referer")) if ip else None


async def _more_faults(post: Post, known: set[str]) -> list[Fault]:
    """What only the site and the database know, told together with what the fields themselves show."""
    if "page_url" in known:
        return []
    page_url = field_rules.page_url(given(post.fields, "page_url")) or post.referred
    if page_url is None or not _belongs(page_url, post.site):
        return [_page_fault("not_allowed")] if page_url else []
    if "parent_id" in known:
        return []
    parent_id = field_rules.parent_id(given(post.fields, "parent_id"))
    try:
        is_there = parent_id is None or await in_time(
            post.services, post.services.desk.is_parent(post.site, page_url, parent_id)
        )
    except StorageUnavailable:
        return []  # what is known is worth telling
    return [] if is_there else [Fault("parent_id", "not_found", field_rules.NO_PARENT)]


def _belongs(page_url: str, site: Site) -> bool:
    return origin_of(page_url) in site.origins


def _page_fault(code: FaultCode) -> Fault:
    if code == "required":
        return Fault("page_url", code, field_rules.NO_PAGE)
    return Fault("page_url", code, "This page does not belong to the site.")


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
    return url if has_path and _belongs(url, site) else None


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


def _client_ip(post: Post) -> str | None:
    forwarded = post.request.headers.getall("X-Forwarded-For", ())
    return client_ip(post.request.remote, forwarded, post.services.settings.trusted_proxies)
