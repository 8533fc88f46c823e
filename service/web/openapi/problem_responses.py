"""The answers that are errors, shared by the operations that can give them."""

from typing import Any

from service.web.openapi.problem_codes import known_problem, problem_example

Json = dict[str, Any]

PROBLEM_RESPONSES: dict[str, tuple[str, ...]] = {
    "MalformedBody": ("malformed-body",),
    "Unauthenticated": ("unauthenticated",),
    "RoleTooLow": ("role-too-low",),
    "ForeignOrigin": ("origin-not-registered",),
    "NotFound": ("not-found",),
    "SiteNotFound": ("site-not-found",),
    "PolicyNotFound": ("policy-not-found", "site-not-found"),
    "PolicyConflict": ("policy-changed",),
    "InvalidPolicy": ("invalid-policy", "invalid-decision", "email-in-url"),
    "TooManyBacktests": ("too-many-backtests",),
    "AuthorNotFound": ("author-not-found", "site-not-found"),
    "StandingNotFound": ("standing-not-found", "author-not-found", "site-not-found"),
    "StandingChanged": ("standing-changed", "own-proposal"),
    "OrderNotFound": ("standing-not-found", "site-not-found"),
    "MergeConflict": ("same-page", "page-too-large"),
    "NetworkConflict": ("network-not-kept", "too-many-networks", "illegal-move", "own-proposal"),
    "ModelNotFound": ("model-not-found", "site-not-found"),
    "ReasonNotFound": ("reason-not-found", "site-not-found"),
    "ReasonIsShared": ("reason-is-shared",),
    "SampleNotFound": ("sample-not-found",),
    "PersonNotFound": ("person-not-found", "site-not-found"),
    "NobodyFound": ("person-not-found",),
    "TokenNotFound": ("token-not-found",),
    "SessionNotFound": ("session-not-found",),
    "InvitationNotFound": ("invitation-not-found",),
    "OwnRights": ("own-rights",),
    "PersonConflict": ("own-rights", "every-site"),
    "NameTaken": ("name-taken",),
    "CommentNotFound": ("comment-not-found",),
    "NoticeNotFound": ("notice-not-found",),
    "ReceiptNotFound": ("receipt-not-found",),
    "BodyTooSlow": ("body-too-slow",),
    "SampleConflict": ("stale-version", "claimed-by-another", "illegal-move", "own-proposal"),
    "DecisionConflict": (
        "stale-version",
        "claimed-by-another",
        "illegal-move",
        "own-proposal",
        "comment-refused",
    ),
    "ClaimConflict": ("claimed-by-another", "not-held", "illegal-move"),
    "ReleaseConflict": ("claimed-by-another", "illegal-move"),
    "RedactionConflict": ("stale-version", "claimed-by-another", "illegal-move", "not-redactable"),
    "AnswerConflict": ("not-published", "illegal-move"),
    "NotEditable": ("not-editable",),
    "NotAppealable": ("not-appealable", "already-appealed"),
    "AppealNotFound": ("appeal-not-found",),
    "AppealConflict": ("own-decision", "claimed-by-another"),
    "InvalidEdit": ("invalid-submission", "email-in-url"),
    "NotSure": ("not-sure", "email-in-url"),
    "EditTooFast": ("too-fast",),
    "UndoConflict": ("nothing-to-undo", "claimed-by-another", "illegal-move"),
    "BodyTooLarge": ("body-too-large",),
    "UnsupportedMediaType": ("unsupported-media-type",),
    "InvalidQuery": ("invalid-query", "email-in-url"),
    "InvalidDecision": ("invalid-decision", "missing-reason", "unknown-reason", "email-in-url"),
    "InvalidRedaction": ("invalid-decision", "invalid-spans", "unknown-reason", "email-in-url"),
    "InvalidStanding": ("invalid-decision", "unknown-reason", "email-in-url"),
    "InvalidBody": ("invalid-decision", "email-in-url"),
    "InvalidAll": ("invalid-decision", "invalid-query", "email-in-url"),
    "EmailInUrl": ("email-in-url",),
    "InternalError": ("internal-error",),
    "Unavailable": ("unavailable",),
    "WebhookNotFound": ("webhook-not-found", "site-not-found"),
    "TooManyWebhooks": ("too-many-webhooks",),
    "WebhooksUnavailable": ("unavailable", "webhooks-not-configured"),
    "StreamUnavailable": ("unavailable", "too-many-streams"),
    "ReplyMalformed": ("malformed-body", "idempotency-key-invalid"),
    "ReplyRefused": ("page-closed", "origin-not-registered"),
    "ReplyToNoSite": ("site-not-found",),
    "ReplyTooSlow": ("body-too-slow",),
    "ReplyTooLarge": ("body-too-large",),
    "ReplyUnreadable": ("unsupported-media-type",),
    "ReplyInvalid": ("invalid-submission", "idempotency-key-reused", "email-in-url"),
    "ReplyToNoComment": ("comment-not-found", "site-not-found"),
    "ReplyFromElsewhere": ("origin-not-registered",),
    "ReplyBroken": ("malformed-body",),
    "ReplyWrong": ("invalid-submission", "email-in-url"),
    "ReplyTooOften": ("too-many-reports",),
    "ReplyTooFast": ("too-fast", "too-many-pages"),
    "ReplyFailed": ("internal-error",),
    "ReplyUnavailable": ("unavailable",),
}
"""The codes behind each; all of one answer have the same status."""

PAGE_RESPONSES = {
    "PageMalformed": (400, "A page that says that the form cannot be read."),
    "PageTooSlow": (408, "A page that says that the form came too slowly."),
    "PageTooLarge": (413, "A page that says that the form is too large."),
    "PageUnsupported": (415, "A page that says that this is no form."),
    "PageTooLow": (403, "A page that says that the role does not allow this."),
    "PageNotFound": (404, "A page that says that there is nothing here."),
    "PageInvalid": (422, "A page that says what is wrong with the query."),
    "PageFailed": (500, "A page that says that something went wrong here."),
    "PageUnavailable": (503, "A page that asks to try again in a moment."),
}
"""The same where people look: a page without a code."""

_TO_FORMS = "Reply"
"""Answers whose name begins so are pages for those who sent a form."""

_HEADERS = {
    401: {"WWW-Authenticate": "WwwAuthenticate"},
    429: {"Retry-After": "RetryAfter"},
    503: {"Retry-After": "RetryAfter"},
}


def status_of(name: str) -> int:
    """The status of a shared answer."""
    if name in PAGE_RESPONSES:
        return PAGE_RESPONSES[name][0]
    return known_problem(PROBLEM_RESPONSES[name][0]).status


def shared_responses(public_url: str) -> dict[str, Json]:
    """`components.responses`."""
    shared = {name: _problem_response(public_url, name) for name in PROBLEM_RESPONSES}
    pages = {
        name: {"description": description, "headers": _headers(status), "content": _page()}
        for name, (status, description) in PAGE_RESPONSES.items()
    }
    return shared | pages


def _problem_response(public_url: str, name: str) -> Json:
    codes = PROBLEM_RESPONSES[name]
    examples = {
        code: {"summary": known_problem(code).title, "value": problem_example(public_url, code)}
        for code in codes
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    content: Json = {"application/problem+json": {"schema": schema, "examples": examples}}
    said = "\n\n".join(f"`{code}`: {known_problem(code).meaning}" for code in codes)
    if name.startswith(_TO_FORMS):
        content |= _page()
        said += "\n\nWho sent a form gets the same as a page, with what was typed as far as it could be read."
    return {"description": said, "headers": _headers(status_of(name)), "content": content}


def _headers(status: int) -> Json:
    named = {"X-Request-ID": "RequestId"} | _HEADERS.get(status, {})
    return {header: {"$ref": f"#/components/headers/{component}"} for header, component in named.items()}


def _page() -> Json:
    return {"text/html": {"schema": {"type": "string"}}}
