"""The account of what was sent, kept by those who sent it: what must be there afterwards, and what may.

After Jepsen's `total-queue` checker: what went in must come out. Each submission is written down before it is
sent, each answer when it came. An answer 2xx or 303 promises that it is stored; a 4xx that it is not; any
other, 503 too, promises nothing: it may be stored or not. Only the standard library is needed here.
"""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Outcome(StrEnum):
    """What is known of a submission."""

    OK = "ok"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Entry:
    """One submission, under the key of all its tries."""

    site: str
    client: str
    seq: int
    key: str
    text: str
    outcome: Outcome = Outcome.UNKNOWN
    ids: set[str] = field(default_factory=set)
    tries: int = 0
    acknowledged_at: float | None = None  # monotonic

    @property
    def digest(self) -> str:
        """SHA-256 of the text as it was sent."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Stored:
    """A comment as it was found in the database."""

    id: str
    text: str
    status: str
    version: int


@dataclass(frozen=True, slots=True)
class Ruling:
    """A moderator's decision that was answered 200."""

    comment_id: str
    status: str
    version: int


class Ledger:
    """Append-only, on disk line by line in `path`."""

    def __init__(self, path: Path) -> None:
        self.entries: list[Entry] = []
        self.rulings: dict[str, Ruling] = {}
        self.acks: list[float] = []  # when (monotonic) each promise was made, in order
        self._file = path.open("a", encoding="utf-8")

    def will_send(self, site: str, client: str, seq: int, key: str, text: str) -> Entry:
        """Write down what is about to be sent."""
        entry = Entry(site, client, seq, key, text)
        self.entries.append(entry)
        self._write(site=site, client=client, seq=seq, key=key, sha256=entry.digest)
        return entry

    def answered(self, entry: Entry, outcome: Outcome, took_s: float, comment_id: str | None = None) -> None:
        """Write down the answer to one try; what was promised once stays promised."""
        entry.tries += 1
        if comment_id:
            entry.ids.add(comment_id)
        if outcome is Outcome.OK and entry.acknowledged_at is None:
            entry.acknowledged_at = time.monotonic()
            self.acks.append(entry.acknowledged_at)
        if entry.outcome is not Outcome.OK:
            only_refused = outcome is Outcome.FAIL and entry.tries == 1
            entry.outcome = outcome if outcome is Outcome.OK or only_refused else Outcome.UNKNOWN
        self._write(key=entry.key, outcome=outcome, took_s=round(took_s, 3), id=comment_id)

    def ruled(self, comment_id: str, status: str, version: int) -> None:
        """Write down a moderator's decision that was acknowledged."""
        self.rulings[comment_id] = Ruling(comment_id, status, version)
        self._write(decided=comment_id, status=status, version=version)

    def close(self) -> None:
        """The file is whole."""
        self._file.close()

    def _write(self, **line: object) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()


@dataclass(slots=True)
class Balance:
    """How the account compares with what is stored; `faults` says what is wrong, one line each."""

    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    foreign: int = 0
    overruled: int = 0
    faults: list[str] = field(default_factory=list)


def balance(ledger: Ledger, found: Iterable[Stored]) -> Balance:
    """Compare: acknowledged ⊆ stored ⊆ sent, byte for byte, nothing twice, no moderator overruled."""
    stored = list(found)
    by_id = {one.id: one for one in stored}
    times = Counter(one.text for one in stored)
    result = Balance()
    for entry in ledger.entries:
        _compare(entry, by_id, times, result)
    sent = {entry.text for entry in ledger.entries}
    refused = {entry.text for entry in ledger.entries if entry.outcome is Outcome.FAIL}
    for one in stored:
        if one.text not in sent or one.text in refused:
            result.foreign += 1
            result.faults.append(f"I1: {one.id} is stored and was never sent so, or was refused")
    _compare_rulings(ledger.rulings.values(), by_id, result)
    return result


def _compare(entry: Entry, by_id: Mapping[str, Stored], times: Counter[str], result: Balance) -> None:
    name = f"{entry.client}/{entry.seq}"
    if entry.outcome is Outcome.OK:
        result.acknowledged += 1
        if not times[entry.text]:
            result.lost += 1
            result.faults.append(f"I1: {name} was acknowledged and is not stored as it was sent")
        wrong = [one for one in entry.ids if one not in by_id or by_id[one].text != entry.text]
        if wrong:
            result.faults.append(f"I1: {name} was acknowledged as {wrong[0]}, which is not it")
    if times[entry.text] > 1 or len(entry.ids) > 1:
        result.doubled += 1
        result.faults.append(f"I2: {name} is stored {times[entry.text]} times, answered as {len(entry.ids)}")


def _compare_rulings(rulings: Iterable[Ruling], by_id: Mapping[str, Stored], result: Balance) -> None:
    for ruling in rulings:
        now = by_id.get(ruling.comment_id)
        if now is None or (now.status, now.version) != (ruling.status, ruling.version):
            result.overruled += 1
            is_now = f"{now.status}, version {now.version}" if now else "gone"
            made = f"{ruling.status}, version {ruling.version}"
            result.faults.append(f"I5: a moderator made {ruling.comment_id} {made}: it is {is_now}")
