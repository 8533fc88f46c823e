"""Answers that are long are packed while others are served."""

import asyncio
import gzip

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from service.web.conditional import conditional_response


@pytest.mark.parametrize(("size", "waits"), [(2_000, False), (64 * 1024, False), (400_000, True)])
async def test_a_long_body_is_packed_beside_the_loop(size: int, *, waits: bool) -> None:
    request = make_mocked_request("GET", "/", headers={"Accept-Encoding": "gzip"})
    body = bytes(range(256)) * (size // 256)
    answer = asyncio.ensure_future(
        conditional_response(request, "tag", lambda: body, content_type="application/json")
    )
    await asyncio.sleep(0)
    assert answer.done() != waits
    response: web.Response = await answer
    assert isinstance(response.body, bytes)
    assert gzip.decompress(response.body) == body
