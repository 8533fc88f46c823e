"""Says in words what the service knows as codes."""

from collections.abc import Mapping

from service.domain.reason_texts import SHARED_REASONS
from service.web.languages import N_

_CHECKS = {
    "standing": N_("Author's standing"),
    "personal_data": N_("Personal data"),
    "links": N_("Links"),
    "blocked_words": N_("Word list"),
    "repeats": N_("Repetition"),
    "flood": N_("Pace"),
    "honeypot": N_("Trap field"),
    "patterns": N_("Patterns"),
    "time_to_fill": N_("Time to fill in"),
    "shouting": N_("Capitals"),
    "weighed": N_("Notes together"),
    "reports": N_("Reports of readers"),
    "akismet": N_("Akismet"),
    "openai_moderation": N_("Moderation API"),
    "chat_policy": N_("Written policy"),
    "perspective": N_("Perspective"),
    "webhook": N_("The newsroom's own service"),
}

_OUTCOMES = {
    "pass": N_("nothing found"),
    "hold": N_("wants a person to look"),
    "reject": N_("would refuse it"),
    "spam": N_("takes it for spam"),
    "unknown": N_("could not tell"),
}

_SHORT_OUTCOMES = {
    "pass": N_("pass"),
    "hold": N_("hold"),
    "reject": N_("reject"),
    "spam": N_("spam"),
    "unknown": N_("unknown"),
}

_STATUSES = {
    "pending": N_("Waiting for the checks"),
    "published": N_("Published"),
    "held": N_("Waiting for a person"),
    "rejected": N_("Rejected"),
    "spam": N_("Spam"),
    "erased": N_("Erased"),
}

_ROLES = {"viewer": N_("viewer"), "moderator": N_("moderator"), "admin": N_("admin")}

_COUNTED = {
    "published": N_("%(num)s published"),
    "held": N_("%(num)s held"),
    "rejected": N_("%(num)s rejected"),
    "spam": N_("%(num)s spam"),
}
"""An author's earlier comments, by status."""

_REASONS = {reason.code: reason.label for reason in SHARED_REASONS}

_WORDS: Mapping[str, Mapping[str, str]] = {
    "check": _CHECKS,
    "outcome": _OUTCOMES,
    "short_outcome": _SHORT_OUTCOMES,
    "status": _STATUSES,
    "reason": _REASONS,
    "role": _ROLES,
    "counted": _COUNTED,
}


def label(code: str | None, kind: str) -> str:
    """The words for a code of a kind in `_WORDS`; unknown codes are spelled out."""
    if not code:
        return ""
    return _WORDS.get(kind, {}).get(code) or code.replace("_", " ").capitalize()


def short_key(author_key: str) -> str:
    """The first eight characters: enough to tell two authors on one page apart."""
    return author_key[:8]
