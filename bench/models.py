"""Figures of the models that ship, beyond `replydesk evaluate`: functions, disguises, one more harmless half.

Usage: python -m bench.models functional
       python -m bench.models disguised FOLDER
       python -m bench.models identity FOLDER
       python -m bench.models cost FOLDER
"""

import csv
import gzip
import json
import random
import re
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from service.moderation.classifier.model import Model, Task, load_model
from service.moderation.text.seen import see
from service.training.disguise import disguise
from service.training.evaluate import HELD_ABOVE
from service.training.measures import Measured
from service.training.rows import Row, read_rows

FUNCTIONAL = Path(__file__).parent / "functional_abuse.txt"
FALSE_POSITIVES = 0.05
UNSEEN = (("abuse", "insults_train"), ("abuse", "tweets_davidson"), ("spam", "gambling_id_alexis"))
DERIVED = (("abuse", "obf_toxic_dev", "insults_train"), ("spam", "obf_spam_dev", "sms_spam"))
"""Sets of disguised comments that come with their clean form, and where the threshold is taken from."""


def functional(_folder: Path) -> None:
    """Share that the abuse model gets right at its default threshold, by function."""
    model = load_model("abuse")
    right: dict[str, list[bool]] = defaultdict(list)
    for function, text, is_bad in _cases(FUNCTIONAL.read_text("utf-8")):
        right[function].append((model.probability(see(text)) > HELD_ABOVE["abuse"]) is is_bad)
    for function, told in right.items():
        print(f"{function:40} {sum(told) / len(told):5.0%} of {len(told)}")
    every = [one for told in right.values() for one in told]
    print(f"{'all':40} {sum(every) / len(every):5.0%} of {len(every)}")


def disguised(folder: Path) -> None:
    """Recall at 5 % false positives of comments with telling words disguised, and of the same ones clean.

    The threshold is that of the set's own harmless comments, undisguised.
    """
    for task, name in (
        ("abuse", "insults_train"),
        ("abuse", "tweets_davidson"),
        ("spam", "gambling_id_alexis"),
    ):
        _tell_disguised(load_model(_task(task)), name, read_rows(folder / f"{name}.csv.gz"))
    for task, name, base in DERIVED:
        _tell_derived(load_model(_task(task)), folder, name, base)


def identity(folder: Path) -> None:
    """False positives on the harmless half of identity_madlibs against the base rate, at two thresholds."""
    model = load_model("abuse")
    harmless = [
        model.probability(see(row.text))
        for row in read_rows(folder / "identity_madlibs.csv.gz")
        if not row.is_bad
    ]
    base = _scores(model, [row for row in read_rows(folder / "insults_train.csv.gz") if not row.is_bad])
    five = Measured(tuple(sorted(base)), ()).threshold_at(FALSE_POSITIVES) or 1.0
    for said, threshold in (("the default threshold", HELD_ABOVE["abuse"]), ("5 % on insults_train", five)):
        shares = [sum(score > threshold for score in scores) / len(scores) for scores in (harmless, base)]
        print(
            f"at {said}: {shares[0]:.3f} of the harmless half, {shares[1]:.3f} of insults_train's fine ones"
        )


def cost(folder: Path) -> None:
    """Microseconds of processor time for a comment, and megabytes for a process."""
    rows = [
        row
        for name in ("insults_train", "yt_psy", "civil_hard", "derstandard_omp")
        for row in read_rows(folder / f"{name}.csv.gz")
    ]
    random.Random(1).shuffle(rows)
    seen = [see(row.text) for row in rows[:4000]]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    models = [load_model("spam"), load_model("abuse")]
    for said, ask in (("scores alone", Model.probability), ("scores and reasons", Model.score)):
        started = time.thread_time()
        for one in seen:
            for model in models:
                ask(model, one)
        spent = (time.thread_time() - started) / len(seen) * 1e6
        print(f"both models, {said}: {spent:.0f} us a comment")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"memory: {grown / 1024:.0f} MB more")


def _cases(content: str) -> Iterator[tuple[str, str, bool]]:
    function, groups = "", []
    for line in content.splitlines():
        if line.startswith("["):
            function = line.strip("[]")
        elif line.startswith("group = "):
            groups = [group.strip() for group in line.partition("=")[2].split("|")]
        elif line.startswith(("+ ", "- ")):
            for group in groups if "{group}" in line else [""]:
                yield function, line[2:].replace("{group}", group), line.startswith("+")


def _tell_disguised(model: Model, name: str, rows: list[Row]) -> None:
    draw = random.Random(4)
    pairs = [(row.text, disguise(row.text, draw)) for row in rows if row.is_bad]
    _tell(name, model, _threshold(model, rows), [(clean, other) for clean, other in pairs if clean != other])


def _tell_derived(model: Model, folder: Path, name: str, base: str) -> None:
    threshold = _threshold(model, read_rows(folder / f"{base}.csv.gz"))
    by_manner: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for fields in csv.DictReader(file):
            told = json.loads(fields["label_raw"])
            by_manner[told["op"]].append((told["clean"], fields["text"]))
    for manner, pairs in by_manner.items():
        _tell(f"{name}, {manner}", model, threshold, pairs)


def _threshold(model: Model, rows: list[Row]) -> float:
    fine = _scores(model, [row for row in rows if not row.is_bad])
    return Measured(tuple(sorted(fine)), ()).threshold_at(FALSE_POSITIVES) or 1.0


def _tell(name: str, model: Model, threshold: float, pairs: list[tuple[str, str]]) -> None:
    found = [[model.probability(see(text)) >= threshold for text in pair] for pair in pairs]
    clean, other = (sum(side) / len(found) for side in zip(*found, strict=True))
    print(f"{name}: clean {clean:.3f}, disguised {other:.3f}, of {len(found)}")


def _scores(model: Model, rows: list[Row]) -> list[float]:
    return [model.probability(see(row.text)) for row in rows]


def _task(name: str) -> Task:
    return "spam" if name == "spam" else "abuse"


COMMANDS: dict[str, Callable[[Path], None]] = {
    "functional": functional, "disguised": disguised, "identity": identity, "cost": cost,
}  # fmt: skip

if __name__ == "__main__":
    asked = sys.argv[1:]
    if not asked or asked[0] not in COMMANDS or (len(asked) < 2 and asked[0] != "functional"):
        sys.exit(re.sub(r"^.*?\n\n", "", __doc__ or "", flags=re.DOTALL))
    COMMANDS[asked[0]](Path(asked[1] if len(asked) > 1 else "."))
