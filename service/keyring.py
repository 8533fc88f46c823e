"""Keys with ids: the first one is used for new values, the others still open old ones."""

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Self

KEY_BYTES = 32


class KeyringError(ValueError):
    """A key list that cannot be used; the message never contains a key."""


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """Secret keys by id (1..255), in the order of the setting."""

    keys: dict[int, bytes]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `id:base64` entries, parted by commas or lines.

        Raises:
            KeyringError: an entry is malformed, an id repeated, a key not 32 bytes or evidently made up.
        """
        keys: dict[int, bytes] = {}
        for entry in filter(None, re.split(r"[\s,]+", text)):
            number, _, encoded = entry.partition(":")
            key_id, key = _read_id(number), _read_key(encoded)
            if key_id in keys:
                raise KeyringError(f"names key {key_id} twice")
            keys[key_id] = key
        if not keys:
            raise KeyringError("holds no key")
        return cls(keys)

    @property
    def newest(self) -> int:
        """The id of the key for new values."""
        return next(iter(self.keys))

    def derive(self, purpose: str, key_id: int | None = None) -> bytes:
        """A 32 byte key for one purpose (HKDF-Expand of RFC 5869 with one block).

        Raises:
            KeyError: there is no key of that id.
        """
        key = self.keys[self.newest if key_id is None else key_id]
        return hmac.digest(key, purpose.encode() + b"\x01", hashlib.sha256)

    def __repr__(self) -> str:
        return f"Keyring({sorted(self.keys)})"


def _read_id(number: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,2}", number) or int(number) > 255:
        raise KeyringError("has an entry that does not begin with an id from 1 to 255 and a colon")
    return int(number)


def _read_key(encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise KeyringError("has a key that is not base64") from None
    if len(key) != KEY_BYTES:
        raise KeyringError("has a key that is not 32 bytes long")
    if len(set(key)) < 8:
        raise KeyringError("has a key that was not drawn at random")
    return key
