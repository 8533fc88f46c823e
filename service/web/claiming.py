"""Who has which comment, over HTTP: take the next ones or a certain one, see who has what, give back."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from aiohttp import web

from service.domain.errors import CommentNotFound
from service.domain.rights import reaches
from service.storage import claims, queue
from service.storage.pool import Connection, connection, in_transaction
from service.storage.queue import QueuedComment
from service.usecases.claim import CLAIM_S, claim, release
from service.web.auth import Caller, role_too_low
from service.web.moderation import answer, enter, find_one, read_as
from service.web.moderation_payloads import ClaimBody, TakeBody, comment_document
from service.web.queries import comment_id_of, limit_of
from service.web.services import in_time


async def post_claims(request: web.Request) -> web.Response:
    """`POST /api/v1/moderation/claims`: leases the oldest held comments for five minutes."""
    services, caller = await enter(request, "moderator")
    body = await read_as(request, ClaimBody)

    async def take() -> list[QueuedComment]:
        async with connection(services.moderation) as held:
            ids = await queue.claim_held(
                held,
                caller.sites_named(body.site),
                caller.holder.moderator_id,
                limit=body.limit,
                seconds=CLAIM_S,
            )
            found = await queue.find_queued(held, list(caller.sites), ids)
        return [found[comment_id] for comment_id in ids if comment_id in found]

    leased_until = datetime.now(UTC) + timedelta(seconds=CLAIM_S)
    claimed = await in_time(services, take())
    return answer({
        "comments": [comment_document(comment) for comment in claimed],
        "leased_until": min((c.claimed_until for c in claimed if c.claimed_until), default=leased_until),
    })  # fmt: skip


async def get_claims(request: web.Request) -> web.Response:
    """`GET /api/v1/moderation/claims?site=&limit=`: who has what, the lease that ends first at first."""
    services, caller = await enter(request, "viewer")
    site_ids, limit = caller.sites_named(request.query.get("site")), limit_of(request.query)

    async def read() -> list[claims.Claim]:
        async with connection(services.moderation) as held:
            return await claims.list_claims(held, site_ids, limit=limit)

    found = await in_time(services, read())
    return answer({
        "claims": [
            {
                "id": str(one.id),
                "site": one.site,
                "page_url": one.page_url,
                "claimed_by": one.claimed_by,
                "claimed_until": one.claimed_until,
            }
            for one in found
        ]
    })  # fmt: skip


async def delete_claims(request: web.Request) -> web.Response:
    """`DELETE /api/v1/moderation/claims?site=`: gives back all that the caller has."""
    services, caller = await enter(request, "moderator")
    site_ids = caller.sites_named(request.query.get("site"))

    async def give_back() -> int:
        return await in_transaction(
            services.moderation,
            lambda held: claims.release_all(held, site_ids, caller.holder.moderator_id),
        )

    return answer({"released": await in_time(services, give_back())})


async def post_claim(request: web.Request) -> web.Response:
    """`POST /api/v1/moderation/comments/{id}/claim`: leases this one; an admin may take it over."""
    services, caller = await enter(request, "moderator")
    body, comment_id = await read_as(request, TakeBody), comment_id_of(request)

    async def take(held: Connection) -> QueuedComment:
        is_admin = await _is_admin_there(held, caller, comment_id)
        if body.take_over and not is_admin:
            raise role_too_low("admin")
        await claim(held, caller.judge, _known(comment_id), take_over=body.take_over)
        return await find_one(held, caller, comment_id)

    return answer(comment_document(await in_time(services, in_transaction(services.moderation, take))))


async def delete_claim(request: web.Request) -> web.Response:
    """`DELETE /api/v1/moderation/comments/{id}/claim`: gives it back; an admin also for another."""
    services, caller = await enter(request, "moderator")
    comment_id = comment_id_of(request)

    async def give_back(held: Connection) -> QueuedComment:
        is_admin = await _is_admin_there(held, caller, comment_id)
        await release(held, caller.judge, _known(comment_id), of_another=is_admin)
        return await find_one(held, caller, comment_id)

    return answer(comment_document(await in_time(services, in_transaction(services.moderation, give_back))))


async def _is_admin_there(held: Connection, caller: Caller, comment_id: UUID | None) -> bool:
    """Whether the caller is an admin at the comment's site; whoever may not decide there is told so later."""
    found = await queue.find_queued(held, list(caller.sites), [_known(comment_id)])
    slugs = {comment.site for comment in found.values()}
    return any(
        reaches(caller.role_at(site_id), "admin")
        for site_id, site in caller.sites.items()
        if site.slug in slugs
    )


def _known(comment_id: UUID | None) -> UUID:
    if comment_id is None:
        raise CommentNotFound
    return comment_id
