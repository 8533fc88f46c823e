"""Mail to readers: what they asked for, and where it goes."""

from dataclasses import dataclass

from service.domain.email import EmailAddress

LANGUAGES = ("en", "de", "es", "fr")
"""In which mail is written."""


@dataclass(frozen=True, slots=True)
class MailWishes:
    """What a reader ticked at the form; nothing is mailed for it before the address is confirmed."""

    decision: bool = False
    replies: bool = False

    def __bool__(self) -> bool:
        return self.decision or self.replies


NO_MAIL = MailWishes()


@dataclass(frozen=True, slots=True, repr=False)
class MailTo:
    """An address, and the link that is its owner's alone: a receipt, or a page about the own data."""

    email: EmailAddress
    link: str
