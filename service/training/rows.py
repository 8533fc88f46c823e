"""Labelled comments from CSV files, plain or gzipped: id, task, source, lang, text, label."""

import csv
import gzip
import hashlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

_NEEDED = frozenset({"text", "label"})
_SUFFIXES = (".csv", ".csv.gz")


class InvalidRows(Exception):
    """A file is not one of labelled comments; the message names it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled comment.

    Attributes:
        task: "spam", "toxic", "func"; empty where the file does not say.
        is_bad: label 1.
    """

    id: str
    task: str
    source: str
    lang: str
    is_bad: bool
    text: str = field(repr=False)


def files_in(folders: Iterable[Path]) -> list[Path]:
    """Every CSV file in the folders, by name; a file may be named itself.

    Raises:
        InvalidRows: a folder holds none.
    """
    found: list[Path] = []
    for folder in folders:
        inside = sorted(folder.iterdir()) if folder.is_dir() else [folder]
        files = [path for path in inside if path.name.endswith(_SUFFIXES)]
        if not files:
            raise InvalidRows(f"{folder.name} holds no .csv or .csv.gz")
        found += files
    return found


def name_of(path: Path) -> str:
    """A file's name without its endings: yt_psy for yt_psy.csv.gz."""
    return path.name.removesuffix(".gz").removesuffix(".csv")


def digest_of(path: Path) -> str:
    """SHA-256 of the file as it lies there."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_rows(path: Path) -> list[Row]:
    """All rows of one file.

    Raises:
        InvalidRows: a column is missing, a label is neither 0 nor 1, or it cannot be read.
    """
    try:
        with _opened(path) as file:
            return list(_rows(path, file))
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidRows(f"{path.name} cannot be read: {type(error).__name__}") from error


def _rows(path: Path, file: TextIO) -> Iterator[Row]:
    csv.field_size_limit(sys.maxsize)
    reader = csv.DictReader(file)
    if missing := _NEEDED - set(reader.fieldnames or ()):
        raise InvalidRows(f"{path.name} has no column {' or '.join(sorted(missing))}")
    for number, fields in enumerate(reader, 1):
        if fields["label"] not in {"0", "1"}:
            raise InvalidRows(f"{path.name}, row {number}: a label is 0 or 1")
        yield Row(
            id=fields.get("id") or str(number),
            task=fields.get("task") or "",
            source=fields.get("source") or name_of(path),
            lang=fields.get("lang") or "",
            is_bad=fields["label"] == "1",
            text=fields["text"] or "",
        )


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")
