"""Taking parts out of a text."""

from typing import Any

from service.domain.redaction import MARK
from service.web.openapi import examples
from service.web.openapi.operation import MODERATORS, json_answer, json_body, operation, problems

_PATH = "/api/v1/moderation/comments/{id}/redaction"


def redaction_paths() -> dict[str, dict[str, Any]]:
    """It is one."""
    asked = {"version": 2, "spans": [[4, 9]], "reason": "personal_data"}
    said = examples.TEXT[:4] + MARK + examples.TEXT[9:]
    after = examples.HELD | {"version": 3, "text": said, "edited_at": "2026-03-02T09:31:00+00:00"}
    return {
        _PATH: {
            "post": operation(
                "redactComment", MODERATORS, "Take parts out of a text",
                f"Of a published or held comment; each part becomes `{MARK}`, and readers see that the text"
                " was edited. What it said before stays in the history, as long as a rejected comment is"
                " kept, and for ten minutes an undo puts it back. It needs the role `moderator`.",
                parameters=("CommentId",),
                body=json_body("RedactionBody", asked),
                responses={"200": json_answer("The comment, under a new version.", "ModeratedComment", after)}
                | problems(
                    "MalformedBody", "Unauthenticated", "RoleTooLow", "BodyTooSlow", "BodyTooLarge",
                    "UnsupportedMediaType", "CommentNotFound", "RedactionConflict", "InvalidRedaction",
                    "InternalError", "Unavailable",
                ),
            )
        }
    }  # fmt: skip
