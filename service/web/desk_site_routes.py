"""The routes of the dashboard's pages about a site."""

from functools import partial

from aiohttp import web

from service.web import (
    desk_alerts,
    desk_audit,
    desk_author,
    desk_mode,
    desk_networks,
    desk_pages,
    desk_people,
    desk_policy,
    desk_reasons,
    desk_site,
    desk_tokens,
    desk_webhooks,
    desk_words,
)
from service.web.desk_site_pages import SitePage, act, show

SITE_PAGES: tuple[SitePage, ...] = (
    desk_site.PAGE,
    desk_mode.PAGE,
    desk_networks.PAGE,
    desk_author.PAGE,
    desk_pages.PAGES,
    desk_pages.PAGE,
    desk_words.PAGE,
    desk_policy.PAGE,
    desk_reasons.PAGE,
    desk_alerts.PAGE,
    desk_webhooks.PAGE,
    desk_people.PAGE,
    desk_tokens.PAGE,
    desk_audit.PAGE,
)


def site_routes() -> list[web.RouteDef]:
    """Each page, and beside it the address to which its forms are sent."""
    return [
        route
        for page in SITE_PAGES
        for route in (
            web.get(page.path, partial(show, page=page)),
            *([web.post(page.path + "/change", partial(act, page=page))] if page.acts else ()),
        )
    ]
