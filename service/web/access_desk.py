"""Tokens, sessions and invitations over HTTP; a secret is in the one answer that made it."""

from datetime import timedelta

from aiohttp import web

from service.domain.errors import InvitationNotFound, SessionNotFound, TokenNotFound
from service.storage import invitations, sessions, tokens
from service.storage.invitations import Invitation
from service.storage.pool import Connection, connection, in_transaction
from service.storage.tokens import KeptToken
from service.usecases import invitations as inviting
from service.usecases import tokens as token_changes
from service.usecases.tokens import NewToken
from service.web.desk_session import SESSION_IDLE
from service.web.moderation import answer, enter, read_as
from service.web.people_payloads import (
    InvitationBody,
    TokenBody,
    admin_of,
    id_in,
    invitation_document,
    name_of,
    session_document,
    site_ids_of,
    token_document,
)
from service.web.queries import bad_query, limit_of
from service.web.services import in_time

_LONGEST_ID = 64


async def get_tokens(request: web.Request) -> web.Response:
    """`GET /api/v1/moderation/tokens`: the valid ones that reach the caller's sites, the newest first."""
    services, caller = await enter(request, "admin")
    limit, before = limit_of(request.query), _before(request)

    async def read() -> list[KeptToken]:
        async with connection(services.moderation) as held:
            return await tokens.list_valid(held, list(caller.sites), before=before, limit=limit + 1)

    found = await in_time(services, read())
    return answer({
        "tokens": [token_document(one, caller) for one in found[:limit]],
        "next_cursor": str(found[limit - 1].id) if len(found) > limit else None,
    })  # fmt: skip


async def post_token(request: web.Request) -> web.Response:
    """`POST /api/v1/moderation/tokens`: makes one and shows it, this once."""
    services, caller = await enter(request, "admin")
    body = await read_as(request, TokenBody)
    name = None if body.name is None else name_of(body.name)
    wish = NewToken(name, body.role, site_ids_of(caller, body.sites), timedelta(days=body.days))

    async def create(held: Connection) -> tuple[str, KeptToken]:
        return await token_changes.create(held, admin_of(caller), wish)

    secret, kept = await in_time(services, in_transaction(services.moderation, create))
    return answer(token_document(kept, caller) | {"token": secret}, status=201)


async def delete_token(request: web.Request) -> web.Response:
    """`DELETE /api/v1/moderation/tokens/{token}`: makes it useless at once."""
    services, caller = await enter(request, "admin")
    token_id = id_in(request, "token")

    async def revoke(held: Connection) -> None:
        if token_id is None:
            raise TokenNotFound
        await token_changes.revoke(held, admin_of(caller), token_id)

    await in_time(services, in_transaction(services.moderation, revoke))
    return answer({"revoked": True})


async def get_sessions(request: web.Request) -> web.Response:
    """`GET /api/v1/moderation/sessions`: the caller's own, the last used first."""
    services, caller = await enter(request, "viewer")

    async def read() -> list[sessions.OwnSession]:
        async with connection(services.moderation) as held:
            return await sessions.list_own(held, caller.holder.moderator_id, SESSION_IDLE)

    return answer({"sessions": [session_document(one) for one in await in_time(services, read())]})


async def delete_session(request: web.Request) -> web.Response:
    """`DELETE /api/v1/moderation/sessions/{session}`: ends one of the caller's own."""
    services, caller = await enter(request, "viewer")
    session_id = request.match_info["session"]

    async def end(held: Connection) -> int:
        is_id = len(session_id) <= _LONGEST_ID and session_id.isascii() and session_id.isalnum()
        ended = await sessions.end_own(held, caller.holder.moderator_id, session_id) if is_id else 0
        if not ended:
            raise SessionNotFound
        return ended

    return answer({"ended": await in_time(services, in_transaction(services.moderation, end))})


async def delete_sessions(request: web.Request) -> web.Response:
    """`DELETE /api/v1/moderation/sessions`: ends all of the caller's own."""
    services, caller = await enter(request, "viewer")

    async def end(held: Connection) -> int:
        return await sessions.end_own(held, caller.holder.moderator_id, None)

    return answer({"ended": await in_time(services, in_transaction(services.moderation, end))})


async def get_invitations(request: web.Request) -> web.Response:
    """`GET /api/v1/moderation/invitations`: those that can still be used."""
    services, caller = await enter(request, "admin")

    async def read() -> list[Invitation]:
        everywhere = admin_of(caller).is_admin_everywhere
        async with connection(services.moderation) as held:
            return await invitations.list_open(held, list(caller.sites), with_everywhere=everywhere)

    found = await in_time(services, read())
    return answer({"invitations": [invitation_document(one, caller) for one in found]})


async def post_invitation(request: web.Request) -> web.Response:
    """`POST /api/v1/moderation/invitations`: a link for somebody new, shown this once."""
    services, caller = await enter(request, "admin")
    body = await read_as(request, InvitationBody)
    site_ids = site_ids_of(caller, body.sites)

    async def invite(held: Connection) -> tuple[str, Invitation]:
        return await inviting.invite(held, admin_of(caller), body.role, site_ids)

    secret, made = await in_time(services, in_transaction(services.moderation, invite))
    url = f"{services.settings.public_url}/dashboard/invitations/{secret}"
    return answer(invitation_document(made, caller) | {"url": url}, status=201)


async def delete_invitation(request: web.Request) -> web.Response:
    """`DELETE /api/v1/moderation/invitations/{invitation}`: nobody comes by it any more."""
    services, caller = await enter(request, "admin")
    invitation_id = id_in(request, "invitation")

    async def revoke(held: Connection) -> None:
        if invitation_id is None:
            raise InvitationNotFound
        await inviting.revoke(held, admin_of(caller), invitation_id)

    await in_time(services, in_transaction(services.moderation, revoke))
    return answer({"revoked": True})


def _before(request: web.Request) -> int | None:
    raw = request.query.get("cursor")
    if raw is None:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 10 and 1 <= int(raw) < 2**31):
        raise bad_query("cursor", "invalid", "Use the next_cursor of an answer, unchanged.")
    return int(raw)
