"""The rows of the hostile corpora beside the project, and what must never stand in a page."""

import gzip
import json
import os
import zlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest

CORPORA = Path(__file__).parents[3] / "shared" / "data" / "corpora"
ALL = os.environ.get("TEST_REPLYDESK_ALL_CORPORA") == "1"
ONE_OF = 12
"""Without TEST_REPLYDESK_ALL_CORPORA=1, this share of the rows of a large file is sent, always the same."""
ROWS_AT_ONCE = 700

needs_corpora = pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora are not beside the project")

Row = dict[str, Any]


@cache
def rows(name: str) -> list[Row]:
    """The rows of one file: all of a small one, a sample of a large one."""
    found = every_row(name)
    if ALL or len(found) < 200:
        return found
    return [row for row in found if zlib.crc32(row["id"].encode()) % ONE_OF == 0]


def every_row(name: str) -> list[Row]:
    """All rows of one file, for what costs next to nothing."""
    with gzip.open(CORPORA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def parts(*names: str) -> list[Any]:
    """Batches of rows, named, for the parameters of a test."""
    if not CORPORA.is_dir():
        return [pytest.param([], id="absent")]
    batches: list[Any] = []
    for name in names:
        found = rows(name)
        batches += [
            pytest.param(found[start : start + ROWS_AT_ONCE], id=f"{name}-{start}")
            for start in range(0, len(found), ROWS_AT_ONCE)
        ]
    return batches


_NEVER = {
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "base",
    "img",
    "video",
    "audio",
    "source",
    "frame",
    "frameset",
    "applet",
    "template",
    "style",
    "marquee",
    "details",
    "dialog",
    "isindex",
    "keygen",
    "portal",
    "noscript",
}
_OURS = (
    ("details", {"class": "passed"}),
    ("details", {"class": "change"}),
    ("dialog", {"id": "help", "aria-labelledby": "help-title"}),
    ("dialog", {"id": "reasons", "aria-labelledby": "reasons-title"}),
)
"""Of those, what our own queue holds: the checks that passed, folded away, and its two dialogs."""

_ADDRESSES = {
    "href",
    "src",
    "action",
    "itemid",
    "formaction",
    "poster",
    "data",
    "xlink:href",
    "cite",
    "content",
}


def active_content(html: str) -> list[str]:
    """What a whole page of ours must not hold: anything that could run, load, or submit elsewhere."""
    found: list[str] = []
    for node in html5lib.parse(html, namespaceHTMLElements=False).iter():
        if not isinstance(node.tag, str):
            continue
        tag = node.tag.rpartition("}")[2].lower()
        if tag in _NEVER and (tag, dict(node.attrib)) not in _OURS:
            found.append(f"<{tag}>")
        if tag == "script" and (node.text or not node.get("src", "").startswith("/static/")):
            found.append("<script>")
        if tag == "meta" and node.get("http-equiv"):
            found.append("<meta http-equiv>")
        if tag == "link" and node.get("rel") not in {"icon", "stylesheet", "canonical", "alternate"}:
            found.append("<link>")
        if tag == "form" and not _stays_here(node):
            found.append("<form>")
        found += [
            f"{tag}[{name}]" for name, value in node.attrib.items() if _is_active(str(name).lower(), value)
        ]
    return found


def _stays_here(form: Element) -> bool:
    """It submits to a path of ours, or, closing our own dialog, to nowhere."""
    if dict(form.attrib) == {"method": "dialog"}:
        return True
    return form.get("action", "").startswith(("/api/v1/sites/", "/dashboard", "/receipts/"))


def _is_active(name: str, value: str) -> bool:
    if name.startswith("on") or name in {"style", "srcdoc", "formaction", "http-equiv", "ping", "background"}:
        return True
    return name in _ADDRESSES and not _is_harmless(value)


def _is_harmless(address: str) -> bool:
    """http(s) or relative, read as browsers do: C0 controls and blanks around it do not count."""
    try:
        return urlsplit(address.strip("".join(map(chr, range(0x21))))).scheme in {"", "http", "https"}
    except ValueError:
        return False
