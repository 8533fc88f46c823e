"""`replydesk keys`: draws, counts, changes; killed anywhere it leaves every address readable."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from typing import Any

import pytest

from service.cli.surroundings import with_private_pool
from service.domain.email import SealedEmail
from service.embedded.layout import PROJECT
from service.keyring import Keyring
from service.storage.pool import Pool, connection
from tests.cli.conftest import Run, as_setting, environment
from tests.factories import Paper, make_email, make_vault, until

BOTH = {"REPLYDESK_EMAIL_KEYS": as_setting(2, 1), "REPLYDESK_INDEX_KEYS": as_setting(12, 11)}
NEW = {"REPLYDESK_EMAIL_KEYS": as_setting(2), "REPLYDESK_INDEX_KEYS": as_setting(12)}


def table(printed: str) -> dict[tuple[str, int], tuple[int, int, str]]:
    """What `keys status` printed: kind and key to rows, needed and state."""
    head, *lines = [line.split("\t") for line in printed.splitlines()]
    assert head == ["kind", "key", "rows", "needed", "state"]
    return {(kind, int(key)): (int(rows), int(needed), state) for kind, key, rows, needed, state in lines}


@pytest.mark.parametrize("kind", ["email", "index", "signing", "submitted"])
def test_a_drawn_key_fits_in_front_of_the_others(kind: str, replydesk: Run) -> None:
    first, second = (replydesk("keys", "new", kind).stdout for _ in range(2))
    assert re.fullmatch(r"[0-9]+:[A-Za-z0-9+/]{43}=\n", first)
    assert first != second
    old = {
        "email": as_setting(1),
        "index": as_setting(11),
        "signing": as_setting(21),
        "submitted": as_setting(31),
    }[kind]
    assert len(Keyring.parse(first + old).keys) == 2


def test_the_last_id_is_followed_by_one_that_is_free(replydesk: Run) -> None:
    drawn = replydesk("keys", "new", "email", REPLYDESK_EMAIL_KEYS=as_setting(255, 1, 2))
    assert drawn.stdout.startswith("3:")


async def test_status_counts_rows_and_tells_no_secret(desk: Paper, replydesk: Run) -> None:
    for name in ("mara", "mara", "noor"):
        await desk.post(email=make_email(name))
    before = replydesk("keys", "status", **BOTH)
    assert table(before.stdout) == {
        ("email", 1): (3, 3, "old"),
        ("email", 2): (0, 0, "newest"),
        ("index", 11): (2, 2, "old"),
        ("index", 12): (0, 0, "newest"),
    }
    assert replydesk("keys", "rotate", **BOTH).returncode == 0
    after = replydesk("keys", "status", **BOTH)
    assert table(after.stdout)["email", 1] == (0, 0, "old")
    assert table(after.stdout)["index", 11] == (2, 0, "old")
    without = table(replydesk("keys", "status", REPLYDESK_INDEX_KEYS=as_setting(12)).stdout)
    assert without["index", 11][2] == "missing"
    for output in (before.stdout, after.stdout, before.stderr, after.stderr):
        for one in (1, 2, 11, 12):
            assert as_setting(one).partition(":")[2] not in output


async def test_a_command_may_walk_over_a_whole_table(
    desk: Paper, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a million authors one walk takes longer than any answer to a reader may."""
    for name, value in environment(database_url).items():
        monkeypatch.setenv(name, value)

    async def limit(pool: Pool) -> float:
        async with connection(pool) as held:
            text = "SELECT extract(epoch FROM current_setting('statement_timeout')::interval)::float8"
            return float(await held.fetchval(text))

    assert await asyncio.to_thread(with_private_pool, limit) > 30


async def test_an_address_that_no_key_opens_ends_the_rotation_with_an_error(
    desk: Paper, replydesk: Run
) -> None:
    await desk.post()
    done = replydesk("keys", "rotate", REPLYDESK_EMAIL_KEYS=as_setting(2))
    assert done.returncode == 1
    assert "1 addresses cannot be opened" in done.stderr
    assert (await desk.owner.fetchval("SELECT key_id FROM comment_email")) == 1


async def opened(desk: Paper, vault: Any) -> dict[Any, str]:
    rows = await desk.owner.fetch("SELECT * FROM comment_email")
    return {
        row["comment_id"]: vault.open(
            SealedEmail(row["key_id"], row["sealed"]), row["site_id"], row["comment_id"]
        ).reveal()
        for row in rows
    }


async def seal_many(desk: Paper, count: int) -> dict[Any, str]:
    """Comments of as many people, each with an address sealed by the old key; straight into the tables."""
    await desk.post()
    await desk.owner.execute("SET session_replication_role = replica")
    rows = await desk.owner.fetch(
        """
        INSERT INTO comment (site_id, id, page_id, author, text, fingerprint)
        SELECT site_id, gen_random_uuid(), page_id, 'x', 'x', 'x' FROM comment, generate_series(1, $1)
        RETURNING site_id, id
        """,
        count,
    )
    await desk.owner.execute("SET session_replication_role = origin")
    vault = make_vault()
    sealed = [
        (row["site_id"], row["id"], vault.seal(make_email(), row["site_id"], row["id"])) for row in rows
    ]
    await desk.owner.executemany(
        "INSERT INTO comment_email (site_id, comment_id, key_id, sealed) VALUES ($1, $2, $3, $4)",
        [(site_id, comment_id, one.key_id, one.sealed) for site_id, comment_id, one in sealed],
    )
    return await opened(desk, vault)


def start_rotation(database_url: str) -> "subprocess.Popen[bytes]":
    """`replydesk keys rotate`, to be killed."""
    return subprocess.Popen(
        [sys.executable, "-m", "service.cli", "keys", "rotate"],
        cwd=PROJECT, env=environment(database_url, **BOTH),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


async def test_killed_in_the_middle_every_address_opens_and_the_next_run_goes_on(
    desk: Paper, database_url: str, replydesk: Run
) -> None:
    stored = await seal_many(desk, 6000)
    done_by_kill = []

    async def is_begun(least: int) -> bool:
        changed: int = await desk.owner.fetchval("SELECT count(*) FROM comment_email WHERE key_id = 2")
        return changed >= least

    for least in (1, 1500):
        process = start_rotation(database_url)
        await until(lambda least=least: is_begun(least))
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
        done_by_kill.append(await desk.owner.fetchval("SELECT count(*) FROM comment_email WHERE key_id = 2"))
        assert await opened(desk, make_vault(email=(2, 1))) == stored
    assert 0 < done_by_kill[0] < len(stored), "it was killed before or after its work, not in the middle"
    assert replydesk("keys", "rotate", **BOTH).returncode == 0
    assert await opened(desk, make_vault(email=(2,))) == stored
    assert table(replydesk("keys", "status", **NEW).stdout)["email", 2] == (
        len(stored),
        len(stored),
        "newest",
    )
