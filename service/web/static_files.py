"""Our own styles and scripts: a fixed list, read once, with the digest in their address."""

from functools import cache

from aiohttp import web

from service.web.rendering import STATIC, asset_digest

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOR_EVER = "public, max-age=31536000, immutable"


@cache
def static_files() -> dict[str, tuple[bytes, str]]:
    """Name to bytes and media type, of every file there is."""
    return {
        path.name: (path.read_bytes(), _TYPES[path.suffix])
        for path in STATIC.iterdir()
        if path.suffix in _TYPES
    }


async def get_static(request: web.Request) -> web.Response:
    """`GET /static/{name}`: kept for ever under its digest, asked for again without it."""
    found = static_files().get(request.match_info["name"])
    if found is None:
        raise web.HTTPNotFound
    body, content_type = found
    digest = asset_digest(request.match_info["name"])
    is_current = request.query.get("v") == digest
    headers = {"Cache-Control": _FOR_EVER if is_current else "no-cache", "ETag": f'"{digest}"'}
    if request.headers.get("If-None-Match") == f'"{digest}"':
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type=content_type, charset="utf-8", headers=headers)
