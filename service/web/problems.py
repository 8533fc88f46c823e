"""The table of errors: what each becomes over HTTP (RFC 9457), for programs and as a page for people."""

import random
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson
from aiohttp import web

from service.domain import errors
from service.domain.fault import Fault, InvalidSubmission
from service.domain.field_rules import NO_PARENT
from service.moderation.policy_document import InvalidPolicy
from service.web.body_error import BodyError

RETRY_AFTER_S = 5


@dataclass(slots=True)
class Problem(Exception):
    """An answer that is an error; `code` is the last segment of its type and never changes."""

    status: int
    code: str
    title: str
    detail: str = ""
    errors: tuple[Fault, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def document(self, public_url: str, request_id: str) -> dict[str, Any]:
        """The problem document."""
        document: dict[str, Any] = {
            "type": f"{public_url}/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail or self.title,
            "code": self.code,
            "request_id": request_id,
        }
        if self.errors:
            document["errors"] = [
                {"field": fault.field, "code": fault.code, "detail": fault.detail} for fault in self.errors
            ]
        return document | self.extra


UNFORESEEN = Problem(500, "internal-error", "Something went wrong on our side")


def problem_response(problem: Problem, public_url: str, request_id: str) -> web.Response:
    """The problem as `application/problem+json`."""
    response = web.Response(
        status=problem.status,
        body=orjson.dumps(problem.document(public_url, request_id)),
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store", **problem.headers},
    )
    if problem.status in {408, 413}:
        response.force_close()  # the rest of the body is still on its way
    return response


def retry_after() -> dict[str, str]:
    """A few seconds, not the same for everyone, so that they do not all come back at once."""
    return {"Retry-After": str(RETRY_AFTER_S + random.randrange(5))}  # noqa: S311  (no secret in it)


def problem_of(error: BaseException) -> Problem | None:
    """The problem that an error is; None for what nobody foresaw."""
    if isinstance(error, Problem):
        return error
    for kind, make in _TABLE.items():
        if isinstance(error, kind):
            return make(error)
    return None


def _invalid(error: InvalidSubmission) -> Problem:
    many = len(error.faults)
    detail = "One field needs attention." if many == 1 else f"{many} fields need attention."
    return Problem(422, "invalid-submission", "The submission is not valid", detail, errors=error.faults)


def _body(error: BodyError) -> Problem:
    return Problem(error.status, error.code, error.title, error.detail)


def _stale(error: errors.StaleVersion) -> Problem:
    current = {"status": error.status, "version": error.version}
    return Problem(
        409,
        "stale-version",
        "The comment has changed meanwhile",
        "Look at it again.",
        extra={"current": current, "meanwhile": [asdict(one) for one in error.meanwhile]},
    )


def _not_held(error: errors.NotHeld) -> Problem:
    current = {"status": error.status, "version": error.version}
    return Problem(409, "not-held", "Nobody waits for this comment", extra={"current": current})


def _claimed(error: errors.ClaimedByAnother) -> Problem:
    extra = {"claimed_by": error.claimed_by, "claimed_until": error.claimed_until.isoformat()}
    return Problem(409, "claimed-by-another", "Another moderator has this comment", extra=extra)


def _policy(error: InvalidPolicy) -> Problem:
    return Problem(422, "invalid-policy", "The policy is not valid", errors=error.faults)


def _changed(error: errors.PolicyChanged) -> Problem:
    return Problem(
        409,
        "policy-changed",
        "Somebody changed the policy first",
        "Read it again.",
        extra={"current": {"version": error.version}},
    )


def _http(error: web.HTTPException) -> Problem:
    titles = {404: "There is nothing here", 405: "This method is not allowed here"}
    kept = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
    codes = {404: "not-found", 405: "method-not-allowed"}
    code = codes.get(error.status, f"http-{error.status}")
    return Problem(error.status, code, titles.get(error.status, error.reason), headers=kept)


def _fixed(status: int, code: str, title: str, detail: str = "") -> Callable[[Any], Problem]:
    return lambda _error: Problem(status, code, title, detail)


def _wrong_spans(field: str, detail: str) -> Problem:
    fault = Fault(field, "invalid", detail)
    return Problem(422, "invalid-spans", "These parts cannot be taken out", detail, errors=(fault,))


def _reason(code: str, detail: str) -> Callable[[Any], Problem]:
    fault = Fault("reason", "required" if code == "missing-reason" else "not_found", detail)
    return lambda _error: Problem(422, code, "The decision is not valid", detail, errors=(fault,))


_TABLE: Mapping[type[BaseException], Callable[[Any], Problem]] = {
    InvalidSubmission: _invalid,
    BodyError: _body,
    errors.StorageUnavailable: lambda _error: Problem(
        503, "unavailable", "Please try again in a moment", "Nothing was lost.", headers=retry_after()
    ),
    InvalidPolicy: _policy,
    errors.PolicyChanged: _changed,
    errors.SiteNotFound: _fixed(404, "site-not-found", "There is no such site"),
    errors.PageClosed: _fixed(403, "page-closed", "Comments on this page are closed"),
    errors.AuthorNotFound: _fixed(404, "author-not-found", "There is no such author"),
    errors.NoStanding: _fixed(404, "standing-not-found", "Nothing was ordered about this author or network"),
    errors.OwnProposal: _fixed(409, "own-proposal", "You proposed it; somebody else has to confirm it"),
    errors.SamePage: _fixed(409, "same-page", "Both addresses are those of one page already"),
    errors.PageTooLarge: lambda error: Problem(
        409, "page-too-large", "The page has too many comments", f"At most {error.most} move at once."
    ),
    errors.NetworkNotKept: _fixed(
        409, "network-not-kept", "Nobody knows any more where this comment came from"
    ),
    errors.TooManyNetworks: _fixed(
        409, "too-many-networks", "As many orders about networks hold at this site as may", "Lift some first."
    ),
    errors.StandingChanged: _fixed(
        409, "standing-changed", "Somebody ordered something about this author first", "Read it again."
    ),
    errors.ForeignPage: lambda _error: Problem(
        422,
        "invalid-decision",
        "The body is not valid",
        errors=(Fault("page_url", "not_allowed", "This page does not belong to the site."),),
    ),
    errors.TooManyPages: lambda _error: Problem(
        429, "too-many-pages", "Too many new pages", "Try again later.", headers={"Retry-After": "600"}
    ),
    errors.ParentNotFound: lambda _error: _invalid(
        InvalidSubmission([Fault("parent_id", "not_found", NO_PARENT)], {})
    ),
    errors.IdempotencyKeyReused: _fixed(
        422, "idempotency-key-reused", "This key was used for another submission", "Make a new key."
    ),
    errors.CommentNotFound: _fixed(404, "comment-not-found", "There is no such comment"),
    errors.ModelNotFound: _fixed(404, "model-not-found", "There is no such version"),
    errors.NoSample: _fixed(404, "sample-not-found", "There is no such sample"),
    errors.RoleTooLow: _fixed(403, "role-too-low", "Your role does not allow this"),
    errors.StaleVersion: _stale,
    errors.NotHeld: _not_held,
    errors.ClaimedByAnother: _claimed,
    errors.ReasonNotFound: _fixed(404, "reason-not-found", "There is no such reason"),
    errors.SharedReason: _fixed(409, "reason-is-shared", "Every site has this reason"),
    errors.MissingReason: _reason("missing-reason", "A rejection needs a reason."),
    errors.UnknownReason: _reason("unknown-reason", "The site has no such reason."),
    errors.NotRedactable: _fixed(
        409, "not-redactable", "Only what is published or held is redacted", "Reject it, or decide first."
    ),
    errors.NotPublished: _fixed(409, "not-published", "Only what is published is answered"),
    errors.SpanOutside: lambda error: _wrong_spans(f"spans.{error.number}", "It does not lie in the text."),
    errors.NothingLeft: lambda _error: _wrong_spans("spans", "Something must be left; else reject it."),
    errors.NothingToUndo: _fixed(
        409,
        "nothing-to-undo",
        "There is nothing to undo",
        "Only a person's decision of the last ten minutes.",
    ),
    errors.NotEditable: _fixed(
        409,
        "not-editable",
        "This comment cannot be changed any more",
        "It was refused, or too much time has gone by since it came in.",
    ),
    errors.NotAppealable: _fixed(
        409,
        "not-appealable",
        "There is nothing to appeal against",
        "It was not refused, or over six months ago.",
    ),
    errors.AlreadyAppealed: _fixed(409, "already-appealed", "An appeal was made already"),
    errors.AppealNotFound: _fixed(404, "appeal-not-found", "There is no such open appeal"),
    errors.OwnDecision: _fixed(
        409, "own-decision", "It was your own decision", "Somebody else has to answer this appeal."
    ),
    errors.CommentRefused: _fixed(
        409,
        "comment-refused",
        "The comment that this edits was refused meanwhile",
        "Decide about that one first.",
    ),
    errors.IllegalMove: _fixed(409, "illegal-move", "An erased comment stays erased"),
    errors.PersonNotFound: _fixed(404, "person-not-found", "There is no such person"),
    errors.TokenNotFound: _fixed(404, "token-not-found", "There is no such token"),
    errors.SessionNotFound: _fixed(404, "session-not-found", "There is no such session"),
    errors.InvitationNotFound: _fixed(404, "invitation-not-found", "There is no such invitation"),
    errors.OwnRights: _fixed(
        409, "own-rights", "Nobody changes the own rights", "Ask another admin, or use the command line."
    ),
    errors.EverySite: _fixed(
        409, "every-site", "This person has a role at every site", "Name the sites first: `moderator access`."
    ),
    errors.NameTaken: _fixed(409, "name-taken", "Somebody else has this name"),
    web.HTTPException: _http,
}
