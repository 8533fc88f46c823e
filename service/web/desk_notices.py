"""How the dashboard tells what came of a decision."""

from typing import Any

from aiohttp import web

from service.storage.desk import Standing
from service.web.languages import N_
from service.web.plain_words import label
from service.web.said import said

NOTICES = {
    "approve": N_("Approved: it is on the page."),
    "reject": N_("Rejected."),
    "propose": N_("Proposed: somebody else has to confirm the rejection."),
    "own-proposal": N_("You proposed it; somebody else has to confirm it."),
    "spam": N_("Marked as spam."),
    "hold": N_("Back in review."),
    "undone": N_("Taken back: it stands as before."),
    "nothing-to-undo": N_("There is nothing to take back: ten minutes have passed, or it was done already."),
    "stale-version": N_("Someone decided this comment meanwhile; nothing was changed."),
    "claimed-by-another": N_("Another moderator is looking at this comment; nothing was changed."),
    "missing-reason": N_("A rejection needs a reason; nothing was changed."),
    "unknown-reason": N_("The site has no such reason; nothing was changed."),
    "comment-not-found": N_("This comment is not there any more."),
    "illegal-move": N_("An erased comment stays erased."),
    "role-too-low": N_("Your role at this site does not allow this; nothing was changed."),
    "picked": N_("It is an editors’ pick now."),
    "unpicked": N_("It is no editors’ pick any more."),
    "answered": N_("Answered: it is on the page."),
    "not-published": N_("Only what is published can be answered."),
    "no-text": N_("Write an answer of at most 5,000 characters."),
    "redacted": N_("Taken out: readers see that the text was edited."),
    "not-redactable": N_("Only what is published or held can be changed; nothing was."),
    "invalid-spans": N_("Something of the text must be left; reject it instead."),
    "no-passage": N_("Say which words are to be taken out."),
    "unavailable": N_("The database does not answer; please try again in a moment."),
    "invalid": N_("That form could not be read; nothing was changed."),
    "saved": N_("Your choices are kept in this browser."),
}
"""Code of a notice to what the page says."""


def notice_text(code: str) -> str:
    """What the page says, in the language of whoever asked; nothing for a code that there is not."""
    return said(NOTICES[code]) if code in NOTICES else ""


def why_not(code: str, standing: Standing) -> str:
    """The same for a decision that was refused, with who was in the way where that is known."""
    if code == "stale-version" and standing.decided_by:
        return said(
            N_("%(name)s decided it meanwhile: %(status)s. Nothing was changed."),
            name=standing.decided_by,
            status=said(label(standing.status, "status")),
        )
    if code == "claimed-by-another" and standing.claimed_by:
        return said(N_("%(name)s is looking at it. Nothing was changed."), name=standing.claimed_by)
    return notice_text(code)


def told_as_json(outcome: dict[str, Any]) -> web.Response:
    """For the page's script; a refusal is a 409, which it shows and takes its change back."""
    return web.json_response(outcome, status=200 if outcome["ok"] else 409)
