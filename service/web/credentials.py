"""What a moderator comes with, exchanged for a session: a token, or a name and a password."""

from typing import Literal

from aiohttp import web

from service.passwords import stable
from service.storage import passwords, sessions
from service.storage.passwords import KeptPassword
from service.storage.pool import Connection, connection, in_transaction
from service.tokens import PREFIX, new_secret, secret_digest
from service.web.auth import caller_of_secret
from service.web.desk_session import SESSION_LASTS
from service.web.password_checker import TooBusy
from service.web.services import Services, in_time
from service.web.sign_in_limits import CODE_TRIES
from service.web.sign_in_refused import BUSY, WRONG_PASSWORD, WRONG_TOKEN, SignInRefused

_LONGEST_CODE = 40


async def session_for_token(
    request: web.Request, services: Services, fields: dict[str, str]
) -> tuple[str, int]:
    """A session's secret and the moderator's id.

    Raises:
        SignInRefused: nobody holds that token, or not from here.
    """
    caller = await caller_of_secret(request, services, _typed_token(fields))
    if caller is None or caller.holder.token_id is None:
        raise SignInRefused(WRONG_TOKEN)
    secret, token_id = new_secret(), caller.holder.token_id

    async def open_session() -> None:
        async with connection(services.moderation) as held:
            await sessions.insert_session_of_token(held, secret_digest(secret), token_id, SESSION_LASTS)

    await in_time(services, open_session())
    return secret, caller.holder.moderator_id


async def session_for_password(
    _request: web.Request, services: Services, fields: dict[str, str]
) -> tuple[str, int]:
    """A session's secret and the moderator's id.

    A name that nobody has, one without a password and one that was disabled are the same refusal after the
    same work.

    Raises:
        SignInRefused: it is not right, or too many passwords are being compared.
    """
    try:
        with services.passwords.turn():
            return await _session_in_turn(services, fields)
    except TooBusy:
        raise SignInRefused(BUSY) from None


async def _session_in_turn(services: Services, fields: dict[str, str]) -> tuple[str, int]:
    kept = await in_time(services, _find(services, typed_name(fields)))
    compared = await in_time(
        services, services.passwords.compare(kept.hash if kept else None, fields.get("password", ""))
    )
    if kept is None or not compared.fits:
        raise SignInRefused(WRONG_PASSWORD)
    code = await _counted_code(services, kept.moderator_id, fields)
    secret = new_secret()
    if not await in_time(services, _open(services, kept, compared.new_hash, secret, code)):
        raise SignInRefused(WRONG_PASSWORD)
    return secret, kept.moderator_id


def way_of(fields: dict[str, str]) -> Literal["token", "password"]:
    """What was typed; a browser may have filled in name and password by itself beside a pasted token."""
    is_token = _typed_token(fields) or not ({"name", "password"} & set(fields))
    return "token" if is_token else "password"


def typed_name(fields: dict[str, str]) -> str:
    """The name as names are kept."""
    return stable(fields.get("name", "")).strip()


def _typed_token(fields: dict[str, str]) -> str:
    """The token, also where it was pasted into the wrong box without a name."""
    token, password = fields.get("token", "").strip(), fields.get("password", "").strip()
    return password if not token and not typed_name(fields) and password.startswith(PREFIX) else token


async def _find(services: Services, name: str) -> KeptPassword | None:
    if not name.isprintable():  # nobody's, and nothing that Postgres would take
        return None
    async with connection(services.moderation) as held:
        return await passwords.find_password(held, name)


async def _counted_code(services: Services, moderator_id: int, fields: dict[str, str]) -> str:
    """The code that was typed; a try is counted for who needs one, whatever network it comes from."""

    async def is_asked_for() -> bool:
        async with connection(services.moderation) as held:
            return await services.second_factors.is_asked_for(held, moderator_id)

    if await in_time(services, is_asked_for()):
        # It is answered like a wrong one: whoever tries codes is not told that the password was right.
        decision = await services.limiter.take({f"second-factor:{moderator_id}": CODE_TRIES})
        if not decision.allowed:
            raise SignInRefused(WRONG_PASSWORD)
    return fields.get("code", "")[:_LONGEST_CODE]


async def _open(services: Services, kept: KeptPassword, new_hash: str | None, secret: str, code: str) -> bool:
    """Open the session, if the code fits and the password was not changed since it was compared."""

    async def renew_and_open(held: Connection) -> bool:
        if not await services.second_factors.fits(held, kept.moderator_id, code):
            return False
        now_kept = kept.hash
        if new_hash and await passwords.replace_hash(held, kept, new_hash):
            now_kept = new_hash
        return await sessions.insert_session_of_person(
            held, secret_digest(secret), kept.moderator_id, kept=now_kept, lasts=SESSION_LASTS
        )

    return await in_transaction(services.moderation, renew_and_open)
