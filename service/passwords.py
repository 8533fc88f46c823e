"""Moderators' passwords: which are taken, and how they are kept (argon2id)."""

import unicodedata
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.common_passwords import COMMON, ENDINGS

MIN_LENGTH = 12
MAX_LENGTH = 200
_UNTYPABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, lone surrogates, line and paragraph separators

MEMORY_KIB = 19 * 1024
ROUNDS = 3
LANES = 1
"""One round above what OWASP's password storage cheat sheet asks for at 19 MiB (m, t, p of RFC 9106)."""


def stable(text: str) -> str:
    """The same characters in the same bytes on every keyboard (Unicode NFC)."""
    return unicodedata.normalize("NFC", text)


def complaint_about(password: str, name: str) -> str | None:
    """Why this password is not taken, null where it is.

    The rules are those of NIST SP 800-63B (5.1.1.2) and of ASVS 5.0 (6.2): a length, no well-known ones, and
    no rule about kinds of characters. Spaces and every script count.
    """
    password = stable(password)
    if any(unicodedata.category(character) in _UNTYPABLE for character in password):
        return "a password is one line without control characters"
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        return f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters"
    plain, own = password.casefold(), stable(name).casefold()
    if _is_made_of(plain, own) or (own.strip(ENDINGS) and plain.strip(ENDINGS) == own.strip(ENDINGS)):
        return "the name is no password"
    if len(set(plain)) < 4 or plain in COMMON or plain.rstrip(ENDINGS) in COMMON:
        return "this password is one of those that are tried first"
    return None


def _is_made_of(text: str, part: str) -> bool:
    return bool(part) and not text.replace(part, "")


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """Makes and compares hashes in the form that argon2 prints, with the parameters in front.

    Each call takes tens of milliseconds and `MEMORY_KIB` of memory: never on an event loop.
    """

    hasher: PasswordHasher = field(
        default_factory=lambda: PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES)
    )

    def make(self, password: str) -> str:
        """The hash to keep, with a salt of its own."""
        return self.hasher.hash(stable(password))

    def fits(self, kept: str, password: str) -> bool:
        """Whether this is the password; a hash that cannot be read fits nothing."""
        try:
            return self.hasher.verify(kept, stable(password))
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, kept: str) -> bool:
        """Whether `kept` was made with other parameters than these."""
        return self.hasher.check_needs_rehash(kept)
