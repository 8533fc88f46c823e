"""Receipts and form tokens: values that prove themselves by HMAC, so that nothing is stored for them."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from service.keyring import Keyring

RECEIPT_MAC_BYTES = 16
"""128 bits: nobody guesses another author's receipt."""

RECEIPT_LASTS_S = 400 * 86_400
"""Longer than the six months in which a decision can be contested."""

FORM_TOKEN_LASTS_S = 86_400

CONFIRM_LASTS_S = 7 * 86_400
"""How long a mailed address can be confirmed; the reply waits as long."""

MailPurpose = Literal["confirm", "own", "stop"]
"""`own`: whether it was oneself who wrote something, asked later than an address can be confirmed in time."""

_EPOCH_MS_BITS = 48  # RFC 9562: where a UUID of version 7 keeps its time


@dataclass(frozen=True, slots=True)
class Receipt:
    """Which comment a receipt is for."""

    site_id: int
    comment_id: UUID


def make_receipt(signing: Keyring, site_id: int, comment_id: UUID) -> str:
    """The author's own link to a comment: key id, site, comment and a MAC, in URL-safe base64."""
    key_id = signing.newest
    payload = bytes([key_id]) + site_id.to_bytes(4, "big") + comment_id.bytes
    return _encode(payload + _mac(signing, "receipt", key_id, payload)[:RECEIPT_MAC_BYTES])


def read_receipt(signing: Keyring, text: str, *, now_s: float) -> Receipt | None:
    """The comment of a receipt; None if it is not one of ours or has expired."""
    raw = _decode(text, 1 + 4 + 16 + RECEIPT_MAC_BYTES)
    if raw is None:
        return None
    payload, mac = raw[:-RECEIPT_MAC_BYTES], raw[-RECEIPT_MAC_BYTES:]
    if not _is_genuine(signing, "receipt", payload, mac):
        return None
    comment_id = UUID(bytes=payload[5:])
    made_s = (comment_id.int >> (128 - _EPOCH_MS_BITS)) / 1000
    if now_s - made_s > RECEIPT_LASTS_S:
        return None
    return Receipt(int.from_bytes(payload[1:5], "big"), comment_id)


def make_form_token(signing: Keyring, site_id: int, *, now_s: float) -> str:
    """Signs when a form was shown: it says how long filling it in took, and nothing about who did."""
    key_id = signing.newest
    payload = bytes([key_id]) + site_id.to_bytes(4, "big") + round(now_s * 1000).to_bytes(8, "big")
    return _encode(payload + _mac(signing, "form_token", key_id, payload)[:16])


def seconds_to_fill(signing: Keyring, token: str | None, site_id: int, *, now_s: float) -> float | None:
    """How long ago the form was shown; None where the token is missing, foreign, forged or a day old."""
    raw = _decode(token, 1 + 4 + 8 + 16) if token else None
    if raw is None or not _is_genuine(signing, "form_token", raw[:-16], raw[-16:]):
        return None
    if int.from_bytes(raw[1:5], "big") != site_id:
        return None
    passed_s = now_s - int.from_bytes(raw[5:13], "big") / 1000
    return max(passed_s, 0.0) if passed_s <= FORM_TOKEN_LASTS_S else None


def make_notice_link(signing: Keyring, notice_id: UUID) -> str:
    """The end of the link of whoever sent a notice."""
    payload = bytes([signing.newest]) + notice_id.bytes
    return _encode(payload + _mac(signing, "notice", signing.newest, payload)[:RECEIPT_MAC_BYTES])


def read_notice_link(signing: Keyring, text: str) -> UUID | None:
    """The notice of a link; None if it is not one of ours."""
    raw = _decode(text, 1 + 16 + RECEIPT_MAC_BYTES)
    if raw is None or not _is_genuine(signing, "notice", raw[:17], raw[17:]):
        return None
    return UUID(bytes=raw[1:17])


def make_mail_link(keys: Keyring, purpose: MailPurpose, recipient_id: UUID) -> str:
    """What a mail links to, for this recipient and purpose; the id is a UUID of version 7."""
    payload = bytes([keys.newest]) + recipient_id.bytes
    return _encode(payload + _mac(keys, f"mail_{purpose}", keys.newest, payload)[:RECEIPT_MAC_BYTES])


def read_mail_link(keys: Keyring, purpose: MailPurpose, text: str, *, now_s: float) -> UUID | None:
    """The recipient of a link; None if it is not one of ours, or too old, which one to confirm can be."""
    raw = _decode(text, 1 + 16 + RECEIPT_MAC_BYTES)
    if raw is None or not _is_genuine(keys, f"mail_{purpose}", raw[:17], raw[17:]):
        return None
    recipient_id = UUID(bytes=raw[1:17])
    made_s = (recipient_id.int >> (128 - _EPOCH_MS_BITS)) / 1000
    return None if purpose == "confirm" and now_s - made_s > CONFIRM_LASTS_S else recipient_id


def _mac(signing: Keyring, purpose: str, key_id: int, payload: bytes) -> bytes:
    return hmac.digest(signing.derive(purpose, key_id), payload, hashlib.sha256)


def _is_genuine(signing: Keyring, purpose: str, payload: bytes, mac: bytes) -> bool:
    key_id = payload[0]
    if key_id not in signing.keys:
        return False
    return hmac.compare_digest(_mac(signing, purpose, key_id, payload)[: len(mac)], mac)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str, length: int) -> bytes | None:
    if len(text) > 200 or not text.isascii():
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    # Only the spelling that we make is accepted, so that one receipt has one URL.
    return raw if len(raw) == length and _encode(raw) == text else None
