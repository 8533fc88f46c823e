"""Alerts, as moderators' programs read them."""

from typing import Any

from service.domain.alerts import KINDS
from service.web.openapi.operation import MODERATORS, json_answer, operation, problems
from service.web.openapi.schemas import COUNT, MOMENT, STRING, TEXT_OR_NULL, list_of, obj

Json = dict[str, Any]

_ALERT: Json = {
    "id": "5a1f6c0e-1111-4978-8796-a5b4c3d2e1f0", "kind": "queue_too_long", "check": None, "threshold": 200,
    "value": 213, "raised_at": "2026-03-02T09:30:00+00:00", "ended_at": None, "ended_value": None,
}  # fmt: skip


def alert_paths() -> dict[str, Json]:
    """Paths about alerts."""
    return {"/api/v1/moderation/sites/{site}/alerts": {"get": _list()}}


def _list() -> Json:
    return operation(
        "listAlerts", MODERATORS, "List a site's alerts",
        "Those that stand, then the latest that ended in the last 30 days; 100 at most. The policy's `alerts`"
        " says from when one is raised.",
        parameters=("Site",),
        responses={"200": json_answer("The newest first.", "Alerts", {"alerts": [_ALERT]})}
        | problems("Unauthenticated", "SiteNotFound", "EmailInUrl", "InternalError", "Unavailable"),
    )  # fmt: skip


def alert_schemas() -> dict[str, Json]:
    """All of them, by name."""
    moment_or_null: Json = {"type": ["string", "null"], "format": "date-time"}
    return {
        "Alert": obj(
            {
                "id": STRING,
                "kind": {"type": "string", "enum": list(KINDS)},
                "check": TEXT_OR_NULL | {"description": "The check that is down; of that kind alone."},
                "threshold": COUNT | {"description": "Minutes, comments, or answers in a row."},
                "value": COUNT | {"description": "What was found when it was raised."},
                "raised_at": MOMENT,
                "ended_at": moment_or_null,
                "ended_value": {
                    "type": ["integer", "null"],
                    "description": "What was found at its end; null where nobody looks any more.",
                },
            }
        ),
        "Alerts": obj({"alerts": list_of("Alert")}),
    }
