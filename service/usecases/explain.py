"""Says why a comment stands where it stands: the version of the policy and the line of it that decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.policy import Policy
from service.moderation.policy_document import line_of
from service.storage import policies
from service.storage.decisions import PastDecision
from service.storage.pool import Connection


@dataclass(frozen=True, slots=True)
class Explanation:
    """The checks' latest decision: `line` is the policy's line with its value, where one decided."""

    at: datetime
    status: str
    policy_version: int | None
    decided_by: str | None
    rule: str | None
    line: str | None


async def explain(
    connection: Connection, site_id: int, history: Sequence[PastDecision]
) -> Explanation | None:
    """Null where no check has decided yet."""
    last = next((one for one in reversed(history) if one.source == "checks"), None)
    if last is None:
        return None
    policy: Policy | None = None
    if last.policy_version is not None and last.rule:
        found = await policies.find_version(connection, site_id, last.policy_version)
        policy = found.policy if found else None
    line = line_of(policy, last.rule) if policy and last.rule else None
    return Explanation(last.decided_at, last.status, last.policy_version, last.decided_by, last.rule, line)
