"""A reader and a moderator at the edge: plain HTTP, a connection for each request."""

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from engine import must

SITE = "paper"
PAGE = "https://paper.example/council"
STATUSES = ("pending", "published", "held", "rejected", "spam")


@dataclass(frozen=True)
class Answer:
    """An answer; `headers` by lower-case name."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Desk:
    """The service behind a port of loopback."""

    port: int
    token: str = ""

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """One request; raises OSError or HTTPException where none answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, named, answer.read())
        finally:
            connection.close()

    def submit(self, text: str, name: str, key: str | None = None, **headers: str) -> Answer:
        """A reply as a script sends it."""
        fields = _fields(text, name)
        sent = {"Content-Type": "application/json", **({"Idempotency-Key": key} if key else {}), **headers}
        return self.ask("POST", f"/api/v1/sites/{SITE}/comments", json.dumps(fields).encode(), sent)

    def submit_form(self, text: str, name: str) -> Answer:
        """A reply as a browser without JavaScript sends it."""
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        body = urlencode(_fields(text, name)).encode()
        return self.ask("POST", f"/api/v1/sites/{SITE}/comments", body, sent)

    def published(self) -> list[dict[str, Any]]:
        """What readers see of the page."""
        path = f"/api/v1/sites/{SITE}/comments?page_url={quote(PAGE, safe='')}&sort=newest&limit=200"
        answer = self.ask("GET", path)
        must(answer.status == 200, f"the thread answers {answer.status}")
        return list(answer.document["comments"])

    def queue(self, status: str) -> list[dict[str, Any]]:
        """Every comment of a status, page after page."""
        found: list[dict[str, Any]] = []
        more = ""
        while True:
            document = self._moderate("GET", f"comments?status={status}&limit=200{more}")
            found += document["comments"]
            if document["next_cursor"] is None:
                return found
            more = "&cursor=" + quote(document["next_cursor"], safe="")

    def find(self, text: str) -> dict[str, Any] | None:
        """The comment with this text, once the checks have decided it."""
        decided = (one for status in STATUSES[1:] for one in self.queue(status))
        return next((one for one in decided if one["text"] == text), None)

    def approve(self, comment: dict[str, Any]) -> None:
        """Publish it as a moderator."""
        body = {"action": "approve", "version": comment["version"]}
        self._moderate("POST", f"comments/{comment['id']}/decision", body)

    def seconds_until_visible(self, text: str) -> float:
        """How long readers behind the edge wait for a comment that was just published."""
        began = time.monotonic()
        while not any(one.get("text") == text for one in self.published()):
            must(time.monotonic() - began < 10, "an approved comment is not to be read")
            time.sleep(0.05)
        return time.monotonic() - began

    def _moderate(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body else None
        answer = self.ask(method, f"/api/v1/moderation/{path}", data, headers)
        must(answer.status == 200, f"{method} {path} answers {answer.status}: {answer.body[:300]!r}")
        return answer.document


def _fields(text: str, name: str) -> dict[str, str]:
    return {"page_url": PAGE, "author": name, "email": f"{name.lower()}@reader.example", "comment": text}
