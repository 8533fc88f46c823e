"""The page of tokens and of one's own sessions."""

from datetime import timedelta

from service.domain.errors import SessionNotFound, TokenNotFound
from service.domain.people import Admin
from service.domain.rights import reaches
from service.storage import sessions, tokens
from service.storage.pool import Connection
from service.storage.tokens import KeptToken
from service.usecases import tokens as token_changes
from service.usecases.tokens import NewToken
from service.web.auth import Caller
from service.web.desk_at_site import AtSite
from service.web.desk_session import SESSION_IDLE
from service.web.desk_site_pages import SitePage, Values, body_of
from service.web.people_payloads import (
    TokenBody,
    admin_of,
    name_of,
    number_of,
    session_document,
    site_ids_of,
    token_document,
)

SHOWN = 200
DAYS = (30, 90, 365, 3650)


async def read(at: AtSite) -> Values:
    """One's own sessions; for admins the tokens that reach their sites."""
    moderator_id, is_admin = at.moderator_id, reaches(at.caller.holder.rights.highest(), "admin")

    async def own(held: Connection) -> list[sessions.OwnSession]:
        return await sessions.list_own(held, moderator_id, SESSION_IDLE)

    return {
        "sessions": [session_document(one) for one in await at.read(own)],
        "tokens": await _tokens(at) if is_admin else None,
        "is_everywhere": at.caller.holder.rights.everywhere == "admin",
        "days": DAYS,
        "token": None,
    }


async def create(at: AtSite) -> Values:
    """A new token, shown this once."""
    caller, name = _as_admin(at), at.form.get("name", "").strip()
    days, site = at.form.get("days", ""), at.form.get("of_site", "")
    sent = {"role": at.form.get("role"), "sites": [site] if site else None}
    body = body_of(TokenBody, sent | {"days": int(days) if days in map(str, DAYS) else 365})
    wish = NewToken(
        name_of(name) if name else None, body.role, site_ids_of(caller, body.sites), timedelta(days=body.days)
    )
    secret, _ = await at.change(lambda held: token_changes.create(held, admin_of(caller), wish))
    return {"token": secret}


async def revoke(at: AtSite) -> str:
    """Useless from now on."""
    admin: Admin = admin_of(_as_admin(at))
    number = number_of(at.form.get("id", ""))
    if number is None:
        raise TokenNotFound
    await at.change(lambda held: token_changes.revoke(held, admin, number))
    return "token-revoked"


async def end_session(at: AtSite) -> str:
    """One of one's own, or all of them."""
    session_id = at.form.get("id", "")
    is_id = session_id.isascii() and session_id.isalnum() and len(session_id) <= 64

    async def end(held: Connection) -> int:
        return await sessions.end_own(held, at.moderator_id, session_id) if is_id else 0

    if not await at.change(end):
        raise SessionNotFound
    return "session-ended"


async def _tokens(at: AtSite) -> list[Values]:
    caller = _as_admin(at)

    async def find(held: Connection) -> list[KeptToken]:
        return await tokens.list_valid(held, list(caller.sites), before=None, limit=SHOWN)

    return [token_document(one, caller) for one in await at.read(find)]


def _as_admin(at: AtSite) -> Caller:
    return at.caller.where("admin")


PAGE = SitePage(
    "tokens",
    "viewer",
    read,
    {"create": create, "revoke": revoke, "end": end_session},
    is_of_site=False,
)
