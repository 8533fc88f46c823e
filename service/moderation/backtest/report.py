"""A backtest in words and as JSON: figures and ids, never a text."""

from collections import Counter
from typing import Any

from service.domain.status import Status
from service.moderation.backtest.tally import NOBODY, PEOPLE, Agreement, OfCheck, Tally

_DID = {"held": "held", "published": "published", "rejected": "rejected", "spam": "called spam"}


def report_of(tally: Tally) -> dict[str, Any]:
    """Everything that the parts counted; `summary` says it in sentences."""
    return {
        "comments": tally.comments,
        "skipped": tally.skipped,
        "changed": sum(people.total() for people in tally.moves.values()),
        "summary": sentences(tally),
        "moves": [
            {"from": before, "to": after, "count": people.total(), "people": _people(people),
             "examples": _examples(tally, before, after)}
            for before, after, people in tally.changed()
        ],
        "checks": [_check(name, tally.checks[name]) for name in sorted(tally.checks)],
        "agreement": {"live": _agreement(tally.live), "candidate": _agreement(tally.candidate)},
        "not_replayed": [
            {"check": name, "comments": count} for name, count in sorted(tally.missing.items())
        ],
        "decided_otherwise_then": tally.otherwise_then,
        "findings": {"reused": tally.reused, "run": tally.run},
    }  # fmt: skip


def sentences(tally: Tally) -> list[str]:
    """What it would have done, in the order of what matters: what would have been published comes first."""
    said = []
    wrong = sum(_into(tally, Status.PUBLISHED, people) for people in ("rejected", "spam"))
    if wrong:
        said.append(f"would have published {wrong} that you rejected or called spam")
    for status in (Status.PUBLISHED, Status.HELD, Status.REJECTED, Status.SPAM):
        more = sum(_into(tally, status, people) for people in PEOPLE)
        if more:
            said.append(f"would have {_DID[status]} {more} more, {_aside(tally, status, more)}")
    return said or ["would have decided nothing otherwise"]


def _aside(tally: Tally, status: Status, more: int) -> str:
    approved = _into(tally, status, "approved")
    unseen = _into(tally, status, NOBODY)
    if unseen == more:
        return "none of which a person has decided"
    return f"{approved} of which you approved" + (f" and {unseen} nobody has decided" if unseen else "")


def _into(tally: Tally, status: Status, people: str) -> int:
    return sum(counts[people] for (_, after), counts in tally.moves.items() if after == status)


def _people(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in PEOPLE}


def _examples(tally: Tally, before: str, after: str) -> list[dict[str, str]]:
    """Those first about which people would have been contradicted."""
    order = PEOPLE if after != Status.PUBLISHED else ("rejected", "spam", "approved", NOBODY)
    return [
        {"id": one.id, "people": one.people, "rule_live": one.rule_live, "rule": one.rule}
        for people in order
        for one in tally.examples.get((before, after, people), [])
    ]


def _check(name: str, of: OfCheck) -> dict[str, Any]:
    return {
        "check": name,
        "decided_live": of.live,
        "decided_candidate": of.candidate,
        "gained": _people(of.gained),
        "lost": _people(of.lost),
    }


def _agreement(of: Agreement) -> dict[str, int]:
    return {"right": of.right, "wrong": of.wrong, "asked": of.asked}
