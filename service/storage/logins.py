"""Lets the roles of the processes log in by themselves, where operators want that."""

import base64
import hashlib
import hmac
import os

from service.storage.pool import Connection

_ROUNDS = 4096  # Postgres's own default for SCRAM-SHA-256


async def give_login(connection: Connection, role: str, password: str) -> None:
    """Allow `role` to log in with `password`; the statement carries only a SCRAM verifier (RFC 5803)."""
    statement: str = await connection.fetchval(
        "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)", role, scram_verifier(password)
    )
    await connection.execute(statement)


def scram_verifier(password: str) -> str:
    """What Postgres stores of a password (RFC 5802); the password itself must be ASCII."""
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, _ROUNDS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${_ROUNDS}:{_b64(salt)}${_b64(stored)}:{_b64(server)}"


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
