"""Says in words what the service knows as codes."""

from collections.abc import Mapping

_CHECKS = {
    "personal_data": "Personal data",
    "links": "Links",
    "blocked_words": "Word list",
    "repeats": "Repetition",
    "flood": "Pace",
    "honeypot": "Trap field",
    "patterns": "Patterns",
    "time_to_fill": "Time to fill in",
    "shouting": "Capitals",
    "weighed": "Notes together",
    "akismet": "Akismet",
    "openai_moderation": "Moderation API",
    "chat_policy": "Written policy",
    "perspective": "Perspective",
    "webhook": "The newsroom's own service",
}

_OUTCOMES = {
    "pass": "nothing found",
    "hold": "wants a person to look",
    "reject": "would refuse it",
    "spam": "takes it for spam",
    "unknown": "could not tell",
}

_STATUSES = {
    "pending": "Waiting for the checks",
    "published": "Published",
    "held": "Waiting for a person",
    "rejected": "Rejected",
    "spam": "Spam",
    "erased": "Erased",
}

_WORDS: Mapping[str, Mapping[str, str]] = {"check": _CHECKS, "outcome": _OUTCOMES, "status": _STATUSES}


def label(code: str | None, kind: str) -> str:
    """The words for a code of kind check, outcome, status or reason; unknown codes are spelled out."""
    if not code:
        return ""
    return _WORDS.get(kind, {}).get(code) or code.replace("_", " ").capitalize()


def short_key(author_key: str) -> str:
    """The first eight characters: enough to tell two authors on one page apart."""
    return author_key[:8]
