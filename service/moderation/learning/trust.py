"""Whose labels count: nobody's for more than all others' together, and none that say the opposite.

Labels of one moderator that contradict the shipped model, hardly by chance, are taken for inverted, unless
two or more others bear them out. Where the shipped model cannot tell, the others can, if there are two.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from service.moderation.learning.agreement import SURE_Z, contradicts, leaning, supports
from service.moderation.learning.example import Example
from service.moderation.learning.training import Table, fit

ALONE_COUNTS = 300
"""One person's labels weigh as much as so many, or as all others' labels together where those are more."""

STRETCHES = (50, 100)
"""So many consecutive labels of one person are also looked at by themselves: an account may change hands."""

_FEWEST_OF_OTHERS = 30
_MOST_OF_OTHERS = 300
_MOST_ASKED = 6
"""About so many moderators, those with the most labels, the others are asked: each takes a training."""

_MOST_OUTVOTED = 2
"""So many are ignored, one after the other, because the others say the opposite."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What each example weighs (0: nothing), and which moderators have no weight at all."""

    weights: tuple[float, ...]
    ignored: tuple[int, ...]


def weigh(examples: Sequence[Example], table: Table) -> Trust:
    """Weigh the examples, which stand in the order in which people decided; `table` is theirs."""
    rows_of = _rows_by_moderator(examples)
    ignored, borne_out = _contradicting(examples, table, rows_of)
    kept = [one.moderator not in ignored for one in examples]
    for moderator, rows in rows_of.items():
        if moderator not in ignored | borne_out:
            for stretch in _contradicting_stretches(examples, rows):
                for row in stretch:
                    kept[row] = False
    return Trust(_capped(examples, kept), tuple(sorted(ignored)))


def _rows_by_moderator(examples: Sequence[Example]) -> dict[int, list[int]]:
    rows_of: dict[int, list[int]] = defaultdict(list)
    for row, one in enumerate(examples):
        rows_of[one.moderator].append(row)
    return rows_of


def _contradicting(
    examples: Sequence[Example], table: Table, rows_of: dict[int, list[int]]
) -> tuple[frozenset[int], frozenset[int]]:
    """Who is ignored, and who is borne out by others where the shipped model is not."""
    suspects = {m for m, rows in rows_of.items() if contradicts(*_by_shipped(examples, rows))}
    busiest = sorted(rows_of, key=lambda m: (-len(rows_of[m]), m))[:_MOST_ASKED]
    borne_out = {
        m for m in busiest if m in suspects and supports(*_by_others(table, rows_of, m, set(rows_of)))
    }
    ignored = suspects - borne_out
    for _ in range(_MOST_OUTVOTED):
        counted = set(rows_of) - ignored
        against = {m: leaning(*_by_others(table, rows_of, m, counted)) for m in busiest if m in counted}
        worst = min(counted & set(against), key=lambda m: (against[m] or 0.0, m), default=None)
        if worst is None or (against[worst] or 0.0) > -SURE_Z:
            break
        ignored.add(worst)
    return frozenset(ignored), frozenset(borne_out)


def _by_shipped(examples: Sequence[Example], rows: Sequence[int]) -> tuple[list[float], list[bool]]:
    return [examples[row].shipped for row in rows], [examples[row].label for row in rows]


def _by_others(
    table: Table, rows_of: dict[int, list[int]], moderator: int, counted: set[int]
) -> tuple[list[float], list[bool]]:
    """This moderator's labels beside what the others' teach about the same comments.

    Empty where it is one word against another, or where the others have said little.
    """
    others = sorted(counted - {moderator})
    rows = [row for other in others for row in rows_of[other][-_MOST_OF_OTHERS:]]
    if len(others) < 2 or len(rows) < _FEWEST_OF_OTHERS:
        return [], []
    taught = fit(table, rows, _even(table, rows_of, others))
    own = rows_of[moderator]
    return [table.log_odds(row, taught) for row in own], [table.labels[row] for row in own]


def _even(table: Table, rows_of: dict[int, list[int]], others: Sequence[int]) -> list[float]:
    """Weights under which none of the others outvotes the rest."""
    weights = [0.0] * len(table.labels)
    most = sorted(len(rows_of[other]) for other in others)[-2]
    for other in others:
        for row in rows_of[other]:
            weights[row] = min(1.0, most / len(rows_of[other]))
    return weights


def _contradicting_stretches(examples: Sequence[Example], rows: Sequence[int]) -> list[Sequence[int]]:
    stretches = [rows[start : start + size] for size in STRETCHES for start in range(0, len(rows), size)]
    return [stretch for stretch in stretches if contradicts(*_by_shipped(examples, stretch))]


def _capped(examples: Sequence[Example], kept: Sequence[bool]) -> tuple[float, ...]:
    counts = Counter(one.moderator for one, is_kept in zip(examples, kept, strict=True) if is_kept)
    together = sum(counts.values())
    share = {m: min(1.0, max(ALONE_COUNTS, together - n) / n) for m, n in counts.items()}
    return tuple(
        share[one.moderator] if is_kept else 0.0 for one, is_kept in zip(examples, kept, strict=True)
    )
