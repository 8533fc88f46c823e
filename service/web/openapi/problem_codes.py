"""Every code of a problem with its status and what it means, for the reference."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ProblemCode:
    """A code as `problems.py` and the handlers give it; `meaning` is one sentence for whoever gets it."""

    code: str
    status: int
    title: str
    meaning: str


PROBLEM_CODES = tuple(
    ProblemCode(*row)
    for row in (
        ("malformed-body", 400, "The request body cannot be read",
         "The body is not what its Content-Type says, or a key stands twice in one JSON object."),
        ("idempotency-key-invalid", 400, "The Idempotency-Key cannot be used",
         "The Idempotency-Key is too long or not printable ASCII."),
        ("unauthenticated", 401, "A moderator's token is needed",
         "The bearer token is missing, unknown, expired, revoked, or not meant for this network."),
        ("signed-out", 401, "Please sign in again", "The dashboard's session has ended."),
        ("page-closed", 403, "Comments on this page are closed", "The page takes no more comments."),
        ("origin-not-registered", 403, "This site does not take comments from there",
         "The Origin of the page that sent this is not one of the site's."),
        ("role-too-low", 403, "Your role does not allow this",
         "The token is valid, but its role may not do this."),
        ("foreign-form", 403, "This form is not ours", "A form of the dashboard came from somewhere else."),
        ("not-found", 404, "There is nothing here", "There is no such address."),
        ("site-not-found", 404, "There is no such site",
         "There is no site of that name, or the token does not reach it."),
        ("not-appealable", 409, "There is nothing to appeal against",
         "It was not refused, or over six months ago."),
        ("already-appealed", 409, "An appeal was made already", "There is one against each decision."),
        ("own-decision", 409, "It was your own decision", "Somebody else has to answer this appeal."),
        ("appeal-not-found", 404, "There is no such open appeal",
         "It was answered, or is not of a site that the token reaches."),
        ("not-editable", 409, "This comment cannot be changed any more",
         "It was refused, or too much time has gone by since it came in."),
        ("comment-refused", 409, "The comment that this edits was refused meanwhile",
         "Decide about that one first."),
        ("notice-not-found", 404, "There is no such notice", "The link is wrong."),
        ("receipt-not-found", 404, "There is no such receipt",
         "The receipt is wrong or expired, or its comment was erased."),
        ("not-sure", 422, "Tick the box to say that you are sure",
         "What cannot be brought back wants a second yes."),
        ("mail-link-not-found", 404, "There is no such link",
         "The link is wrong or too old, or its reply was erased."),
        ("comment-not-found", 404, "There is no such comment",
         "There is no comment of that id on the sites that the token reaches."),
        ("policy-not-found", 404, "There is no such policy",
         "The site has no such version, candidate or backtest."),
        ("author-not-found", 404, "There is no such author",
         "Nobody has that key at this site; the author's data may have been erased."),
        ("standing-not-found", 404, "Nothing was ordered about this author or network",
         "No moderator pre-moderated or banned this author or network, or it was lifted."),
        ("model-not-found", 404, "There is no such version",
         "The site keeps no such version of its model."),
        ("reason-not-found", 404, "There is no such reason", "The site has no reason of that code."),
        ("sample-not-found", 404, "There is no such sample",
         "The comment was not drawn as a sample, or was answered already."),
        ("person-not-found", 404, "There is no such person",
         "There is nobody of that id with a role at the sites at which the token is an admin's."),
        ("token-not-found", 404, "There is no such token",
         "There is no valid token of that id at the sites at which the token is an admin's."),
        ("session-not-found", 404, "There is no such session", "You have no session of that id."),
        ("invitation-not-found", 404, "There is no such invitation",
         "The invitation is unknown, used, revoked or expired."),
        ("webhook-not-found", 404, "There is no such webhook",
         "The site has no webhook of that id, or the webhook no such delivery."),
        ("method-not-allowed", 405, "This method is not allowed here",
         "The address exists; the header Allow names its methods."),
        ("body-too-slow", 408, "The body took too long",
         "The body did not arrive in time; the connection is closed."),
        ("request-too-slow", 408, "The request took too long",
         "The head of the request did not arrive in time; the connection is closed."),
        ("stale-version", 409, "The comment has changed meanwhile",
         "Someone decided first, or the author edited; `current` and `meanwhile` say how and by whom."),
        ("claimed-by-another", 409, "Another moderator has this comment",
         "Another moderator leased the comment; `claimed_by` and `claimed_until` say who and until when."),
        ("not-held", 409, "Nobody waits for this comment",
         "Only a held comment can be taken; `current` holds the comment's status and version."),
        ("reason-is-shared", 409, "Every site has this reason",
         "A shared reason without words of the site's own cannot be retired."),
        ("nothing-to-undo", 409, "There is nothing to undo",
         "The last decision is not a person's, is too old, or was itself an undo."),
        ("illegal-move", 409, "An erased comment stays erased",
         "The comment was erased and cannot be decided about any more."),
        ("not-redactable", 409, "Only what is published or held is redacted",
         "The comment is pending, rejected or spam: decide about it first."),
        ("not-published", 409, "Only what is published is answered",
         "Readers do not see this comment; publish it first."),
        ("standing-changed", 409, "Somebody ordered something about this author first",
         "Two moderators ordered something at the same moment; read the author again."),
        ("own-proposal", 409, "You proposed it; somebody else has to confirm it",
         "The site wants a second pair of eyes for it."),
        ("same-page", 409, "Both addresses are those of one page already",
         "They are the same URL, or were merged before."),
        ("page-too-large", 409, "The page has too many comments",
         "More comments than move at once; merge the other page into this one."),
        ("network-not-kept", 409, "Nobody knows any more where this comment came from",
         "Its network was never known, or is as old as networks may be."),
        ("too-many-networks", 409, "As many orders about networks hold at this site as may",
         "Lift some of them first."),
        ("policy-changed", 409, "Somebody changed the policy first",
         "Another version holds than the one that was read; `current` has it."),
        ("own-rights", 409, "Nobody changes the own rights",
         "Another admin has to do this, or the command line."),
        ("every-site", 409, "This person has a role at every site",
         "A role at every site cannot be taken away at one; name the sites first."),
        ("name-taken", 409, "Somebody else has this name",
         "Somebody has this name whom you may not change; choose another one."),
        ("too-many-webhooks", 409, "The site has as many webhooks as it may",
         "Remove one before you add another."),
        ("body-too-large", 413, "The body is too large",
         "The body is larger than this address takes; `detail` names the cap."),
        ("unsupported-media-type", 415, "Unsupported type of body",
         "The Content-Type, its charset or the Content-Encoding is not one that is read here."),
        ("invalid-submission", 422, "The submission is not valid",
         "One or more fields are missing or wrong; `errors` lists every fault."),
        ("idempotency-key-reused", 422, "This key was used for another submission",
         "The key was used before with another body; make a new one."),
        ("invalid-query", 422, "The query is not valid",
         "A query parameter is missing or wrong; `errors` names it."),
        ("email-in-url", 422, "An address does not belong in a URL",
         "The query string has a parameter `email`: URLs are kept in histories and logs of others."),
        ("invalid-decision", 422, "The body is not valid",
         "The body of a moderator's request has missing or wrong fields; `errors` lists every fault."),
        ("invalid-policy", 422, "The policy is not valid",
         "The document is no policy; `errors` lists every fault by the name of its field."),
        ("missing-reason", 422, "The decision is not valid", "A rejection came without a reason."),
        ("unknown-reason", 422, "The decision is not valid", "The site has no reason of that code."),
        ("invalid-spans", 422, "These parts cannot be taken out",
         "A part is empty or does not lie in the text, or nothing would be left; `errors` names it."),
        ("too-fast", 429, "Too many comments at once",
         "A limit on submissions was reached; Retry-After says how many seconds to wait."),
        ("too-many-reports", 429, "Too many reports at once",
         "A network has sent as many reports as it may; Retry-After says how many seconds to wait."),
        ("too-many-backtests", 429, "Too many backtests at once",
         "The site has as many unfinished backtests as it may; Retry-After says when to come back."),
        ("too-many-pages", 429, "Too many new pages",
         "The site has made its share of new pages for this hour."),
        ("internal-error", 500, "Something went wrong on our side",
         "An error that nobody foresaw; `request_id` finds it in the operator's log."),
        ("too-many-connections", 503, "Please try again in a moment",
         "Every place for a client is taken; the request was not read."),
        ("webhooks-not-configured", 503, "This installation has no keys for webhooks",
         "The operator has not set REPLYDESK_SUBMITTED_KEYS, under which secrets are kept."),
        ("too-many-streams", 503, "Please try again in a moment",
         "This process, or this person, has as many event streams open as there may be."),
        ("unavailable", 503, "Please try again in a moment",
         "The database is away or overloaded, and nothing was promised; Retry-After says when to come back."),
    )
)  # fmt: skip

_BY_CODE = {known.code: known for known in PROBLEM_CODES}


def known_problem(code: str) -> ProblemCode:
    """The entry of a code; raises KeyError for one that is not listed."""
    return _BY_CODE[code]


def problem_example(public_url: str, code: str) -> dict[str, Any]:
    """A problem document of that code, as `Problem.document` writes it."""
    known = _BY_CODE[code]
    document: dict[str, Any] = {
        "type": f"{public_url}/problems/{code}",
        "title": known.title,
        "status": known.status,
        "detail": known.title,
        "code": code,
        "request_id": "5b0e2f6c8d1a4e7f9b3c6d8e0f1a2b3c",
    }
    return document | _MEMBERS.get(code, {})


def problems_in_words() -> str:
    """One paragraph for each code."""
    return "\n\n".join(f"`{known.code}` ({known.status}): {known.meaning}" for known in PROBLEM_CODES)


def _faults(*faults: tuple[str, str, str]) -> dict[str, Any]:
    return {"errors": [dict(zip(("field", "code", "detail"), fault, strict=True)) for fault in faults]}


_MEMBERS: dict[str, dict[str, Any]] = {
    "invalid-submission": _faults(
        ("email", "required", "Please enter your email address. It is never shown."),
        ("comment", "required", "Please write a comment."),
    ),
    "invalid-query": _faults(("sort", "invalid", "Sort by oldest or newest.")),
    "email-in-url": _faults(
        ("email", "not_allowed", "An address does not belong in a URL; send it in a body.")
    ),
    "invalid-decision": _faults(("version", "required", "This is required.")),
    "invalid-policy": _faults(
        ("max_linkz", "not_allowed", "There is no such field; did you mean max_links.")
    ),
    "policy-changed": {"current": {"version": 8}},
    "missing-reason": _faults(("reason", "required", "A rejection needs a reason.")),
    "unknown-reason": _faults(("reason", "not_found", "The site has no such reason.")),
    "invalid-spans": _faults(("spans.0", "invalid", "It does not lie in the text.")),
    "stale-version": {
        "current": {"status": "published", "version": 3},
        "meanwhile": [
            {
                "at": "2026-03-02T09:31:00+00:00",
                "by": "Nora",
                "source": "moderator",
                "action": "approve",
                "status": "published",
                "reason": None,
            }
        ],
    },
    "not-held": {"current": {"status": "published", "version": 3}},
    "claimed-by-another": {"claimed_by": "Ruth", "claimed_until": "2026-03-02T09:35:00+00:00"},
}
"""What a problem of that code holds beside the members that all have."""
