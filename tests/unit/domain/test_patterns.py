"""Which patterns a site may save, why the others are refused, and that none of them takes its time."""

import ast
import gzip
import json
import re
import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from service.domain.patterns import LONGEST, MOST_PATTERNS, InvalidPattern, matches, require_usable
from service.domain.policy import Policy

ROOT = Path(__file__).parents[3]
CORPUS = ROOT.parent / "shared" / "data" / "corpora" / "redos_regexploit.jsonl.gz"
CPU_S = 1.0
"""What twenty thousand characters may cost: far more than they do, and far less than with backtracking."""

TEXTS = [
    "a" * 20_000,
    "a" * 19_999 + "!",
    "x" * 20_000,
    "ab1 " * 5000,
    "ü " * 10_000,
    "0" * 20_000,
    "\t" * 20_000,
]


@pytest.mark.parametrize(
    "pattern",
    [
        "casino", "cas[i1]no", r"\bv[i1!]agra\b", "(a+)+$", "(x+x+)+y", "(.*a){12}$", r"\p{Greek}{3}",
        "(?-i)AAA", "a{1000}", "x" * LONGEST,
        r"https?://\S+\.zip", "ü+", "傻.逼", r"C:\\Cee", "(?P<name>a)b", r"\d{4}[ -]?\d{4}",
    ],
)  # fmt: skip
def test_a_pattern_of_re2_is_taken(pattern: str) -> None:
    assert Policy(held_patterns=(pattern,)).held_patterns == (pattern,)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(?=x)y", "look-around"),
        ("(?<!x)y", "look-around"),
        (r"(a)\1", "back-reference"),
        ("a{1001}", "1000 at most"),
        ("(a{1,40}){1,40}", "1000 at most"),
        ("a**", "cannot be repeated"),
        ("(", "cannot be read: missing )"),
        ("[z-a]", "cannot be read"),
        (r"\pL{900}", "too large"),
        ("[^a]{900}b", "too large"),
        ("a*", "every comment"),
        ("^", "every comment"),
        ("a|", "every comment"),
        (r"\C", "half a character"),
        (r"x\\\Cy", "half a character"),
    ],
)
def test_another_pattern_is_refused_and_the_refusal_says_where_and_why(pattern: str, why: str) -> None:
    with pytest.raises(InvalidPattern, match=re.escape(why)):
        require_usable(pattern)
    with pytest.raises(ValidationError) as refused:
        Policy(held_patterns=("fine", pattern))
    (fault,) = refused.value.errors()
    assert fault["loc"] == ("held_patterns", 1)
    assert why in fault["msg"]


def test_there_is_an_end_to_their_length_and_number() -> None:
    for patterns in (("",), ("x" * (LONGEST + 1),), ("x",) * (MOST_PATTERNS + 1)):
        for field in ("blocked_patterns", "held_patterns"):
            with pytest.raises(ValidationError):
                Policy.model_validate({field: patterns})
    assert len(Policy(blocked_patterns=("x",) * MOST_PATTERNS).blocked_patterns) == MOST_PATTERNS


def test_a_policy_from_before_there_were_patterns_has_none() -> None:
    assert Policy.read_stored('{"publish": "auto"}').held_patterns == ()


def test_matches_are_counted_in_code_points_and_have_an_end() -> None:
    assert list(matches("b+", "äbb𝔘b", 10)) == [(1, 3), (4, 5)]
    assert list(matches("x", "x" * 100, 3)) == [(0, 1), (1, 2), (2, 3)]
    assert list(matches(r"\b", "some words", 10)) == []
    # Looks have an end too: empty matches use them up.
    assert list(matches(r"\b|!", "word " * 10 + "!", 5)) == [(50, 51)]
    assert list(matches(r"\b|!", "word " * 500 + "!", 5)) == []
    assert list(matches("CASINO", "Casino", 10)) == [(0, 6)]
    assert list(matches("(?-i)CASINO", "Casino", 10)) == []


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$", "(a|a)*b", "(x+x+)+y", "(.*a){12}$", r"(?:.*z)?\b", "(?:a?){200}a{200}", "a{1000}",
        r"([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+", r"(\S+\s+){100}z",
    ],
)  # fmt: skip
def test_no_pattern_takes_more_than_linear_time(pattern: str) -> None:
    assert cost_s(require_usable(pattern)) < CPU_S


def cost_s(pattern: str) -> float:
    """The processor time of the dearest text, in seconds."""
    costs = []
    for text in TEXTS:
        began = time.process_time()
        list(matches(pattern, text, 10))
        costs.append(time.process_time() - began)
    return max(costs)


@pytest.mark.corpora
@pytest.mark.skipif(not CORPUS.is_file(), reason="the corpora are not beside the project")
def test_every_pattern_that_was_made_to_explode_is_quick_or_refused() -> None:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        patterns = [json.loads(line)["input"] for line in lines]
    usable = 0
    for pattern in patterns:
        try:
            require_usable(pattern)
        except InvalidPattern:
            continue
        usable += 1
        assert cost_s(pattern) < CPU_S, pattern
    assert 0 < usable <= len(patterns)


USES = {"compile", "match", "search", "fullmatch", "findall", "finditer", "split", "sub", "subn"}

ALLOWED = {
    "migrations/files.py": "the name of a line in the head of our own migrations",
    "service/moderation/look_alikes.py": "the letters of our own table, escaped",
    "service/moderation/quotes.py": "pairs of quotation marks, escaped",
    "service/moderation/machine_talk.py": "phrases written down above it",
    "service/cli/policy_file.py": "what YAML takes for a number or a truth, of our own list",
    "service/moderation/language.py": "the letters of our own list of scripts",
    "service/moderation/text/masks.py": "our own classes; a reader's letters escaped, each run counted",
    "service/moderation/text/mixed_script.py": "the letters of our own table, none special in a class",
}


def not_constant(tree: ast.AST) -> list[int]:
    """Lines where Python's `re` is given a pattern that is not written down in this very code."""
    lines = []
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if not isinstance(called, ast.Attribute) or called.attr not in USES:
            continue
        if not isinstance(called.value, ast.Name) or called.value.id != "re":
            continue
        assert isinstance(node, ast.Call)
        names = [part.id for part in ast.walk(node.args[0]) if isinstance(part, ast.Name)]
        calls = [part for part in ast.walk(node.args[0]) if isinstance(part, ast.Call)]
        if calls or not all(name.strip("_").isupper() for name in names):
            lines.append(node.lineno)
    return lines


def test_no_pattern_that_comes_from_data_meets_the_re_of_python() -> None:
    found = set()
    for home in ("service", "workers", "migrations"):
        for path in (ROOT / home).rglob("*.py"):
            if not_constant(ast.parse(path.read_text("utf-8"))):
                found.add(str(path.relative_to(ROOT)))
    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    "code",
    ["re.compile(word)", "re.search(policy.words[0], text)", "re.sub('a' + x, '', y)", "re.match(f'{p}', t)"],
)
def test_a_pattern_from_data_is_seen(code: str) -> None:
    assert not_constant(ast.parse(code)) == [1]


def test_a_pattern_that_is_written_down_is_not() -> None:
    assert not_constant(ast.parse("re.compile(r'a+'); re.compile(f'{_WORD}+'); other.compile(x)")) == []
