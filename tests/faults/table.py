"""The result of a run: one row for each fault, as a table for people."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Row:
    """One fault on one system; times in seconds, `worst_s` over every answer to anybody."""

    number: str
    what: str
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    stuck: int = 0
    worst_s: float = 0.0
    recovery_s: float | None = None
    took_s: float = 0.0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: str | None = None

    @property
    def verdict(self) -> str:
        """One word, and why where it is not `ok`."""
        if self.skipped is not None:
            return f"skipped: {self.skipped}"
        return "FAILED" if self.faults else "ok"


HEADS = ("fault", "what", "acked", "lost", "doubled", "stuck", "worst answer", "recovery", "verdict")


def cells(row: Row) -> tuple[str, ...]:
    """The row as words."""
    if row.skipped is not None:
        return (row.number, row.what, *("–",) * 6, row.verdict)
    recovery = "–" if row.recovery_s is None else f"{row.recovery_s:.1f} s"
    counts = (row.acknowledged, row.lost, row.doubled, row.stuck)
    return (row.number, row.what, *map(str, counts), f"{row.worst_s:.2f} s", recovery, row.verdict)


def as_markdown(rows: Sequence[Row]) -> str:
    """The table, and below it what failed and what is worth knowing."""
    lines = [_line(HEADS), _line(tuple("---" for _ in HEADS)), *(_line(cells(row)) for row in rows)]
    for row in rows:
        lines += [f"\n{row.number} failed: {fault}" for fault in row.faults[:8]]
    noted = [f"- {row.number}: {'; '.join(row.notes)}" for row in rows if row.notes]
    return "\n".join([*lines, *(["", *noted] if noted else [])]) + "\n"


def as_text(rows: Sequence[Row]) -> str:
    """The same for a terminal, in columns."""
    table = [HEADS, *(cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEADS))]
    return "\n".join(
        "  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    )


def _line(words: Sequence[str]) -> str:
    return "| " + " | ".join(word.replace("|", "/") for word in words) + " |"
