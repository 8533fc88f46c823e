"""The shapes about policies: documents, versions, backtests, candidates, what checks have done."""

from typing import Any

from pydantic.json_schema import models_json_schema

from service.domain.finding import Outcome
from service.domain.policy import Policy
from service.domain.status import Status
from service.moderation.backtest.tally import PEOPLE
from service.web.openapi.schemas import (
    BOOLEAN,
    COUNT,
    MOMENT,
    STRING,
    TEXT_OR_NULL,
    list_of,
    obj,
    ref,
)
from service.web.policy_payloads import CandidateBody, NewPolicyBody, PolicyBody, RecheckBody, TryBody

Json = dict[str, Any]

_FIELDS = {
    "policy": "The whole document; what it does not name gets the default of a new site.",
    "version": "The version that was read; where another one holds, nothing is changed.",
    "note": "Why, for whoever reads the history.",
    "last": "How many of the latest comments.",
    "limit": "How many comments at most.",
    "reason": "Only those held for this reason.",
    "after": "The `next_after` of the last answer, unchanged.",
}
_VERSION: Json = {"type": "integer", "minimum": 1}
_VERSION_OR_NULL: Json = {"type": ["integer", "null"], "minimum": 1}
_SHARE_OR_NULL: Json = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
_STRINGS: Json = {"type": "array", "items": STRING}
_CHANGES: Json = _STRINGS | {"description": "One line for each field, such as `max_links: 2 → 3`."}


def policy_schemas() -> dict[str, Json]:
    """All of them, by name."""
    return _bodies() | _documents() | _reports() | _records()


def _bodies() -> dict[str, Json]:
    models = (PolicyBody, NewPolicyBody, CandidateBody, TryBody, RecheckBody)
    _, schema = models_json_schema(
        [(model, "validation") for model in (*models, Policy)], ref_template="#/components/schemas/{model}"
    )
    found: dict[str, Json] = schema["$defs"]
    for model in models:
        for name, field in found[model.__name__]["properties"].items():
            field.pop("title", None)
            field["description"] = _FIELDS[name]
            if name == "policy":
                found[model.__name__]["properties"][name] = ref("Policy")
    return found


def _documents() -> dict[str, Json]:
    by = TEXT_OR_NULL | {"description": "The moderator who made it; null: the command line."}
    version = {"version": _VERSION, "made_at": MOMENT, "made_by": by, "note": TEXT_OR_NULL}
    return {
        "PolicyVersion": obj(version | {"policy": ref("Policy")}, "One version of a site's policy."),
        "PolicyVersions": obj(
            {
                "versions": list_of("PolicyVersionEntry") | {"description": "The newest first."},
                "next_before": _VERSION_OR_NULL
                | {"description": "Give it back as `before`; null at the end."},
            }
        ),
        "PolicyVersionEntry": obj(version | {"changes": _CHANGES}),
        "PolicyChanges": obj({"version": _VERSION, "changes": _CHANGES}, "Against the version that holds."),
        "PolicySchema": {"type": "object", "description": "JSON Schema (2020-12) of a policy's document."},
        "Rechecked": obj({"rechecked": _STRINGS, "next_after": TEXT_OR_NULL}, "Pending again, by id."),
        "ShadowEnded": obj({"ended": BOOLEAN | {"description": "Whether there was one."}}),
    }


def _reports() -> dict[str, Json]:
    people = obj(dict.fromkeys(PEOPLE, COUNT), "What people made of them; a person's hold is no answer yet.")
    agreement = obj({"right": COUNT, "wrong": COUNT, "asked": COUNT}, "Of what people decided.")
    example = obj({"id": STRING, "people": STRING, "rule_live": STRING, "rule": STRING})
    move = obj(
        {"from": ref("Status"), "to": ref("Status"), "count": COUNT, "people": people,
         "examples": {"type": "array", "items": example}},
        "So many comments would stand elsewhere.",
    )  # fmt: skip
    check = obj(
        {"check": STRING, "decided_live": COUNT, "decided_candidate": COUNT, "gained": people, "lost": people}
    )
    gap = obj({"check": STRING, "comments": COUNT})
    report = {
        "comments": COUNT,
        "skipped": COUNT | {"description": "No check had judged them."},
        "changed": COUNT,
        "summary": _STRINGS,
        "moves": {"type": "array", "items": move},
        "checks": {"type": "array", "items": check},
        "agreement": obj({"live": agreement, "candidate": agreement}),
        "not_replayed": {
            "type": "array", "items": gap,
            "description": "Needs what nobody knows any more, or a service that was not asked.",
        },
        "decided_otherwise_then": COUNT,
        "findings": obj({"reused": COUNT, "run": COUNT}),
        "live_version": _VERSION,
        "last": COUNT,
    }  # fmt: skip
    of_shadow = ("live_version", "last")
    state = {"type": "string", "enum": ["queued", "running", "done", "failed"]}
    return {
        "PolicyReport": obj(report, "What a candidate decides otherwise; ids, no texts.", optional=of_shadow),
        "Backtest": obj(
            {
                "id": STRING,
                "status": state,
                "last": COUNT,
                "done": COUNT | {"description": "Comments read so far."},
                "asked_at": MOMENT,
                "failure": TEXT_OR_NULL,
                "report": {"anyOf": [ref("PolicyReport"), {"type": "null"}]},
            }
        ),
        "Shadow": obj(
            {
                "since": MOMENT,
                "made_by": TEXT_OR_NULL,
                "note": TEXT_OR_NULL,
                "policy": ref("Policy"),
                "failures": {
                    "type": "object",
                    "additionalProperties": COUNT,
                    "description": "How often it failed, by error.",
                },
                "report": ref("PolicyReport"),
            },
            "The candidate that is watched beside the live policy.",
        ),
    }


def _records() -> dict[str, Json]:
    people = obj(dict.fromkeys(PEOPLE, COUNT))
    decided = obj({str(status): COUNT for status in (Status.HELD, Status.REJECTED, Status.SPAM)})
    rule = obj({"rule": TEXT_OR_NULL, "status": ref("Status"), "count": COUNT, "people": people})
    return {
        "CheckRecord": obj(
            {
                "check": STRING,
                "comments": COUNT,
                "outcomes": obj({str(outcome): COUNT for outcome in Outcome}),
                "decided": decided | {"description": "What it decided alone, by status."},
                "people": people | {"description": "What people made of that."},
                "agreement": _SHARE_OR_NULL
                | {"description": "Of those that people decided, the share that they did not approve."},
            }
        ),
        "CheckReport": obj(
            {
                "days": COUNT,
                "comments": COUNT,
                "limit": COUNT | {"description": "At most so many of the latest are looked at."},
                "checks": list_of("CheckRecord"),
                "rules": {"type": "array", "items": rule, "description": "The lines that decided."},
            }
        ),
        "Explanation": obj(
            {
                "at": MOMENT,
                "status": ref("Status"),
                "policy_version": _VERSION_OR_NULL,
                "decided_by": TEXT_OR_NULL | {"description": "The check, where one decided."},
                "rule": TEXT_OR_NULL | {"description": "The line of the policy, where one decided."},
                "line": TEXT_OR_NULL | {"description": "The same with its value in that version."},
            },
            "Why the checks decided as they did the last time.",
        ),
    }
