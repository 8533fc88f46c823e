"""The script that shows a thread on another site's page, and what it asks for."""

from typing import Any

import orjson
from aiohttp import web

from service.domain.site import Site
from service.web.conditional import conditional_response, etag
from service.web.cors import anyone_may_read
from service.web.embed_script import digest, embed_script, embed_scripts, integrity
from service.web.services import Services, in_time, services_of

_KEPT = "public, max-age=300, stale-while-revalidate=86400"
_FOR_EVER = "public, max-age=31536000, immutable"
_OF_SCRIPT = {"Cross-Origin-Resource-Policy": "cross-origin"}


@anyone_may_read
async def get_embed(request: web.Request) -> web.Response:
    """`GET /embed.js`: the newest script."""
    return await _script(request, embed_script(), _KEPT)


@anyone_may_read
async def get_embed_of_digest(request: web.Request) -> web.Response:
    """`GET /embed.<digest>.js`: that very script, for pages that pin it by its integrity."""
    script = embed_scripts().get(request.match_info["digest"])
    if script is None:
        raise web.HTTPNotFound
    return await _script(request, script, _FOR_EVER)


@anyone_may_read
async def get_embed_address(request: web.Request) -> web.Response:
    """`GET /embed.json`: where the newest script stands under its digest, and its integrity."""
    script, here = embed_script(), services_of(request).settings.public_url
    document = {"src": f"{here}/embed.{digest(script)}.js", "integrity": integrity(script)}
    return await _document(request, document)


@anyone_may_read
async def get_form(request: web.Request) -> web.Response:
    """`GET /api/v1/sites/{site}/form`: what a form of that site asks for."""
    services = services_of(request)
    site = await in_time(services, services.directory.of_slug(request.match_info["site"]))
    return await _document(request, form_document(site, services))


def form_document(site: Site, services: Services) -> dict[str, Any]:
    """`mail` says whether its author can be told by mail."""
    policy = site.policy
    return {
        "author_required": policy.author_required,
        "email_required": policy.email_required,
        "comment_limit": policy.comment_limit,
        "mail": services.desk.mail is not None,
        "house_rules_url": policy.house_rules_url,
        "privacy_url": policy.privacy_url,
    }


async def _document(request: web.Request, document: dict[str, Any]) -> web.Response:
    body = orjson.dumps(document)
    return await conditional_response(request, etag(body), lambda: body, content_type="application/json")


async def _script(request: web.Request, script: bytes, lasts: str) -> web.Response:
    headers = _OF_SCRIPT | {"Cache-Control": lasts}
    return await conditional_response(
        request, etag(script), lambda: script, content_type="text/javascript", headers=headers
    )
