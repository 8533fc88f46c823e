"""A site's reasons over HTTP, for admins."""

import re
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from service.domain.fault import Fault
from service.domain.site import ReasonText
from service.storage.pool import Connection, in_transaction
from service.usecases.change_reasons import StandingReason, put_reason, read_reason, retire_reason
from service.web.moderation import answer, read_as
from service.web.policy import enter_site
from service.web.problems import Problem
from service.web.services import in_time

CODE = re.compile(r"[a-z][a-z0-9_]{0,49}")
_LINE = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"


class ReasonBody(BaseModel):
    """A reason's words: `label` for moderators, `text` for the author."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, strict=True)

    label: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=_LINE)]
    text: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=_LINE)]


async def get_reason(request: web.Request) -> web.Response:
    """`GET …/sites/{site}/reasons/{code}`."""
    services, _caller, site = await enter_site(request, "admin")
    code = request.match_info["code"]
    found = await in_time(
        services, in_transaction(services.moderation, lambda held: read_reason(held, site, code))
    )
    return answer(_document(found))


async def put_reason_of(request: web.Request) -> web.Response:
    """`PUT …/sites/{site}/reasons/{code}`: makes it, or puts it into these words."""
    services, caller, site = await enter_site(request, "admin")
    body, code = await read_as(request, ReasonBody), request.match_info["code"]
    if not CODE.fullmatch(code):
        fault = Fault("code", "invalid", "1 to 50 of a-z, 0-9 and _, beginning with a letter.")
        raise Problem(422, "invalid-decision", "The body is not valid", errors=(fault,))
    reason = ReasonText(code, body.label, body.text)

    async def put(held: Connection) -> StandingReason:
        await put_reason(held, site, reason, caller.holder.moderator_id)
        return await read_reason(held, site, code)

    return answer(_document(await in_time(services, in_transaction(services.moderation, put))))


async def delete_reason(request: web.Request) -> web.Response:
    """`DELETE …/sites/{site}/reasons/{code}`: nobody chooses it any more; the history still names it."""
    services, caller, site = await enter_site(request, "admin")
    code, moderator_id = request.match_info["code"], caller.holder.moderator_id
    standing = await in_time(
        services,
        in_transaction(services.moderation, lambda held: retire_reason(held, site, code, moderator_id)),
    )
    return answer(_document(standing))


def _document(standing: StandingReason) -> dict[str, Any]:
    reason = standing.reason
    return {
        "code": reason.code,
        "label": reason.label,
        "text": reason.text,
        "own": standing.is_own,
        "retired": standing.is_retired,
    }
