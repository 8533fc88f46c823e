"""Readers who never stop writing while the service is hurt, and the account of what must be there after."""

import http.client
import threading
import time
import uuid
from dataclasses import dataclass, field

from desk import STATUSES, Desk
from engine import must

APART_S = 0.25
PATIENCE_S = 90.0


@dataclass
class Ledger:
    """Every reply that was sent, under the key of all its tries, and the id that was promised for it."""

    desk: Desk
    sent: dict[str, str] = field(default_factory=dict)  # key: text
    acknowledged: dict[str, str] = field(default_factory=dict)  # key: id
    unanswered: int = 0
    unexpected: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self, readers: int = 2) -> None:
        """Let the readers write."""
        for number in range(readers):
            thread = threading.Thread(target=self._write, args=(number,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def end(self) -> None:
        """Let each finish the reply it is at."""
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE_S + 15)
        must(not any(thread.is_alive() for thread in self._threads), "a reader is still waiting")

    def settle(self) -> bool:
        """Whether nothing waits for the checks any more."""
        return not self.desk.queue("pending")

    def balance(self) -> dict[str, int]:
        """Check the account; how many comments there are by status.

        Raises:
            Failed: an acknowledged reply is missing, there twice or not what was sent, or one got no answer.
        """
        must(not self.unexpected, f"answers that no reader should get: {self.unexpected[:3]}")
        missing = self.sent.keys() - self.acknowledged.keys()
        must(not missing, f"{len(missing)} replies were never acknowledged")
        stored = [(status, one) for status in STATUSES for one in self.desk.queue(status)]
        texts = {one["id"]: one["text"] for _, one in stored}
        must(len(texts) == len(stored), "a comment is listed under two statuses")
        for key, comment_id in self.acknowledged.items():
            must(texts.get(comment_id) == self.sent[key], f"acknowledged and not there as sent: {comment_id}")
        ours = [text for text in texts.values() if text in set(self.sent.values())]
        must(len(ours) == len(self.sent), f"{len(self.sent)} replies were sent, {len(ours)} are stored")
        return {status: sum(found == status for found, _ in stored) for status in STATUSES}

    def _write(self, number: int) -> None:
        count = 0
        while not self._stop.is_set():
            count += 1
            key = uuid.uuid4().hex
            self.sent[key] = (
                f"The bridge opened again, says reader {number} for the {count}th time ({key[:8]})."
            )
            self._send_until_answered(key, f"Reader{number}x{count}")
            time.sleep(APART_S)

    def _send_until_answered(self, key: str, name: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                answer = self.desk.submit(self.sent[key], name, key)
            except (OSError, http.client.HTTPException):
                self.unanswered += 1
            else:
                if answer.status == 202:
                    self.acknowledged[key] = answer.document["id"]
                    return
                if answer.status != 503 or "retry-after" not in answer.headers:
                    self.unexpected.append(f"{answer.status} {answer.body[:200]!r}")
                self.unanswered += 1
            time.sleep(0.5)
