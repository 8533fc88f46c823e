"""For whom an answer is: a page for people, a document for programs."""

import re

from aiohttp import web

from service.web.body import body_kind

_PAGES = ("/dashboard", "/sites/", "/receipts/", "/demo", "/docs", "/mail/", "/my-data/", "/notices/")
_FORMS = re.compile(r"\s*(application/x-www-form-urlencoded|multipart/form-data)\s*(;|$)", re.IGNORECASE)
_SUBMISSIONS = re.compile(r"/api/v1/sites/[^/]*/comments(/[^/]*/(reports|notices))?")


def is_for_people(request: web.Request) -> bool:
    """Whether an error of this request is told as a page."""
    if request.method == "POST" and _SUBMISSIONS.fullmatch(request.path):
        return not wants_json(request)
    return request.path.startswith(_PAGES) and not wants_document(request)


def wants_json(request: web.Request) -> bool:
    """Whether a submission is answered as JSON: its Content-Type decides, and a form may ask for it."""
    media_types = request.headers.getall("Content-Type", ())
    kind = body_kind(media_types)
    json, html = _quality(request, "application/json"), _quality(request, "text/html")
    if kind == "json" or json > html:
        return True
    is_form = kind == "form" or any(_FORMS.match(media_type) for media_type in media_types)
    return not is_form and html == 0


def wants_document(request: web.Request) -> bool:
    """Whether a script of the dashboard asks, which reads JSON."""
    is_desk = request.path.startswith("/dashboard/")
    return is_desk and _quality(request, "application/json") > _quality(request, "text/html")


def _quality(request: web.Request, media_type: str) -> float:
    """How much the client wants what it names (RFC 9110 12.5.1); 0 where it does not name it."""
    for entry in request.headers.get("Accept", "").lower().split(","):
        name, _, parameters = entry.partition(";")
        if name.strip() == media_type:
            weight = re.search(r"\bq=([01](?:\.\d{0,3})?)", parameters)
            return float(weight[1]) if weight else 1.0
    return 0.0
