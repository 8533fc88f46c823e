"""The script of `<reply-thread>`, put together once of its parts, and those of the releases before."""

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent / "embed"
PARTS = ("words.js", "dom.js", "form.js", "thread.js")
RELEASES = HERE / "releases"
"""`<digest>.js` of the two releases before this one: pages that name them keep working."""


@cache
def embed_script() -> bytes:
    """The script: one function, its styles as a string, without comments and indentation of its source."""
    style = " ".join((HERE / "style.css").read_text().split())
    parts = (_bare((HERE / name).read_text()) for name in PARTS)
    body = "\n".join((f"const STYLE = {json.dumps(style, ensure_ascii=False)};", *parts))
    return f'(() => {{\n"use strict";\n{body}\n}})();\n'.encode()


@cache
def embed_scripts() -> dict[str, bytes]:
    """Every script that is served under its digest, this release's first."""
    scripts = [embed_script(), *(path.read_bytes() for path in sorted(RELEASES.glob("*.js")))]
    return {digest(script): script for script in scripts}


def digest(script: bytes) -> str:
    """The first 16 hex digits of its SHA-256: its name."""
    return hashlib.sha256(script).hexdigest()[:16]


def integrity(script: bytes) -> str:
    """What a page writes into `integrity` (Subresource Integrity)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(script).digest()).decode()


def _bare(source: str) -> str:
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not re.match("//", line))
