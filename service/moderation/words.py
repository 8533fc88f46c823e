"""Where words begin and end, in scripts that put spaces between them and in those that do not."""

import re

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Thai, Lao, Myanmar, Khmer, Hiragana, Han: no spaces, so every letter is a word (UAX 29, WB999)."""

_UNSPACED_SIGNS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u17b6-\u17d3\u17dd"
    "\u3099\u309a"
)
_INDIC = "\u0900-\u0963\u0966-\u096f\u0971-\u0df3"
"""Devanagari to Sinhala without the danda: to `re` the vowel signs are no word characters; here they are."""

_TOKEN = re.compile(rf"[{_UNSPACED}][{_UNSPACED_SIGNS}]*|(?:[^\W_{_UNSPACED}]|[{_INDIC}])+|\S|\s")

_HANGUL_KATAKANA = "\u1100-\u11ff\u30a0-\u30ff\u3130-\u318f\uac00-\ud7ff"

SPACED_LETTER = rf"[^\W_{_UNSPACED}{_HANGUL_KATAKANA}]"
"""For a character class: letters and digits of scripts that would not run on after a Latin word."""


def split_tokens(folded: str) -> list[tuple[int, int]]:
    """Start and end of every word, single sign and space, without gaps; linear.

    An underscore and an apostrophe end a word: `_word_`, `word's` and `l'word` all hold `word`.
    """
    return [match.span() for match in _TOKEN.finditer(folded)]
