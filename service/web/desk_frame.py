"""What every page of the dashboard needs: who is at it, and the token of its forms."""

from typing import Any

from service.web.auth import csrf_token
from service.web.desk_session import DeskSession
from service.web.services import Services


def frame(services: Services, session: DeskSession, *, chosen: str | None = None) -> dict[str, Any]:
    """The values of `_desk.html` and `_desk_head.html`; `chosen` is the slug of the site that it is about."""
    caller = session.caller
    return {
        "site": None,
        "moderator": {"name": caller.holder.name, "role": caller.holder.role},
        "sites": [{"slug": one.slug, "name": one.name} for one in caller.sites.values()],
        "chosen": chosen,
        "csrf": csrf_token(services, session.secret),
    }
