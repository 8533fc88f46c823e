"""The page of a site's reasons: what moderators choose from, and what the author reads."""

from service.domain.fault import Fault
from service.domain.reason_texts import reasons_of
from service.domain.reasons import Reason
from service.domain.site import ReasonText
from service.storage.sites import find_site_of_id
from service.usecases.change_reasons import put_reason, retire_reason
from service.web.desk_at_site import AtSite
from service.web.desk_site_pages import SitePage, Values, body_of
from service.web.problems import Problem
from service.web.site_reasons import CODE, ReasonBody


async def read(at: AtSite) -> Values:
    """Those of every site in this one's words, its own ones, and those that are retired."""
    if at.site is None:
        return {"reasons": (), "own": (), "retired": ()}
    site = await at.read(lambda held: find_site_of_id(held, at.of.id)) or at.of
    return {
        "reasons": reasons_of(site.own_reasons),
        "own": {one.code for one in site.own_reasons},
        "shared": {str(one) for one in Reason},
        "retired": site.retired_reasons,
    }


async def keep(at: AtSite) -> str:
    """A new one, or other words."""
    at.must("admin")
    code = at.form.get("id") or at.form.get("code", "").strip()
    body = body_of(ReasonBody, {"label": at.form.get("label", ""), "text": at.form.get("text", "")})
    if not CODE.fullmatch(code):
        fault = Fault("code", "invalid", "1 to 50 of a-z, 0-9 and _, beginning with a letter.")
        raise Problem(422, "invalid-decision", "The body is not valid", errors=(fault,))
    reason = ReasonText(code, body.label, body.text)
    await at.change(lambda held: put_reason(held, at.of, reason, at.moderator_id))
    return "reason"


async def retire(at: AtSite) -> str:
    """Nobody chooses it any more, or it has the words of every site again."""
    at.must("admin")
    code = at.form.get("id", "")
    await at.change(lambda held: retire_reason(held, at.of, code, at.moderator_id))
    return "reason-retired"


PAGE = SitePage("reasons", "admin", read, {"keep": keep, "retire": retire})
