"""Hostile rows of the corpora beside the project, and what must never come out of rendering them."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import html5lib
import pytest

CORPORA = Path(__file__).parents[4] / "shared" / "data" / "corpora"
PATTERNS = ("xss_*", "html_*", "blns", "markdown_*", "redirect_*", "url_*", "strings_*", "unicode_*")

ACTIVE = {
    "script", "style", "iframe", "object", "embed", "svg", "math", "form", "base", "meta", "link", "img",
    "video", "audio", "frame", "frameset", "applet", "template", "input", "button", "textarea", "select",
}  # fmt: skip

needs_corpora = pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora are not beside the project")


def rows(pattern: str) -> list[str]:
    """Every input of the files that match, as stored text: lone surrogates and NUL never get that far."""
    found: list[str] = []
    for path in sorted(CORPORA.glob(f"{pattern}.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            found.extend(json.loads(line)["input"] for line in lines)
    return found


def storable(text: str) -> str:
    return "".join(c for c in text.replace("\r\n", "\n") if c in "\t\n" or not _refused(c))


def _refused(character: str) -> bool:
    code = ord(character)
    return code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000


def elements(html: str) -> Iterator[Any]:
    """Every element that a browser would make of this fragment."""
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    yield from (node for node in tree.iter() if isinstance(node.tag, str) and node.tag != "DOCUMENT_FRAGMENT")


def active_content(html: str) -> list[str]:
    """What could run, load or submit; empty is safe."""
    found: list[str] = []
    for node in elements(html):
        tag = node.tag.rpartition("}")[2].lower()
        if tag in ACTIVE:
            found.append(f"<{tag}>")
        for name, value in node.attrib.items():
            if name.lower().startswith("on") or name.lower() in {"style", "srcdoc", "formaction"}:
                found.append(f"{tag}[{name}]")
            if name.lower() in {"href", "src", "action", "itemid"} and not _harmless(value):
                found.append(f"{tag}[{name}={value!r}]")
    return found


def _harmless(address: str) -> bool:
    """http(s) or relative, read as browsers do: C0 controls and space around it do not count."""
    try:
        return urlsplit(address.strip("".join(map(chr, range(0x21))))).scheme in {"", "http", "https"}
    except ValueError:
        return False
