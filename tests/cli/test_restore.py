"""A backup of before an erasure is restored: what the ledger says is erased again, and nothing else is."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from migrations import runner
from migrations.files import known_migrations
from service.domain.policy import Policy
from service.embedded.postgres import Postgres
from service.storage.pool import open_pool
from tests.cli.conftest import Run, as_setting
from tests.databases import Databases
from tests.factories import PAGE_URL, Paper, make_email
from tests.usecases.test_erase import everything
from tests.usecases.test_thread_counts import assert_all_is_counted

MARA = make_email("mara.canary")


@pytest.fixture
def another_database_url(databases: Databases) -> Iterator[str]:
    """Where the backup is restored to."""
    url = databases.make()
    yield url
    databases.drop(url)


def dump(postgres: Postgres, url: str, to: Path) -> None:
    """As in docs/operations.md."""
    command = [postgres.programs / "pg_dump", "--format=custom", f"--file={to}", url]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def restore(postgres: Postgres, url: str, backup: Path) -> None:
    command = [postgres.programs / "pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={url}"]
    subprocess.run([*command, backup], check=True, capture_output=True, timeout=60)


async def hers(paper: Paper, text: str, *, parent: UUID | None = None) -> UUID:
    comment_id = await paper.post(email=MARA, author="Mara Canary", text=text, parent_id=parent)
    await paper.decide(comment_id, "approve", note="Mara Canary, a regular.")
    return comment_id


async def at(url: str, of: Paper) -> Paper:
    """The same publication in another database."""
    owner = await asyncpg.connect(url)
    web = await open_pool(url, "replydesk_web", size=2, name="test-web")
    desk = type(of.desk)(web, of.desk.vault, of.desk.signing)
    return Paper(owner, web, of.site, desk, of.mina)


async def test_a_backup_of_before_an_upgrade_is_restored_and_brought_up_to_date(
    empty_database_url: str, another_database_url: str, embedded_postgres: Postgres, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with monkeypatch.context() as before:
        before.setattr(runner, "known_migrations", lambda: known_migrations()[:1])
        await runner.migrate(empty_database_url)
    dump(embedded_postgres, empty_database_url, tmp_path / "backup")
    restore(embedded_postgres, another_database_url, tmp_path / "backup")
    await runner.migrate(another_database_url)
    owner = await asyncpg.connect(another_database_url)
    web = await open_pool(another_database_url, "replydesk_web", size=2, name="test-web")
    paper = await Paper.open(owner, web, Policy())
    assert await paper.status(await paper.post_published()) == ("published", None)
    await web.close()
    await owner.close()


@pytest.mark.parametrize("rotated", [False, True], ids=["the same keys", "keys changed since"])
async def test_what_was_erased_after_the_backup_is_erased_again(
    rotated: bool, desk: Paper, database_url: str, another_database_url: str,
    embedded_postgres: Postgres, replydesk: Run, tmp_path: Path,
) -> None:  # fmt: skip
    noor = await desk.post_published(email=make_email("noor"), text="Noor stays.")
    first = await hers(desk, "Canary was here.")
    below = await desk.post_published(email=make_email("noor"), parent_id=first)
    second = await hers(desk, "Canary again.", parent=noor)
    dump(embedded_postgres, database_url, tmp_path / "backup")

    keys = {}
    if rotated:
        keys = {"REPLYDESK_EMAIL_KEYS": as_setting(2, 1), "REPLYDESK_INDEX_KEYS": as_setting(12, 11)}
        assert replydesk("keys", "rotate", **keys).returncode == 0
    assert replydesk("erase", typed=MARA.reveal(), **keys).returncode == 0
    assert "anary" not in await everything(desk)
    ledger = replydesk("erase", "--ledger").stdout

    restore(embedded_postgres, another_database_url, tmp_path / "backup")
    restored = await at(another_database_url, desk)
    assert "Canary was here." in await everything(restored)
    for _ in range(2):
        done = replydesk("erase", "--reapply", typed=ledger, DATABASE_URL=another_database_url, **keys)
        assert done.returncode == 0, done.stderr
    assert "anary" not in await everything(restored)
    for comment_id in (first, second):
        assert await restored.status(comment_id) == ("erased", None)
    for comment_id in (noor, below):
        assert await restored.status(comment_id) == ("published", None)
    assert (await restored.page(PAGE_URL))["published_count"] == 2
    await assert_all_is_counted(restored)

    back = await hers(restored, "Canary is back.")  # she may come back, and stays when it is done once more
    assert replydesk("erase", "--reapply", typed=ledger, DATABASE_URL=another_database_url).returncode == 0
    assert (await restored.status(back))[0] == "published"
    assert replydesk("erase", "--ledger", DATABASE_URL=another_database_url).stdout == ledger
    await restored.web.close()
    await restored.owner.close()
