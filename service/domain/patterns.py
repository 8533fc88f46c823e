"""Moderators' patterns: RE2 alone, so that no pattern, however it is written, takes more than linear time.

Python's `re` backtracks: `(a+)+$` on thirty letters takes it minutes, holding the whole process.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Annotated, Any

import re2
from pydantic import AfterValidator, Field

MOST_PATTERNS = 100
LONGEST = 200
MOST_STEPS = 2000
"""Instructions of a compiled pattern: how much work it may be for each character of a text."""

_MEMORY = 1 << 20  # bytes, for a pattern and what it remembers of a search

_MOST_LOOKS = 200
"""Matches of one text that are looked at, empty ones too: finding each is linear, so finding all is not."""

_WHY = {
    b"invalid perl operator": "look-around is not possible",
    b"invalid escape sequence": "there is no such escape (and no back-reference)",
    b"invalid repetition size": "repetitions may be 1000 at most, nested ones multiplied",
    b"bad repetition operator": "a repetition cannot be repeated",
    b"pattern too large": "it is too large",
}


_HALF_A_CHARACTER = re.compile(r"(?<!\\)(?:\\\\)*\\C")
r"""RE2's `\C` is one byte: it would match parts of a letter, and stand nowhere in a text of characters."""


class InvalidPattern(ValueError):
    """A pattern that cannot be used; the message says why."""


def require_usable(pattern: str) -> str:
    """The pattern itself; raises InvalidPattern."""
    if _HALF_A_CHARACTER.search(pattern):
        raise InvalidPattern(r"\C may match half a character")
    compiled = _compile(pattern)
    if compiled.programsize > MOST_STEPS:
        raise InvalidPattern("it is too large")
    if compiled.search("") is not None:
        raise InvalidPattern("it matches where there is nothing, so it would match every comment")
    return pattern


def matches(pattern: str, text: str, most: int) -> Iterator[tuple[int, int]]:
    """Where the pattern stands in the text: at most so many pairs of code points, the end exclusive."""
    for found in islice(_compile(pattern).finditer(text), _MOST_LOOKS):
        start, end = found.span()
        if start < end:
            yield start, end
            most -= 1
        if most <= 0:
            return


@lru_cache(maxsize=1024)
def _compile(pattern: str) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False  # it would print the pattern
    options.max_mem = _MEMORY
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError) as error:
        raise InvalidPattern(_why(error)) from None


def _why(error: Exception) -> str:
    said = error.args[0] if error.args and isinstance(error.args[0], bytes) else b"it is no text"
    known = next((why for beginning, why in _WHY.items() if said.startswith(beginning)), None)
    return f"{known or 'it cannot be read'}: {said.decode('utf-8', 'replace')}"


Pattern = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(require_usable)]
"""A pattern that was compiled when it was saved."""
