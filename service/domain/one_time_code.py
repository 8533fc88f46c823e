"""Codes of an authenticator app (RFC 6238 over RFC 4226), and recovery codes for a lost one."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_S = 30
DIGITS = 6
SECRET_BYTES = 20
"""The length of SHA-1's output, as RFC 4226 (section 4) recommends; what every app reads."""

DRIFT = 1
"""Steps before and after now whose codes are taken: clocks differ, and people type (RFC 6238, 5.2)."""

RECOVERY_CODES = 10
_RECOVERY_BYTES = 10


def new_shared_secret() -> bytes:
    """What the app and we both know."""
    return secrets.token_bytes(SECRET_BYTES)


def code_at(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """The code of one step."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(secret: bytes, typed: str, now: datetime) -> int | None:
    """The step near `now` whose code was typed; None where it is none of them.

    Every step is looked at, and each comparison takes the same time.
    """
    current, found = int(now.timestamp()) // STEP_S, None
    given = "".join(typed.split()).encode("utf-8", "replace")
    for step in range(current - DRIFT, current + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), given):
            found = step
    return found


def spelt(secret: bytes) -> str:
    """The secret as people type it into an app: base32 in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def setup_uri(secret: bytes, name: str) -> str:
    """What an app on this machine opens (the key URI format of authenticator apps)."""
    wanted = urlencode({"secret": spelt(secret).replace(" ", ""), "issuer": "Replydesk"})
    return f"otpauth://totp/{quote(f'Replydesk:{name}')}?{wanted}"


def new_recovery_codes() -> list[str]:
    """For a lost app: each works once."""
    return [_recovery_code() for _ in range(RECOVERY_CODES)]


def recovery_digest(typed: str) -> bytes:
    """What is kept of a recovery code, however it was typed; a plain SHA-256 is enough for 80 random bits."""
    plain = "".join(character for character in typed.upper() if character.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).digest()


def _recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))
