"""What the state machine expects of each comment, and how that is compared with the tables."""

from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from service.domain.submission import Submission
from service.storage.leases import Leased
from service.usecases.submit import Arrival

Row = asyncpg.Record
MAX_ATTEMPTS = 3


@dataclass
class Past:
    """A decision as the history must hold it."""

    version: int | None
    from_status: str
    status: str
    source: str
    action: str
    age_h: int = 0

    def as_stored(self) -> tuple[int | None, str, str, str, str]:
        return (self.version, self.from_status, self.status, self.source, self.action)


@dataclass
class Known:
    """A comment that was acknowledged."""

    id: UUID
    submission: Submission
    arrival: Arrival
    status: str = "pending"
    version: int = 1
    attempts: int = 0
    token: UUID | None = None
    is_due: bool = True
    claimed_by: int | None = None
    claim_age_h: int = 0
    history: list[Past] = field(default_factory=list)

    def move(self, status: str, source: str, action: str) -> None:
        """Take a decision down, as the one statement that moves comments does."""
        moved = status != self.status
        self.history.append(Past(self.version + 1 if moved else None, self.status, status, source, action))
        self.version += moved
        self.status = status

    def is_leased_to(self, leased: Leased, token: UUID) -> bool:
        return (self.status, self.token, self.version) == ("pending", token, leased.version)

    def can_be_undone(self) -> bool:
        last = self.history[-1] if self.history else None
        return bool(last and last.source == "moderator" and last.action != "undo" and last.age_h <= 0)

    def is_the_checks_own(self) -> bool:
        """Whether no person ever decided about it or has claimed it."""
        return self.claimed_by is None and all(past.source != "moderator" for past in self.history)


@dataclass
class Key:
    """What an earlier submission is remembered by."""

    comment_id: UUID
    age_h: int = 0


@dataclass
class Model:
    """Everything that was acknowledged, the keys that are remembered, and what is leased to whom."""

    comments: dict[UUID, Known] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    leases: list[tuple[Leased, UUID]] = field(default_factory=list)
    begun: list[tuple[Leased, UUID]] = field(default_factory=list)
    decisions: list[tuple[object, ...]] = field(default_factory=list)
    pages: dict[int, tuple[int, frozenset[UUID]]] = field(default_factory=dict)
    versions: dict[UUID, int] = field(default_factory=dict)

    def with_status(self, *statuses: str) -> list[Known]:
        return [known for known in self.comments.values() if known.status in statuses]

    def due(self) -> list[Known]:
        return [known for known in self.with_status("pending") if known.is_due]

    def let_pass(self, hours: int) -> None:
        """The clock goes ahead, or back: a day ends keys, a minute those without a name, minutes the rest."""
        for key in self.keys.values():
            key.age_h += hours
        self.keys = {name: key for name, key in self.keys.items() if key.age_h < 24}
        for known in self.comments.values():
            known.claim_age_h += hours
            if known.claim_age_h > 0:
                known.claimed_by = None
            for past in known.history:
                past.age_h += hours

    def remembered(self, name: str) -> UUID | None:
        """The comment that was accepted under this; what begins with `?` is known for a minute."""
        key = self.keys.get(name)
        is_known = key and (key.age_h <= 0 or not name.startswith("?"))
        return key.comment_id if key and is_known else None

    def compare_comments(self, rows: list[Row]) -> None:
        """Nothing lost, nothing doubled, nothing that nobody sent; each as the rules say (I1, I2, I5)."""
        assert len(rows) == len(self.comments)
        for row in rows:
            known = self.comments[row["id"]]
            assert row["text"] == ("" if known.status == "erased" else known.submission.text)
            found = (row["status"], row["version"], row["attempts"], row["lease_token"], row["claimed_by"])
            assert found == (known.status, known.version, known.attempts, known.token, known.claimed_by)
            assert row["attempts"] <= MAX_ATTEMPTS
            assert row["version"] - self.versions.get(row["id"], 1) in {0, 1}, "versions rise one by one"
            self.versions[row["id"]] = row["version"]

    def compare_history(self, rows: list[Row], comments: list[Row]) -> None:
        """The history only grows, explains every status (I3), and no check overrules a person (I5)."""
        raw = [tuple(row.values()) for row in rows]
        assert raw[: len(self.decisions)] == self.decisions, "the history is append-only"
        self.decisions = raw
        by_comment: dict[UUID, list[tuple[object, ...]]] = {one: [] for one in self.comments}
        for row in rows:
            stored = (row["version"], row["from_status"], row["status"], row["source"], row["action"])
            by_comment[row["comment_id"]].append(stored)
            assert row["source"] != "checks" or row["from_status"] == "pending"
        for known in self.comments.values():
            assert by_comment[known.id] == [past.as_stored() for past in known.history]
        for row in comments:
            made = {(one[0], one[2]) for one in by_comment[row["id"]]}
            assert (row["version"], row["status"]) in made or (row["version"], row["status"]) == (
                1,
                "pending",
            )

    def compare_counts(self, pages: list[Row], comments: list[Row]) -> None:
        """Counts are what a recount gives, and whatever readers can see has a revision of its own."""
        published = [row for row in comments if row["status"] == "published"]
        for row in comments:
            below = sum(row["id"] in other["ancestors"] for other in published)
            assert row["published_descendants"] == below
        for page in pages:
            shown = frozenset(row["id"] for row in published if row["page_id"] == page["id"])
            assert page["published_count"] == len(shown)
            revision, before = self.pages.get(page["id"], (0, frozenset()))
            assert page["revision"] > revision or (page["revision"] == revision and shown == before)
            self.pages[page["id"]] = (page["revision"], shown)
