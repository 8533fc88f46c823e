"""The shapes about a site's models, its promises and its sample."""

from typing import Any

from pydantic.json_schema import models_json_schema

from service.web.models import AnswerBody, ModelsBody
from service.web.openapi.schemas import BOOLEAN, COUNT, MOMENT, STRING, TEXT_OR_NULL, list_of, obj, ref

Json = dict[str, Any]

_SHARE: Json = {"type": "number", "minimum": 0, "maximum": 1}
_SHARE_OR_NULL: Json = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
_VERSION: Json = {"type": "integer", "minimum": 1}
_VERSION_OR_NULL: Json = {"type": ["integer", "null"], "minimum": 1}
_MOMENT_OR_NULL: Json = {"type": ["string", "null"], "format": "date-time"}
_COUNT_OR_NULL: Json = {"type": ["integer", "null"], "minimum": 0}
_FIELDS = {
    "action": "What to do.",
    "task": "Which model; both where none is named.",
    "version": "A version of the model, or of the comment as it was seen.",
    "reason": "Needed for a rejection.",
    "note": "For other moderators.",
}


def learning_schemas() -> dict[str, Json]:
    """All of them, by name."""
    return _bodies() | _promises() | _models() | _samples()


def _bodies() -> dict[str, Json]:
    _, schema = models_json_schema(
        [(ModelsBody, "validation"), (AnswerBody, "validation")],
        ref_template="#/components/schemas/{model}",
    )
    found: dict[str, Json] = schema["$defs"]
    for body in found.values():
        for name, field in body["properties"].items():
            field.pop("title", None)
            field["description"] = _FIELDS[name]
    return found


def _promises() -> dict[str, Json]:
    return {
        "Promised": obj(
            {
                "promise": _SHARE | {"description": "The share that is asked for."},
                "kept": BOOLEAN | {"description": "Whether the site's decisions bear it out."},
                "threshold": _SHARE | {"description": "The highest risk that is decided alone."},
                "share": _SHARE | {"description": "Of all such comments, so much is decided alone."},
                "decisions": COUNT | {"description": "By people, about such comments."},
                "right": _SHARE | {"description": "Of these, so much was right."},
                "at_least": _SHARE | {"description": "So much surely (95 %, one-sided, Clopper-Pearson)."},
                "more": _COUNT_OR_NULL | {"description": "So many more are needed; null: none would do."},
            },
            optional=("threshold", "share", "right", "at_least", "more"),
        ),
        "Agreement": obj(
            {
                "state": {"type": "string", "enum": ["unmeasured", "kept", "falling", "broken"]},
                "answered": COUNT,
                "right": COUNT,
                "at_least": _SHARE,
                "at_most": _SHARE,
            },
            "What people said about a sample of one kind of decision; bounds at 99 %.",
        ),
    }


def _models() -> dict[str, Json]:
    promised = {"anyOf": [ref("Promised"), {"type": "null"}]}
    aucs = {"auc_shipped": _SHARE_OR_NULL, "auc_corrected": _SHARE_OR_NULL}
    automation = obj(
        {
            "publish": STRING,
            "basis": {"type": "string", "enum": ["cautious", "found", "people"]},
            "held_above": _SHARE,
            "spam_above": _SHARE_OR_NULL,
        },
        "The thresholds that hold now.",
    )
    return {
        "ModelVersion": obj(
            {"version": _VERSION, "learned_at": MOMENT, "labels": COUNT} | aucs,
            "A correction that was learned; AUC on what it did not learn from.",
        ),
        "SiteModel": obj(
            {
                "state": {"type": "string", "enum": ["learning", "pinned", "off"]},
                "version": _VERSION_OR_NULL | {"description": "In use; null: the shipped model as it is."},
                "outcome": TEXT_OR_NULL | {"description": "What came of the last lesson."},
                "labels": COUNT,
                "positive": COUNT,
                "ignored": {"type": "array", "items": STRING, "description": "Whose labels contradict."},
                "versions": list_of("ModelVersion"),
            }
            | aucs
        ),
        "SiteModels": obj(
            {
                "site": STRING,
                "revision": COUNT,
                "words": {"type": "array", "items": STRING, "description": "The same for people."},
                "alarm": TEXT_OR_NULL,
                "automation": automation,
                "promised": obj(
                    {
                        "publish": promised,
                        "spam": promised,
                        "publish_at_other_promises": list_of("Promised"),
                    }
                ),
                "samples": {"type": "object", "additionalProperties": ref("Agreement")},
                "samples_waiting": COUNT,
                "models": obj({"spam": ref("SiteModel"), "abuse": ref("SiteModel")}),
                "labels": COUNT,
                "learned_at": _MOMENT_OR_NULL,
                "broken_at": _MOMENT_OR_NULL,
                "changed_at": _MOMENT_OR_NULL,
                "changed_by": TEXT_OR_NULL,
            },
            "What a site taught the models, and how far that goes.",
        ),
    }


def _samples() -> dict[str, Json]:
    drawn = {
        "id": STRING, "site": STRING, "page_url": STRING, "page_title": TEXT_OR_NULL,
        "parent_text": TEXT_OR_NULL, "author": STRING, "website": TEXT_OR_NULL, "text": STRING,
        "submitted_at": MOMENT, "version": _VERSION,
    }  # fmt: skip
    return {
        "Drawn": obj(drawn, "A sampled comment; nothing tells what the checks decided."),
        "Samples": obj({"samples": list_of("Drawn")}),
        "SampleAnswer": obj(
            {
                "id": STRING,
                "decided": ref("Status") | {"description": "What the checks had decided."},
                "agrees": BOOLEAN,
            }
        ),
    }
