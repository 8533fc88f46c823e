"""What the checks decide at a site, over HTTP: their record, and held comments given back to them."""

from uuid import UUID

from aiohttp import web

from service.domain.fault import Fault
from service.domain.reason_texts import reasons_of
from service.domain.site import Site
from service.storage.pool import connection, in_transaction
from service.storage.rechecks import Recheck, recheck_some
from service.usecases.check_report import CheckReport, check_report
from service.web.moderation import answer, read_as
from service.web.policy import enter_site
from service.web.policy_payloads import RecheckBody
from service.web.problems import Problem
from service.web.queries import bad_query
from service.web.services import in_time

MOST_DAYS = 366
DEFAULT_DAYS = 7


async def get_checks(request: web.Request) -> web.Response:
    """`GET …/sites/{site}/checks?days=`: decisions by check, and how often people agreed."""
    services, _caller, site = await enter_site(request, "viewer")
    days = days_of(request)

    async def read() -> CheckReport:
        async with connection(services.moderation) as held:
            return await check_report(held, site.id, days=days)

    return answer((await in_time(services, read())).document())


async def post_recheck(request: web.Request) -> web.Response:
    """`POST …/sites/{site}/recheck`: some held comments are pending again, and checked by today's policy."""
    services, caller, site = await enter_site(request, "admin")
    body = await read_as(request, RecheckBody)
    wish = Recheck(site.id, caller.holder.moderator_id, _reason(body.reason, site), _after(body.after))
    ids = await in_time(
        services,
        in_transaction(services.moderation, lambda held: recheck_some(held, wish, limit=body.limit)),
    )
    services.doorbell.ring()
    next_after = str(ids[-1]) if len(ids) == body.limit else None
    return answer({"rechecked": [str(one) for one in ids], "next_after": next_after})


def days_of(request: web.Request) -> int:
    """`days`, 1 to 366."""
    raw = request.query.get("days", str(DEFAULT_DAYS))
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 3 and 1 <= int(raw) <= MOST_DAYS):
        raise bad_query("days", "invalid", f"Between 1 and {MOST_DAYS}.")
    return int(raw)


def _after(raw: str | None) -> UUID | None:
    try:
        return UUID(raw) if raw is not None else None
    except ValueError:
        fault = Fault("after", "invalid", "Use the next_after of an answer, unchanged.")
        raise _invalid(fault) from None


def _reason(code: str | None, site: Site) -> str | None:
    known = [one.code for one in reasons_of(site.own_reasons)]
    if code is not None and code not in known:
        detail = f"There is no such reason; there are {', '.join(known)}."
        raise _invalid(Fault("reason", "not_found", detail))
    return code


def _invalid(fault: Fault) -> Problem:
    return Problem(422, "invalid-decision", "The body is not valid", errors=(fault,))
