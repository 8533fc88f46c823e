"""The states of a comment."""

from enum import StrEnum


class Status(StrEnum):
    """Where a comment stands; only `PUBLISHED` is ever visible to the public."""

    PENDING = "pending"
    PUBLISHED = "published"
    HELD = "held"
    REJECTED = "rejected"
    SPAM = "spam"
    ERASED = "erased"
