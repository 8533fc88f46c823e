"""What moderators share: leases on comments, and decisions about all of an author or a page."""

from typing import Any

from service.usecases.claim import CLAIM_S
from service.web.moderation_payloads import MAX_BULK
from service.web.openapi import examples
from service.web.openapi.operation import MODERATORS, json_answer, json_body, operation, problems
from service.web.openapi.parameters import query
from service.web.openapi.schemas import COUNT, MOMENT, STRING, URL, list_of, obj, ref

Json = dict[str, Any]

_DESK = "/api/v1/moderation"
_BODY = (
    "MalformedBody",
    "Unauthenticated",
    "RoleTooLow",
    "BodyTooSlow",
    "BodyTooLarge",
    "UnsupportedMediaType",
)
_ANYHOW = ("InternalError", "Unavailable")
_UNTIL = "2026-03-02T09:35:00+00:00"
_LEASED = examples.HELD | {"claimed_by": "Ruth", "claimed_until": _UNTIL}
_SITE = query("site", {"type": "string"}, "One site's alone; an unknown one has none.")


def team_paths() -> dict[str, Json]:
    """All of them."""
    return {
        _DESK + "/claims": {"get": _list(), "post": _claims(), "delete": _release_all()},
        _DESK + "/comments/{id}/claim": {"post": _claim(), "delete": _release()},
        _DESK + "/sites/{site}/decisions": {"post": _decide_all()},
    }


def team_schemas() -> dict[str, Json]:
    """All of them, by name."""
    claim = {"id": STRING, "site": STRING, "page_url": URL, "claimed_by": STRING, "claimed_until": MOMENT}
    return {
        "Claim": obj(claim, "A lease that has not ended."),
        "Claims": obj({"claims": list_of("Claim")}),
        "Released": obj({"released": COUNT}, "How many were given back."),
        "AllResults": obj(
            {
                "results": {"type": "array", "items": ref("BulkResult"), "maxItems": MAX_BULK},
                "left": COUNT
                | {
                    "description": "How many are held now, without what the caller proposed to reject"
                    " where this rejects: ask again for those."
                },
            }
        ),
    }


def _claims() -> Json:
    claimed = {"comments": [_LEASED], "leased_until": _UNTIL}
    return operation(
        "claimComments", MODERATORS, "Lease the next comments",
        f"The oldest held ones, for {CLAIM_S // 60} minutes. What is leased is handed to no one, not again to"
        " its holder either, and nobody else can decide it; what the caller proposed to reject is handed to"
        " others alone. It needs the role `moderator`.",
        body=json_body("ClaimBody", {"site": examples.SITE, "limit": 5}),
        responses={"200": json_answer("What was leased; none where none waits.", "Claimed", claimed)}
        | problems(*_BODY, "InvalidBody", *_ANYHOW),
    )  # fmt: skip


def _list() -> Json:
    one = {"id": examples.COMMENT_ID, "site": examples.SITE, "page_url": examples.PAGE_URL}
    claims = {"claims": [one | {"claimed_by": "Ruth", "claimed_until": _UNTIL}]}
    return operation(
        "listClaims", MODERATORS, "See who has what",
        "Leases that have not ended, the one that ends first before the others.",
        parameters=(_SITE, "Limit"),
        responses={"200": json_answer("At the sites that the token reaches.", "Claims", claims)}
        | problems("Unauthenticated", "InvalidQuery", *_ANYHOW),
    )  # fmt: skip


def _release_all() -> Json:
    return operation(
        "releaseClaims", MODERATORS, "Give back what is leased",
        "All leases of the token's moderator. It needs the role `moderator`.",
        parameters=(_SITE,),
        responses={"200": json_answer("How many there were.", "Released", {"released": 5})}
        | problems("Unauthenticated", "RoleTooLow", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _claim() -> Json:
    return operation(
        "claimComment", MODERATORS, "Lease a certain comment",
        f"A held one, for {CLAIM_S // 60} minutes; anew where the caller has it. Where another has it, an"
        " admin of the site may send `take_over`. It needs the role `moderator`.",
        parameters=("CommentId",),
        body=json_body("TakeBody", {}),
        responses={"200": json_answer("The comment.", "ModeratedComment", _LEASED)}
        | problems(*_BODY, "CommentNotFound", "ClaimConflict", "InvalidBody", *_ANYHOW),
    )  # fmt: skip


def _release() -> Json:
    return operation(
        "releaseComment", MODERATORS, "Give a comment back",
        "The caller's own lease; an admin of the site may end another's. It needs the role `moderator`.",
        parameters=("CommentId",),
        responses={"200": json_answer("The comment.", "ModeratedComment", examples.HELD)}
        | problems(
            "Unauthenticated", "RoleTooLow", "CommentNotFound", "ReleaseConflict", "EmailInUrl", *_ANYHOW
        ),
    )  # fmt: skip


def _decide_all() -> Json:
    asked = {"author_key": "q3Vb0nX2kLmZ", "action": "spam"}
    results = {"id": examples.COMMENT_ID, "ok": True, "comment": examples.APPROVED}
    return operation(
        "decideAll", MODERATORS, "Decide about all that is held of an author or a page",
        f"The oldest {MAX_BULK} at most, each on its own and as it stands now: one that fails, such as one"
        " that another moderator has, stops no other. Name either `author_key` or `page_url`. It needs the"
        " role `moderator`.",
        parameters=("Site",),
        body=json_body("AllBody", asked),
        responses={
            "200": json_answer("The oldest first.", "AllResults", {"results": [results], "left": 0})
        }
        | problems(*_BODY, "SiteNotFound", "InvalidAll", *_ANYHOW),
    )  # fmt: skip
