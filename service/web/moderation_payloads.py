"""What moderators' programs send, and what they are shown."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from service.domain.fault import Fault, FaultCode
from service.domain.redaction import MOST_SPANS
from service.storage.decisions import PastDecision
from service.storage.queue import QueuedComment
from service.web.problems import Problem
from service.web.safe_link import safe_href

MAX_BULK = 200
MAX_CLAIM = 200

Action = Literal["approve", "reject", "spam", "hold"]
ReasonCode = Annotated[str, StringConstraints(max_length=50)]
Note = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, strict=True)


class DecisionBody(_Body):
    """One decision about a comment as it was at `version`."""

    action: Action
    version: int = Field(ge=1, le=2**31 - 1)
    reason: ReasonCode | None = None
    note: Note | None = None


class BulkEntry(DecisionBody):
    """One of many decisions; ids are opaque strings."""

    id: Annotated[str, StringConstraints(max_length=200)]


class BulkBody(_Body):
    """Up to 200 decisions; each is read on its own, so that one bad entry fails alone."""

    decisions: list[Any] = Field(max_length=MAX_BULK)


class ClaimBody(_Body):
    """How many of the oldest held comments to lease, and of which site."""

    site: Annotated[str, StringConstraints(max_length=100)] | None = None
    limit: int = Field(default=10, ge=1, le=MAX_CLAIM)


class TakeBody(_Body):
    """Whether to take a comment that another moderator has; it needs the role `admin`."""

    take_over: bool = False


class AllBody(_Body):
    """One decision about all that is held of an author or of a page, the oldest first."""

    action: Action
    author_key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")] | None = None
    page_url: Annotated[str, StringConstraints(max_length=2000)] | None = None
    reason: ReasonCode | None = None
    note: Note | None = None
    limit: int = Field(default=MAX_BULK, ge=1, le=MAX_BULK)

    @model_validator(mode="after")
    def _names_one(self) -> "AllBody":
        if (self.author_key is None) == (self.page_url is None):
            raise ValueError("name either author_key or page_url")
        return self


class RedactionBody(_Body):
    """What to take out of a text."""

    version: int = Field(ge=1, le=2**31 - 1)
    spans: list[Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=2, max_length=2)]] = Field(
        min_length=1, max_length=MOST_SPANS
    )
    reason: ReasonCode | None = None
    note: Note | None = None


class AppealAnswerBody(_Body):
    """How an appeal is answered: `text` is for its author, `note` for other moderators."""

    answer: Literal["grant", "uphold"]
    text: Note | None = Field(default=None, min_length=1)
    note: Note | None = None


class PickBody(_Body):
    """Whether a comment is an editors' pick."""

    picked: bool


class AnswerBody(_Body):
    """What the paper answers, and whose name stands below."""

    text: str = Field(max_length=20_000)
    sign_as: Literal["site", "person"] = "site"


class ErasureBody(_Body):
    """Whose data to erase, and at which site; without one at every site that the token reaches.

    Nothing else may be named: a misspelt `site` would mean every site, and nothing brings them back.
    """

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=254, repr=False, json_schema_extra={"format": "email"})
    site: Annotated[str, StringConstraints(max_length=100)] | None = None


_CODES: dict[str, FaultCode] = {
    "missing": "required",
    "extra_forbidden": "not_allowed",
    "string_too_long": "too_long",
    "too_long": "too_long",
}


def invalid_body(error: ValidationError) -> Problem:
    """Every fault of a body at once."""
    faults = tuple(
        Fault(
            ".".join(map(str, fault["loc"])) or "body",
            _CODES.get(fault["type"], "invalid"),
            "This is required." if fault["type"] == "missing" else f"{fault['msg']}.",
        )
        for fault in error.errors(include_input=False, include_url=False, include_context=False)
    )
    return Problem(422, "invalid-decision", "The body is not valid", errors=faults)


def comment_document(comment: QueuedComment) -> dict[str, Any]:
    """A comment as moderators see it: an allow-list, without anything that the address gives away."""
    return {
        "id": str(comment.id),
        "site": comment.site,
        "page_url": comment.page_url,
        "page_title": comment.page_title,
        "parent_id": str(comment.parent_id) if comment.parent_id else None,
        "status": comment.status,
        "version": comment.version,
        "reason": comment.reason,
        "author": comment.author,
        "website": safe_href(comment.website),
        "text": comment.text,
        "submitted_at": comment.submitted_at,
        "findings": [_finding_document(finding) for finding in comment.findings],
        "risk": None if comment.risk is None else round(comment.risk, 4),
        "language": comment.language,
        "author_key": comment.author_key,
        "author_history": comment.author_history,
        "claimed_by": comment.claimed_by,
        "claimed_until": comment.claimed_until,
        "undo_until": comment.undo_until,
        "edited_at": comment.edited_at,
        "proposed": comment.proposed,
        "staff": comment.staff,
        "reports": asdict(comment.reports),
        "picked": comment.picked,
        "revises": {"id": str(comment.revises), "text": comment.revised_text} if comment.revises else None,
    }


def history_document(decision: PastDecision) -> dict[str, Any]:
    """One entry of a comment's history."""
    return {
        "at": decision.decided_at,
        "by": decision.moderator or decision.source,
        "source": decision.source,
        "action": decision.action,
        "from_status": decision.from_status,
        "status": decision.status,
        "version": decision.version,
        "reason": decision.reason,
        "note": decision.note,
        "policy_version": decision.policy_version,
        "decided_by": decision.decided_by,
        "rule": decision.rule,
        "findings": [_finding_document(finding) for finding in decision.findings],
        "text_before": decision.text_before,
    }


def _finding_document(stored: dict[str, Any]) -> dict[str, Any]:
    """Those of code that named no line of the policy have none."""
    return {"rule": ""} | stored
