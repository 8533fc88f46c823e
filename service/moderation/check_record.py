"""What each check does and how right it is: shares of outcomes, and people's answers to its decisions."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from service.domain.finding import Outcome
from service.domain.status import Status
from service.moderation.backtest.tally import NOBODY, PEOPLE, people_said


@dataclass(slots=True)
class CheckRecord:
    """One check in a period: outcomes, what it decided alone, and what people made of that."""

    check: str
    outcomes: Counter[str] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)
    agreed: int = 0

    def add(self, outcome: str, decided: str | None, people: str | None, count: int) -> None:
        """So many more of one kind."""
        self.outcomes[outcome] += count
        if decided is None:
            return
        said = people_said(people)
        self.decided[decided] += count
        self.people[said] += count
        if said not in {NOBODY, "approved"}:
            self.agreed += count

    @property
    def answered(self) -> int:
        """Of its decisions, those about which people decided afterwards."""
        return self.people.total() - self.people[NOBODY]

    def document(self) -> dict[str, Any]:
        """As JSON; `agreement` is the share of what people decided and did not approve, null before."""
        return {
            "check": self.check,
            "comments": self.outcomes.total(),
            "outcomes": {str(outcome): self.outcomes[outcome] for outcome in Outcome},
            "decided": {
                str(status): self.decided[status] for status in (Status.HELD, Status.REJECTED, Status.SPAM)
            },
            "people": {name: self.people[name] for name in PEOPLE},
            "agreement": round(self.agreed / self.answered, 3) if self.answered else None,
        }


def records_of(said: Iterable[tuple[str, str, str | None, str | None, int]]) -> list[CheckRecord]:
    """One for each check of (check, outcome, decided, people, count); who decides most comes first."""
    records: dict[str, CheckRecord] = {}
    for check, outcome, decided, people, count in said:
        records.setdefault(check, CheckRecord(check)).add(outcome, decided, people, count)
    return sorted(records.values(), key=lambda one: (-one.decided.total(), one.check))
