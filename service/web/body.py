"""From the bytes of a request to its fields: strict, capped, and never an exception but `BodyError`.

aiohttp's own `request.json()` and `.post()` are not used: they answer hostile bodies with 500 and keep
replacement characters silently. The server that calls this must be made with `auto_decompress=False`
(`web.AppRunner(app, auto_decompress=False)`; `web.run_app` passes it on): a coded body is refused here
before it is read, but aiohttp inflates while bytes come in and while it waits for the rest after an early
answer (`lingering_time`, 10 s; set it to 2). `client_max_size` has no effect here: `max_bytes` is the cap.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from aiohttp import ClientError, web
from aiohttp.http_exceptions import HttpProcessingError

from service.web.body_error import BodyError, malformed, unsupported
from service.web.clock import stopped_clock
from service.web.form_body import parse_urlencoded
from service.web.header_params import MalformedHeader, split_parameters
from service.web.json_body import parse_json
from service.web.multipart_body import CHARSETS, parse_multipart

__all__ = ["BODY_DEADLINE_S", "Body", "BodyError", "BodyKind", "body_kind", "parse_body", "read_body"]

BodyKind = Literal["json", "form"]

BODY_DEADLINE_S = web.AppKey("body_deadline_s", float)
"""How long a whole body may take to arrive, in seconds; an application that does not say gives it ten."""

_JSON = "application/json"
_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True, repr=False)
class Body:
    """The decoded fields: any JSON value for `json`, text only for `form`; it prints none of them."""

    kind: BodyKind
    fields: dict[str, object]


async def read_body(request: web.Request, *, max_bytes: int, deadline_s: float | None = None) -> Body:
    """Read and decode the body of one request.

    Args:
        max_bytes: the largest body; a longer one is refused from its Content-Length or while it comes in.
        deadline_s: seconds for the whole body to arrive, null for `BODY_DEADLINE_S`; it bounds slow clients,
            not the parsing.

    Raises:
        BodyError: 400 malformed or broken off, 408 too slow, 413 too large, 415 type, charset or coding.
    """
    _refuse_coded(request.headers.getall("Content-Encoding", ()))
    _refuse_coded(request.headers.getall("Transfer-Encoding", ()), but="chunked")
    parse = _parser_for(request.headers.getall("Content-Type", ()))
    if deadline_s is None:
        deadline_s = request.app.get(BODY_DEADLINE_S, 10.0)
    raw = await _bytes_of(request, max_bytes, deadline_s)
    return parse(raw)


def parse_body(content_types: Sequence[str], raw: bytes) -> Body:
    """Decode a body that is all here, by the values of its Content-Type headers; raises BodyError."""
    return _parser_for(content_types)(raw)


def body_kind(content_types: Sequence[str]) -> BodyKind | None:
    """How a request with these Content-Type headers is answered; null where it cannot be read at all."""
    try:
        return "json" if _media_type(content_types)[0] == _JSON else "form"
    except BodyError:
        return None


def _parser_for(content_types: Sequence[str]) -> Callable[[bytes], Body]:
    media_type, parameters = _media_type(content_types)
    if media_type == _JSON:
        return lambda raw: Body("json", parse_json(raw))
    if media_type == _URLENCODED:
        return lambda raw: Body("form", parse_urlencoded(raw))
    boundary = parameters.get("boundary", "")
    return lambda raw: Body("form", parse_multipart(raw, boundary))


def _media_type(content_types: Sequence[str]) -> tuple[str, dict[str, str]]:
    if len(content_types) != 1:
        raise unsupported("The request needs one Content-Type.")
    try:
        media_type, parameters = split_parameters(content_types[0])
    except MalformedHeader:
        raise unsupported("The Content-Type cannot be read.") from None
    if media_type not in {_JSON, _URLENCODED, _MULTIPART}:
        raise unsupported(f"Send {_JSON}, {_URLENCODED} or {_MULTIPART}.")
    if parameters.get("charset", "utf-8").lower() not in CHARSETS:
        raise unsupported("Send UTF-8.")
    return media_type, parameters


def _refuse_coded(codings: Sequence[str], but: str = "identity") -> None:
    named = {coding.strip().lower() for header in codings for coding in header.split(",")}
    if named - {"", but}:
        raise unsupported("Send the body without a coding.")


async def _bytes_of(request: web.Request, max_bytes: int, deadline_s: float) -> bytes:
    if (request.content_length or 0) > max_bytes:
        raise _too_large(max_bytes)
    received = bytearray()
    try:
        with stopped_clock():
            async with asyncio.timeout(deadline_s):
                async for chunk in request.content.iter_any():
                    received += chunk
                    if len(received) > max_bytes:
                        raise _too_large(max_bytes)
    except TimeoutError:
        raise BodyError(408, "body-too-slow", "The body took too long", "Send the body faster.") from None
    except (OSError, ClientError, HttpProcessingError, web.RequestPayloadError):
        raise malformed("The body broke off or is not framed as it says.") from None
    return bytes(received)


def _too_large(max_bytes: int) -> BodyError:
    return BodyError(413, "body-too-large", "The body is too large", f"Send at most {max_bytes} bytes.")
