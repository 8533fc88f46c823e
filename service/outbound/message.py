"""A message to a webhook and its signatures, as Standard Webhooks says."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

PREFIX = "whsec_"
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Message:
    """`id` is the same on each try; `secrets` are raw, and each of them signs."""

    id: str
    url: str = field(repr=False)
    body: bytes = field(repr=False)
    secrets: Sequence[bytes] = field(repr=False)


def new_secret() -> bytes:
    """A raw secret."""
    return secrets.token_bytes(SECRET_BYTES)


def written(secret: bytes) -> str:
    """A secret as it is shown and as libraries read it."""
    return PREFIX + base64.b64encode(secret).decode()


def signed(message: Message, at: int) -> dict[str, str]:
    """The three headers; `at` is in seconds since 1970."""
    content = b".".join((message.id.encode(), str(at).encode(), message.body))
    macs = [hmac.digest(secret, content, hashlib.sha256) for secret in message.secrets]
    return {
        "webhook-id": message.id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs),
    }
