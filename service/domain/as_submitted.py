"""Where a submission came from, as its browser said it: kept for Akismet alone, sealed, and not for long."""

from dataclasses import dataclass, field

MAX_USER_AGENT = 512
MAX_REFERRER = 1000


@dataclass(frozen=True, slots=True)
class SealedSubmission:
    """What the vault makes of it: the id of a key, a nonce and AES-256-GCM's output."""

    key_id: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AsSubmitted:
    """The client's address and what it said about itself; never printed, logged or shown.

    Attributes:
        ip: in its plain spelling.
        user_agent: at most 512 characters, possibly empty.
        referrer: at most 1,000 characters, possibly empty.
    """

    ip: str = field(repr=False)
    user_agent: str = field(default="", repr=False)
    referrer: str = field(default="", repr=False)

    @classmethod
    def of(cls, ip: str, user_agent: str | None, referrer: str | None) -> "AsSubmitted":
        """From an address and two headers, bounded, without what is no character."""
        return cls(ip, _plain(user_agent, MAX_USER_AGENT), _plain(referrer, MAX_REFERRER))


def _plain(header: str | None, longest: int) -> str:
    return "".join(one for one in (header or "")[:longest] if one.isprintable()).strip()
