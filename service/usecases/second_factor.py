"""A person's second factor: set up, confirmed by a code, asked for at each sign-in by password, removed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from service.domain.one_time_code import (
    new_recovery_codes,
    new_shared_secret,
    recovery_digest,
    step_of,
)
from service.storage import audit, passwords, second_factors
from service.storage.audit import AuditEntry
from service.storage.pool import Connection
from service.storage.second_factors import SealedSecret
from service.vault import CodeVault


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """What people set up; `now` is the clock that codes are compared with."""

    vault: CodeVault
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def is_asked_for(self, connection: Connection, moderator_id: int) -> bool:
        """Whether this person signs in with a code besides the password."""
        kept = await second_factors.find(connection, moderator_id)
        return kept is not None and kept.is_confirmed

    async def begin(self, connection: Connection, moderator_id: int) -> bytes | None:
        """A new secret for the person's app; None where one is asked for already."""
        secret = new_shared_secret()
        key_id, sealed = self.vault.seal(secret, moderator_id)
        is_begun = await second_factors.begin(connection, moderator_id, SealedSecret(key_id, sealed))
        return secret if is_begun else None

    async def begun(self, connection: Connection, moderator_id: int) -> bytes | None:
        """The secret that was begun with and not confirmed yet."""
        kept = await second_factors.find(connection, moderator_id)
        return None if kept is None or kept.is_confirmed else self._open(kept, moderator_id)

    async def confirm(self, connection: Connection, moderator_id: int, name: str, typed: str) -> list[str]:
        """Ask for it from now on, if a code of the app was typed; the recovery codes, empty where not."""
        kept = await second_factors.find(connection, moderator_id)
        if (
            kept is None
            or kept.is_confirmed
            or not await self._takes_code(connection, moderator_id, kept, typed)
        ):
            return []
        codes = new_recovery_codes()
        await second_factors.confirm(connection, moderator_id, map(recovery_digest, codes))
        await record(connection, moderator_id, name, "second_factor.added", moderator_id)
        return codes

    async def fits(self, connection: Connection, moderator_id: int, typed: str) -> bool:
        """Whether a code or recovery code was typed that was never used; true where none is asked for."""
        kept = await second_factors.find(connection, moderator_id)
        if kept is None or not kept.is_confirmed:
            return True
        if await self._takes_code(connection, moderator_id, kept, typed):
            return True
        return await second_factors.use_recovery_code(connection, moderator_id, recovery_digest(typed))

    async def remove(self, connection: Connection, moderator_id: int, name: str, typed: str) -> bool:
        """Ask for no code any more, if one was typed that fits."""
        if not await self.fits(connection, moderator_id, typed):
            return False
        if await second_factors.remove(connection, moderator_id):
            await record(connection, moderator_id, name, "second_factor.removed", moderator_id)
        return True

    async def _takes_code(
        self, connection: Connection, moderator_id: int, kept: SealedSecret, typed: str
    ) -> bool:
        secret = self._open(kept, moderator_id)
        step = step_of(secret, typed, self.now()) if secret is not None else None
        return step is not None and await second_factors.use_step(connection, moderator_id, step)

    def _open(self, kept: SealedSecret, moderator_id: int) -> bytes | None:
        return self.vault.open(kept.key_id, kept.sealed, moderator_id)


async def record(connection: Connection, moderator_id: int, name: str, action: str, by: int | None) -> None:
    """An entry of the audit log at each site that the person reaches; `by` is None for the command line."""
    entry = AuditEntry(action, None, by, name)
    await audit.record_at(connection, await passwords.reach_of(connection, moderator_id), entry)
