"""Moderators' tokens and sessions: random secrets, of which only digests are kept."""

import hashlib
import secrets

PREFIX = "rd_"
"""Says what it is where it leaks, to people and to scanners."""

ROLES = ("viewer", "moderator", "admin")
"""From the lowest to the highest."""


def new_secret() -> str:
    """A token of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def secret_digest(secret: str) -> bytes:
    """What is kept of it; a plain SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def secret_prefix(secret: str) -> str:
    """What tokens are listed and revoked by."""
    return secret[: len(PREFIX) + 8]
