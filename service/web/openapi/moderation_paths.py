"""What moderators' programs call."""

from typing import Any

from service.domain.status import Status
from service.web.moderation_payloads import MAX_BULK
from service.web.openapi import examples
from service.web.openapi.operation import MODERATORS, json_answer, json_body, operation, problems
from service.web.openapi.parameters import query
from service.web.openapi.problem_codes import problem_example
from service.web.openapi.queue_parameters import queue_parameters

Json = dict[str, Any]

DESK = "/api/v1/moderation"
_COMMENT = DESK + "/comments/{id}"
_BODY = (
    "MalformedBody",
    "Unauthenticated",
    "RoleTooLow",
    "BodyTooSlow",
    "BodyTooLarge",
    "UnsupportedMediaType",
)
_ANYHOW = ("InternalError", "Unavailable")
_SLUG: Json = {"type": "string"}


def moderation_paths(public_url: str) -> dict[str, Json]:
    """Paths of the moderation API."""
    return {
        DESK + "/comments": {"get": _queue()},
        _COMMENT: {"get": _comment()},
        _COMMENT + "/decision": {"post": _decision()},
        _COMMENT + "/undo": {"post": _undo()},
        DESK + "/decisions": {"post": _decisions(public_url)},
        DESK + "/erasures": {"post": _erasure()},
        DESK + "/summary": {"get": _summary()},
        DESK + "/reasons": {"get": _reasons()},
    }


def _queue() -> Json:
    statuses: Json = {"type": "string", "enum": list(Status), "default": str(Status.HELD)}
    return operation(
        "listQueue", MODERATORS, "List comments by status",
        "Of every site that the token reaches, or of one. What waits for its author's mail is left out unless"
        " its reason is asked for. Filters narrow it, all at once. What was checked before risk, language and"
        " objections were kept has none: it comes last by risk, and those filters pass it over until it is"
        " checked again. A cursor belongs to its sort.",
        parameters=(
            query("status", statuses, "Which comments."),
            query("site", _SLUG, "One site's alone; an unknown one has none."),
            *queue_parameters(), "Limit", "Cursor",
        ),
        responses={
            "200": json_answer(
                "Some of them, and where the next begin.",
                "Queue",
                {"comments": [examples.HELD], "next_cursor": None},
            )
        }
        | problems("Unauthenticated", "InvalidQuery", *_ANYHOW),
    )  # fmt: skip


def _comment() -> Json:
    return operation(
        "getComment", MODERATORS, "Read one comment with its history",
        "Another site's comment is answered like one that does not exist.",
        parameters=("CommentId",),
        responses={
            "200": json_answer(
                "The comment.", "CommentWithHistory", examples.EXPLAINED
            )
        }
        | problems("Unauthenticated", "CommentNotFound", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _decision() -> Json:
    return operation(
        "decide", MODERATORS, "Decide about a comment",
        "`version` is the one that was looked at: where the comment has changed since, nothing is decided."
        " A rejection needs a `reason`. A pending comment can be decided too; the checks' verdict is then"
        " discarded. It needs the role `moderator`.",
        parameters=("CommentId",),
        body=json_body("DecisionBody", {"action": "approve", "version": 2}),
        responses={"200": json_answer("The comment as it stands now.", "ModeratedComment", examples.APPROVED)}
        | problems(*_BODY, "CommentNotFound", "DecisionConflict", "InvalidDecision", *_ANYHOW),
    )  # fmt: skip


def _undo() -> Json:
    return operation(
        "undoDecision", MODERATORS, "Take the last decision back",
        "A person's decision of the last ten minutes, whoever made it; it takes no body. It needs the role"
        " `moderator`.",
        parameters=("CommentId",),
        responses={
            "200": json_answer(
                "The comment as it stood before, under a new version.",
                "ModeratedComment",
                examples.HELD | {"version": 4},
            )
        }
        | problems(
            "Unauthenticated", "RoleTooLow", "CommentNotFound", "UndoConflict", "EmailInUrl", *_ANYHOW
        ),
    )  # fmt: skip


def _decisions(public_url: str) -> Json:
    asked = [
        {"id": examples.COMMENT_ID, "action": "approve", "version": 2},
        {"id": examples.PARENT_ID, "action": "reject", "version": 2, "reason": "off_topic"},
    ]
    refused = problem_example(public_url, "stale-version")
    results = [
        {"id": examples.COMMENT_ID, "ok": True, "comment": examples.APPROVED},
        {"id": examples.PARENT_ID, "ok": False, "problem": refused},
    ]
    return operation(
        "decideMany", MODERATORS, "Decide about many comments",
        f"Up to {MAX_BULK}, each on its own: one that fails stops no other. It needs the role `moderator`.",
        body=json_body("BulkBody", {"decisions": asked}),
        responses={"200": json_answer("In the order asked.", "BulkResults", {"results": results})}
        | problems(*_BODY, "InvalidBody", *_ANYHOW),
    )  # fmt: skip


def _erasure() -> Json:
    return operation(
        "erasePerson", MODERATORS, "Erase what a person submitted",
        "Everything that was submitted with this address: texts, names, addresses, and what the history says"
        " about them. The comments become empty places in their threads within a second, or a little later"
        " where they are many. The answer never tells whether there was anything. Doing it again is harmless;"
        " who comes back later is a new author. It needs the role `admin`.",
        body=json_body("ErasureBody", {"email": "ada@example.org", "site": examples.SITE}),
        responses={"202": json_answer("It has begun.", "ErasureBegun", {"sites": [examples.SITE]})}
        | problems(*_BODY, "SiteNotFound", "InvalidBody", *_ANYHOW),
    )  # fmt: skip


def _summary() -> Json:
    counts = dict.fromkeys(map(str, Status), 0) | {"held": 3, "published": 120}
    site = {
        "site": examples.SITE,
        "counts": counts,
        "oldest_pending_at": None,
        "oldest_pending_age_s": None,
        "oldest_held_at": examples.SUBMITTED_AT,
        "oldest_held_age_s": 420.5,
    }
    return operation(
        "getSummary", MODERATORS, "Count what waits",
        "By site and status, with the age of the oldest pending and held.",
        responses={"200": json_answer("Every site that the token reaches.", "Summary", {"sites": [site]})}
        | problems("Unauthenticated", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _reasons() -> Json:
    reason = {"code": "off_topic", "label": "Off topic", "text": "It is not about the article."}
    return operation(
        "listReasons", MODERATORS, "List the reasons of a site",
        parameters=(query("site", _SLUG, "The site's slug.", required=True),),
        responses={
            "200": json_answer("Every site's reasons, then its own.", "Reasons", {"reasons": [reason]})
        }
        | problems("Unauthenticated", "SiteNotFound", "InvalidQuery", *_ANYHOW),
    )  # fmt: skip
