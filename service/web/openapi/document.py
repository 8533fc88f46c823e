"""Puts the reference together."""

from functools import cache
from typing import Any

from service.web.openapi.access_paths import access_paths
from service.web.openapi.alert_paths import alert_paths, alert_schemas
from service.web.openapi.answer_paths import answer_paths
from service.web.openapi.appeal_paths import appeal_paths, appeal_schemas
from service.web.openapi.authors import authors_paths, authors_schemas
from service.web.openapi.event_paths import event_paths
from service.web.openapi.figures import figures_paths, figures_schemas
from service.web.openapi.learning_paths import learning_paths
from service.web.openapi.learning_schemas import learning_schemas
from service.web.openapi.moderation_paths import moderation_paths
from service.web.openapi.moderation_schemas import moderation_schemas
from service.web.openapi.network_paths import network_paths, network_schemas
from service.web.openapi.notice_paths import notice_paths, notice_schemas
from service.web.openapi.operation import MODERATORS, OPERATORS, PROBLEMS, READERS
from service.web.openapi.operator_paths import operator_paths
from service.web.openapi.page_paths import page_paths
from service.web.openapi.pages import pages_paths, pages_schemas
from service.web.openapi.parameters import shared_headers, shared_parameters
from service.web.openapi.people_paths import people_paths
from service.web.openapi.people_schemas import people_schemas
from service.web.openapi.policy_paths import policy_paths
from service.web.openapi.policy_schemas import policy_schemas
from service.web.openapi.problem_codes import problems_in_words
from service.web.openapi.problem_responses import shared_responses
from service.web.openapi.reader_paths import reader_paths
from service.web.openapi.reason_paths import reason_paths, reason_schemas
from service.web.openapi.receipt_paths import receipt_paths, receipt_schemas
from service.web.openapi.redaction_paths import redaction_paths
from service.web.openapi.report_paths import report_paths, report_schemas
from service.web.openapi.schemas import operator_schemas, reader_schemas, shared_words
from service.web.openapi.submission_schema import submission_schemas
from service.web.openapi.team_paths import team_paths, team_schemas
from service.web.openapi.transparency_paths import transparency_paths, transparency_schemas
from service.web.openapi.webhook_paths import webhook_paths, webhook_schemas

Json = dict[str, Any]

_DESCRIPTION = """\
Takes comments on news pages, has them checked and decided, and shows what was published.

Dates are RFC 3339, ids are opaque strings, lists go on with `next_cursor`. What was given in `email` is in \
no answer to anyone.

Wherever `GET` is listed, `HEAD` is answered too. Every answer names its request in `X-Request-ID`.\
"""
_READERS = "No operation here reads a cookie or needs a token; what is read may be read by any page."
_MODERATORS = """\
Send `Authorization: Bearer` and a token; cookies count under `/dashboard` alone. A token reaches its sites \
and no others, and has a role: a `viewer` reads, a `moderator` and an `admin` decide too.

Two moderators never overwrite each other: a decision names the `version` that was looked at.\
"""
_OPERATORS = "For whoever runs the service or builds on it."
_PROBLEMS = """\
Errors are `application/problem+json` (RFC 9457) on every path of the API, also for addresses and methods \
that do not exist. The member `code` never changes, and `type` ends with it; texts may.\
"""


@cache
def openapi_document(public_url: str) -> Json:
    """The OpenAPI 3.1 document of every route but the dashboard's forms, with `public_url` as its server.

    It is made once: do not change it.
    """
    paths = (
        reader_paths()
        | notice_paths()
        | appeal_paths()
        | transparency_paths()
        | receipt_paths()
        | report_paths()
        | page_paths()
        | moderation_paths(public_url)
        | policy_paths()
        | learning_paths()
        | people_paths()
        | access_paths()
        | figures_paths()
        | event_paths()
        | webhook_paths()
        | alert_paths()
        | pages_paths()
        | authors_paths()
        | network_paths()
        | team_paths()
        | redaction_paths()
        | answer_paths()
        | reason_paths()
        | operator_paths()
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Replydesk",
            "version": "1",
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": public_url}],
        "tags": _tags(),
        "paths": paths,
        "components": {
            "schemas": dict(sorted(_schemas().items())),
            "parameters": shared_parameters(),
            "headers": shared_headers(),
            "responses": shared_responses(public_url),
            "securitySchemes": {"moderatorToken": {"type": "http", "scheme": "bearer"}},
        },
    }


def _tags() -> list[Json]:
    said = {
        READERS: _READERS,
        MODERATORS: _MODERATORS,
        OPERATORS: _OPERATORS,
        PROBLEMS: f"{_PROBLEMS}\n\n{problems_in_words()}",
    }
    return [{"name": name, "description": description} for name, description in said.items()]


def _schemas() -> dict[str, Json]:
    return (
        shared_words()
        | reader_schemas()
        | submission_schemas()
        | notice_schemas()
        | appeal_schemas()
        | transparency_schemas()
        | receipt_schemas()
        | report_schemas()
        | moderation_schemas()
        | policy_schemas()
        | learning_schemas()
        | people_schemas()
        | team_schemas()
        | reason_schemas()
        | figures_schemas()
        | webhook_schemas()
        | alert_schemas()
        | pages_schemas()
        | authors_schemas()
        | network_schemas()
        | operator_schemas()
    )
