"""The second factor of people who sign in by password: a sealed secret, and digests of recovery codes."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """A shared secret that only the application opens; `is_confirmed` once it is asked for."""

    key_id: int
    sealed: bytes
    is_confirmed: bool = False

    def __repr__(self) -> str:
        return f"SealedSecret({self.key_id})"


async def find(connection: Connection, moderator_id: int) -> SealedSecret | None:
    """What this person has set up, or begun to."""
    row = await connection.fetchrow(
        """
        SELECT key_id, sealed, confirmed_at IS NOT NULL AS is_confirmed FROM moderator_totp
        WHERE moderator_id = $1
        """,
        moderator_id,
    )
    return SealedSecret(**dict(row)) if row else None


async def begin(connection: Connection, moderator_id: int, secret: SealedSecret) -> bool:
    """Keep a new secret that is not asked for yet; false where another one is asked for already."""
    done: str = await connection.execute(
        """
        INSERT INTO moderator_totp AS kept (moderator_id, key_id, sealed) VALUES ($1, $2, $3)
        ON CONFLICT (moderator_id) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed
        WHERE kept.confirmed_at IS NULL
        """,
        moderator_id,
        secret.key_id,
        secret.sealed,
    )
    return done == "INSERT 0 1"


async def confirm(connection: Connection, moderator_id: int, digests: Iterable[bytes]) -> None:
    """Ask for it from now on; these are the digests of the recovery codes."""
    await connection.execute(
        "UPDATE moderator_totp SET confirmed_at = clock_timestamp() WHERE moderator_id = $1", moderator_id
    )
    await connection.executemany(
        "INSERT INTO moderator_recovery_code (moderator_id, digest) VALUES ($1, $2)",
        [(moderator_id, digest) for digest in digests],
    )


async def use_step(connection: Connection, moderator_id: int, step: int) -> bool:
    """Take the code of that step; false where it, or a later one, was taken before."""
    done: str = await connection.execute(
        "UPDATE moderator_totp SET last_step = $2 WHERE moderator_id = $1 AND last_step < $2",
        moderator_id,
        step,
    )
    return done == "UPDATE 1"


async def use_recovery_code(connection: Connection, moderator_id: int, digest: bytes) -> bool:
    """Take that recovery code, which is gone then; false where there is none."""
    done: str = await connection.execute(
        "DELETE FROM moderator_recovery_code WHERE moderator_id = $1 AND digest = $2", moderator_id, digest
    )
    return done == "DELETE 1"


async def count_recovery_codes(connection: Connection, moderator_id: int) -> int:
    """How many are left."""
    count: int = await connection.fetchval(
        "SELECT count(*) FROM moderator_recovery_code WHERE moderator_id = $1", moderator_id
    )
    return count


async def remove(connection: Connection, moderator_id: int) -> bool:
    """Ask for no code any more; whether one was asked for, or begun."""
    done: str = await connection.execute("DELETE FROM moderator_totp WHERE moderator_id = $1", moderator_id)
    return done == "DELETE 1"
