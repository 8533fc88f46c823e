"""What a browser keeps while it is at the OpenID provider: sealed, for ten minutes, and of no use twice."""

import base64
import binascii
import json
import os
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.keyring import Keyring

LASTS_S = 600
_NONCE_BYTES = 12
_LONGEST = 1000
_PURPOSE = "oidc_state"


@dataclass(frozen=True, slots=True)
class SignInState:
    """`state` binds the answer to this browser, `nonce` the ID token, `verifier` the code (RFC 7636)."""

    state: str
    nonce: str
    verifier: str
    until_s: float

    def __repr__(self) -> str:
        return "SignInState()"

    @classmethod
    def new(cls, now_s: float) -> "SignInState":
        """Three values of 256 random bits."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, now_s + LASTS_S)


def seal(signing: Keyring, state: SignInState) -> str:
    """The value of the cookie: nobody but us reads it or makes one."""
    key_id, nonce = signing.newest, os.urandom(_NONCE_BYTES)
    plain = json.dumps([state.state, state.nonce, state.verifier, state.until_s]).encode("ascii")
    sealed = AESGCM(signing.derive(_PURPOSE, key_id)).encrypt(nonce, plain, _PURPOSE.encode())
    return base64.urlsafe_b64encode(bytes([key_id]) + nonce + sealed).decode()


def unseal(signing: Keyring, text: str, now_s: float) -> SignInState | None:
    """What the cookie holds; null where it is none of ours, or is over."""
    if not text.isascii() or not 0 < len(text) <= _LONGEST:
        return None
    try:
        raw = base64.urlsafe_b64decode(text)
        key = AESGCM(signing.derive(_PURPOSE, raw[0]))
        plain = key.decrypt(raw[1 : 1 + _NONCE_BYTES], raw[1 + _NONCE_BYTES :], _PURPOSE.encode())
    except (binascii.Error, InvalidTag, KeyError, IndexError, ValueError):
        return None
    found = SignInState(*json.loads(plain))
    return found if found.until_s > now_s else None
