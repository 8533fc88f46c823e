"""What admins' programs send about policies, and what they are shown."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.domain.policy import Policy
from service.storage.backtests import Backtest
from service.storage.policies import PolicyVersion
from service.usecases.change_policy import LONGEST_NOTE

MOST_TRIED = 100_000
MOST_RECHECKED = 200

PolicyNote = Annotated[
    str, StringConstraints(max_length=LONGEST_NOTE, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, strict=True)


class PolicyBody(_Body):
    """A document as `read_policy` takes it; its faults are told by the names of its own fields."""

    policy: dict[str, Any]


class NoteBody(_Body):
    """Why, for other admins."""

    note: PolicyNote | None = None


class NewPolicyBody(PolicyBody, NoteBody):
    """A new policy on top of the version that was read."""

    version: int = Field(ge=1, le=2**31 - 1)


class CandidateBody(PolicyBody, NoteBody):
    """A policy to be watched beside the live one."""


class TryBody(PolicyBody):
    """A policy to be tried on the latest so many comments."""

    last: int = Field(default=10_000, ge=1, le=MOST_TRIED)


class RecheckBody(_Body):
    """How many held comments to give back to the checks, of which reason, and after which one."""

    limit: int = Field(default=100, ge=1, le=MOST_RECHECKED)
    reason: Annotated[str, StringConstraints(max_length=50)] | None = None
    after: Annotated[str, StringConstraints(max_length=200)] | None = None


def version_document(found: PolicyVersion) -> dict[str, Any]:
    """One version with its policy."""
    return {
        "version": found.version,
        "made_at": found.made_at,
        "made_by": found.made_by,
        "note": found.note,
        "policy": policy_dump(found.policy),
    }


def policy_dump(policy: Policy) -> dict[str, Any]:
    """The document of a policy, every field named."""
    return policy.model_dump(mode="json")


def backtest_document(found: Backtest) -> dict[str, Any]:
    """Its state; the report once it is done."""
    return {
        "id": str(found.id),
        "status": found.status,
        "last": found.wanted,
        "done": found.done,
        "asked_at": found.asked_at,
        "failure": found.failure,
        "report": found.report,
    }
