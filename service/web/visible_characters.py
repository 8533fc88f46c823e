"""Names the characters that a reader cannot see, so that a moderator can."""

import unicodedata

# Characters that are drawn as nothing although Unicode does not call them format characters.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_JOINERS = frozenset("\u200c\u200d")
_EMOJI_SELECTOR = "\ufe0f"
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NOTHING = frozenset("\u00ad\u200b\u2060\u2061\u2062\u2063\u2064\ufeff")
_MAX_MARKS = 3


def is_invisible(character: str) -> bool:
    """Whether this draws nothing or steers the text around it; TAB and LF are ordinary."""
    if character in "\t\n":
        return False
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return True
    return character in _BLANK_LETTERS or _is_variation_selector(character)


def belongs(before: str, character: str, after: str) -> bool:
    """Whether an invisible character does honest work here: emoji sequences, Arabic and Indic joining."""
    if character == _EMOJI_SELECTOR:
        return unicodedata.category(before or " ") in {"So", "Sm", "Po", "Nd"} or before in {"‼", "⁉"}
    if character not in _JOINERS or not before or not after:
        return False
    emoji = before == _EMOJI_SELECTOR or unicodedata.category(before) in {"So", "Sk"}
    return (emoji and unicodedata.category(after) == "So") or (_joins(before) and _joins(after))


def describe(character: str) -> tuple[str, str]:
    """Code point and name: `("U+202E", "RIGHT-TO-LEFT OVERRIDE")`."""
    return f"U+{ord(character):04X}", unicodedata.name(character, "CONTROL CHARACTER")


def plain_name(name: str | None) -> str:
    """A name as one line shown to readers: without what reverses, hides or piles up.

    The stored name is unchanged; this is a view. A name of nothing but invisible characters is "Anonymous".
    """
    kept: list[str] = []
    marks = 0
    for character in name or "":
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MAX_MARKS and not _spoils_a_name(character):
            kept.append(character)
    return " ".join("".join(kept).split()) or "Anonymous"


def _spoils_a_name(character: str) -> bool:
    if character in _JOINERS or _is_variation_selector(character):
        return False
    return is_invisible(character)


def _is_variation_selector(character: str) -> bool:
    return (
        "\u180b" <= character <= "\u180f"
        or "\ufe00" <= character <= "\ufe0f"
        or ("\U000e0100" <= character <= "\U000e01ef")
    )


def _joins(character: str) -> bool:
    return "\u0600" <= character <= "\u0dff"
