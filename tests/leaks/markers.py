"""Addresses that exist nowhere else, and every shape in which one of them could be given away."""

import base64
import hashlib
import json
from html import escape
from itertools import product
from urllib.parse import quote, quote_plus

from email_validator import validate_email

MARKERS = {
    "plain": "marker.plain.q7x@reader-q7x.example",
    "plus": "marker+tag.q7x@reader-q7x.example",
    "idn": "märker.q7x@bücher-q7x.example",
    "upper": "MARKER.Upper.Q7X@Reader-Q7X.EXAMPLE",
    "percent": "marker%41%2540%q7x@reader-q7x.example",
    "quotes": "o'marker&q7x{x}@reader-q7x.example",
    "long": "marker-q7x-" + "l" * 53 + "@" + ".".join(["d" * 59] * 3) + ".example",
}


def shapes(address: str) -> set[bytes]:
    """Lower-cased needles for one address: compare them with a lower-cased haystack."""
    found: set[bytes] = set()
    for spelling in _spellings(address):
        found |= _written(spelling) | _coded(spelling.encode()) | _digests(spelling.encode())
    return {needle.lower() for needle in found if len(needle) >= 12}


def shapes_of_secret(secret: str) -> set[bytes]:
    """The same for what is no address: as it is, escaped, or coded; its digests give nothing away."""
    found = _written(secret) | _coded(secret.encode())
    return {needle.lower() for needle in found if len(needle) >= 12}


def _spellings(address: str) -> set[str]:
    valid = validate_email(address, check_deliverability=False)
    local = valid.local_part
    spellings = {
        address,
        valid.normalized,
        f"{local}@{valid.ascii_domain}",
        local if len(local) > 11 else address,
    }
    return spellings | {one.lower() for one in spellings} | {one.upper() for one in spellings}


def _written(text: str) -> set[bytes]:
    forms = {
        text,
        text[::-1],
        quote(text),
        quote(text, safe=""),
        quote_plus(text),
        quote(quote(text)),
        escape(text),
    }
    forms |= {
        json.dumps(text)[1:-1],
        json.dumps(escape(text))[1:-1],
        repr(text)[1:-1],
        repr(text.encode())[2:-1],
    }
    return {form.encode() for form in forms}


def _coded(raw: bytes) -> set[bytes]:
    return {raw.hex().encode(), *_base64(raw), *_base64(raw[::-1])}


def _base64(raw: bytes) -> set[bytes]:
    """The part that is the same whatever stands before and behind, for each of the three alignments."""
    found = set()
    for before, alphabet in product(range(3), (b"+/", b"-_")):
        encoded = base64.b64encode(b"\0" * before + raw, altchars=alphabet)
        first = (before * 8 + 5) // 6
        last = (before + len(raw)) * 8 // 6
        found.add(encoded[first:last])
    return found


def _digests(raw: bytes) -> set[bytes]:
    found: set[bytes] = set()
    for name in ("md5", "sha1", "sha256", "sha512"):
        digest = hashlib.new(name, raw, usedforsecurity=False).digest()
        found |= {digest.hex().encode(), digest, *_base64(digest)}
    return found


def leaks(place: str, haystack: bytes) -> list[str]:
    """Which marker stands in this place, in which shape."""
    low = haystack.lower()
    return [
        f"{place}: {name} as {needle[:40]!r} near {low[max(0, low.index(needle) - 60) :][:160]!r}"
        for name, needles in NEEDLES.items()
        for needle in needles
        if needle in low
    ]


NEEDLES = {name: shapes(address) for name, address in MARKERS.items()}
