"""A client that keeps every byte it was ever answered, and knows the one place where an address may stand."""

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientConnectionError, ClientSession, FormData

from tests.leaks.markers import MARKERS
from tests.web.sending import HTML

OWN_FIELD = re.compile(rb'(?<=<input id="reply-email" name="email" type="email") [^>]*')
SUBMIT = "/api/v1/sites/paper/comments"


@dataclass
class Outside:
    client: ClientSession
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    async def ask(self, method: str, path: str, *, back_to_sender: str | None = None, **options: Any) -> Any:
        """One request; `back_to_sender` is the address that a refused form may hand back in this answer."""
        async with self.client.request(method, path, allow_redirects=False, **options) as response:
            body = await response.read()
            heads = "\n".join(f"{name}: {value}" for name, value in response.headers.items()).encode()
            shown = body
            if back_to_sender and response.status not in {202, 303}:
                # Once, as the value of its field, to the one who typed it, and kept by nobody.
                shown, places = OWN_FIELD.subn(b"", body)
                assert places == 0 or (places, response.headers["Cache-Control"]) == (1, "no-store")
            self.heard.append((f"{method} {path[:60]} {response.status}", heads + b"\n\n" + shown))
            self.statuses.append(response.status)
            return response.status, body

    async def submit(self, kind: str, fields: dict[str, Any], **options: Any) -> Any:
        """A submission as JSON, form or multipart."""
        address = fields.get("email")
        if kind == "json":
            return await self.ask(
                "POST", SUBMIT, data=json.dumps(fields), headers=_typed("application/json", options)
            )
        form = FormData(default_to_multipart=kind == "multipart")
        for name, value in fields.items():
            form.add_field(name, str(value))
        headers = {"Accept": HTML} | options.pop("headers", {})
        back = address if isinstance(address, str) else None
        return await self.ask("POST", SUBMIT, data=form, headers=headers, back_to_sender=back)

    async def raw(self, port: int, request: bytes) -> None:
        """Bytes that need not be HTTP; what comes back, as long as something comes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        writer.write_eof()
        try:
            async with asyncio.timeout(3):
                answer = await reader.read()
        except (TimeoutError, ClientConnectionError, OSError):
            answer = b""
        finally:
            writer.close()
        self.heard.append((f"raw {request[:30]!r}", answer.replace(request.strip(), b"")))


def _typed(content_type: str, options: dict[str, Any]) -> dict[str, str]:
    return {"Content-Type": content_type} | dict(options.get("headers", {}))


def comment_of(name: str, number: int, **more: Any) -> dict[str, Any]:
    """A submission of the marker's owner, on a page of its own."""
    return {
        "page_url": f"https://paper.example/{name}/{number}",
        "author": f"Author {name}",
        "email": MARKERS[name],
        "comment": f"Comment {number} by {name}.",
    } | more
