"""What the paper says to its readers: answers, and picks."""

from typing import Any

from service.web.openapi import examples
from service.web.openapi.operation import MODERATORS, json_answer, json_body, operation, problems

_PATH = "/api/v1/moderation/comments/{id}/answer"


def answer_paths() -> dict[str, dict[str, Any]]:
    """Answer, and pick."""
    asked = {"text": "The ferry runs again from Monday on.", "sign_as": "site"}
    said = examples.APPROVED | {
        "author": "The Paper", "text": asked["text"], "parent_id": examples.COMMENT_ID, "version": 2,
        "findings": [], "risk": None, "author_key": None, "undo_until": None, "staff": "Ruth",
    }  # fmt: skip
    return {
        _PATH: {
            "post": operation(
                "answerComment", MODERATORS, "Answer a reader for the paper",
                "A published reply to a published comment, at once and also where the page is closed, with"
                " the badge of the paper's staff. It is signed with the site's name or the moderator's;"
                " readers who sign so are held. The same answer within a minute is the first one again. It"
                " needs the role `moderator`.",
                parameters=("CommentId",),
                body=json_body("AnswerBody", asked),
                responses={"201": json_answer("The answer.", "ModeratedComment", said)}
                | problems(
                    "MalformedBody", "Unauthenticated", "RoleTooLow", "BodyTooSlow", "BodyTooLarge",
                    "UnsupportedMediaType", "CommentNotFound", "AnswerConflict", "InvalidBody",
                    "InternalError", "Unavailable",
                ),
            )
        },
        "/api/v1/moderation/comments/{id}/pick": {
            "post": operation(
                "pickComment", MODERATORS, "Make a comment an editors' pick, or none any more",
                "Readers see it marked, and can list the picks alone (`sort=picks`). It needs the role"
                " `moderator`.",
                parameters=("CommentId",),
                body=json_body("PickBody", {"picked": True}),
                responses={
                    "200": json_answer(
                        "The comment.", "ModeratedComment", examples.APPROVED | {"picked": True}
                    )
                }
                | problems(
                    "MalformedBody", "Unauthenticated", "RoleTooLow", "BodyTooSlow", "BodyTooLarge",
                    "UnsupportedMediaType", "CommentNotFound", "AnswerConflict", "InvalidBody",
                    "InternalError", "Unavailable",
                ),
            )
        },
    }  # fmt: skip
