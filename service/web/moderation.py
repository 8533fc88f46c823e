"""The moderators' API."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar
from uuid import UUID

import orjson
from aiohttp import web
from pydantic import BaseModel, ValidationError

from service.domain.errors import CommentNotFound, DomainError
from service.domain.reason_texts import reasons_of
from service.domain.status import Status
from service.storage import decisions, figures, queue
from service.storage.decisions import PastDecision
from service.storage.pool import Connection, connection, in_transaction
from service.storage.queue import QueuedComment
from service.storage.queue_filters import Place
from service.storage.threads import Position
from service.usecases.decide import Ruling, rule
from service.usecases.explain import Explanation, explain
from service.usecases.undo import undo
from service.web.auth import Caller, authenticate
from service.web.body import read_body
from service.web.clock import start_clock
from service.web.middleware import REQUEST_ID
from service.web.moderation_payloads import (
    BulkBody,
    BulkEntry,
    DecisionBody,
    comment_document,
    history_document,
    invalid_body,
)
from service.web.problems import UNFORESEEN, Problem, problem_of
from service.web.queries import bad_query, comment_id_of, limit_of, uuid_of
from service.web.queue_queries import filter_of, place_of, queue_sort_of, write_place
from service.web.services import Services, in_time, services_of

M = TypeVar("M", bound=BaseModel)

MAX_BODY_BYTES = 1024 * 1024
BULK_S = 4.0
"""What two hundred decisions may take together, for every answer comes within five seconds; what is not
decided by then is told as unavailable."""


async def get_queue(request: web.Request) -> web.Response:
    """`GET /api/v1/moderation/comments`."""
    services, caller = await enter(request, "viewer")
    sort, limit = queue_sort_of(request.query), limit_of(request.query)
    site_ids, after = caller.sites_named(request.query.get("site")), place_of(request.query, sort)
    only = filter_of(request.query, caller.sites.values())
    # What readers reported may stand anywhere: without a status it is looked for wherever it is not refused.
    status = None if only.reported and "status" not in request.query else status_of(request.query)

    async def read() -> list[QueuedComment]:
        async with connection(services.moderation) as held:
            return await queue.list_queue(
                held, site_ids, status=status, sort=sort, limit=limit + 1, after=after, only=only
            )

    found = await in_time(services, read())
    last = found[limit - 1] if len(found) > limit else None
    return answer({
        "comments": [comment_document(comment) for comment in found[:limit]],
        "next_cursor": write_place(place_after(last), sort) if last else None,
    })  # fmt: skip


def place_after(comment: QueuedComment) -> Place:
    """Where a list goes on behind that comment."""
    risk = -1.0 if comment.risk is None else comment.risk
    return Place(Position(comment.submitted_at, comment.id), risk)


async def get_comment(request: web.Request) -> web.Response:
    """`GET /api/v1/moderation/comments/{id}`: one comment with its history."""
    services, caller = await enter(request, "viewer")
    comment_id = comment_id_of(request)

    async def read() -> Told:
        async with connection(services.moderation) as held:
            return await read_told(held, caller, comment_id)

    told = await in_time(services, read())
    return answer(
        comment_document(told.comment)
        | {
            "explanation": asdict(told.why) if told.why else None,
            "history": [history_document(entry) for entry in told.history],
        }
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A comment with every decision about it, oldest first, and why the checks put it where they did."""

    comment: QueuedComment
    history: list[PastDecision]
    why: Explanation | None


async def read_told(held: Connection, caller: Caller, comment_id: UUID | None) -> Told:
    """That comment of the caller's sites with its history; raises CommentNotFound."""
    comment = await find_one(held, caller, comment_id)
    site_id = next(site.id for site in caller.sites.values() if site.slug == comment.site)
    history = await decisions.list_history(held, site_id, comment.id)
    return Told(comment, history, await explain(held, site_id, history))


async def post_decision(request: web.Request) -> web.Response:
    """`POST /api/v1/moderation/comments/{id}/decision`."""
    services, caller = await enter(request, "moderator")
    body, comment_id = await read_as(request, DecisionBody), comment_id_of(request)
    return answer(await in_time(services, _decide(services, caller, comment_id, body)))


async def post_undo(request: web.Request) -> web.Response:
    """`POST /api/v1/moderation/comments/{id}/undo`."""
    services, caller = await enter(request, "moderator")
    comment_id = comment_id_of(request)

    async def take_back() -> dict[str, Any]:
        if comment_id is None:
            raise CommentNotFound
        await in_transaction(services.moderation, lambda held: undo(held, caller.judge, comment_id))
        async with connection(services.moderation) as held:
            return comment_document(await find_one(held, caller, comment_id))

    document = await in_time(services, take_back())
    services.doorbell.ring()  # it may be pending again
    return answer(document)


async def post_decisions(request: web.Request) -> web.Response:
    """`POST /api/v1/moderation/decisions`: up to 200, each on its own, answered in the order asked."""
    services, caller = await enter(request, "moderator")
    body = await read_as(request, BulkBody)
    start_clock(BULK_S)
    results = [await decide_one(request, services, caller, entry) for entry in body.decisions]
    return answer({"results": results})


async def get_summary(request: web.Request) -> web.Response:
    """`GET /api/v1/moderation/summary`: counts by site and status, how long the oldest wait."""
    services, caller = await enter(request, "viewer")

    async def read() -> list[figures.SiteFigures]:
        async with connection(services.moderation) as held:
            return await figures.list_site_figures(held, list(caller.sites))

    found = await in_time(services, read())
    return answer({
        "sites": [
            {
                "site": one.site,
                "counts": {str(status): one.counts.get(status, 0) for status in Status},
            }
            | _oldest("pending", one.oldest_pending)
            | _oldest("held", one.oldest_held)
            for one in found
        ]
    })  # fmt: skip


def _oldest(status: str, oldest: figures.Oldest | None) -> dict[str, Any]:
    return {
        f"oldest_{status}_at": oldest.at if oldest else None,
        f"oldest_{status}_age_s": round(oldest.age_s, 3) if oldest else None,
    }


async def get_reasons(request: web.Request) -> web.Response:
    """`GET /api/v1/moderation/reasons?site=`."""
    _services, caller = await enter(request, "viewer")
    named = caller.sites_named(request.query.get("site"))
    if "site" not in request.query:
        raise bad_query("site", "required", "Say which site.")
    if not named:
        raise Problem(404, "site-not-found", "There is no such site")
    reasons = reasons_of(caller.sites[named[0]].own_reasons)
    return answer({"reasons": [{"code": r.code, "label": r.label, "text": r.text} for r in reasons]})


async def enter(request: web.Request, role: str) -> tuple[Services, Caller]:
    services = services_of(request)
    caller = await authenticate(request, services)
    return services, caller.where(role)


async def read_as(request: web.Request, model: type[M]) -> M:
    body = await read_body(request, max_bytes=MAX_BODY_BYTES)
    if body.kind != "json":
        raise Problem(415, "unsupported-media-type", "Send application/json")
    try:
        return model.model_validate(body.fields)
    except ValidationError as error:
        raise invalid_body(error) from None


def status_of(query: Mapping[str, str]) -> str:
    """Which comments; those that are held where nothing is said."""
    status = query.get("status", str(Status.HELD))
    if status not in set(Status):
        raise bad_query("status", "invalid", "One of " + ", ".join(Status) + ".")
    return status


async def find_one(held: Connection, caller: Caller, comment_id: UUID | None) -> QueuedComment:
    """That comment of the caller's sites; raises CommentNotFound."""
    found = await queue.find_queued(held, list(caller.sites), [comment_id]) if comment_id else {}
    if comment_id is None or comment_id not in found:
        raise CommentNotFound
    return found[comment_id]


async def _decide(
    services: Services, caller: Caller, comment_id: UUID | None, body: DecisionBody
) -> dict[str, Any]:
    if comment_id is None:
        raise CommentNotFound
    ruling = Ruling(comment_id, body.action, body.version, body.reason, body.note)
    await in_transaction(services.moderation, lambda held: rule(held, caller.judge, ruling))
    async with connection(services.moderation) as held:
        return comment_document(await find_one(held, caller, comment_id))


async def decide_one(request: web.Request, services: Services, caller: Caller, raw: Any) -> dict[str, Any]:
    """One of many: its failure is its own."""
    given_id = raw.get("id") if isinstance(raw, dict) else None
    shown_id = given_id.encode(errors="replace").decode() if isinstance(given_id, str) else None
    try:
        entry = BulkEntry.model_validate(raw)
        comment = await in_time(services, _decide(services, caller, uuid_of(entry.id), entry))
    except ValidationError as error:
        problem = invalid_body(error)
    except (DomainError, Problem) as error:
        problem = problem_of(error) or UNFORESEEN
    else:
        return {"id": shown_id, "ok": True, "comment": comment}
    document = problem.document(services.settings.public_url, request[REQUEST_ID])
    return {"id": shown_id, "ok": False, "problem": document}


def answer(document: Any, *, status: int = 200) -> web.Response:
    return web.Response(
        status=status,
        body=orjson.dumps(document),
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
