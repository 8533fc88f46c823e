"""For whom an answer is: a page for people, a document for programs."""

import re

from aiohttp import web

from service.web.body import body_kind

_PAGES = ("/dashboard", "/sites/", "/receipts/", "/demo", "/docs")
_SUBMISSIONS = re.compile(r"/api/v1/sites/[^/]*/comments")


def is_for_people(request: web.Request) -> bool:
    """Whether an error of this request is told as a page."""
    if request.method == "POST" and _SUBMISSIONS.fullmatch(request.path):
        return not wants_json(request)
    return request.path.startswith(_PAGES)


def wants_json(request: web.Request) -> bool:
    """Whether a submission is answered as JSON: its Content-Type decides, and a form may ask for it."""
    kind = body_kind(request.headers.getall("Content-Type", ()))
    accepts = request.headers.get("Accept", "").lower()
    if kind == "json" or "application/json" in accepts:
        return True
    return kind is None and "text/html" not in accepts
