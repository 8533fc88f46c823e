"""All checks over real comments and hostile strings: no failure, no stray span."""

import csv
import gzip
import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from service.domain.finding import Outcome
from service.domain.policy import Policy
from service.moderation.checks import blocked_words
from service.moderation.evidence import Evidence
from service.moderation.judge import judge
from service.moderation.pipeline import CHECKS, run_checks
from service.moderation.text_view import fold
from tests.unit.moderation.factories import make_evidence

DATA = Path(__file__).parents[3] / ".." / "shared" / "data"
COMMENTS = sorted((DATA / "moderation").glob("*.csv.gz"))
STRINGS = [
    DATA / "corpora" / f"{name}.jsonl.gz"
    for name in ("blns", "strings_fuzzdb", "unicode_confusables", "xss_fuzzdb")
]
EVERY_NTH = 5
POLICY = Policy(publish="auto", blocked_words=("casino", "傻逼", "buy now"), held_words=("idiot", "c++"))

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not DATA.is_dir(), reason="the data beside the project is absent"),
]


def _comments(file: Path) -> Iterator[str]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        for at, row in enumerate(csv.DictReader(lines)):
            if at % EVERY_NTH == 0:
                yield row["text"]


def _strings(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _assert_sound(evidence: Evidence) -> None:
    findings = run_checks(evidence, POLICY, nullcontext)
    assert len(findings) == len(CHECKS)
    assert all(finding.outcome is not Outcome.UNKNOWN for finding in findings), findings
    judge(findings, POLICY)


@pytest.mark.parametrize("file", COMMENTS, ids=lambda file: file.name.partition(".")[0])
def test_every_check_answers_about_every_comment(file: Path) -> None:
    for text in _comments(file):
        _assert_sound(make_evidence(text, author=text[:100]))


@pytest.mark.parametrize("file", STRINGS, ids=lambda file: file.name.partition(".")[0])
def test_every_check_answers_about_every_hostile_string(file: Path) -> None:
    for row in _strings(file):
        for text in (row["input"], row["input"] * 20):
            _assert_sound(make_evidence(text[:5000], author=row["input"][:100], website=row["input"][:500]))


def test_a_listed_word_is_found_through_every_confusable_that_folding_leaves() -> None:
    """What folding makes a plain letter is that letter: full-width I is an i, although it looks like an l."""
    missed = []
    for row in _strings(DATA / "corpora" / "unicode_confusables.jsonl.gz"):
        policy = Policy(blocked_words=(f"zq{row['skeleton']}zq",))
        finding = blocked_words.check(make_evidence(f"so zq{row['input']}zq."), policy)
        if len(finding.spans) != 1 and not fold(row["input"]).isascii():
            missed.append(row["input"])
    assert missed == []
