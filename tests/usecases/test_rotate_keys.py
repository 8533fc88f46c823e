"""Keys are changed while people write: every address still opens, and one person stays one author."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

import pytest

from service.domain.email import EmailAddress, SealedEmail
from service.storage import sealed_emails, submissions
from service.storage.pool import Pool, connection, in_transaction, open_pool
from service.usecases import rotate_keys
from service.usecases.rotate_keys import KeyRotation, Progress
from service.usecases.submit import SubmissionDesk
from service.vault import Vault
from tests.factories import Paper, make_arrival, make_email, make_keyring, make_submission, make_vault

OLD = make_vault(email=(1,), index=(11,))
BOTH = make_vault(email=(2, 1), index=(12, 11))
NEW = make_vault(email=(2,), index=(12,))


@pytest.fixture
async def private(database_url: str) -> AsyncIterator[Pool]:
    """The command line's connections."""
    pool = await open_pool(database_url, "replydesk_private", size=2, name="test-private")
    yield pool
    pool.terminate()


def desk_of(paper: Paper, vault: Vault, *signing: int) -> SubmissionDesk:
    """A web process with those keys."""
    return SubmissionDesk(paper.web, vault, make_keyring(*signing or (21,)))


async def accept(
    paper: Paper, desk: SubmissionDesk, email: EmailAddress | None = None, **changes: Any
) -> Any:
    submission = make_submission(**({"email": email} if email else {}) | changes)
    accepted = await desk.accept(paper.site, submission, make_arrival())
    return await paper.row(accepted.id)


async def rotate(private: Pool, vault: Vault = BOTH) -> Progress:
    return await KeyRotation(private, vault, lambda _: None, Progress()).run()


async def opened(paper: Paper, vault: Vault) -> dict[Any, str]:
    """Every stored address by comment, opened with these keys alone."""
    rows = await paper.owner.fetch("SELECT * FROM comment_email")
    return {
        row["comment_id"]: vault.open(
            SealedEmail(row["key_id"], row["sealed"]), row["site_id"], row["comment_id"]
        ).reveal()
        for row in rows
    }


async def key_ids(paper: Paper) -> tuple[set[int], set[int]]:
    emails = await paper.owner.fetch("SELECT DISTINCT key_id FROM comment_email")
    indexes = await paper.owner.fetch("SELECT DISTINCT index_key_id FROM author_identity")
    return {key for (key,) in emails}, {key for (key,) in indexes}


async def test_afterwards_the_new_keys_alone_open_and_find_everything(
    paper: Paper, private: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotate_keys, "BATCH", 3)
    old = desk_of(paper, OLD)
    emails = [make_email(f"reader-{n}") for n in range(8)]
    rows = [await accept(paper, old, email) for email in emails]
    done = await rotate(private)
    assert (done.sealed, done.indexed, done.unreadable) == (8, 8, 0)
    assert await opened(paper, NEW) == {
        row["id"]: email.reveal() for row, email in zip(rows, emails, strict=True)
    }
    await rotate(private, NEW)  # the old keys have left the list
    assert await key_ids(paper) == ({2}, {12})
    again = [await accept(paper, desk_of(paper, NEW), email) for email in emails]
    assert [row["author_id"] for row in again] == [row["author_id"] for row in rows]
    assert await rotate(private, NEW) == Progress()


async def test_under_traffic_of_old_and_new_processes_nothing_is_lost(
    paper: Paper, private: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotate_keys, "BATCH", 5)
    desks = [desk_of(paper, OLD), desk_of(paper, BOTH)]
    people = [make_email(f"reader-{n}") for n in range(6)]
    sent: dict[Any, str] = {}
    for email in people[:3]:
        sent[(await accept(paper, desks[0], email))["id"]] = email.reveal()

    async def write(number: int) -> None:
        for turn in range(8):
            email = people[(number + turn) % len(people)]
            submission = make_submission(email=email)
            accepted = await desks[(number + turn) % 2].accept(paper.site, submission, make_arrival())
            sent[accepted.id] = email.reveal()

    async def keep_rotating() -> None:
        for _ in range(4):
            await rotate(private)

    await asyncio.gather(*(write(n) for n in range(6)), keep_rotating())
    assert await opened(paper, BOTH) == sent
    await rotate(private)
    assert await opened(paper, NEW) == sent
    assert await paper.count("author") == len(people)
    of_one = await paper.owner.fetch("SELECT DISTINCT id, author_id FROM comment")
    by_address: dict[str, set[int]] = {}
    for comment_id, author_id in of_one:
        by_address.setdefault(sent[comment_id], set()).add(author_id)
    assert {len(authors) for authors in by_address.values()} == {1}


@pytest.mark.parametrize("vaults", [(OLD, BOTH), (BOTH, BOTH), (make_vault(index=(11, 12)), BOTH)])
async def test_two_first_submissions_of_one_address_at_once_make_one_author(
    vaults: tuple[Vault, Vault], paper: Paper
) -> None:
    for number in range(10):
        email = make_email(f"newcomer-{number}")
        rows = await asyncio.gather(*(accept_quietly(paper, vaults[n % 2], email) for n in range(6)))
        assert len(set(rows)) == 1
    assert await paper.count("author") == 10


async def accept_quietly(paper: Paper, vault: Vault, email: EmailAddress) -> int:
    """On connections of the pool alone: the owner's is one."""
    indexes = vault.indexes(email, paper.site.id)
    return await in_transaction(
        paper.web, lambda held: submissions.author_of(held, paper.site.id, indexes, token_urlsafe(9))
    )


async def test_a_returning_author_is_found_under_the_old_key_and_known_under_the_new_one(
    paper: Paper,
) -> None:
    email = make_email("mara")
    first = await accept(paper, desk_of(paper, OLD), email)
    again = await accept(paper, desk_of(paper, BOTH), email)
    last = await accept(paper, desk_of(paper, NEW), email)
    assert first["author_id"] == again["author_id"] == last["author_id"]


async def test_one_who_was_taken_for_two_is_one_again(paper: Paper, private: Pool) -> None:
    """As where the key was changed by code that knew the newest one alone."""
    email = make_email("mara")
    first = await accept(paper, desk_of(paper, OLD), email)
    second = await accept(paper, desk_of(paper, make_vault(email=(1,), index=(12,))), email)
    assert first["author_id"] != second["author_id"]
    await rotate(private)
    assert (await paper.row(second["id"]))["author_id"] == first["author_id"]
    assert await paper.count("author") == 1
    assert (await accept(paper, desk_of(paper, NEW), email))["author_id"] == first["author_id"]


async def test_an_address_without_its_key_is_counted_and_the_others_are_done(
    paper: Paper, private: Pool
) -> None:
    lost = await accept(paper, desk_of(paper, make_vault(email=(9,))))
    kept = await accept(paper, desk_of(paper, OLD))
    done = await rotate(private)
    assert (done.sealed, done.unreadable) == (1, 1)
    row = await paper.owner.fetchrow("SELECT key_id FROM comment_email WHERE comment_id = $1", lost["id"])
    assert row["key_id"] == 9
    row = await paper.owner.fetchrow("SELECT key_id FROM comment_email WHERE comment_id = $1", kept["id"])
    assert row["key_id"] == 2


@pytest.mark.parametrize("order", [(9, 1), (1, 9)])
async def test_an_author_is_indexed_by_whichever_address_opens(
    order: tuple[int, int], paper: Paper, private: Pool
) -> None:
    email = make_email("mara")
    for key_id in order:
        await accept(paper, desk_of(paper, make_vault(email=(key_id,))), email)
    done = await rotate(private)
    assert (done.sealed, done.indexed, done.unreadable) == (1, 1, 1)
    assert (await accept(paper, desk_of(paper, NEW), email))["author_id"] == 1


async def test_a_row_that_changed_meanwhile_is_not_overwritten(paper: Paper, private: Pool) -> None:
    row = await accept(paper, desk_of(paper, OLD))
    async with connection(private) as held, held.transaction():
        [old] = await sealed_emails.lock_sealed_otherwise(held, 2, after=sealed_emails.NOWHERE, limit=5)
        fresh = BOTH.seal(make_email("other"), paper.site.id, row["id"])
        assert await sealed_emails.replace_sealed(held, old, fresh)
        assert not await sealed_emails.replace_sealed(held, old, fresh)


async def test_what_somebody_locked_is_passed_over_and_done_in_the_end(paper: Paper, private: Pool) -> None:
    row = await accept(paper, desk_of(paper, OLD))
    await accept(paper, desk_of(paper, OLD))
    async with paper.owner.transaction():
        await paper.owner.execute("SELECT FROM comment_email WHERE comment_id = $1 FOR UPDATE", row["id"])
        assert (await rotate(private)).sealed == 1
    assert (await rotate(private)).sealed == 1


async def test_beside_a_process_with_the_old_key_alone_a_run_ends_and_the_status_says_what_is_left(
    paper: Paper, private: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = sealed_emails.lock_sealed_otherwise

    async def lock_beside_a_writer(*words: Any, **names: Any) -> Any:
        if names["after"] == sealed_emails.NOWHERE:  # a walk begins
            await accept(paper, desk_of(paper, OLD))
        return await lock(*words, **names)

    monkeypatch.setattr(sealed_emails, "lock_sealed_otherwise", lock_beside_a_writer)
    assert (await rotate(private)).sealed == rotate_keys.MOST_WALKS
    await accept(paper, desk_of(paper, OLD))
    async with connection(private) as held:
        assert {use.key_id: use.needed for use in await sealed_emails.list_email_keys(held)}[1] == 1


async def test_the_status_says_which_key_can_go(paper: Paper, private: Pool) -> None:
    email = make_email("mara")
    for _ in range(2):
        await accept(paper, desk_of(paper, OLD), email)
    await accept(paper, desk_of(paper, BOTH))
    async with connection(private) as held:
        uses = {use.key_id: (use.rows, use.needed) for use in await sealed_emails.list_email_keys(held)}
        assert uses == {1: (2, 2), 2: (1, 1)}
        uses = {use.key_id: (use.rows, use.needed) for use in await sealed_emails.list_index_keys(held, 12)}
        assert uses == {11: (2, 1), 12: (1, 1)}
    await rotate(private)
    async with connection(private) as held:
        assert [use.key_id for use in await sealed_emails.list_email_keys(held)] == [2]
        uses = {use.key_id: (use.rows, use.needed) for use in await sealed_emails.list_index_keys(held, 12)}
        assert uses == {11: (2, 0), 12: (2, 2)}


# ---- signing keys


@pytest.mark.parametrize("key", [None, "a-key"])
@pytest.mark.parametrize("signing", [(22, 21), (21, 22)], ids=["in front", "behind"])
async def test_a_retry_across_a_change_of_the_signing_key_is_the_same_submission(
    key: str | None, signing: tuple[int, ...], paper: Paper
) -> None:
    submission, arrival = make_submission(), make_arrival(idempotency_key=key)
    before, after = desk_of(paper, OLD, 21), desk_of(paper, OLD, *signing)
    first = await before.accept(paper.site, submission, arrival)
    second = await after.accept(paper.site, submission, arrival)
    assert (second.id, second.is_new) == (first.id, False)
    third = await before.accept(paper.site, submission, arrival)
    assert third.id == first.id
    later = await desk_of(paper, OLD, 22).accept(
        paper.site, make_submission(), make_arrival(idempotency_key="of-its-own")
    )
    assert later.is_new
    assert await paper.count("comment") == 2


async def test_a_second_retry_across_the_change_is_the_same_submission_too(paper: Paper) -> None:
    """The first one must leave nothing behind that stands for a comment which was never stored."""
    before, after = desk_of(paper, OLD, 21), desk_of(paper, OLD, 22, 21)
    for number in range(6):  # whichever of the two keys comes first in order
        submission, arrival = make_submission(), make_arrival(idempotency_key=f"key {number}")
        first = await before.accept(paper.site, submission, arrival)
        for _ in range(2):
            assert (await after.accept(paper.site, submission, arrival)).id == first.id
    assert await paper.count("comment") == 6


async def test_what_was_accepted_under_both_keys_is_known_when_the_old_one_is_gone(paper: Paper) -> None:
    submission, arrival = make_submission(), make_arrival(idempotency_key="a-key")
    first = await desk_of(paper, OLD, 22, 21).accept(paper.site, submission, arrival)
    second = await desk_of(paper, OLD, 22).accept(paper.site, submission, arrival)
    assert (second.id, second.is_new) == (first.id, False)


@pytest.mark.parametrize("key", [None, "a-key"])
async def test_parallel_twins_in_old_and_new_processes_are_one_submission(
    key: str | None, paper: Paper
) -> None:
    desks = [desk_of(paper, OLD, 21), desk_of(paper, OLD, 22, 21)]
    for _ in range(10):
        submission, arrival = make_submission(), make_arrival(idempotency_key=key and token_urlsafe(9))
        answers = await asyncio.gather(
            *(desks[n % 2].accept(paper.site, submission, arrival) for n in range(6))
        )
        assert len({answer.id for answer in answers}) == 1
        assert sum(answer.is_new for answer in answers) == 1


async def test_another_body_under_the_key_is_seen_across_the_change(paper: Paper) -> None:
    first = await desk_of(paper, OLD, 21).accept(
        paper.site, make_submission(), make_arrival(idempotency_key="k")
    )
    changed, arrival = make_submission(), make_arrival(idempotency_key="k")
    new = desk_of(paper, OLD, 22, 21)
    second = await new.accept(paper.site, changed, arrival)
    assert second.is_new
    assert second.id != first.id
    assert (await new.accept(paper.site, changed, arrival)).id == second.id
    assert timedelta(0) <= second.submitted_at - first.submitted_at
