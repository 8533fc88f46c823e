"""No status without its decision: what the database refuses, whoever asks, however cunningly."""

# ruff: noqa: S608  (statements that no program would build are what is tested)

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from service.storage.pool import Pool
from tests.factories import Paper

BROKEN = asyncpg.IntegrityConstraintViolationError


async def execute(pool: Pool, *statements: str) -> None:
    """All of them in one transaction."""
    async with pool.acquire() as held, held.transaction():
        for statement in statements:
            await held.execute(statement)


def decision_of(comment_id: UUID, version: int, status: str, /, **more: str) -> str:
    values = {
        "site_id": "1",
        "comment_id": f"'{comment_id}'",
        "version": str(version),
        "from_status": "'pending'",
        "status": f"'{status}'",
        "source": "'checks'",
        "action": "'hold'",
        "policy_version": "1",
    } | more
    return f"INSERT INTO decision ({', '.join(values)}) VALUES ({', '.join(values.values())})"


@pytest.fixture(params=["web", "worker", "the owner"])
def anyone(request: pytest.FixtureRequest, web: Pool, worker: Pool, database_url: str) -> Any:
    """Each role, and even the owner of the tables."""
    return {"web": web, "worker": worker}.get(request.param)


@pytest.fixture
async def hands(anyone: Pool | None, database_url: str) -> Any:
    if anyone is not None:
        yield anyone
        return
    pool = await asyncpg.create_pool(database_url, min_size=1, max_size=1)
    yield pool
    pool.terminate()


async def test_a_status_without_a_decision_fails_at_commit(hands: Pool, paper: Paper) -> None:
    comment_id = await paper.post()
    for status in ("published", "held", "rejected", "spam", "erased"):
        with pytest.raises(asyncpg.ForeignKeyViolationError, match="comment_is_decided"):
            await execute(hands, f"UPDATE comment SET status = '{status}', version = version + 1")
    assert await paper.status(comment_id) == ("pending", None)


async def test_a_status_without_a_version_fails_at_once(hands: Pool, paper: Paper) -> None:
    comment_id = await paper.post()
    with pytest.raises(BROKEN, match="raises the version by one"):
        await execute(
            hands, decision_of(comment_id, 2, "published"), "UPDATE comment SET status = 'published'"
        )
    assert await paper.status(comment_id) == ("pending", None)


TRICKS = (
    "version = version - 1",
    "version = 1, status = 'pending'",
    "version = version + 1",
    "version = version + 2, status = 'held'",
    "version = version - 1, status = 'held'",
    "version = version, status = 'held'",
    "version = 2, status = 'published'",  # the pair of an earlier decision
    "version = version + 1, status = 'rejected'",  # no change
    "version = version + 1, status = 'published'",  # the status of an earlier decision
)


async def test_a_version_cannot_be_lowered_skipped_used_again_or_raised_for_nothing(
    hands: Pool, paper: Paper
) -> None:
    comment_id = await paper.post_published()
    await paper.decide(comment_id, "reject")
    before = await paper.row(comment_id)
    for trick in TRICKS:
        with pytest.raises(BROKEN):
            await execute(hands, f"UPDATE comment SET {trick} WHERE id = '{comment_id}'")
    assert await paper.row(comment_id) == before


async def test_a_decision_about_another_comment_does_not_count(hands: Pool, paper: Paper) -> None:
    mine, other = await paper.post(), await paper.post()
    with pytest.raises(BROKEN, match="comment_is_decided"):
        await execute(
            hands,
            decision_of(other, 2, "published"),
            f"UPDATE comment SET status = 'published', version = 2 WHERE id = '{mine}'",
        )


async def test_a_decision_for_another_status_does_not_count(hands: Pool, paper: Paper) -> None:
    comment_id = await paper.post()
    with pytest.raises(BROKEN, match="comment_is_decided"):
        await execute(
            hands,
            decision_of(comment_id, 2, "held"),
            f"UPDATE comment SET status = 'published', version = 2 WHERE id = '{comment_id}'",
        )


async def test_a_decision_without_a_version_moves_nothing(hands: Pool, paper: Paper) -> None:
    comment_id = await paper.post()
    with pytest.raises(BROKEN, match="comment_is_decided"):
        await execute(
            hands,
            decision_of(comment_id, 2, "published", version="NULL"),
            f"UPDATE comment SET status = 'published', version = 2 WHERE id = '{comment_id}'",
        )


async def test_with_its_decision_in_the_same_transaction_it_is_taken(hands: Pool, paper: Paper) -> None:
    """In either order: that the decision is there counts at the commit."""
    comment_id = await paper.post()
    await execute(
        hands,
        f"UPDATE comment SET status = 'held', version = 2 WHERE id = '{comment_id}'",
        decision_of(comment_id, 2, "held"),
    )
    assert await paper.status(comment_id) == ("held", None)


async def test_one_version_is_decided_once(hands: Pool, paper: Paper) -> None:
    comment_id = await paper.post_published()
    with pytest.raises(asyncpg.UniqueViolationError, match="decision_version_unique"):
        await execute(hands, decision_of(comment_id, 2, "published"))


async def test_a_comment_begins_pending(hands: Pool, paper: Paper) -> None:
    """Whoever may insert (web, the owner) inserts a pending one; the worker may not at all."""
    comment_id = await paper.post()
    for status, version in (
        ("published", 1),
        ("held", 1),
        ("published", 2),
        ("pending", 0),
        ("pending", 2),
        ("unheard", 2),
    ):
        with pytest.raises((BROKEN, asyncpg.InsufficientPrivilegeError)):
            await execute(
                hands,
                f"""
                INSERT INTO comment (site_id, id, page_id, author, text, fingerprint, status, version)
                SELECT site_id, '{uuid4()}', page_id, author, text, fingerprint, '{status}', {version}
                FROM comment WHERE id = '{comment_id}'
                """,
            )
    assert await paper.count("comment") == 1


@pytest.mark.parametrize(
    ("more", "constraint"),
    [
        ({"source": "'checks'", "policy_version": "NULL"}, "decision_by_checks"),
        ({"source": "'moderator'", "policy_version": "NULL"}, "decision_by_moderator"),
        ({"moderator_id": "1"}, "decision_by_moderator"),
        ({"action": "'reject'"}, "rejection_has_reason"),
        ({"action": "'please'"}, "decision_action_check"),
        ({"source": "'nobody'", "policy_version": "NULL"}, "decision_source_check"),
        ({"comment_id": f"'{UUID(int=7)}'"}, "decision_site_id_comment_id_fkey"),
        ({"site_id": "2"}, "decision_site_id_comment_id_fkey"),
    ],
)
async def test_a_decision_says_who_made_it_and_why(
    more: dict[str, str], constraint: str, web: Pool, paper: Paper
) -> None:
    comment_id = await paper.post()
    with pytest.raises(BROKEN, match=constraint):
        await execute(web, decision_of(comment_id, 2, "held", **more))


async def test_counts_of_readers_never_fall_below_nothing(hands: Pool, paper: Paper) -> None:
    await paper.post()
    for statement in (
        "UPDATE page SET published_count = published_count - 1",
        "UPDATE comment SET published_descendants = -1",
    ):
        with pytest.raises(asyncpg.CheckViolationError):
            await execute(hands, statement)


async def test_no_process_changes_what_a_reader_wrote(paper: Paper, worker: Pool) -> None:
    await paper.post()
    for pool in (paper.web, worker):
        for column in (
            "text",
            "author",
            "website",
            "parent_id",
            "ancestors",
            "author_id",
            "submitted_at",
            "id",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await execute(pool, f"UPDATE comment SET {column} = DEFAULT")


async def test_a_comment_hangs_on_a_page_and_a_parent_of_its_own_site(paper: Paper) -> None:
    comment_id = await paper.post()
    for column, value in (("page_id", "4711"), ("parent_id", f"'{uuid4()}'"), ("author_id", "4711")):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await paper.owner.execute(f"UPDATE comment SET {column} = {value} WHERE id = '{comment_id}'")
