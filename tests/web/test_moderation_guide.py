"""Every example of the guides to the API is carried out, in its order, and answers as the page shows."""

import json
import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession

from service.web.openapi import openapi_document
from tests.web.guide_scene import appeal_of_the_guide, order_of_the_guide, people_of_the_guide
from tests.web.harness import CheckAll, MakeSite, MakeToken, Submit, WebProcess
from tests.web.openapi_check import Operation, Reference

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = (
    "moderation-api.md",
    "policy-api.md",
    "people.md",
    "webhooks.md",
    "alerts.md",
    "networks.md",
    "merging.md",
)
ALONE = ("editing.md", "answering.md", "appeals.md")
"""Their examples begin with a comment about which nothing was decided yet."""


def _written(*names: str) -> str:
    return "\n".join((DOCS / name).read_text(encoding="utf-8") for name in names)


GUIDE = _written(*GUIDES, *ALONE)
EXAMPLE = re.compile(r"```sh\n((?:(?!```).)*)```\n\n```json\n(.*?)```", re.DOTALL)
STREAM = re.compile(r"```sh\n(curl -N .*?)```\n\n```text\n(.*?)```", re.DOTALL)
LINKS = "See http://a.example http://b.example http://c.example"


@pytest.fixture
async def variables(
    web_app: WebProcess, make_site: MakeSite, make_token: MakeToken, submit: Submit, check_all: CheckAll,
    database: asyncpg.Connection,
) -> dict[str, str]:  # fmt: skip
    """What the page's commands take from the environment: two comments are held."""
    await make_site("demo")
    ids = [(await submit("demo", comment=LINKS + end))["id"] for end in ("", ".")]
    await check_all()
    token = await make_token("moderator", ("demo",), name="Ruth")
    admin = await make_token("admin", ("demo",), name="Ada")
    url = "/api/v1/moderation/sites/demo/policy/tries"
    headers = {"Authorization": "Bearer " + admin}
    async with web_app.client.post(url, json={"policy": {}}, headers=headers) as answer:
        trial = (await answer.json())["id"]
    async with web_app.client.get(f"/api/v1/moderation/comments/{ids[0]}", headers=headers) as answer:
        author = (await answer.json())["author_key"]
    hooks, hook = "/api/v1/moderation/sites/demo/webhooks", {"url": "https://hooks.paper.example/first"}
    async with web_app.client.post(hooks, json=hook, headers=headers) as answer:
        webhook = (await answer.json())["id"]
    await database.execute("""
        INSERT INTO alert (site_id, kind, threshold, value) SELECT id, 'queue_too_long', 200, 213 FROM site
    """)
    later = datetime.now(UTC) + timedelta(days=2)
    known = {"LATER": f"{later:%FT%TZ}", "ORDER": await order_of_the_guide(database, ids[1])}
    known |= {"WEBHOOK": webhook, "ID": ids[0], "OTHER": ids[1], "TRY": trial, "AUTHOR": author}
    known["APPEAL"] = await appeal_of_the_guide(database, ids[1])
    known |= await people_of_the_guide(database, token)
    return {"REPLYDESK": web_app.url, "TOKEN": token, "ADMIN": admin} | known


@pytest.mark.parametrize("guides", [GUIDES, *((name,) for name in ALONE)], ids=lambda names: names[0])
async def test_every_example_answers_as_the_page_shows(
    client: ClientSession, web_app: WebProcess, variables: dict[str, str], guides: tuple[str, ...]
) -> None:
    reference, written = Reference(openapi_document(web_app.url)), _written(*guides)
    examples = EXAMPLE.findall(written)
    assert len(examples) == written.count('curl "') + written.count("curl -X")
    for command, answered in examples:
        shown = json.loads(answered)
        method, url, headers, body = _request(command, variables)
        async with client.request(method, url, headers=headers, data=body) as answer:
            expected = {shown["status"]} if isinstance(shown.get("status"), int) else {200, 201, 202}
            assert answer.status in expected, await answer.text()
            operation_id = _operation(reference, method, url.removeprefix(web_app.url))
            await reference.check(operation_id, answer)
            _compare(shown, await answer.json(content_type=None), command)


async def test_the_stream_is_as_the_page_shows(client: ClientSession, variables: dict[str, str]) -> None:
    [(command, shown)] = STREAM.findall(GUIDE)
    _, url, headers, _ = _request(command.replace("curl -N", "curl"), variables)
    async with client.get(url, headers=headers) as answer:
        text = await answer.text()
    for before, after in zip(shown.strip().splitlines(), text.splitlines(), strict=False):
        pattern = re.escape(before).replace("…", '[^"]+')
        assert re.fullmatch(pattern, after), (before, after)


def test_every_operation_of_the_moderation_api_has_an_example() -> None:
    reference = Reference(openapi_document("http://x"))
    requests = [
        _request(re.sub(r"\$[A-Z_]+", "", command, count=1), {}) for command, _ in EXAMPLE.findall(GUIDE)
    ]
    shown = {_operation(reference, method, url) for method, url, _, _ in requests}
    described = reference.operations.items()
    shown |= {"streamEvents"}  # the one above
    assert shown == {name for name, one in described if "security" in one.described}


def _request(command: str, variables: dict[str, str]) -> tuple[str, str, dict[str, str], str | None]:
    """Method, URL, headers and body of a curl command, read as a shell and curl would."""
    for name, value in variables.items():
        command = command.replace(f"${name}", value)
    words = shlex.split(command.replace("\\\n", " "))
    assert words.pop(0) == "curl"
    method, urls, body = "GET", [], None
    headers: dict[str, str] = {}
    while words:
        match words.pop(0):
            case "-X":
                method = words.pop(0)
            case "-H":
                header, _, value = words.pop(0).partition(": ")
                headers[header] = value
            case "--json":
                method, body = "POST" if method == "GET" else method, words.pop(0)
                headers |= {"Content-Type": "application/json", "Accept": "application/json"}
            case word:
                assert not word.startswith("-")
                urls.append(word)
    [url] = urls
    return method, url, headers, body


def _operation(reference: Reference, method: str, path: str) -> str:
    path = path.partition("?")[0]

    def fits(operation: Operation) -> bool:
        template = re.sub(r"{\w+}", "[^/]+", operation.path)
        return operation.method == method.lower() and re.fullmatch(template, path) is not None

    [name] = [name for name, operation in reference.operations.items() if fits(operation)]
    return name


def _compare(shown: Any, answered: Any, where: str) -> None:
    """What the page shows must be in the answer; ids and times may differ, an ellipsis hides the rest."""
    if isinstance(shown, dict):
        left_out = "…" in shown
        names = set(shown) - {"…"}
        assert names <= set(answered), where
        assert left_out or names == set(answered), where
        for name in names - {"id", "oldest_held_at", "oldest_held_age_s", "leased_until", "made_at", "at"}:
            _compare(shown[name], answered[name], where)
    elif isinstance(shown, list):
        assert 0 < len(shown) <= len(answered), where
        for one, other in zip(shown, answered, strict=False):
            _compare(one, other, where)
    else:
        assert shown == answered, where
