"""The reference is made once for each address of the service, and names that one."""

import pytest

from service.web import reference
from tests.web.harness import StartWeb
from tests.web.sending import get


async def test_the_reference_is_made_once_for_each_public_url(
    start_web: StartWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    make = reference.openapi_document
    monkeypatch.setattr(reference, "openapi_document", lambda url: made.append(url) or make(url))
    processes = [await start_web(), await start_web()]
    for web in processes:
        for path in ("/openapi.json", "/docs"):
            first, second = [await get(web.client, path) for _ in range(2)]
            assert first.status == 200
            assert first.body == second.body
            assert (web.url in first.text) == (path == "/openapi.json")
    assert made == [web.url for web in processes for _ in range(2)]
