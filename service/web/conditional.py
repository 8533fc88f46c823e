"""Answers that can be kept and asked for again cheaply: ETag, 304, compression (RFC 9110)."""

import asyncio
import hashlib
import re
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

from aiohttp import web

SHARED = "public, max-age=0, s-maxage=1"
"""Kept for a second by an edge, so that a decision is visible within two."""

_WORTH_COMPRESSING = 1024
_WORTH_A_THREAD = 64 * 1024
"""Packing more than this holds the others up for over a millisecond."""

_GZIP = 16 + zlib.MAX_WBITS


def etag(*parts: object) -> str:
    """A strong tag over everything that the bytes depend on."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(str(part).encode() + b"\x00")
    return digest.hexdigest()


def accepts_gzip(request: web.Request) -> bool:
    """Whether the client names gzip without refusing it."""
    for entry in request.headers.get("Accept-Encoding", "").lower().split(","):
        coding, _, parameters = entry.strip().partition(";")
        if coding.strip() == "gzip":
            return not re.fullmatch(r"\s*q=0(\.0*)?\s*", parameters)
    return False


async def conditional_response(
    request: web.Request,
    tag: str,
    make_body: Callable[[], bytes],
    *,
    content_type: str,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> web.Response:
    """304 where the client has it already; otherwise the body, gzipped where that is asked for and worth it.

    The tag is another one for each encoding, because it stands for bytes.
    """
    gzipped = accepts_gzip(request)
    quoted = f'"{tag}{"-gz" if gzipped else ""}"'
    given = {"ETag": quoted, "Vary": "Accept-Encoding", "Cache-Control": SHARED, **headers}
    if _matches(request.headers.get("If-None-Match", ""), quoted):
        return web.Response(status=304, headers=given)
    body = make_body()
    if gzipped and len(body) >= _WORTH_COMPRESSING:
        body = await asyncio.to_thread(_packed, body) if len(body) > _WORTH_A_THREAD else _packed(body)
        given["Content-Encoding"] = "gzip"
    return web.Response(body=body, content_type=content_type, charset=_charset(content_type), headers=given)


def _packed(body: bytes) -> bytes:
    compressor = zlib.compressobj(level=5, wbits=_GZIP)
    return compressor.compress(body) + compressor.flush()


def _charset(content_type: str) -> str | None:
    return "utf-8" if content_type.startswith("text/") else None


def _matches(header: str, tag: str) -> bool:
    # If-None-Match compares weakly: W/ in front says nothing (RFC 9110 13.1.2).
    return header.strip() == "*" or tag in {part.strip().removeprefix("W/") for part in header.split(",")}
