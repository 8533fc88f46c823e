"""Numbers that look like somebody's phone and are everybody's: hotlines that cost nothing, ISBNs."""

import re

_FREE = re.compile(r"(?:\+|00)?(?:1)?(?:800|833|844|855|866|877|888)\d{7}|0?0?8(?:00|08)\d{5,9}")
_ISBN = re.compile(
    r"\d[ -]?\d{1,5}[ -]\d{1,7}[ -][\dX]|97[89][ -]?\d[ -]?\d{1,5}[ -]?\d{1,7}[ -]?\d", re.IGNORECASE
)


def is_public(written: str) -> bool:
    """Whether the number is a free call (0800, 1-800, +800) or a book's.

    Helplines for people in need are such numbers: whoever posts one does good.
    """
    digits = re.sub(r"\D", "", written)
    return bool(_FREE.fullmatch(digits)) or (bool(_ISBN.fullmatch(written.strip())) and _is_isbn(digits))


def _is_isbn(digits: str) -> bool:
    """By its check digit (ISO 2108)."""
    if len(digits) == 13:
        return sum(int(digit) * (1, 3)[at % 2] for at, digit in enumerate(digits)) % 10 == 0
    return len(digits) == 10 and sum(int(digit) * (10 - at) for at, digit in enumerate(digits)) % 11 == 0
