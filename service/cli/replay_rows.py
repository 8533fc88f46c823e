"""Reads labelled comments: CSV files, plain or gzipped, with at least `id`, `text` and `label`."""

import csv
import gzip
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled comment; `label` is 1 for what the set calls bad, 0 for the rest."""

    number: int
    source: str
    text: str
    label: str


def read_rows(paths: tuple[Path, ...]) -> list[Row]:
    """All rows of all files, in order, numbered from 1.

    Raises:
        ValueError: a file lacks a column.
    """
    csv.field_size_limit(sys.maxsize)
    found: list[Row] = []
    for path in paths:
        for fields in _records(path):
            source = fields.get("source") or path.name.partition(".")[0]
            found.append(Row(len(found) + 1, source, fields["text"], fields["label"]))
    return found


def _records(path: Path) -> Iterator[dict[str, str]]:
    with _opened(path) as file:
        reader = csv.DictReader(file)
        missing = {"text", "label"} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{path.name} has no column {' or '.join(sorted(missing))}")
        yield from reader


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")
