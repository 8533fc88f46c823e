"""The reference of the API, as a document for programs and as a page that works offline."""

from functools import cache

import orjson
from aiohttp import web

from service.web.middleware import html_page
from service.web.openapi import openapi_document
from service.web.rendering import render
from service.web.services import services_of


async def get_openapi(request: web.Request) -> web.Response:
    """`GET /openapi.json`."""
    return web.Response(
        body=_openapi_bytes(services_of(request).settings.public_url),
        content_type="application/json",
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"},
    )


async def get_docs(request: web.Request) -> web.Response:
    """`GET /docs`."""
    text = _docs_text(services_of(request).settings.public_url)
    return html_page(text, headers={"Cache-Control": "no-cache"})


async def get_problem(_request: web.Request) -> web.Response:
    """`GET /problems/{code}`: where the type of a problem leads."""
    return web.Response(status=302, headers={"Location": "/docs#tag-problems"})


@cache
def _openapi_bytes(public_url: str) -> bytes:
    return orjson.dumps(openapi_document(public_url))


@cache
def _docs_text(public_url: str) -> str:
    # Over 20 ms of rendering, the same for everyone.
    return render("docs.html", site=None, openapi=openapi_document(public_url))
