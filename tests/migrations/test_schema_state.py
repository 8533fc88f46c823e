"""Readiness: whether this code and that schema understand each other."""

from typing import Any

import pytest

from migrations.files import newest_known
from migrations.runner import migrate
from service.domain.errors import StorageUnavailable
from service.storage.pool import connection, open_pool
from service.storage.schema import SchemaState, find_schema_state


@pytest.mark.parametrize(
    ("number", "oldest_code", "code", "understood"),
    [
        (0, 0, 1, False),  # an empty database
        (1, 1, 1, True),
        (1, 1, 2, False),  # code from after a migration that was not run yet
        (2, 1, 1, True),  # older code, and the migration says that it still works
        (2, 2, 1, False),  # older code, and the migration says that it does not
        (9, 3, 3, True),
        (9, 3, 2, False),
    ],
)
def test_only_code_that_is_too_old_or_too_new_is_not_ready(
    number: int, oldest_code: int, code: int, *, understood: bool
) -> None:
    assert SchemaState(number, oldest_code).understood_by(code) is understood


async def test_an_empty_database_is_no_error_but_not_understood(owner: Any) -> None:
    assert await find_schema_state(owner) == SchemaState(0, 0)


async def test_the_strictest_of_all_applied_migrations_counts(owner: Any, empty_database_url: str) -> None:
    await migrate(empty_database_url)
    await owner.execute("INSERT INTO schema_migration VALUES (900, 'a', 'x', 7, now(), 1)")
    await owner.execute("INSERT INTO schema_migration VALUES (901, 'b', 'x', 2, now(), 1)")
    assert await find_schema_state(owner) == SchemaState(901, 7)


@pytest.mark.parametrize("role", ["replydesk_web", "replydesk_worker"])
async def test_the_processes_can_read_the_state(role: Any, empty_database_url: str) -> None:
    await migrate(empty_database_url)
    pool = await open_pool(empty_database_url, role, size=1, name="test")
    async with pool.acquire() as held:
        assert (await find_schema_state(held)).understood_by(newest_known())
    pool.terminate()


async def test_the_state_of_a_server_that_went_away_is_unavailable_not_empty(
    owner: Any, empty_database_url: str
) -> None:
    await migrate(empty_database_url)
    pool = await open_pool(empty_database_url, "replydesk_web", size=1, name="test")

    async def ask_and_be_cut_off() -> None:
        async with connection(pool) as held:
            await owner.execute("SELECT pg_terminate_backend($1)", held.get_server_pid())
            await find_schema_state(held)

    with pytest.raises(StorageUnavailable):
        await ask_and_be_cut_off()
    pool.terminate()
