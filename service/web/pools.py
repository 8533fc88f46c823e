"""The bulkheads: pools of connections of their own, so that nobody's flood takes another's way in."""

from dataclasses import dataclass, fields
from typing import Self

from service.settings import Settings
from service.storage.pool import Pool, open_pool

SUBMISSIONS = 8
READERS = 6
MODERATION = 4
DIRECTORY = 1  # whoever asks for the sites waits for one read: readers and moderators both need it
OPERATIONS = 2  # readiness and figures each ask one question at a time
CONNECTIONS = SUBMISSIONS + READERS + MODERATION + DIRECTORY + OPERATIONS
"""What one web process holds at most; docs/operations.md adds the processes up."""


@dataclass(frozen=True, slots=True)
class Pools:
    """One pool for each kind of work.

    Whoever finds every connection of a pool taken waits a second for one and is then told to come again, so
    a lock or a flood on one side never queues up on another.
    """

    submissions: Pool
    readers: Pool
    moderation: Pool
    directory: Pool
    operations: Pool

    @classmethod
    async def open(cls, settings: Settings) -> Self:
        """The pools; nothing connects before it is asked for."""

        async def pool(name: str, size: int) -> Pool:
            # min_size=0: the process starts while Postgres is away, says so in /readyz, and heals by itself.
            return await open_pool(
                settings.database_url.get_secret_value(), "replydesk_web", size=size, name=name, min_size=0
            )

        return cls(
            submissions=await pool("submissions", SUBMISSIONS),
            readers=await pool("readers", READERS),
            moderation=await pool("moderation", MODERATION),
            directory=await pool("directory", DIRECTORY),
            operations=await pool("operations", OPERATIONS),
        )

    def by_name(self) -> dict[str, Pool]:
        """Each of them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def terminate(self) -> None:
        """End them all at once."""
        for pool in self.by_name().values():
            pool.terminate()
