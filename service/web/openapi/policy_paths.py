"""What admins' programs call about policies and checks."""

from typing import Any

from service.domain.policy import Policy
from service.web.check_desk import DEFAULT_DAYS, MOST_DAYS
from service.web.openapi import examples
from service.web.openapi.operation import MODERATORS, json_answer, json_body, operation, problems
from service.web.openapi.parameters import query

Json = dict[str, Any]

_SITE = "/api/v1/moderation/sites/{site}"
_POLICY = _SITE + "/policy"
_BODY = (
    "MalformedBody",
    "Unauthenticated",
    "RoleTooLow",
    "BodyTooSlow",
    "BodyTooLarge",
    "UnsupportedMediaType",
)
_ANYHOW = ("InternalError", "Unavailable")
_READ = ("Unauthenticated", "RoleTooLow", "InvalidQuery", *_ANYHOW)
_ADMIN = " It needs the role `admin`."
_NUMBER: Json = {"type": "integer", "minimum": 1}

_DOCUMENT = Policy(publish="auto", max_links=3).model_dump(mode="json")
_WRITTEN = {"publish": "auto", "max_links": 3}
_BY = {"made_at": "2026-03-02T09:30:00+00:00", "made_by": "Ruth", "note": "Lists of sources are welcome."}
_HELD = {"version": 7} | _BY | {"policy": _DOCUMENT}
_PEOPLE = {"approved": 38, "rejected": 0, "spam": 0, "nobody": 3}
_NONE = dict.fromkeys(_PEOPLE, 0)
_REPORT: Json = {
    "comments": 10000,
    "skipped": 12,
    "changed": 41,
    "summary": ["would have held 41 more, 38 of which you approved and 3 nobody has decided"],
    "moves": [
        {"from": "published", "to": "held", "count": 41, "people": _PEOPLE, "examples": [
            {"id": examples.COMMENT_ID, "people": "approved", "rule_live": "publish", "rule": "max_links"},
        ]},
    ],
    "checks": [
        {"check": "links", "decided_live": 0, "decided_candidate": 41, "gained": _PEOPLE, "lost": _NONE},
    ],
    "agreement": {"live": {"right": 38, "wrong": 0, "asked": 0},
                  "candidate": {"right": 0, "wrong": 0, "asked": 38}},
    "not_replayed": [{"check": "repeats", "comments": 20}],
    "decided_otherwise_then": 0,
    "findings": {"reused": 140000, "run": 10000},
    "live_version": 7,
    "last": 10000,
}  # fmt: skip
_QUEUED = {
    "id": examples.PARENT_ID, "status": "queued", "last": 10000, "done": 0,
    "asked_at": "2026-03-02T09:30:00+00:00", "failure": None, "report": None,
}  # fmt: skip
_SHADOW = {
    "since": "2026-03-02T09:30:00+00:00", "made_by": "Ruth", "note": None, "policy": _DOCUMENT,
    "failures": {},
    "report": {name: value for name, value in _REPORT.items() if name not in {"live_version", "last"}},
}  # fmt: skip


def policy_paths() -> dict[str, Json]:
    """Paths about one site's rules."""
    return {
        "/api/v1/moderation/policy-schema": {"get": _schema()},
        _POLICY: {"get": _get(), "put": _put()},
        _POLICY + "/check": {"post": _check()},
        _POLICY + "/versions": {"get": _versions()},
        _POLICY + "/tries": {"post": _try()},
        _POLICY + "/tries/{id}": {"get": _tried()},
        _POLICY + "/shadow": {"get": _shadow(), "put": _watch(), "delete": _end()},
        _SITE + "/checks": {"get": _checks()},
        _SITE + "/recheck": {"post": _recheck()},
    }


def _schema() -> Json:
    return operation(
        "getPolicySchema", MODERATORS, "Read the JSON Schema of a policy",
        responses={"200": json_answer("The schema.", "PolicySchema", {"type": "object"})}
        | problems("Unauthenticated", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _get() -> Json:
    return operation(
        "getPolicy", MODERATORS, "Read a site's policy",
        "The version that holds, or an earlier one. Another site's is answered like one that does not exist."
        + _ADMIN,
        parameters=("Site", query("version", _NUMBER, "An earlier version.")),
        responses={"200": json_answer("The policy.", "PolicyVersion", _HELD)}
        | problems("PolicyNotFound", *_READ),
    )  # fmt: skip


def _put() -> Json:
    return operation(
        "putPolicy", MODERATORS, "Change a site's policy",
        "The whole document; `version` is the one that was read, so that nobody overwrites another's change."
        " A document that says nothing new makes no version." + _ADMIN,
        parameters=("Site",),
        body=json_body("NewPolicyBody", {"policy": _WRITTEN, "version": 6, "note": _BY["note"]}),
        responses={"200": json_answer("The version that holds now.", "PolicyVersion", _HELD)}
        | problems(*_BODY, "SiteNotFound", "PolicyConflict", "InvalidPolicy", *_ANYHOW),
    )  # fmt: skip


def _check() -> Json:
    return operation(
        "checkPolicy", MODERATORS, "Check a policy without changing anything",
        "Every fault by the name of its field, or what it would change." + _ADMIN,
        parameters=("Site",),
        body=json_body("PolicyBody", {"policy": _WRITTEN}),
        responses={
            "200": json_answer(
                "Nothing is wrong with it.", "PolicyChanges", {"version": 7, "changes": ["max_links: 2 → 3"]}
            )
        }
        | problems(*_BODY, "SiteNotFound", "InvalidPolicy", *_ANYHOW),
    )  # fmt: skip


def _versions() -> Json:
    entry = {"version": 7} | _BY | {"changes": ["max_links: 2 → 3"]}
    return operation(
        "listPolicyVersions", MODERATORS, "Read how a site's policy came about",
        "Who changed what, when and why." + _ADMIN,
        parameters=("Site", "Limit", query("before", _NUMBER, "Only versions before this one.")),
        responses={
            "200": json_answer(
                "The newest versions.", "PolicyVersions", {"versions": [entry], "next_before": 7}
            )
        }
        | problems("SiteNotFound", *_READ),
    )  # fmt: skip


def _try() -> Json:
    return operation(
        "tryPolicy", MODERATORS, "Try a policy on what was decided",
        "A worker holds it against today's policy and against what people decided, on the latest comments,"
        " beside its other work; it begins within some seconds. Nothing is changed, no service is asked."
        + _ADMIN,
        parameters=("Site",),
        body=json_body("TryBody", {"policy": _WRITTEN, "last": 10000}),
        responses={"202": json_answer("It waits for a worker.", "Backtest", _QUEUED)}
        | problems(*_BODY, "SiteNotFound", "InvalidPolicy", "TooManyBacktests", *_ANYHOW),
    )  # fmt: skip


def _tried() -> Json:
    done = _QUEUED | {"status": "done", "done": 10000, "report": _REPORT}
    trial = {
        "name": "id", "in": "path", "required": True, "description": "The backtest's id.",
        "schema": {"type": "string"},
    }  # fmt: skip
    return operation(
        "getTry", MODERATORS, "Read a backtest",
        "It is kept for 30 days. Its examples are ids; `getComment` has the texts." + _ADMIN,
        parameters=("Site", trial),
        responses={"200": json_answer("How far it is, or its report.", "Backtest", done)}
        | problems("Unauthenticated", "RoleTooLow", "PolicyNotFound", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _shadow() -> Json:
    return operation(
        "getShadow", MODERATORS, "Read what a watched policy would have decided",
        "About the latest comments since it is watched, beside the live decisions and people's." + _ADMIN,
        parameters=("Site",),
        responses={"200": json_answer("The candidate and its report.", "Shadow", _SHADOW)}
        | problems("Unauthenticated", "RoleTooLow", "PolicyNotFound", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _watch() -> Json:
    return operation(
        "putShadow", MODERATORS, "Watch a policy beside the live one",
        "It decides nothing: workers note what it would have decided about each new comment. The one that was"
        " watched before ends." + _ADMIN,
        parameters=("Site",),
        body=json_body("CandidateBody", {"policy": _WRITTEN, "note": "Before the election."}),
        responses={"200": json_answer("It is watched.", "Shadow", _SHADOW)}
        | problems(*_BODY, "SiteNotFound", "InvalidPolicy", *_ANYHOW),
    )  # fmt: skip


def _end() -> Json:
    return operation(
        "endShadow", MODERATORS, "Watch no policy any more", "What it noted is kept for 30 days." + _ADMIN,
        parameters=("Site",),
        responses={"200": json_answer("None is watched.", "ShadowEnded", {"ended": True})}
        | problems("Unauthenticated", "RoleTooLow", "SiteNotFound", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _checks() -> Json:
    days = {"type": "integer", "minimum": 1, "maximum": MOST_DAYS, "default": DEFAULT_DAYS}
    record = {
        "check": "links", "comments": 1200,
        "outcomes": {"pass": 1159, "hold": 41, "reject": 0, "spam": 0, "unknown": 0},
        "decided": {"held": 41, "rejected": 0, "spam": 0}, "people": _PEOPLE, "agreement": 0.0,
    }  # fmt: skip
    rule = {"rule": "max_links", "status": "held", "count": 41, "people": _PEOPLE}
    report = {"days": 7, "comments": 1200, "limit": 10000, "checks": [record], "rules": [rule]}
    return operation(
        "getChecks", MODERATORS, "Read decisions by check",
        "Outcomes, what each check decided alone, and what people made of that.",
        parameters=("Site", query("days", days, "How far back.")),
        responses={"200": json_answer("Who decides most comes first.", "CheckReport", report)}
        | problems("Unauthenticated", "SiteNotFound", "InvalidQuery", *_ANYHOW),
    )  # fmt: skip


def _recheck() -> Json:
    return operation(
        "recheckComments", MODERATORS, "Give held comments back to the checks",
        "They are pending again and checked under today's policy. Only what the checks held and no person"
        " ever decided or has claimed; what a person did is never overruled. Ask again with `after` until"
        " `next_after` is null." + _ADMIN,
        parameters=("Site",),
        body=json_body("RecheckBody", {"limit": 100, "reason": "links"}),
        responses={
            "200": json_answer(
                "Which ones.", "Rechecked", {"rechecked": [examples.COMMENT_ID], "next_after": None}
            )
        }
        | problems(*_BODY, "SiteNotFound", "InvalidBody", *_ANYHOW),
    )  # fmt: skip
