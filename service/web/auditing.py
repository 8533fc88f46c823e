"""`GET /api/v1/moderation/audit`: what admins and operators changed, the newest first."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from service.storage import audit
from service.storage.audit import AuditFilter, KeptEntry
from service.storage.pool import connection
from service.web.auth import Caller
from service.web.moderation import answer, enter
from service.web.problems import Problem
from service.web.queries import bad_query, id_cursor_of, limit_of
from service.web.services import in_time

_LONGEST = 200


async def get_audit(request: web.Request) -> web.Response:
    """A page of the log; `site`, `action` and `moderator` narrow it."""
    services, caller = await enter(request, "admin")
    wanted, limit = filter_of(request.query, caller), limit_of(request.query)

    async def read() -> list[KeptEntry]:
        async with connection(services.moderation) as held:
            return await audit.list_entries(held, wanted, limit=limit + 1)

    found = await in_time(services, read())
    return answer({
        "entries": [_document(entry) for entry in found[:limit]],
        "next_cursor": str(found[limit - 1].id) if len(found) > limit else None,
    })  # fmt: skip


def filter_of(query: Mapping[str, str], caller: Caller) -> AuditFilter:
    """What is asked for of the entries that the caller may read."""
    slug = query.get("site")
    named = caller.sites_named(slug)
    if slug is not None and not named:
        raise Problem(404, "site-not-found", "There is no such site")
    return AuditFilter(
        named,
        # What is about no one site is for those who are responsible for all of them.
        with_siteless=slug is None and caller.holder.rights.everywhere == "admin",
        action=_word_of(query, "action"),
        moderator=_word_of(query, "moderator"),
        before=id_cursor_of(query),
    )


def _word_of(query: Mapping[str, str], name: str) -> str | None:
    raw = query.get(name)
    if raw is not None and not (0 < len(raw) <= _LONGEST and raw.isprintable()):
        raise bad_query(name, "invalid", f"One line of at most {_LONGEST} characters.")
    return raw


def _document(entry: KeptEntry) -> dict[str, Any]:
    return {
        "id": str(entry.id),
        "at": entry.at,
        "site": entry.site,
        "moderator": entry.moderator,
        "action": entry.action,
        "subject": entry.subject,
        "details": entry.details,
    }
