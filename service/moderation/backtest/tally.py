"""Counts what two policies make of the same comments, and what people made of them afterwards."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from service.domain.status import Status
from service.moderation.judge import Verdict

EXAMPLES = 5
"""Of each kind of change, and of each answer of people to it."""

NOBODY = "nobody"
_PEOPLE = {Status.PUBLISHED: "approved", Status.REJECTED: "rejected", Status.SPAM: "spam"}
PEOPLE = ("approved", "rejected", "spam", NOBODY)
"""What people made of a comment; a person's hold is no answer yet."""


@dataclass(frozen=True, slots=True)
class Example:
    """One comment, by its id alone."""

    id: str
    people: str
    rule_live: str
    rule: str


@dataclass(slots=True)
class Agreement:
    """Of what people have answered: decided as they did, otherwise, or left to them."""

    right: int = 0
    wrong: int = 0
    asked: int = 0

    def count(self, status: Status, people: str) -> None:
        """One more, unless nobody answered."""
        if people == NOBODY:
            return
        if status is Status.HELD:
            self.asked += 1
        elif (status is Status.PUBLISHED) == (people == "approved"):
            self.right += 1
        else:
            self.wrong += 1


@dataclass(slots=True)
class OfCheck:
    """What one check decides under the one and the other, and what people made of what is new or gone."""

    live: int = 0
    candidate: int = 0
    gained: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Tally:
    """A part of a backtest; parts add up."""

    comments: int = 0
    skipped: int = 0
    reused: int = 0
    run: int = 0
    otherwise_then: int = 0
    moves: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    examples: dict[tuple[str, str, str], list[Example]] = field(default_factory=dict)
    checks: dict[str, OfCheck] = field(default_factory=dict)
    live: Agreement = field(default_factory=Agreement)
    candidate: Agreement = field(default_factory=Agreement)
    missing: Counter[str] = field(default_factory=Counter)

    def count(self, comment_id: str, live: Verdict, candidate: Verdict, people: str) -> None:
        """One comment, as both decide about it."""
        self.comments += 1
        self.live.count(live.status, people)
        self.candidate.count(candidate.status, people)
        self._count_checks(live, candidate, people)
        if live.status is candidate.status:
            return
        move = (str(live.status), str(candidate.status))
        self.moves.setdefault(move, Counter())[people] += 1
        shown = self.examples.setdefault((*move, people), [])
        if len(shown) < EXAMPLES:
            shown.append(Example(comment_id, people, live.rule, candidate.rule))

    def _count_checks(self, live: Verdict, candidate: Verdict, people: str) -> None:
        before, after = live.decided_by, candidate.decided_by
        if before:
            self._of(before).live += 1
        if after:
            self._of(after).candidate += 1
        if before != after or live.status is not candidate.status:
            if before:
                self._of(before).lost[people] += 1
            if after:
                self._of(after).gained[people] += 1

    def _of(self, check: str) -> OfCheck:
        return self.checks.setdefault(check, OfCheck())

    def add(self, other: "Tally") -> None:
        """Take in another part."""
        for name in ("comments", "skipped", "reused", "run", "otherwise_then"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for move, people in other.moves.items():
            self.moves.setdefault(move, Counter()).update(people)
        for kind, shown in other.examples.items():
            here = self.examples.setdefault(kind, [])
            here.extend(shown[: EXAMPLES - len(here)])
        for name, theirs in other.checks.items():
            _add_check(self._of(name), theirs)
        for ours, more in ((self.live, other.live), (self.candidate, other.candidate)):
            ours.right, ours.wrong, ours.asked = (
                ours.right + more.right, ours.wrong + more.wrong, ours.asked + more.asked,
            )  # fmt: skip
        self.missing.update(other.missing)

    def changed(self) -> Iterator[tuple[str, str, Counter[str]]]:
        """Each kind of change, the most frequent first."""
        for (before, after), people in sorted(self.moves.items(), key=lambda one: -one[1].total()):
            yield before, after, people


def _add_check(ours: OfCheck, theirs: OfCheck) -> None:
    ours.live += theirs.live
    ours.candidate += theirs.candidate
    ours.gained.update(theirs.gained)
    ours.lost.update(theirs.lost)


def people_said(status: str | None) -> str:
    """What a person's last decision means here; null and a hold: nobody answered."""
    return _PEOPLE.get(Status(status), NOBODY) if status else NOBODY
