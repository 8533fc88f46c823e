"""What admins' programs send about webhooks, and what they are shown."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, field_validator

from service.domain.fault import Fault
from service.storage.deliveries import Delivery
from service.storage.webhooks import TYPES, Webhook
from service.web.problems import Problem

Type = Literal[
    "comment.published", "comment.held", "comment.rejected", "comment.spam", "comment.erased",
    "comment.pending", "comment.edited", "alert.raised", "alert.ended",
]  # fmt: skip
Url = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Description = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Types = Annotated[list[Type], Field(min_length=1, max_length=len(TYPES))]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, strict=True)


class WebhookBody(_Body):
    """A new webhook; without types it is told of everything."""

    url: Url
    types: Types | None = None
    description: Description = ""


class WebhookChange(_Body):
    """What is to be another way."""

    url: Url | None = None
    types: Types | None = None
    description: Description | None = None
    on: bool | None = None


class ReplayBody(_Body):
    """One delivery, or everything since a time."""

    delivery: Annotated[str, StringConstraints(max_length=200)] | None = None
    since: Annotated[AwareDatetime, Field(strict=False)] | None = None

    @field_validator("since", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        if value is not None and not isinstance(value, str):
            raise ValueError("a time such as 2026-03-02T09:30:00Z")
        return value


def fault_of(field: str, detail: str, *, code: Literal["invalid", "required"] = "invalid") -> Problem:
    """A 422 about one field of a body."""
    return Problem(422, "invalid-decision", "The body is not valid", errors=(Fault(field, code, detail),))


def webhook_document(webhook: Webhook) -> dict[str, Any]:
    """A webhook as its admins see it; never its secret."""
    state = "disabled" if webhook.disabled_at else "failing" if webhook.failing_since else "on"
    return {
        "id": str(webhook.id),
        "url": webhook.url,
        "types": webhook.types,
        "description": webhook.description,
        "state": state,
        "disabled_why": webhook.disabled_why,
        "disabled_at": webhook.disabled_at,
        "failing_since": webhook.failing_since,
        "last_error": webhook.last_error,
        "last_success_at": webhook.last_success_at,
        "waiting": webhook.waiting,
        "old_secret_until": webhook.old_until,
        "created_at": webhook.created_at,
    }


def delivery_document(one: Delivery) -> dict[str, Any]:
    """A delivery; its `message_id` is the header `webhook-id`."""
    return {
        "id": str(one.id),
        "message_id": f"msg_{one.id.hex}",
        "type": one.type or "webhook.test",
        "comment_id": str(one.comment_id) if one.comment_id else None,
        "state": one.state,
        "attempts": one.attempts,
        "next_try_at": one.due_at if one.state == "waiting" else None,
        "last_error": one.last_error,
        "delivered_at": one.delivered_at,
        "created_at": one.created_at,
    }
