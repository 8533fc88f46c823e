"""The runner: each file once, unchanged, one runner at a time, and nothing half done."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from migrations import files, runner
from migrations.files import Migration, known_migrations, newest_known
from migrations.runner import LOCK_KEY, MigrationError, migrate
from service.storage.schema import SchemaState, find_schema_state

Connection = Any
ALL = [migration.name for migration in known_migrations()]


def pretend(monkeypatch: pytest.MonkeyPatch, *known: Migration) -> None:
    """Have the runner know these files."""
    monkeypatch.setattr(runner, "known_migrations", lambda: known)


class Said(list[str]):
    """The lines of a runner, and the moment of the first one."""

    def __init__(self) -> None:
        super().__init__()
        self.something = asyncio.Event()

    def __call__(self, line: str) -> None:
        self.append(line)
        self.something.set()


def later(sql: str, **changes: Any) -> Migration:
    """A migration after all that exist."""
    return replace(
        known_migrations()[-1], number=newest_known() + 1, name="9999_change_something", sql=sql, **changes
    )


async def tables(owner: Connection) -> set[str]:
    rows = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {row["tablename"] for row in rows}


async def test_an_empty_database_gets_everything(owner: Connection, empty_database_url: str) -> None:
    said: list[str] = []
    assert await migrate(empty_database_url, say=said.append) == ALL
    assert {"comment", "comment_email", "decision", "schema_migration"} <= await tables(owner)
    assert len(said) == len(ALL)
    assert said[0].startswith(f"{ALL[0]} applied in ")


async def test_a_second_run_does_nothing(owner: Connection, empty_database_url: str) -> None:
    await migrate(empty_database_url)
    before = await owner.fetch("SELECT * FROM schema_migration")
    assert await migrate(empty_database_url) == []
    assert await owner.fetch("SELECT * FROM schema_migration") == before


async def test_an_edited_file_is_refused_by_name(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(empty_database_url)
    first, *others = known_migrations()
    pretend(monkeypatch, replace(first, sql=first.sql + " "), *others)
    with pytest.raises(MigrationError, match=f"{first.name} was edited after it had been applied"):
        await migrate(empty_database_url)


async def test_two_runners_at_once_both_end_well_and_one_of_them_did_it(empty_database_url: str) -> None:
    done = await asyncio.gather(*(migrate(empty_database_url) for _ in range(4)))
    assert sorted(done) == [[], [], [], ALL]


async def test_a_runner_waits_for_another_one_and_says_so_once(
    owner: Connection, empty_database_url: str
) -> None:
    await owner.fetchval("SELECT pg_advisory_lock($1)", LOCK_KEY)
    said = Said()
    waiting = asyncio.create_task(migrate(empty_database_url, say=said))
    await said.something.wait()
    await asyncio.sleep(runner._POLL_S * 3)
    assert said == ["waiting for another migration to finish"]
    assert await tables(owner) == set()
    await owner.fetchval("SELECT pg_advisory_unlock($1)", LOCK_KEY)
    assert await waiting == ALL


async def test_a_locked_table_is_waited_for(
    owner: Connection, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(empty_database_url)
    monkeypatch.setattr(runner, "LOCK_TIMEOUT", "50ms")
    pretend(monkeypatch, *known_migrations(), later("ALTER TABLE page ADD COLUMN added integer"))
    said = Said()
    async with owner.transaction():
        await owner.execute("LOCK TABLE page IN ACCESS SHARE MODE")
        waiting = asyncio.create_task(migrate(empty_database_url, say=said))
        await said.something.wait()
    assert await waiting == ["9999_change_something"]
    assert said[0] == "9999_change_something: a table is locked, trying again"


async def test_a_table_that_stays_locked_ends_in_a_clear_error_and_changes_nothing(
    owner: Connection, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(empty_database_url)
    monkeypatch.setattr(runner, "LOCK_TIMEOUT", "20ms")
    monkeypatch.setattr(runner, "_TRIES", 2)
    sql = "CREATE TABLE left_behind (); ALTER TABLE page ADD COLUMN added integer"
    pretend(monkeypatch, *known_migrations(), later(sql))
    async with owner.transaction():
        await owner.execute("LOCK TABLE page IN ACCESS SHARE MODE")
        with pytest.raises(MigrationError, match="a table stayed locked, nothing was changed"):
            await migrate(empty_database_url)
    assert "left_behind" not in await tables(owner)
    assert await find_schema_state(owner) == SchemaState(newest_known(), known_migrations()[-1].oldest_code)


async def test_a_migration_that_fails_in_the_middle_leaves_nothing(
    owner: Connection, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, *known_migrations(), later("CREATE TABLE left_behind (); SELECT 1/0"))
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty_database_url)
    assert "left_behind" not in await tables(owner)
    assert "comment" in await tables(owner)
    monkeypatch.undo()
    assert await migrate(empty_database_url) == []


async def test_a_statement_that_takes_too_long_is_ended(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, *known_migrations(), later("SELECT pg_sleep(60)", statement_timeout="50ms"))
    with pytest.raises(asyncpg.QueryCanceledError):
        await migrate(empty_database_url)


async def test_a_newer_schema_is_left_as_it_is(owner: Connection, empty_database_url: str) -> None:
    await migrate(empty_database_url)
    await owner.execute("INSERT INTO schema_migration VALUES (9999, 'from_the_future', 'x', 1, now(), 1)")
    assert await migrate(empty_database_url) == []


async def test_the_lock_is_given_back_after_a_failure(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, later("SELECT 1/0"))
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty_database_url)
    monkeypatch.undo()
    assert await migrate(empty_database_url) == ALL


async def test_a_build_of_an_index_beside_the_readers_runs_outside_a_transaction(
    owner: Connection, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(empty_database_url)
    sql = "CREATE INDEX CONCURRENTLY added_index ON page (title)"
    pretend(monkeypatch, *known_migrations(), later(sql, in_transaction=False))
    # Two at once: the one that waits must not hold a snapshot that the build would wait for.
    done = await asyncio.gather(*(migrate(empty_database_url) for _ in range(2)))
    assert sorted(done) == [[], ["9999_change_something"]]


def test_every_file_is_named_numbered_and_says_what_code_it_needs() -> None:
    found = known_migrations()
    assert [migration.number for migration in found] == list(range(1, len(found) + 1))
    for migration in found:
        assert 1 <= migration.oldest_code <= migration.number


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        (["0002_change.sql"], "without a gap"),
        (["0001_a.sql", "0003_b.sql"], "without a gap"),
        (["0001_a.sql", "0001_b.sql"], "without a gap"),
        (["1_a.sql"], "not named"),
        (["0001-a.sql"], "not named"),
    ],
)
def test_a_gap_or_a_wrong_name_is_noticed(
    names: list[str], complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in names:
        (tmp_path / name).write_text("-- oldest code: 1\n")
    monkeypatch.setattr(files, "__file__", str(tmp_path / "files.py"))
    with pytest.raises(ValueError, match=complaint):
        known_migrations.__wrapped__()


def test_a_file_without_its_oldest_code_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "0001_a.sql").write_text("SELECT 1;\n")
    monkeypatch.setattr(files, "__file__", str(tmp_path / "files.py"))
    with pytest.raises(ValueError, match="oldest code"):
        known_migrations.__wrapped__()
