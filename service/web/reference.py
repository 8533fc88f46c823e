"""The reference of the API, as a document for programs and as a page that works offline."""

import orjson
from aiohttp import web

from service.web.middleware import html_page
from service.web.openapi import openapi_document
from service.web.rendering import render
from service.web.services import services_of


async def get_openapi(request: web.Request) -> web.Response:
    """`GET /openapi.json`."""
    document = openapi_document(services_of(request).settings.public_url)
    return web.Response(
        body=orjson.dumps(document),
        content_type="application/json",
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"},
    )


async def get_docs(request: web.Request) -> web.Response:
    """`GET /docs`."""
    document = openapi_document(services_of(request).settings.public_url)
    return html_page(render("docs.html", site=None, openapi=document), headers={"Cache-Control": "no-cache"})


async def get_problem(_request: web.Request) -> web.Response:
    """`GET /problems/{code}`: where the type of a problem leads."""
    return web.Response(status=302, headers={"Location": "/docs#tag-problems"})
