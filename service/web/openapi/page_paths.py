"""The pages that people look at, and the files that these need."""

from typing import Any

from service.domain.status import Status
from service.web.desk_place import SORTS
from service.web.desk_site_pages import SitePage
from service.web.desk_site_routes import SITE_PAGES
from service.web.openapi.operation import (
    MODERATORS,
    OPERATORS,
    READERS,
    answer,
    operation,
    page_answer,
    problems,
)
from service.web.openapi.parameters import query

Json = dict[str, Any]

_CACHED = {"ETag": "ETag", "Vary": "Vary", "Cache-Control": "CacheControl"}
_PRIVATE = {"Cache-Control": "CacheControl"}
_WINDOW = ("Sort", "Limit", "Cursor", "ReplyTo", "Language", "IfNoneMatch")
_SHOWN = {"304": answer("The client has it already.", headers=_CACHED)} | problems(
    "PageNotFound", "PageInvalid", "PageFailed", "PageUnavailable"
)
_READ = ("PageMalformed", "PageTooSlow", "PageTooLarge", "PageUnsupported")
_OF_PAGE = problems("PageNotFound", "PageInvalid", "PageFailed", "PageUnavailable")
_TEXT: Json = {"type": "string"}
_LINK: Json = {
    "name": "link",
    "in": "path",
    "required": True,
    "schema": _TEXT,
    "description": "The end of the link.",
}
_SITE = query("site", _TEXT, "One site, by its slug; the first of the caller's.")


def page_paths() -> dict[str, Json]:
    """Paths that answer HTML, styles and scripts."""
    return {
        "/sites/{site}/thread": {"get": _thread()},
        "/sites/{site}/feed": {"get": _feed()},
        "/receipts/{receipt}": {"get": _receipt()},
        "/demo": {"get": _demo()},
        "/demo/mail": {"get": _demo_mail()},
        "/sites/{site}/my-data": {
            "get": operation(
                "askForOwnData",
                READERS,
                "Open the form that asks what is held about an address",
                parameters=("Site", "Language"),
                responses={"200": page_answer("The form.", _PRIVATE)} | _OF_PAGE,
            ),
            "post": operation(
                "mailOwnDataLink",
                READERS,
                "Have a link mailed that shows what is held about an address",
                "The answer is the same whether the address is known. Five questions of one network are"
                " answered in ten minutes.",
                parameters=("Site",),
                body=_form({"email": _TEXT}, {"email": "ada@mail.example"}),
                responses={"200": page_answer("If it is known, a mail is on its way.", _PRIVATE)}
                | {"422": page_answer("This is no address.", _PRIVATE)}
                | {"429": page_answer("That was asked often.", _PRIVATE | {"Retry-After": "RetryAfter"})}
                | problems(*_READ, "PageNotFound", "PageFailed", "PageUnavailable"),
            ),
        },
        "/my-data/{link}": {
            "get": operation(
                "showOwnData",
                READERS,
                "Show what is held about whoever has the link",
                "Comments with everything that came with them, and every decision about them.",
                parameters=(
                    _LINK,
                    "Language",
                    query("format", _TEXT | {"enum": ["json"]}, "json: a file to take along."),
                ),
                responses={"200": page_answer("The page, or the file.", _PRIVATE)} | _OF_PAGE,
            )
        },
        "/my-data/{link}/erase": {
            "post": operation(
                "eraseOwnData",
                READERS,
                "Erase what is held about whoever has the link",
                parameters=(_LINK,),
                body=_form({"sure": _TEXT}, {"sure": "yes"}),
                responses={"200": page_answer("It is being erased.", _PRIVATE)}
                | problems(*_READ, "PageNotFound", "PageInvalid", "PageFailed", "PageUnavailable"),
            )
        },
        "/mail/confirm/{link}": {
            "get": _of_mail("showConfirm", "Ask whether an address is one's own", "Changes nothing."),
            "post": _of_mail(
                "confirmAddress",
                "Confirm one's address",
                "The reply's author has that address; a reply that waited for this is checked.",
            ),
        },
        "/mail/stop/{link}": {
            "get": _of_mail("showStop", "Ask whether no more mail is wanted", "Changes nothing."),
            "post": _of_mail(
                "stopMail",
                "Stop mail of a site",
                "Nothing more is mailed to the address. The one click of RFC 8058 comes here too.",
            ),
        },
        "/dashboard": {"get": _dashboard()},
        "/dashboard/search": {"get": _search()},
        "/dashboard/comments/{id}": {"get": _comment()},
        "/dashboard/checks": {"get": _checks()},
        "/dashboard/figures": {"get": _figures()},
        "/dashboard/automation": {"get": _automation()},
        "/dashboard/samples": {"get": _samples()},
        "/dashboard/appeals": {
            "get": _desk_page(
                "showAppeals", "Open the dashboard's page of appeals", "What authors say against refusals."
            )
        },
        "/dashboard/shift": {"get": _shift()},
        "/dashboard/settings": {"get": _settings()},
        "/static/{name}": {"get": _static()},
    } | {page.path: {"get": _site_page(page)} for page in SITE_PAGES}


def _thread() -> Json:
    fragment = query(
        "fragment", _TEXT | {"enum": ["1"]}, "The list alone, for includes; any origin may read it."
    )
    return operation(
        "showThread", READERS, "Show a thread as a page",
        "The comments of a page and the reply form; it needs no JavaScript.",
        parameters=("Site", "PageUrl", fragment, *_WINDOW),
        responses={"200": page_answer("The page, or the list alone.", _CACHED)} | _SHOWN,
    )  # fmt: skip


def _feed() -> Json:
    return operation(
        "getFeed", READERS, "Read what was published last as an Atom feed",
        "The newest 50 comments of a site, or of one page (RFC 4287).",
        parameters=(
            "Site",
            query("page_url", _TEXT | {"format": "uri"}, "One article; without it all."),
            "IfNoneMatch",
        ),
        responses={
            "200": {
                "description": "The feed.",
                "headers": {name: {"$ref": f"#/components/headers/{ref}"} for name, ref in _CACHED.items()},
                "content": {"application/atom+xml": {"schema": _TEXT}},
            }
        }
        | _SHOWN,
    )  # fmt: skip


def _receipt() -> Json:
    posted = query("posted", _TEXT | {"enum": ["1"]}, "The page says that the comment has just come in.")
    return operation(
        "showReceipt", READERS, "Show one's own comment as a page",
        parameters=("Receipt", posted, "Language"),
        responses={"200": page_answer("The page.", _PRIVATE)}
        | problems("PageNotFound", "PageInvalid", "PageFailed", "PageUnavailable"),
    )  # fmt: skip


def _demo() -> Json:
    return operation(
        "showDemo", READERS, "Show the demo article",
        "An article of an invented paper with its thread; 404 where there is no site `demo`.",
        parameters=_WINDOW,
        responses={"200": page_answer("The page.", _CACHED)} | _SHOWN,
    )  # fmt: skip


def _demo_mail() -> Json:
    return operation(
        "showDemoMail", READERS, "Show the mail that the demo keeps instead of sending",
        "To the machine itself alone, where `REPLYDESK_MAIL_FOLDER` is set.",
        responses={"200": page_answer("The newest mails.", _PRIVATE)}
        | problems("PageNotFound", "PageInvalid", "PageFailed"),
    )  # fmt: skip


def _form(fields: Json, example: Json) -> Json:
    schema = {"type": "object", "properties": fields}
    kinds = ("application/x-www-form-urlencoded", "multipart/form-data", "application/json")
    return {"required": True, "content": {kind: {"schema": schema, "example": example} for kind in kinds}}


def _of_mail(name: str, title: str, text: str) -> Json:
    return operation(
        name, READERS, title, f"Where a link in a mail leads. {text}",
        parameters=(_LINK,),
        responses={"200": page_answer("The page.", _PRIVATE)}
        | problems("PageNotFound", "PageInvalid", "PageFailed", "PageUnavailable"),
    )  # fmt: skip


def _dashboard() -> Json:
    described = operation(
        "showDashboard", MODERATORS, "Open the dashboard",
        "The moderators' page: the queue, or a form that exchanges a token for a session. It works by a"
        " cookie that counts for nothing outside `/dashboard`; its forms are not part of the API.",
        parameters=(
            query("status", _TEXT | {"enum": list(Status), "default": str(Status.HELD)}, "Which comments."),
            query("site", _TEXT, "Of one site alone, by its slug."),
            query("sort", _TEXT | {"enum": list(SORTS), "default": SORTS[0]}, "Which come first."),
            query("notice", _TEXT, "What the page says about the last decision."),
            query("undo", _TEXT, "The comment whose decision that notice offers to take back."),
            query("done", _TEXT, "How many were decided together, of how many (`of`)."),
            query("of", _TEXT, "How many were picked."),
            "Cursor",
        ),
        responses={"200": page_answer("The queue, or the way in.", _PRIVATE)}
        | problems("PageNotFound", "PageInvalid", "PageFailed", "PageUnavailable"),
    )  # fmt: skip
    return {name: value for name, value in described.items() if name != "security"}


def _checks() -> Json:
    days = query("days", _TEXT, "How far back: 1, 7, 30 or 90.")
    described = operation(
        "showChecks", MODERATORS, "Open the dashboard's page of checks",
        "What each check decided lately, and how often people agreed. It works by the dashboard's cookie.",
        parameters=(_SITE, days),
        responses={"200": page_answer("The page, or the way in.", _PRIVATE)}
        | problems("PageNotFound", "PageInvalid", "PageFailed", "PageUnavailable"),
    )  # fmt: skip
    return {name: value for name, value in described.items() if name != "security"}


def _figures() -> Json:
    days = query("days", _TEXT, "How far back: 1, 7, 30 or 90.")
    described = operation(
        "showFigures", MODERATORS, "Open the dashboard's page of figures",
        "A site in numbers and charts, with the tables behind them. It works by the dashboard's cookie.",
        parameters=(
            _SITE,
            days,
            query("format", _TEXT, "csv: a table to keep."),
            query("table", _TEXT, "Which one: intervals or checks."),
        ),
        responses={"200": page_answer("The page, or the way in.", _PRIVATE)}
        | problems("PageNotFound", "PageInvalid", "PageFailed", "PageUnavailable"),
    )  # fmt: skip
    return {name: value for name, value in described.items() if name != "security"}


def _automation() -> Json:
    return _desk_page(
        "showAutomation", "Open the dashboard's page of automation",
        "What the checks may decide alone at a site, at what promise, and what is missing.",
    )  # fmt: skip


def _samples() -> Json:
    return _desk_page(
        "showSamples", "Open the dashboard's page of samples",
        "Comments that the checks decided, drawn at random, without what was decided.",
    )  # fmt: skip


def _search() -> Json:
    filters = ("page_url", "section", "reason", "check", "min_score", "language", "author_key", "q")
    described = operation(
        "showSearch", MODERATORS, "Open the dashboard's page of searches",
        "A form with the filters of the queue, for any status, and what they find."
        " It works by the dashboard's cookie.",
        parameters=(
            query("site", _TEXT, "Of one site alone, by its slug."),
            query("status", _TEXT, "Which comments; those that are held where nothing is said."),
            query("sort", _TEXT, "oldest, newest or risk."),
            *(query(name, _TEXT, "As for the queue of the API; empty asks for nothing.") for name in filters),
            query("from", _TEXT, "The first day, UTC, such as 2026-03-02."),
            query("to", _TEXT, "The last day, UTC, with all of it."),
            query("cursor", _TEXT, "Where the page before ended."),
        ),
        responses={"200": page_answer("The page, or the way in.", _PRIVATE)}
        | {"422": page_answer("The page, with what is wrong in the form.", _PRIVATE)}
        | problems("PageNotFound", "PageFailed", "PageUnavailable"),
    )  # fmt: skip
    return {name: value for name, value in described.items() if name != "security"}


def _comment() -> Json:
    described = operation(
        "showCommentPage", MODERATORS, "Open the dashboard's page of a comment",
        "The comment as in the queue, and every decision about it. It works by the dashboard's cookie.",
        parameters=("CommentId",),
        responses={"200": page_answer("The page, or the way in.", _PRIVATE)}
        | problems("PageNotFound", "PageInvalid", "PageFailed", "PageUnavailable"),
    )  # fmt: skip
    return {name: value for name, value in described.items() if name != "security"}


def _shift() -> Json:
    return _own_page(
        "showShift", "Open the dashboard's page of one's own shift",
        "What the moderator decided in the last twelve hours.",
    )  # fmt: skip


def _settings() -> Json:
    return _own_page(
        "showSettings", "Open the dashboard's page of choices",
        "Language, colours, density, keys and wellbeing; kept in a cookie.",
        query("notice", _TEXT, "What the page says after they were kept."),
    )  # fmt: skip


def _site_page(page: SitePage) -> Json:
    described = operation(
        page.operation_id, MODERATORS,
        f"Open the dashboard's page {page.path}",
        f"For the role `{page.role}`. It works by the dashboard's cookie.",
        parameters=(
            *([_SITE] if page.is_of_site else ()),
            query("notice", _TEXT, "What the page says about the last change."),
            *(query(name, _TEXT, "What it is about.") for name in page.kept),
        ),
        responses={"200": page_answer("The page, or the way in.", _PRIVATE)}
        | problems(*(["PageTooLow"] if page.role != "viewer" else ()))
        | problems(*(["PageNotFound"] if page.names_a_site else ()))
        | problems("PageInvalid", "PageFailed", "PageUnavailable"),
    )  # fmt: skip
    return {field: value for field, value in described.items() if field != "security"}


def _own_page(name: str, title: str, text: str, *parameters: Json) -> Json:
    described = operation(
        name, MODERATORS, title, text + " It works by the dashboard's cookie.",
        parameters=parameters,
        responses={"200": page_answer("The page, or the way in.", _PRIVATE)}
        | problems("PageInvalid", "PageFailed", "PageUnavailable"),
    )  # fmt: skip
    return {field: value for field, value in described.items() if field != "security"}


def _desk_page(name: str, title: str, text: str) -> Json:
    described = operation(
        name, MODERATORS, title, text + " It works by the dashboard's cookie.",
        parameters=(
            _SITE,
            query("notice", _TEXT, "What the page says about the last answer."),
        ),
        responses={"200": page_answer("The page, or the way in.", _PRIVATE)}
        | problems("PageNotFound", "PageInvalid", "PageFailed", "PageUnavailable"),
    )  # fmt: skip
    return {field: value for field, value in described.items() if field != "security"}


def _static() -> Json:
    name: Json = {"name": "name", "in": "path", "required": True, "schema": _TEXT, "description": "The file."}
    digest = query("v", _TEXT, "The file's digest; under it the file may be kept for ever.")
    headers = {"ETag": "ETag"} | _PRIVATE
    kinds = {kind: {"schema": _TEXT} for kind in ("text/css", "text/javascript", "image/svg+xml")}
    return operation(
        "getStatic", OPERATORS, "Get a style, a script or an image of the pages",
        parameters=(name, digest, "IfNoneMatch"),
        responses={
            "200": answer("The file.", kinds, headers),
            "304": answer("The client has it already.", headers=headers),
        }
        | problems("NotFound", "EmailInUrl", "InternalError"),
    )  # fmt: skip
