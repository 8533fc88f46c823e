"""How often a password may be tried: by name within one network, and by network.

Nothing is counted for a name alone: then a stranger anywhere could lock a moderator out by trying. What many
networks try together is bounded by how many passwords are compared at once, and by the length of a password.
"""

import hashlib
import hmac
from datetime import UTC, datetime

from aiohttp import web

from service.limits.limit import Limit
from service.vault import network_hash
from service.web.client_ip import client_ip, network_of
from service.web.services import Services
from service.web.sign_in_refused import SignInRefused, too_fast

CODE_TRIES = Limit(20, 600)
"""Codes that may be tried for one person, from wherever: whoever gets that far knows the password."""

NAMES_OF_A_NETWORK = 12
"""How many people of one network may sign in as often as one of them may: an editorial office shares one."""


async def count_sign_in(request: web.Request, services: Services, name: str | None) -> None:
    """Count a try; `name` is null for a token, which cannot be guessed.

    Raises:
        SignInRefused: it is one too many.
    """
    limit, network = services.limits.sign_in, network_digest(request, services)
    if limit is None:
        return
    wanted = {f"sign-in:{network}": Limit(limit.count * NAMES_OF_A_NETWORK, limit.seconds)}
    if name is not None:
        wanted[f"sign-in:{network}:{_digest(services, name)}"] = limit
    decision = await services.limiter.take(wanted)
    if not decision.allowed:
        raise SignInRefused(too_fast(decision.retry_after))


def network_digest(request: web.Request, services: Services) -> str:
    """Where a request comes from, as limits count it: keyed, and another one each day."""
    forwarded = request.headers.getall("X-Forwarded-For", ())
    ip = client_ip(request.remote, forwarded, services.settings.trusted_proxies)
    if ip is None:
        return "unknown"
    return network_hash(services.signing, network_of(ip), datetime.now(UTC).date()).hex()


def _digest(services: Services, name: str) -> str:
    key = services.signing.derive("sign-in name")
    return hmac.digest(key, name.encode("utf-8", "replace"), hashlib.sha256)[:16].hex()
