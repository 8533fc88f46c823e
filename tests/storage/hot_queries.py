"""What the product asks all day, by name: functions of its storage with values of a filled database."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from service.domain.comment_id import new_comment_id
from service.domain.status import Status
from service.moderation.checks.thread_heat import HEATED_BY
from service.storage import (
    alerts,
    appeals,
    authors,
    check_figures,
    claims,
    decisions,
    deliveries,
    desk,
    erasures,
    events,
    evidence,
    feeds,
    figures,
    hourly_figures,
    labels,
    leases,
    moves,
    own_data,
    pages,
    past,
    picks,
    published_texts,
    queue,
    reader_mails,
    receipts,
    rechecks,
    redactions,
    replays,
    reports,
    retention,
    revisions,
    samples,
    sealed_emails,
    standings,
    submissions,
    threads,
    transparency,
)  # fmt: skip
from service.storage.queue_filters import Place, QueueFilter, QueueSort
from service.storage.retention import KINDS
from service.storage.submissions import KeyToTake, NewComment, Parent
from service.storage.threads import Position, Sort

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Big:
    """Things of a big database: the busiest site and its page, and a comment of each status there."""

    site_id: int
    site_ids: list[int]
    page_id: int
    url: str
    author_id: int
    author_key: str
    comments: dict[str, dict[str, Any]]
    word: str

    @classmethod
    async def look(cls, held: Any) -> "Big":
        site_ids = [row["id"] for row in await held.fetch("SELECT id FROM site ORDER BY id")]
        page = await held.fetchrow("SELECT id, url FROM page ORDER BY published_count DESC LIMIT 1")
        comments = await held.fetch(
            "SELECT DISTINCT ON (status) * FROM comment WHERE site_id = $1 AND parent_id IS NULL"
            " ORDER BY status, page_id = $2 DESC, published_descendants DESC, submitted_at DESC",
            site_ids[0],
            page["id"],
        )
        pending = await held.fetchrow("SELECT * FROM comment WHERE status = 'pending' LIMIT 1")
        author = await held.fetchrow(
            "SELECT id, key FROM author WHERE site_id = $1 ORDER BY created_at LIMIT 1", site_ids[0]
        )
        by_status = {one["status"]: dict(one) for one in (pending, *comments)}
        word = comments[0]["text"].split()[3].strip(".")
        return cls(
            site_ids[0], site_ids, page["id"], page["url"], author["id"], author["key"], by_status, word
        )

    def of_one_site(self) -> "Big":
        """As a moderator of the busiest site alone asks."""
        return replace(self, site_ids=self.site_ids[:1])

    def id_of(self, status: str) -> UUID:
        return cast("UUID", self.comments[status]["id"])

    def place(self, status: str = "held") -> Position:
        one = self.comments[status]
        return Position(one["submitted_at"], one["id"])

    def move(self, status: str, to: Status, action: str) -> moves.Move:
        one = self.comments[status]
        return moves.Move(
            site_id=one["site_id"], comment_id=one["id"], version=one["version"], status=to,
            source="moderator",
            action=action, moderator_id=1, reason="off_topic",
        )  # fmt: skip


Work = Callable[[Any, Big], Awaitable[object]]


def _thread(sort: Sort, *, goes_on: bool) -> Work:
    return lambda held, big: threads.list_thread(
        held, big.site_id, big.page_id, sort=sort, limit=50, after=big.place("published") if goes_on else None
    )


def _queue(sort: QueueSort, status: str | None = "held", *, goes_on: bool = False, **only: Any) -> Work:
    def work(held: Any, big: Big) -> Awaitable[object]:
        asked = {name: value(big) if callable(value) else value for name, value in only.items()}
        after = Place(big.place(), 0.5) if goes_on else None
        return queue.list_queue(
            held, big.site_ids, status=status, sort=sort, limit=50, after=after, only=QueueFilter(**asked)
        )

    return work


def _count(**only: Any) -> Work:
    def work(held: Any, big: Big) -> Awaitable[object]:
        asked = {name: value(big) if callable(value) else value for name, value in only.items()}
        return queue.count_held(held, big.site_id, QueueFilter(**asked))

    return work


FILTERS: dict[str, dict[str, Any]] = {
    "page": {"page_url": lambda big: big.url},
    "section": {"section": lambda big: big.url.rpartition("/")[0].rpartition("/")[0]},
    "reason": {"reason": "links"},
    "check": {"check": "links"},
    "least score": {"min_score": 0.9},
    "most score": {"max_score": 0.2},
    "language": {"language": "en"},
    "after": {"submitted_after": datetime.now(UTC) - 3 * DAY},
    "before": {"submitted_before": datetime.now(UTC) - 300 * DAY},
    "author": {"author_key": lambda big: big.author_key},
    "words": {"words": lambda big: big.word},
    "not proposed by": {"not_proposed_by": 1},
    "reported": {"reported": True},
}
SORTS: tuple[QueueSort, ...] = ("oldest", "newest", "risk")

READERS: dict[str, Work] = {
    **{f"thread {sort}": _thread(sort, goes_on=False) for sort in ("oldest", "newest", "picks")},
    **{f"thread {sort} goes on": _thread(sort, goes_on=True) for sort in ("oldest", "newest", "picks")},
    "a published comment": lambda held, big: threads.find_published(
        held, big.site_id, big.id_of("published")
    ),
    "a page": lambda held, big: pages.find_page(held, big.site_id, big.url, close_after_days=30),
    "numbers of pages": lambda held, big: pages.list_counts(held, big.site_id, [big.url]),
    "feed of a page": lambda held, big: feeds.list_newest(held, big.site_id, big.page_id),
    "feed of a site": lambda held, big: feeds.list_newest(held, big.site_id, None),
    "a receipt": lambda held, big: receipts.find_own_comment(held, big.site_id, big.id_of("rejected")),
    "own data": lambda held, big: own_data.list_own_data(held, big.site_id, big.author_id),
    "what can be reported": lambda held, big: reports.find_reportable(
        held, big.site_id, big.id_of("published")
    ),
    "what can be appealed": lambda held, big: appeals.find_appealable(
        held, big.site_id, big.id_of("rejected")
    ),
    "a withdrawal": lambda held, big: revisions.withdraw(held, big.site_id, big.id_of("published")),
}


async def _submit(held: Any, big: Big) -> None:
    parent = await submissions.find_parent(held, big.site_id, big.page_id, big.id_of("published"))
    assert parent is not None
    own = new_comment_id()
    keys = [KeyToTake(own.bytes * 2, own.bytes * 2)]
    await submissions.find_same(held, big.site_id, keys, window=DAY)
    await submissions.claim_keys(held, big.site_id, keys, own, window=DAY)
    await submissions.insert_comment(held, _new_comment(big, own, parent))
    await submissions.find_accepted(held, big.site_id, own)


def _new_comment(big: Big, own: UUID, parent: Parent) -> NewComment:
    return NewComment(
        site_id=big.site_id, id=own, page_id=big.page_id, parent=parent, author_id=big.author_id,
        author="Mara",
        website=None, text="A reply.", fingerprint=b"1" * 32, name_skeleton="mara", network=b"1" * 16,
        user_agent="other", honeypot_filled=False, seconds_to_fill=9.0, email=None,
    )  # fmt: skip


def _facts(held: Any, big: Big) -> Awaitable[object]:
    one = big.comments["pending"]
    wanted = evidence.Wanted(
        author_window=timedelta(hours=1), network_window=timedelta(hours=1), author_up_to=10,
        network_up_to=10,
        bands=list(range(8)), alike_from=2, heated_by=HEATED_BY,
    )  # fmt: skip
    return evidence.read_facts(held, one["site_id"], one["id"], wanted)


async def _check(held: Any, big: Big) -> None:
    lease, token = timedelta(seconds=60), uuid4()
    for one in await leases.claim_due(held, token, limit=20, lease=lease):
        await leases.count_attempt(held, one, token, lease)
        await moves.move(
            held,
            moves.Move(
                site_id=one.site_id, comment_id=one.id, version=one.version, status=Status.PUBLISHED,
                source="checks", action="publish", policy_version=1, lease_token=token,
            ),
        )  # fmt: skip


def _expire(kind: str) -> Work:
    return lambda held, _big: retention.expire(held, kind, limit=50)


WORKERS: dict[str, Work] = {
    "a submission": _submit,
    "facts about a comment": _facts,
    "claim, attempt and verdict": _check,
    "what is due": lambda held, _big: leases.count_due(held, timedelta(seconds=60)),
    "leases of a wrong clock": lambda held, _big: leases.recall(held, timedelta(seconds=60)),
    **{f"expire {kind}": _expire(kind) for kind in KINDS},
    "go on erasing": lambda held, _big: erasures.go_on_erasing(held, limit=50),
    "old keys": lambda held, _big: submissions.delete_old_keys(held, DAY, limit=1000),
    "old sketches": lambda held, _big: evidence.drop_old_sketches(held, limit=1000),
    "old events": lambda held, _big: events.drop_old_events(held, 1000),
    "order events": lambda held, _big: events.order_events(held, limit=1000),
    "events": lambda held, big: events.list_events(held, 0, limit=100, site_ids=big.site_ids),
    "events for webhooks": lambda held, _big: deliveries.take_over_events(held),
    "deliveries": lambda held, _big: deliveries.lease_due(held, uuid4(), DAY, each=10, most=100),
    "mails": lambda held, _big: reader_mails.lease_due(held, uuid4(), DAY, limit=20),
    "is a mail due": lambda held, _big: reader_mails.is_any_due(held),
    "fold counts": lambda held, _big: figures.fold_counts(held, 1000),
    "backlog": lambda held, _big: figures.read_backlog(held),
    "minutes held": lambda held, big: alerts.minutes_held(held, big.site_id),
    "answers of checks": lambda held, big: alerts.latest_answers(held, big.site_id),
    "an hour": lambda held, _big: hourly_figures.keep_span(
        held, datetime.now(UTC) - timedelta(hours=3), datetime.now(UTC) - timedelta(hours=2)
    ),
    "labels": lambda held, big: labels.list_labels(held, big.site_id, limit=500, models=["spam_model"]),
    "texts that are published": lambda held, big: published_texts.latest_published(
        held, big.site_id, limit=200
    ),
    "a key's addresses": lambda held, _big: sealed_emails.lock_sealed_otherwise(
        held, 2, after=(0, UUID(int=0)), limit=100
    ),
    "authors without an index": lambda held, _big: sealed_emails.list_unindexed(
        held, 12, email_key_id=1, after=(0, 0), limit=100
    ),
    "what was decided before": lambda held, big: past.list_past(held, big.site_id, before=None, limit=100),
}


def _decide(status: str, to: Status, action: str) -> Work:
    async def work(held: Any, big: Big) -> None:
        one = big.comments[status]
        await decisions.lock_comment(held, big.site_ids, one["id"])
        await decisions.release_claim(held, big.site_id, one["id"])
        assert await moves.move(held, big.move(status, to, action)) == one["version"] + 1

    return work


async def _claim(held: Any, big: Big) -> None:
    assert await queue.claim_held(held, big.site_ids, 1, limit=20, seconds=300)
    await claims.list_claims(held, big.site_ids, limit=100)
    await claims.release_all(held, big.site_ids, 1)


async def _work_on_one(held: Any, big: Big) -> None:
    ids = [big.id_of("held"), big.id_of("published")]
    await desk.claim_one(held, big.site_ids, ids[0], 1, seconds=300)
    await desk.list_standing(held, big.site_ids, ids, 1)
    await queue.find_queued(held, big.site_ids, ids)
    await decisions.list_history(held, big.site_id, ids[0])
    await redactions.read_text(held, big.site_id, ids[0])
    await desk.release_one(held, big.site_ids, ids[0], 1)


async def _author(held: Any, big: Big) -> None:
    assert await authors.find_author(held, big.site_id, big.author_key)
    await authors.list_comments(held, big.site_id, big.author_id, limit=50)
    await standings.list_of_author(held, big.site_id, big.author_id)


MODERATORS: dict[str, Work] = {
    **{f"queue {sort}": _queue(sort) for sort in SORTS},
    **{f"queue {sort} goes on": _queue(sort, goes_on=True) for sort in SORTS},
    **{
        f"queue of {status}": _queue("newest", status)
        for status in ("published", "rejected", "spam", "pending")
    },
    **{f"queue {sort} by {name}": _queue(sort, **only) for name, only in FILTERS.items() for sort in SORTS},
    "queue of what is reported": _queue("newest", None, reported=True),
    "count by author": _count(author_key=lambda big: big.author_key, not_proposed_by=1),
    "count by page": _count(page_url=lambda big: big.url, not_proposed_by=1),
    "beside the queue": lambda held, big: desk.find_beside(held, big.site_ids, big.site_ids),
    "newest of a queue": lambda held, big: desk.list_newest(held, big.site_ids, "held", limit=50),
    "newest that are reported": lambda held, big: desk.list_newest(held, big.site_ids, None, limit=50),
    "a shift": lambda held, big: desk.read_shift(held, big.site_ids, 1, 8),
    "numbers of sites": lambda held, big: figures.list_site_figures(held, big.site_ids),
    "claims": _claim,
    "a comment": _work_on_one,
    "an author": _author,
    "approve": _decide("held", Status.PUBLISHED, "approve"),
    "reject": _decide("held", Status.REJECTED, "reject"),
    "take down": _decide("published", Status.REJECTED, "reject"),
    "pick": lambda held, big: picks.pick(held, big.site_id, big.id_of("published"), 1, is_picked=True),
    "recheck": lambda held, big: rechecks.recheck_some(held, rechecks.Recheck(big.site_id), limit=100),
    "samples": lambda held, big: samples.list_waiting(held, big.site_ids, limit=20),
    "number of samples": lambda held, big: samples.count_waiting(held, big.site_ids),
    "agreement with samples": lambda held, big: samples.list_agreement(held, big.site_id, None),
    "appeals": lambda held, big: appeals.list_open(held, big.site_ids, limit=50),
    "reports of a comment": lambda held, big: reports.find_together(
        held, big.site_id, big.id_of("published")
    ),
    "pages": lambda held, big: pages.list_standing(
        held, big.site_id, close_after_days=30, url=None, before=None, limit=50
    ),
    "a new page": lambda held, big: pages.insert_page(held, big.site_id, "https://site-1.example/new", None),
    "figures of a week": lambda held, big: hourly_figures.list_hours(
        held, big.site_id, datetime.now(UTC) - 7 * DAY, datetime.now(UTC)
    ),
    "what checks said": lambda held, big: check_figures.list_said(held, big.site_id, 7 * DAY, limit=500),
    "what people ruled": lambda held, big: check_figures.list_ruled(held, big.site_id, 7 * DAY, limit=500),
    "transparency": lambda held, big: transparency.list_said(
        held, big.site_id, datetime.now(UTC) - 30 * DAY, datetime.now(UTC)
    ),
    "a replay": lambda held, big: replays.count_undecided(held, big.site_id, [big.url]),
}

HOT: dict[str, Work] = {**READERS, **WORKERS, **MODERATORS}
