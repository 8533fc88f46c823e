"""Alerts of a site over HTTP: those that stand, and those that ended lately."""

from typing import Any

from aiohttp import web

from service.storage.alerts import Alert, list_alerts
from service.storage.pool import connection
from service.web.moderation import answer
from service.web.policy import enter_site
from service.web.services import in_time

MOST = 100


async def get_alerts(request: web.Request) -> web.Response:
    """`GET …/sites/{site}/alerts`: the newest first, those that stand before all others."""
    services, _caller, site = await enter_site(request, "viewer")

    async def read() -> list[Alert]:
        async with connection(services.moderation) as held:
            return await list_alerts(held, site.id, limit=MOST)

    return answer({"alerts": [_document(one) for one in await in_time(services, read())]})


def _document(alert: Alert) -> dict[str, Any]:
    return {
        "id": str(alert.id),
        "kind": alert.kind,
        "check": alert.subject or None,
        "threshold": alert.threshold,
        "value": alert.value,
        "raised_at": alert.raised_at,
        "ended_at": alert.ended_at,
        "ended_value": alert.ended_value,
    }
