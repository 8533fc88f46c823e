"""What programs call about a site's models, its automation, and the sample for people."""

from typing import Any

from service.web.openapi import examples
from service.web.openapi.operation import MODERATORS, json_answer, json_body, operation, problems
from service.web.openapi.parameters import query

Json = dict[str, Any]

_MODELS = "/api/v1/moderation/sites/{site}/models"
_SAMPLES = "/api/v1/moderation/samples"
_BODY = (
    "MalformedBody",
    "Unauthenticated",
    "RoleTooLow",
    "BodyTooSlow",
    "BodyTooLarge",
    "UnsupportedMediaType",
)
_ANYHOW = ("InternalError", "Unavailable")

_KEPT = {
    "promise": 0.98, "kept": True, "threshold": 0.12, "share": 0.61, "decisions": 640, "right": 0.995,
    "at_least": 0.987,
}  # fmt: skip
_MISSING = {"promise": 0.99, "kept": False, "decisions": 1050, "more": 212}
_VERSION = {
    "version": 7, "learned_at": "2026-03-02T09:30:00+00:00", "labels": 300, "auc_shipped": 0.81,
    "auc_corrected": 0.92,
}  # fmt: skip
_MODEL = {
    "state": "learning", "version": 7, "outcome": "better", "labels": 300, "positive": 84,
    "auc_shipped": 0.81, "auc_corrected": 0.92, "ignored": [], "versions": [_VERSION],
}  # fmt: skip
_STANDING = {
    "site": "paper", "revision": 12,
    "words": ["The checks publish alone what keeps the promise; what is riskier waits for a person."],
    "alarm": None,
    "automation": {"publish": "auto", "basis": "found", "held_above": 0.12, "spam_above": None},
    "promised": {"publish": _KEPT, "spam": _MISSING, "publish_at_other_promises": [_KEPT]},
    "samples": {"published": {"state": "kept", "answered": 120, "right": 119, "at_least": 0.945,
                              "at_most": 0.999}},
    "samples_waiting": 4, "models": {"spam": _MODEL, "abuse": _MODEL}, "labels": 1050,
    "learned_at": "2026-03-02T09:30:00+00:00", "broken_at": None, "changed_at": None, "changed_by": None,
}  # fmt: skip
_DRAWN = {
    name: examples.HELD[name]
    for name in ("id", "site", "page_url", "author", "website", "text", "submitted_at", "version")
} | {"page_title": "The mill reopens", "parent_text": None}


def learning_paths() -> dict[str, Json]:
    """Paths about learning and about the sample."""
    return {
        _MODELS: {"get": _get(), "post": _post()},
        _SAMPLES: {"get": _list()},
        _SAMPLES + "/{id}/answer": {"post": _answer()},
    }


def _get() -> Json:
    return operation(
        "getModels", MODERATORS, "Read what a site taught the models",
        "Which correction is in use and how good it is on what it did not learn from; whether the site's own"
        " decisions bear out what its policy promises, or how many more are needed; what people said about"
        " the sample of what was decided alone.",
        parameters=("Site",),
        responses={"200": json_answer("All that is known.", "SiteModels", _STANDING)}
        | problems("Unauthenticated", "SiteNotFound", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _post() -> Json:
    return operation(
        "changeModels", MODERATORS, "Go back, turn learning off or on, let automation begin anew",
        "`off`: the shipped model as it is; `revert`: an earlier `version`, 0 for the shipped model, the one"
        " before by default. After both nothing is learned until `on`. `resume` lets the checks decide again"
        " after a broken promise. The next comment is checked so. It needs the role `admin`.",
        parameters=("Site",),
        body=json_body("ModelsBody", {"action": "revert", "task": "spam", "version": 6}),
        responses={"200": json_answer("What holds now.", "SiteModels", _STANDING)}
        | problems(*_BODY, "ModelNotFound", "InvalidBody", *_ANYHOW),
    )  # fmt: skip


def _list() -> Json:
    return operation(
        "listSamples", MODERATORS, "List decisions of the checks to look at",
        "A random sample of what the checks published, rejected or marked as spam alone. Nothing waits for"
        " it. What was decided is not told before the answer.",
        parameters=(
            query("site", {"type": "string"}, "One site's alone; an unknown one has none."),
            "Limit",
        ),
        responses={"200": json_answer("The longest drawn first.", "Samples", {"samples": [_DRAWN]})}
        | problems("Unauthenticated", "InvalidQuery", *_ANYHOW),
    )  # fmt: skip


def _answer() -> Json:
    return operation(
        "answerSample", MODERATORS, "Say what you would have decided",
        "It is a decision like any other and moves the comment where it differs; then it is told what the"
        " checks had decided.",
        parameters=("CommentId",),
        body=json_body("AnswerBody", {"action": "approve", "version": 2}),
        responses={
            "200": json_answer(
                "Decided.", "SampleAnswer",
                {"id": examples.COMMENT_ID, "decided": "published", "agrees": True},
            )
        }
        | problems(*_BODY, "SampleNotFound", "SampleConflict", "InvalidDecision", *_ANYHOW),
    )  # fmt: skip
