"""How long a text is looked at, and how well disguise is undone: `python -m bench.normaliser [FILE …]`.

Printed: median and worst milliseconds of `see` for 300 and 5,000 characters of ordinary and hostile texts, in
the process's own time, the best of several runs; and what 20,000 take beside 5,000, which shows that the work
is linear. FILE is a gzip CSV with the columns `text,label,label_raw`. Where `label_raw` holds `clean`, the
text before `op` disguised it: printed is the share of the disguised words that come out as they were.
Otherwise the share of texts of label 0 whose meant text is the folded one.
"""

import csv
import gzip
import json
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path

import click

from service.moderation.text.seen import see
from service.moderation.text_view import fold

ORDINARY = {
    "English": "The mill was old, and we saw the river rise. Was it 3 m, or 4? See http://paper.example/x. ",
    "German": "Größe ist nicht alles: Die Straße über den Fluss war gestern wieder gesperrt. ",
    "Russian": "Привет! Это дом, где я жил, и река, которую я помню. ",
    "Korean": "어제 기사를 잘 읽었습니다. 정말 좋은 글이네요. ",
    "Japanese": "これは昨日の記事です。とても良かったと思います。",
    "Arabic": "هذا مقال جيد قرأته أمس وأعجبني كثيرا. ",
}
HOSTILE = (
    "*", "f**k ", "v1agra ", "v i a g r a ", "v.i.", "a ", "A.B.C.", "1!|a ", "looool ", "p\u0430ypal ",
    "\u0430\u0430bb ", "\u0430\u0031\u0430@\u0430 ", "a\u200b", "e\u0301\u0316", "a.b ", "a.com ", "http://",
    "h t t p : / / ", "w w w . ", "a[.]", "foo dot ", "@", "a@", "$1 ", "0123 ", "+1 ", "contact me ", "a",
    "a-", "ab", "a#", "h ", "😀 ", "漢",
)  # fmt: skip
RUNS = 7


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
def main(files: tuple[Path, ...]) -> None:
    """Measure, and print."""
    _print_times("ordinary", ORDINARY.values())
    _print_times("hostile", (*HOSTILE, *_random_texts()))
    for file in files:
        _print_file(file)


def _random_texts() -> Iterator[str]:
    draw = random.Random(1)
    yield "".join(draw.choice("abcdeiostz0134578@$!|*#. -_/:") for _ in range(20_000))
    yield "".join(chr(draw.randrange(0x20, 0x3000)) for _ in range(20_000))


def _print_times(kind: str, units: Iterable[str]) -> None:
    times = {unit: [_milliseconds((unit * 20_000)[:size]) for size in (300, 5_000, 20_000)] for unit in units}
    for at, size in enumerate(("300", "5,000")):
        each = [measured[at] for measured in times.values()]
        worst = max(times, key=lambda unit: times[unit][at])
        median = statistics.median(each)
        print(f"{kind}, {size} characters: median {median:.3f} ms, worst {max(each):.3f} ms ({worst[:12]!r})")
    growth = max(measured[2] / measured[1] for measured in times.values())
    print(f"{kind}, 20,000 characters take at most {growth:.1f} times as long as 5,000")


def _milliseconds(text: str) -> float:
    def once() -> float:
        started = time.process_time()
        see.__wrapped__(text)
        return time.process_time() - started

    return min(once() for _ in range(RUNS)) * 1000


def _rows(file: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(sys.maxsize)
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _print_file(file: Path) -> None:
    rows = list(_rows(file))
    if rows and "clean" in json.loads(rows[0]["label_raw"] or "{}"):
        _print_repairs(file, rows)
        return
    clean = [row["text"] for row in rows if row["label"] == "0"]
    same = sum(see(text).meant.text == see(text).folded.text for text in clean)
    print(f"{file.name}: {same / max(len(clean), 1):.3f} of {len(clean)} clean texts stay as they are")


def _print_repairs(file: Path, rows: list[dict[str, str]]) -> None:
    hidden: Counter[str] = Counter()
    repaired: Counter[str] = Counter()
    for row in rows:
        raw = json.loads(row["label_raw"])
        missing, found = _compare(row["text"], raw["clean"])
        hidden[raw["op"]] += missing.total()
        repaired[raw["op"]] += (missing & found).total()
    for op, count in hidden.items():
        if count:
            print(f"{file.name}: {op}: {repaired[op]} of {count} words, {repaired[op] / count:.3f}")
    print(f"{file.name}: all: {repaired.total() / max(hidden.total(), 1):.3f}")


_WORD = re.compile(r"[^\W_]+(?:['*][^\W_]+)*\**")
_CUT_FROM = 250
"""Characters from which a disguised text may have been cut short, its twin not."""


def _compare(disguised: str, clean: str) -> tuple[Counter[str], Counter[str]]:
    """The words of the clean text that the disguised one hides, and those that come out of it."""
    meant, wanted = _WORD.findall(see(disguised).meant.text), _WORD.findall(fold(clean))
    if len(disguised) >= _CUT_FROM:
        blocks = SequenceMatcher(None, meant, wanted, autojunk=False).get_matching_blocks()
        wanted = wanted[: max((block.b + block.size for block in blocks if block.size), default=0)]
    return Counter(wanted) - Counter(_WORD.findall(fold(disguised))), Counter(meant)


if __name__ == "__main__":
    main()
