"""Puts a candidate beside the live policy, takes it away, and says what it would have decided so far."""

from dataclasses import dataclass
from typing import Any

from service.domain.policy import Policy
from service.domain.status import Status
from service.moderation.backtest.report import report_of
from service.moderation.backtest.tally import Tally, people_said
from service.moderation.judge import Verdict
from service.storage import audit, policies, shadows
from service.storage.audit import AuditEntry
from service.storage.pool import Connection
from service.storage.shadows import Candidate, Watched

LATEST = 10_000
"""Comments that a report looks at."""


@dataclass(frozen=True, slots=True)
class Watching:
    """A candidate and what it would have decided about the latest comments."""

    candidate: Candidate
    tally: Tally
    failures: dict[str, int]

    def document(self) -> dict[str, Any]:
        """As JSON: figures and ids, never a text."""
        return {
            "since": self.candidate.since,
            "made_by": self.candidate.made_by,
            "note": self.candidate.note,
            "policy": self.candidate.policy.model_dump(mode="json"),
            "failures": self.failures,
            "report": report_of(self.tally),
        }


async def begin(
    connection: Connection,
    site_id: int,
    policy: Policy,
    *,
    moderator_id: int | None = None,
    note: str | None = None,
) -> None:
    """Watch this one, in the caller's transaction; the one before it ends."""
    await policies.lock_policy(connection, site_id)
    await shadows.begin_candidate(connection, site_id, policy, moderator_id=moderator_id, note=note)
    await audit.record(connection, AuditEntry("candidate.begun", site_id, moderator_id, "candidate"))


async def end(connection: Connection, site_id: int, moderator_id: int | None = None) -> bool:
    """Watch none any more; whether there was one."""
    ended = await shadows.end_candidate(connection, site_id)
    if ended:
        await audit.record(connection, AuditEntry("candidate.ended", site_id, moderator_id, "candidate"))
    return ended


async def watching(connection: Connection, site_id: int) -> Watching | None:
    """The candidate of that site with its report; null where none is watched."""
    candidate = await shadows.find_candidate(connection, site_id)
    if candidate is None:
        return None
    tally, failures = Tally(), dict[str, int]()
    for one in await shadows.list_watched(connection, candidate, limit=LATEST):
        if one.status is None:
            failures[one.failure or ""] = failures.get(one.failure or "", 0) + 1
        else:
            _count(tally, one, Status(one.status))
    return Watching(candidate, tally, failures)


def _count(tally: Tally, one: Watched, status: Status) -> None:
    tally.count(
        str(one.comment_id),
        Verdict(Status(one.live_status), None, one.live_decided_by, one.live_rule or ""),
        Verdict(status, None, one.decided_by, one.rule or ""),
        people_said(one.people),
    )
