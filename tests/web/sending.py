"""Sends replies the ways that readers and programs do, and reads what comes back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import html5lib
import orjson
from aiohttp import ClientResponse, ClientSession, FormData

from tests.web.harness import COMMENT

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
KINDS = ("json", "form", "multipart")


@dataclass(frozen=True)
class Answer:
    """A response that was read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def faults(self) -> dict[str, str]:
        """Field to code of a 422 problem."""
        return {fault["field"]: fault["code"] for fault in self.json["errors"]}

    def is_problem(self, code: str) -> bool:
        document = self.json
        return (
            self.headers["Content-Type"] == "application/problem+json"
            and document["code"] == code
            and document["status"] == self.status
            and document["type"].endswith("/" + code)
            and document["request_id"] == self.headers["X-Request-ID"]
        )


async def read(response: ClientResponse) -> Answer:
    return Answer(response.status, response.headers, await response.read())


async def get(client: ClientSession, path: str, params: Any = None, **headers: str) -> Answer:
    async with client.get(path, params=params, headers=headers, allow_redirects=False) as response:
        return await read(response)


async def post(
    client: ClientSession,
    fields: Mapping[str, Any],
    kind: str = "json",
    *,
    site: str = "paper",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Post these fields and no others; a form is sent as a browser does."""
    given: dict[str, Any] = {"json": fields}
    if kind != "json":
        form = FormData(default_to_multipart=kind == "multipart")
        for name, value in fields.items():
            form.add_field(name, str(value))
        given = {"data": form}
    accepts = {} if kind == "json" else {"Accept": HTML}
    async with client.post(
        f"/api/v1/sites/{site}/comments",
        headers=accepts | dict(headers or {}),
        allow_redirects=False,
        **given,
    ) as response:
        return await read(response)


async def post_raw(client: ClientSession, body: bytes, content_type: str | None, **headers: str) -> Answer:
    """Post bytes under a Content-Type; none at all where it is null."""
    sent = headers | ({"Content-Type": content_type} if content_type else {})
    async with client.post(
        "/api/v1/sites/paper/comments",
        data=body,
        headers=sent,
        skip_auto_headers=["Content-Type"],
        allow_redirects=False,
    ) as response:
        return await read(response)


def reply(**fields: Any) -> dict[str, Any]:
    """A faultless submission with some fields changed; null takes one away."""
    changed = {**COMMENT, **fields}
    return {name: value for name, value in changed.items() if value is not None}


@dataclass(frozen=True)
class Page:
    """A page as a browser reads it."""

    root: Any

    def all(self, tag: str) -> Iterator[Any]:
        yield from self.root.iter(tag)

    def by_id(self, identity: str) -> Any:
        return next(node for node in self.root.iter() if node.get("id") == identity)

    def has_id(self, identity: str) -> bool:
        return any(node.get("id") == identity for node in self.root.iter())

    @property
    def text(self) -> str:
        return " ".join("".join(self.root.itertext()).split())

    def typed(self) -> dict[str, str]:
        """What a browser would send again from the reply form."""
        form = next(node for node in self.all("form") if node.get("id") == "reply-form")
        values = {node.get("name"): node.get("value", "") for node in form.iter("input") if node.get("name")}
        return values | {node.get("name"): node.text or "" for node in form.iter("textarea")}

    def fault_of(self, field: str) -> str:
        """The message beside a field, found the way that a screen reader finds it."""
        control = self.by_id(f"reply-{field}")
        assert control.get("aria-invalid") == "true"
        return "".join(self.by_id(control.get("aria-describedby")).itertext())


def page_of(answer: Answer) -> Page:
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return Page(html5lib.parse(answer.text, namespaceHTMLElements=False))


async def send(client: ClientSession, path: str, **fields: str) -> Answer:
    """As JSON to the API, as a form to a page."""
    given = {"json": fields} if path.startswith("/api/") else {"data": fields, "headers": {"Accept": HTML}}
    async with client.post(path, allow_redirects=False, **given) as response:  # type: ignore[arg-type]
        return await read(response)
