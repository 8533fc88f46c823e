"""What readers are told of a fault or a refusal, in their language; programs go by the codes."""

from dataclasses import replace

from service.domain import field_rules, notices, reports, website
from service.domain.email import MAX_OCTETS
from service.domain.fault import Fault
from service.domain.site import Site
from service.web.desk_choices import current_language
from service.web.languages import N_, catalogue
from service.web.problems import Problem

# English is the sentence that the rule itself says; these are its other languages' keys.
_FAULTS = {
    ("comment", "required"): N_("Please write a comment."),
    ("comment", "too_long"): N_("Please shorten your comment to %(limit)s characters."),
    ("author", "required"): N_("Please enter your name."),
    ("author", "too_long"): N_("Please use at most %(limit)s characters for your name."),
    ("author", "invalid"): N_("Please write your name on one line, in characters that can be seen."),
    ("email", "required"): N_("Please enter your email address. It is never shown."),
    ("email", "too_long"): N_("An email address has at most %(limit)s characters."),
    ("email", "invalid"): N_("Please enter a valid email address, like name@example.org."),
    ("website", "too_long"): N_("Please use a web address of at most %(limit)s characters."),
    ("website", "invalid"): N_("Please enter a web address like https://example.org, or none."),
    ("parent_id", "not_found"): N_(
        "The comment that you answer is not there any more. Sent again, this one stands by itself."
    ),
    ("reason", "required"): N_("Please choose what is wrong with the comment."),
    ("reason", "not_found"): N_("Please choose what is wrong with the comment."),
    ("explanation", "required"): N_("Please say why you think that it is illegal."),
    ("explanation", "too_long"): N_("Please shorten this to %(limit)s characters."),
    ("good_faith", "required"): N_(
        "Please confirm that what you say is right and whole, as far as you know."
    ),
    ("name", "required"): N_("Please enter your name."),
    ("name", "too_long"): N_("Please use at most %(limit)s characters for your name."),
    ("name", "invalid"): N_("Please write your name on one line, in characters that can be seen."),
    ("appeal", "required"): N_("Please say why the decision is wrong."),
    ("appeal", "too_long"): N_("Please shorten this to %(limit)s characters."),
    ("text", "too_long"): N_("Please shorten this to %(limit)s characters."),
}
_ANY_FIELD = {
    "required": N_("This is needed."),
    "invalid": N_("This cannot be used as it is."),
    "too_long": N_("This is too long."),
    "not_found": N_("This is not there."),
    "not_allowed": N_("This is not allowed here."),
}
_LIMITS = {
    "author": field_rules.AUTHOR_LIMIT,
    "email": MAX_OCTETS,
    "website": website.MAX_LENGTH,
    "name": field_rules.AUTHOR_LIMIT,
    "text": reports.LONGEST_TEXT,
    "appeal": 2000,
    "explanation": notices.LONGEST_EXPLANATION,
}
_REFUSALS = {
    "invalid-submission": (N_("The comment was not accepted"), ""),
    "too-fast": (
        N_("Too many comments at once"),
        N_("Please wait %(seconds)s seconds and send it again."),
    ),
    "not-sure": (N_("Tick the box to say that you are sure"), ""),
    "not-appealable": (
        N_("There is nothing to appeal against"),
        N_("It was not refused, or over six months ago."),
    ),
    "already-appealed": (N_("An appeal was made already"), ""),
    "not-editable": (
        N_("This comment cannot be changed any more"),
        N_("It was refused, or too much time has gone by since it came in."),
    ),
    "too-many-reports": (
        N_("Too many reports at once"),
        N_("Please wait %(seconds)s seconds and send it again."),
    ),
    "too-many-pages": (N_("Too many new pages at once"), N_("Please try again later.")),
    "page-closed": (N_("Comments on this page are closed"), N_("This page takes no more comments.")),
    "origin-not-registered": (N_("This site does not take comments from there"), ""),
    "body-too-large": (N_("That is too much text at once"), ""),
    "malformed-body": (N_("The form could not be read"), N_("Please send it again.")),
    "unavailable": (
        N_("We cannot take comments at the moment"),
        N_("What you wrote is still in the form. Please send it again in a moment."),
    ),
    "internal-error": (N_("Something went wrong on our side"), ""),
}


def in_their_language(problem: Problem, site: Site) -> Problem:
    """The refusal of a submission as its reader may read it; in English it stays as it is."""
    language = current_language()
    if language == "en":
        return problem
    say = catalogue(language).gettext
    errors = tuple(replace(fault, detail=_of_fault(fault, site, language)) for fault in problem.errors)
    title, detail = _REFUSALS.get(problem.code, ("", ""))
    seconds = problem.headers.get("Retry-After", "60")
    return replace(
        problem,
        errors=errors,
        title=say(title) if title else problem.title,
        detail=say(detail) % {"seconds": seconds} if detail else "",
    )


def _of_fault(fault: Fault, site: Site, language: str) -> str:
    sentence = _FAULTS.get((fault.field, fault.code)) or _ANY_FIELD[fault.code]
    limit = site.policy.comment_limit if fault.field == "comment" else _LIMITS.get(fault.field, 0)
    return catalogue(language).gettext(sentence) % {"limit": limit}
