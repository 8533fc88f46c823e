"""An email address: parsed once, printed never."""

from dataclasses import dataclass
from typing import NoReturn, Self

from email_validator import EmailNotValidError, validate_email

MAX_OCTETS = 254
"""RFC 5321 4.5.3.1.3: a path is 256 octets with its angle brackets."""

REDACTED = "[email redacted]"


@dataclass(frozen=True, slots=True)
class SealedEmail:
    """An encrypted address: the id of its key, and 12 bytes of nonce followed by AES-256-GCM's output."""

    key_id: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class EmailIndex:
    """An address as one key indexes it for one site: 32 bytes of HMAC, which say nothing without the key."""

    key_id: int
    value: bytes


class InvalidEmail(ValueError):
    """Not an address that mail could be sent to; the message never quotes it."""

    def __init__(self) -> None:
        super().__init__("not a valid email address")


class EmailAddress:
    """A syntactically valid address that prints as redacted wherever it lands by mistake.

    `reveal` is the one way out: only what encrypts it, indexes it, or hands a refused form back to the one
    who typed it may call it. It cannot be pickled or copied into a message either.
    """

    __slots__ = ("__address",)

    def __init__(self, address: str) -> None:
        self.__address = address

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read an address as typed; no DNS is asked.

        Raises:
            InvalidEmail: too long (checked first: the parser is slow on long input) or not an address.
        """
        if len(raw.encode("utf-8", "surrogatepass")) > MAX_OCTETS:
            raise InvalidEmail
        try:
            valid = validate_email(raw, check_deliverability=False)
        except (EmailNotValidError, UnicodeError):
            raise InvalidEmail from None
        return cls(valid.normalized)

    def reveal(self) -> str:
        """The address itself."""
        return self.__address

    def index_form(self) -> bytes:
        """What two spellings of one mailbox share here: lower case, nothing else folded."""
        return self.__address.lower().encode()

    def __repr__(self) -> str:
        return REDACTED

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return REDACTED

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EmailAddress) and other.index_form() == self.index_form()

    def __hash__(self) -> int:
        return hash(self.index_form())

    def __reduce__(self) -> NoReturn:
        raise TypeError("an email address is never serialised")
