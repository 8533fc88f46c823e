"""Which site a page of the desk is about: one of the caller's, as if there were no others."""

from aiohttp import web

from service.domain.site import Site
from service.web.auth import Caller
from service.web.problems import Problem


def named_site(request: web.Request, caller: Caller) -> Site | None:
    """The site that `?site=` names; null where it names none.

    Raises:
        Problem: 404 for a site that there is not, and just so for one at which the caller has no role.
    """
    slug = request.query.get("site")
    if not slug:
        return None
    named = caller.sites_named(slug)
    if not named:
        raise Problem(404, "site-not-found", "There is no such site")
    return caller.sites[named[0]]


def chosen_site(request: web.Request, caller: Caller) -> Site | None:
    """The site that is named, else the caller's first; null for a caller without any."""
    return named_site(request, caller) or next(iter(caller.sites.values()), None)
