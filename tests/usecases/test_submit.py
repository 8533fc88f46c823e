"""Taking a reply: once, byte for byte, sealed, under its parent, or not at all."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag

from service.domain.errors import (
    DomainError,
    IdempotencyKeyReused,
    PageClosed,
    ParentNotFound,
    TooManyPages,
)
from service.domain.policy import Policy
from service.storage import submissions
from service.storage.pool import Pool
from service.usecases.submit import KEY_WINDOW, SAME_REPLY_WINDOW
from service.usecases.sweep import drop_old_keys
from service.vault import SealedEmail
from tests.factories import (
    PAGE_URL,
    Paper,
    make_arrival,
    make_email,
    make_site,
    make_submission,
    make_vault,
    until_blocked,
)

OTHER_PAGE = "https://paper.example/bridge"


async def pass_time(paper: Paper, passed: timedelta) -> None:
    """As if everything had been remembered so much earlier."""
    await paper.owner.execute("UPDATE submission_key SET submitted_at = submitted_at - $1::interval", passed)


async def nothing_is_stored(paper: Paper) -> bool:
    tables = ("comment", "comment_email", "page", "author", "author_identity", "submission_key", "decision")
    return [await paper.count(table) for table in tables] == [0] * len(tables)


# ---- what is stored


@pytest.mark.parametrize(
    "text", ["Zoë 🦉 e\u0301 \u200d\u202e x", "a\tb\n\nc", "<b>&amp;</b>", "x" * 5000, "%s {0} \\u0041"]
)
async def test_a_reply_is_stored_byte_for_byte_and_pending(text: str, paper: Paper) -> None:
    accepted = await paper.accept(
        make_submission(text=text, author="Zoë “Z” O'Neil", website="https://z.example/?a=b")
    )
    row = await paper.row(accepted.id)
    assert (row["text"], row["author"], row["website"]) == (text, "Zoë “Z” O'Neil", "https://z.example/?a=b")
    assert (row["status"], row["version"], row["reason"], row["attempts"]) == ("pending", 1, None, 0)
    assert (accepted.is_new, accepted.page_url, accepted.submitted_at) == (
        True,
        PAGE_URL,
        row["submitted_at"],
    )
    assert accepted.id.version == 7
    assert await paper.count("decision") == 0


async def test_what_came_with_the_request_is_stored_beside_it(paper: Paper) -> None:
    submission = make_submission(honeypot_filled=True)
    accepted = await paper.accept(submission, network=b"n" * 16, seconds_to_fill=2.5)
    row = await paper.row(accepted.id)
    assert (row["honeypot_filled"], row["seconds_to_fill"], row["network"]) == (True, 2.5, b"n" * 16)


async def test_the_address_is_sealed_for_this_comment_alone(paper: Paper) -> None:
    comment_id = await paper.post(email=make_email("mara"))
    other = await paper.post(email=make_email("mara"))
    row = await paper.owner.fetchrow("SELECT * FROM comment_email WHERE comment_id = $1", comment_id)
    sealed = SealedEmail(row["key_id"], row["sealed"])
    assert b"mara" not in sealed.sealed
    assert paper.desk.vault.open(sealed, paper.site.id, comment_id) == make_email("mara")
    for site_id, comment in ((paper.site.id, other), (paper.site.id + 1, comment_id)):
        with pytest.raises(InvalidTag):
            paper.desk.vault.open(sealed, site_id, comment)


async def test_a_site_may_ask_for_no_address(paper: Paper) -> None:
    comment_id = await paper.post(email=None, author="")
    assert (await paper.row(comment_id))["author_id"] is None
    assert await paper.count("comment_email") == await paper.count("author") == 0


# ---- authors


async def test_an_author_is_the_same_key_at_one_site_and_another_at_the_next(paper: Paper) -> None:
    other = await make_site(paper.owner, "gazette", Policy())
    for site in (paper.site, other):
        for spelling in ("mara", "Mara", "noor"):
            url = f"https://{site.slug}.example/x"
            await paper.desk.accept(
                site, make_submission(email=make_email(spelling)), make_arrival(page_url=url)
            )
    rows = await paper.owner.fetch("SELECT site_id, key FROM author")
    assert len(rows) == len({row["key"] for row in rows}) == 4
    assert all(len(row["key"]) == 12 for row in rows)
    comments = await paper.owner.fetch("SELECT site_id, author_id, count(*) AS n FROM comment GROUP BY 1, 2")
    assert sorted(row["n"] for row in comments) == [1, 1, 2, 2]


async def test_twenty_first_replies_of_one_author_at_once_make_one_author(paper: Paper) -> None:
    await asyncio.gather(*(paper.accept(make_submission(email=make_email("mara"))) for _ in range(20)))
    assert await paper.count("author") == await paper.count("author_identity") == 1
    assert await paper.owner.fetchval("SELECT count(DISTINCT author_id) FROM comment") == 1


# ---- the same reply again


async def test_a_double_click_is_one_reply(paper: Paper) -> None:
    submission = make_submission()
    first = await paper.accept(submission)
    second = await paper.accept(submission)
    assert second == replace(first, is_new=False)
    assert await paper.count("comment") == await paper.count("comment_email") == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "Another text."},
        {"author": "Noor"},
        {"email": make_email("another")},
        {"email": None},
        {"website": "https://z.example/"},
    ],
)
async def test_what_differs_in_one_value_is_another_reply(changes: dict[str, Any], paper: Paper) -> None:
    submission = make_submission()
    first = await paper.accept(submission)
    second = await paper.accept(replace(submission, **changes))
    assert second.is_new
    assert first.id != second.id


async def test_the_same_reply_to_another_parent_or_page_is_another_reply(paper: Paper) -> None:
    parent = await paper.post_published()
    submission = make_submission()
    first = await paper.accept(submission)
    assert (await paper.accept(replace(submission, parent_id=parent))).is_new
    assert (await paper.accept(submission, page_url=OTHER_PAGE)).is_new
    assert not (await paper.accept(submission)).is_new
    assert (await paper.accept(submission)).id == first.id


async def test_the_same_reply_after_a_minute_is_another_one(paper: Paper) -> None:
    submission = make_submission()
    first = await paper.accept(submission)
    await pass_time(paper, SAME_REPLY_WINDOW - timedelta(seconds=5))
    assert (await paper.accept(submission)).id == first.id
    await pass_time(paper, timedelta(seconds=6))
    again = await paper.accept(submission)
    assert again.is_new
    assert (await paper.accept(submission)).id == again.id


async def test_the_same_reply_at_two_sites_is_two(paper: Paper) -> None:
    other = await make_site(paper.owner, "gazette", Policy())
    submission = make_submission()
    assert (await paper.accept(submission, idempotency_key="k")).is_new
    assert (await paper.desk.accept(other, submission, make_arrival(idempotency_key="k"))).is_new


@pytest.mark.parametrize("key", [None, "a-key"])
async def test_ten_parallel_duplicates_are_one_row_and_one_answer(key: str | None, paper: Paper) -> None:
    submission = make_submission()
    answers = await asyncio.gather(*(paper.accept(submission, idempotency_key=key) for _ in range(10)))
    assert len({answer.id for answer in answers}) == 1
    assert sum(answer.is_new for answer in answers) == 1
    assert len({answer.submitted_at for answer in answers}) == 1
    assert await paper.count("comment") == 1


# ---- keys


async def test_a_key_is_remembered_for_a_day(paper: Paper) -> None:
    submission = make_submission()
    first = await paper.accept(submission, idempotency_key="k", refuse_other_body=True)
    await pass_time(paper, KEY_WINDOW - timedelta(minutes=1))
    assert await paper.accept(submission, idempotency_key="k") == replace(first, is_new=False)
    await pass_time(paper, timedelta(minutes=2))
    assert (await paper.accept(submission, idempotency_key="k")).is_new


async def test_a_key_gives_the_first_answer_also_after_the_comment_was_decided(paper: Paper) -> None:
    submission = make_submission()
    first = await paper.accept(submission, idempotency_key="k")
    await paper.decide(first.id, "spam")
    assert await paper.accept(submission, idempotency_key="k") == replace(first, is_new=False)


async def test_another_body_under_a_key_is_refused_to_a_client_and_nothing_is_stored(paper: Paper) -> None:
    await paper.accept(idempotency_key="k")
    before = await paper.count("submission_key")
    with pytest.raises(IdempotencyKeyReused):
        await paper.accept(idempotency_key="k", refuse_other_body=True, page_url=OTHER_PAGE)
    assert (await paper.count("comment"), await paper.count("page")) == (1, 1)
    assert await paper.count("submission_key") == before


async def test_another_body_under_a_forms_key_is_a_submission_of_its_own(paper: Paper) -> None:
    first_body, second_body = make_submission(), make_submission()
    first = await paper.accept(first_body, idempotency_key="k")
    second = await paper.accept(second_body, idempotency_key="k")
    assert second.is_new
    assert (await paper.accept(first_body, idempotency_key="k")).id == first.id
    assert (await paper.accept(second_body, idempotency_key="k")).id == second.id
    assert await paper.count("comment") == 2


async def test_the_changed_body_under_a_forms_key_is_remembered_for_a_day_too(paper: Paper) -> None:
    """Sent, changed, sent again, and that answer was lost: the reader reloads an hour later."""
    changed = make_submission()
    await paper.accept(idempotency_key="k")
    second = await paper.accept(changed, idempotency_key="k")
    await pass_time(paper, timedelta(hours=1))
    assert (await paper.accept(changed, idempotency_key="k")).id == second.id


async def test_the_same_reply_under_two_keys_is_two_submissions_each_with_its_own_answer(
    paper: Paper,
) -> None:
    """Who sends a key says what is a retry; and each key must lead to one comment for its whole day."""
    submission = make_submission()
    first = await paper.accept(submission, idempotency_key="one", refuse_other_body=True)
    second = await paper.accept(submission, idempotency_key="two", refuse_other_body=True)
    assert first.id != second.id
    await pass_time(paper, timedelta(minutes=5))
    for key, expected in (("one", first), ("two", second)):
        for _ in range(2):
            assert (await paper.accept(submission, idempotency_key=key)).id == expected.id
    assert await paper.count("comment") == 2


async def test_no_remembered_key_points_to_a_comment_that_is_not_there(paper: Paper) -> None:
    submission = make_submission()
    for key in (None, "one", "two", None, "one", "three"):
        await paper.accept(submission, idempotency_key=key)
    lost = "SELECT count(*) FROM submission_key WHERE comment_id NOT IN (SELECT id FROM comment)"
    assert await paper.owner.fetchval(lost) == 0


async def test_a_parallel_duplicate_waits_and_takes_over_where_the_first_one_gave_up(paper: Paper) -> None:
    """The first transaction holds the key and is rolled back: the waiting one stores the reply."""
    submission = make_submission()
    async with paper.web.acquire() as first:
        transaction = first.transaction()
        await transaction.start()
        await paper.desk._accept(first, paper.site, submission, make_arrival(idempotency_key="k"))
        waiting = asyncio.create_task(paper.accept(submission, idempotency_key="k"))
        await until_blocked(paper)
        assert not waiting.done()
        await transaction.rollback()
    assert (await waiting).is_new
    assert await paper.count("comment") == 1


async def test_a_parallel_duplicate_waits_for_the_first_ones_answer(paper: Paper) -> None:
    submission = make_submission()
    async with paper.web.acquire() as first, first.transaction():
        held = await paper.desk._accept(first, paper.site, submission, make_arrival(idempotency_key="k"))
        waiting = asyncio.create_task(paper.accept(submission, idempotency_key="k"))
        await until_blocked(paper)
        assert not waiting.done()
    assert await waiting == replace(held, is_new=False)


async def test_the_worker_forgets_keys_of_more_than_a_day_and_no_others(paper: Paper, worker: Pool) -> None:
    await paper.accept(idempotency_key="old")
    await pass_time(paper, KEY_WINDOW + timedelta(seconds=1))
    submission = make_submission()
    kept = await paper.accept(submission, idempotency_key="new")
    before = await paper.count("submission_key")
    assert await drop_old_keys(worker) >= 1
    assert 1 <= await paper.count("submission_key") < before
    assert (await paper.accept(submission, idempotency_key="new")).id == kept.id
    assert await drop_old_keys(worker) == 0


async def test_old_keys_go_in_batches(paper: Paper, worker: Pool) -> None:
    await paper.owner.execute(
        """
        INSERT INTO submission_key (site_id, key, body, comment_id, submitted_at)
        SELECT $1, int4send(n), 'x', gen_random_uuid(), now() - interval '25 hours'
        FROM generate_series(1, 2500) AS n
        """,
        paper.site.id,
    )
    assert await drop_old_keys(worker) == 2500
    async with worker.acquire() as held:
        assert await submissions.delete_old_keys(held, timedelta(0), limit=10) == 0


# ---- parents


async def chain(paper: Paper, length: int) -> list[UUID]:
    """Published comments, each a reply to the one before, on a site that allows it."""
    paper.site = replace(paper.site, policy=Policy(depth=10))
    ids: list[UUID] = []
    for _ in range(length):
        ids.append(await paper.post_published(parent_id=ids[-1] if ids else None))
    return ids


@pytest.mark.parametrize("depth", [1, 2, 5])
async def test_a_reply_deeper_than_the_site_allows_is_attached_to_the_last_allowed_one(
    depth: int, paper: Paper
) -> None:
    ids = await chain(paper, 7)
    paper.site = replace(paper.site, policy=Policy(depth=depth))
    for level, parent in enumerate(ids, start=1):  # the parent stands at this level, the top being 1
        row = await paper.row(await paper.post(parent_id=parent))
        above = ids[: min(level, depth - 1)]
        assert row["ancestors"] == above
        assert row["parent_id"] == (above[-1] if above else None)


@pytest.mark.parametrize("status", ["pending", "hold", "reject", "spam"])
async def test_a_reply_to_what_is_not_published_is_refused(status: str, paper: Paper) -> None:
    parent = await paper.post()
    if status != "pending":
        await paper.decide(parent, status)
    with pytest.raises(ParentNotFound):
        await paper.post(parent_id=parent)
    assert await paper.count("comment") == 1


async def test_a_parent_of_another_page_another_site_or_nowhere_is_refused(paper: Paper) -> None:
    parent = await paper.post_published()
    other = await make_site(paper.owner, "gazette", Policy())
    for site, url, parent_id in (
        (paper.site, OTHER_PAGE, parent),
        (other, PAGE_URL, parent),
        (paper.site, PAGE_URL, uuid4()),
    ):
        with pytest.raises(ParentNotFound):
            await paper.desk.accept(site, make_submission(parent_id=parent_id), make_arrival(page_url=url))
    assert (await paper.count("comment"), await paper.count("page")) == (1, 1)


# ---- pages


async def test_a_closed_page_takes_nothing(paper: Paper) -> None:
    await paper.post()
    await paper.owner.execute("UPDATE page SET open = false")
    keys = await paper.count("submission_key")
    with pytest.raises(PageClosed):
        await paper.accept(idempotency_key="k")
    assert (await paper.count("comment"), await paper.count("submission_key")) == (1, keys)


async def test_what_was_accepted_before_the_page_closed_is_answered_as_before(paper: Paper) -> None:
    submission = make_submission()
    first = await paper.accept(submission, idempotency_key="k")
    await paper.owner.execute("UPDATE page SET open = false")
    assert (await paper.accept(submission, idempotency_key="k")).id == first.id


async def test_new_pages_are_limited_by_the_hour_and_known_ones_are_not(paper: Paper) -> None:
    paper.site = replace(paper.site, policy=Policy(new_pages_per_hour=3))
    for number in range(3):
        await paper.post(page_url=f"https://paper.example/{number}")
    with pytest.raises(TooManyPages):
        await paper.post(page_url="https://paper.example/4")
    await paper.post(page_url="https://paper.example/2")
    assert await paper.count("page") == 3
    await paper.owner.execute("UPDATE page SET created_at = created_at - interval '61 minutes'")
    await paper.post(page_url="https://paper.example/4")


async def test_the_first_title_of_a_page_stays(paper: Paper) -> None:
    for title in (None, "The mill", "Another title", None):
        await paper.post(page_title=title)
    assert (await paper.page())["title"] == "The mill"
    await paper.post(page_url=OTHER_PAGE, page_title="The bridge")
    assert (await paper.page(OTHER_PAGE))["title"] == "The bridge"


async def test_ten_first_replies_at_once_make_one_page(paper: Paper) -> None:
    await asyncio.gather(*(paper.accept() for _ in range(10)))
    assert (await paper.count("page"), await paper.count("comment")) == (1, 10)


async def test_pages_whose_urls_differ_late_are_two(paper: Paper) -> None:
    long = "https://paper.example/" + "x" * 3000
    await paper.post(page_url=long + "a")
    await paper.post(page_url=long + "b")
    assert await paper.count("page") == 2


# ---- nothing half


@pytest.mark.parametrize("site_changes", [{"new_pages_per_hour": 0}, {}])
async def test_when_something_raises_nothing_at_all_is_stored(
    site_changes: dict[str, int], paper: Paper
) -> None:
    paper.site = replace(paper.site, policy=Policy(**site_changes))
    submission = make_submission(parent_id=None if site_changes else uuid4())
    with pytest.raises(DomainError):
        await paper.accept(submission, idempotency_key="k")
    assert await nothing_is_stored(paper)


async def test_a_failure_behind_the_last_statement_stores_nothing(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = submissions.insert_comment

    async def write_and_fail(*given: Any) -> Any:
        await written(*given)
        raise ZeroDivisionError

    submission = make_submission()
    with monkeypatch.context() as patch:
        patch.setattr(submissions, "insert_comment", write_and_fail)
        with pytest.raises(ZeroDivisionError):
            await paper.accept(submission, idempotency_key="k")
    assert await nothing_is_stored(paper)
    assert (await paper.accept(submission, idempotency_key="k")).is_new


async def test_the_desk_keeps_working_with_rotated_keys(paper: Paper) -> None:
    first = await paper.post(email=make_email("mara"))
    paper.desk = replace(paper.desk, vault=make_vault(email=(2, 1)))
    second = await paper.post(email=make_email("mara"))
    keys = await paper.owner.fetch("SELECT comment_id, key_id, sealed FROM comment_email ORDER BY key_id")
    assert [row["key_id"] for row in keys] == [1, 2]
    for row in keys:
        opened = paper.desk.vault.open(
            SealedEmail(row["key_id"], row["sealed"]), paper.site.id, row["comment_id"]
        )
        assert opened == make_email("mara")
    assert (await paper.row(first))["author_id"] == (await paper.row(second))["author_id"]
