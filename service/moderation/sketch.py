"""A sketch of a text: a few numbers of which texts that are nearly the same share some.

One-permutation MinHash (Li, Owen, Zhang 2012) over shingles of five folded characters, empty bins filled by
rotation (Shrivastava, Li 2014), the bins joined to bands (Leskovec, Rajaraman, Ullman, ch. 3).
"""

import re
from struct import pack
from zlib import crc32

from service.moderation.quotes import without_quotes
from service.moderation.text_view import fold

BANDS = 8
ROWS = 3
"""Bins to a band: of two texts that share 80 % of their shingles a band agrees in .51 of all cases."""

ALIKE_FROM = 2
"""Bands that near-duplicates share: 97 in 100 do at 80 % of common shingles, 26 at 50 %, none at 25 %."""

SHINGLE = 5  # characters
FEWEST = 48
"""Different shingles; shorter texts are alike by chance ("Thank you for this article")."""

MOST = 5000  # characters that are looked at

_BINS = BANDS * ROWS
_MIX = 0x9E3779B1  # of Knuth's multiplicative hashing: a CRC alone is linear in its input
_WORD = re.compile(r"[^\W_]+")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)


def sketch(text: str) -> tuple[int, ...]:
    """`BANDS` numbers of 32 bits with a sign; none for a text that is too short to tell.

    What the text quotes and links to is left out, so that ten answers to one paragraph are not one text.
    """
    own_words = _URL.sub(" ", without_quotes(text[:MOST]))
    data = " ".join(_WORD.findall(fold(own_words))).encode("utf-32-le", "surrogatepass")
    width = 4 * SHINGLE
    hashes = {crc32(data[at : at + width]) for at in range(0, len(data) - width + 1, 4)}
    if len(hashes) < FEWEST:
        return ()
    filled = _densified(_least(hashes))
    return tuple(_signed(_band(at, filled)) for at in range(0, _BINS, ROWS))


def _least(hashes: set[int]) -> list[int | None]:
    """The least hash of each bin; the low bits choose the bin, the others are compared."""
    least: list[int | None] = [None] * _BINS
    for crc in hashes:
        mixed = (crc * _MIX) & 0xFFFFFFFF
        value, place = divmod(mixed, _BINS)
        known = least[place]
        if known is None or value < known:
            least[place] = value
    return least


def _densified(least: list[int | None]) -> list[int]:
    """An empty bin takes what the next filled one has, marked by how far that is."""
    filled = []
    for at in range(_BINS):
        step = next(step for step in range(_BINS) if least[(at + step) % _BINS] is not None)
        filled.append((least[(at + step) % _BINS] or 0) + step * (1 << 27))
    return filled


def _band(at: int, filled: list[int]) -> int:
    """The place is hashed too, so that only bands of the same place can agree."""
    return crc32(pack(f"<{ROWS + 1}Q", at, *filled[at : at + ROWS]))


def _signed(number: int) -> int:
    return number - (1 << 32) if number >= 1 << 31 else number
