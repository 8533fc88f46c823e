"""Why a comment was not simply published: codes, labels for moderators, texts for the author."""

from enum import StrEnum


class Reason(StrEnum):
    """The reasons every site has; a site may add its own."""

    OFF_TOPIC = "off_topic"
    ABUSIVE = "abusive"
    HATE = "hate"
    HARASSMENT = "harassment"
    SPAM = "spam"
    ADVERTISING = "advertising"
    ILLEGAL = "illegal"
    PERSONAL_DATA = "personal_data"
    MISINFORMATION = "misinformation"
    DUPLICATE = "duplicate"
    FLOOD = "flood"
    LINKS = "links"
    BLOCKED_WORD = "blocked_word"
    IMPERSONATION = "impersonation"
    SUSPICIOUS = "suspicious"
    CHECK_FAILED = "check_failed"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    OTHER = "other"
