"""What may stand in a stored text and in a name: the code points, not the meaning."""

import re
import unicodedata

MAX_MARKS_ON_ONE_BASE = 8

# All controls but TAB and LF (U+000D too: a CR without its LF is a control like any other), and surrogates.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_BREAKS = re.compile("[\t\n\u2028\u2029]")

# Unicode property Bidi_Control (UAX 9): marks, embeddings, overrides and isolates.
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# Default_Ignorable_Code_Point, and the two blanks that count as letter and symbol.
_DRAWN_AS_NOTHING = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
)
_NOTHING_TO_SEE = re.compile(f"[\\s{_DRAWN_AS_NOTHING}]*")
UNSEEN = re.compile(f"[{_DRAWN_AS_NOTHING}]+")
"""A row of characters that draw nothing, white space apart."""


def newlines_as_lf(typed: str) -> str:
    """CRLF becomes LF, nothing else changes."""
    return typed.replace("\r\n", "\n")


def has_forbidden(text: str) -> bool:
    """Whether a control other than TAB and LF, or a lone surrogate, stands in it."""
    return _FORBIDDEN.search(text) is not None


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing at all."""
    return _NOTHING_TO_SEE.fullmatch(text) is not None


def is_one_line(text: str) -> bool:
    """Whether it has no TAB, no LF and no line or paragraph separator."""
    return _LINE_BREAKS.search(text) is None


def without_bidi_controls(text: str) -> str:
    """The text in the order in which it was typed."""
    return _BIDI_CONTROLS.sub("", text)


def has_bidi_controls(text: str) -> bool:
    """Whether it can turn round the direction of what is printed after it."""
    return _BIDI_CONTROLS.search(text) is not None


def has_mark_flood(text: str) -> bool:
    """Whether more than eight combining marks sit on one character (invisible ones do not start afresh)."""
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if category.startswith("M"):
            marks += 1
        elif category != "Cf":
            marks = 0
        if marks > MAX_MARKS_ON_ONE_BASE:
            return True
    return False
