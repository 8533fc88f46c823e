"""Seals addresses and derives every keyed value that is made of something personal."""

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.domain.as_submitted import AsSubmitted, SealedSubmission
from service.domain.email import EmailAddress, EmailIndex, SealedEmail
from service.domain.mail_to import MailTo
from service.keyring import Keyring

NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Vault:
    """Encrypts addresses, and indexes them under other keys, so that neither value gives away the other."""

    email_keys: Keyring
    index_keys: Keyring

    def seal(self, email: EmailAddress, site_id: int, comment_id: UUID) -> SealedEmail:
        """Encrypt an address for this comment alone: moved to another row, it does not open."""
        key_id = self.email_keys.newest
        nonce = os.urandom(NONCE_BYTES)
        cipher = AESGCM(self.email_keys.derive("comment_email", key_id))
        sealed = cipher.encrypt(nonce, email.reveal().encode(), _bound_to(site_id, comment_id))
        return SealedEmail(key_id, nonce + sealed)

    def open(self, sealed: SealedEmail, site_id: int, comment_id: UUID) -> EmailAddress:
        """Decrypt an address.

        Raises:
            cryptography.exceptions.InvalidTag: it belongs to another comment, or was altered.
            KeyError: its key is not in the keyring.
        """
        cipher = AESGCM(self.email_keys.derive("comment_email", sealed.key_id))
        nonce, output = sealed.sealed[:NONCE_BYTES], sealed.sealed[NONCE_BYTES:]
        return EmailAddress(cipher.decrypt(nonce, output, _bound_to(site_id, comment_id)).decode())

    def indexes(self, email: EmailAddress, site_id: int) -> list[EmailIndex]:
        """An HMAC-SHA-256 under each key, the newest first: any of them finds the same address again."""
        return [self._index(email, site_id, key_id) for key_id in self.index_keys.keys]

    def _index(self, email: EmailAddress, site_id: int, key_id: int) -> EmailIndex:
        key = self.index_keys.derive(f"email_index:{site_id}", key_id)
        return EmailIndex(key_id, hmac.digest(key, email.index_form(), hashlib.sha256))


def _bound_to(site_id: int, comment_id: UUID) -> bytes:
    return b"comment_email:%d:%s" % (site_id, comment_id.bytes)


@dataclass(frozen=True, slots=True)
class SubmittedVault:
    """Seals where a submission came from, with keys that the web process and the worker share."""

    keys: Keyring

    def seal(self, submitted: AsSubmitted, site_id: int, comment_id: UUID) -> SealedSubmission:
        """Encrypt it for this comment alone."""
        key_id, nonce = self.keys.newest, os.urandom(NONCE_BYTES)
        plain = json.dumps([submitted.ip, submitted.user_agent, submitted.referrer]).encode("ascii")
        cipher = AESGCM(self.keys.derive("as_submitted", key_id))
        return SealedSubmission(key_id, nonce + cipher.encrypt(nonce, plain, _came_with(site_id, comment_id)))

    def open(self, sealed: SealedSubmission, site_id: int, comment_id: UUID) -> AsSubmitted | None:
        """Decrypt it; null where no key of ours opens it: it is another comment's, or the key is gone."""
        nonce, output = sealed.sealed[:NONCE_BYTES], sealed.sealed[NONCE_BYTES:]
        try:
            cipher = AESGCM(self.keys.derive("as_submitted", sealed.key_id))
            plain = cipher.decrypt(nonce, output, _came_with(site_id, comment_id))
        except (InvalidTag, KeyError):
            return None
        return AsSubmitted(*json.loads(plain))


def _came_with(site_id: int, comment_id: UUID) -> bytes:
    return b"as_submitted:%d:%s" % (site_id, comment_id.bytes)


def network_hash(signing: Keyring, network: str, day: date, *, key_id: int | None = None) -> bytes:
    """A keyed hash of a /24 or /64 whose key is another one every day (UTC).

    Raises:
        KeyError: there is no key of that id.
    """
    key = signing.derive(f"network:{day.isoformat()}", key_id)
    return hmac.digest(key, network.encode(), hashlib.sha256)[:16]


def reporter_hash(signing: Keyring, network: str, day: date) -> bytes:
    """The same for whoever reports, under a key of its own: no report meets what was written from there."""
    key = signing.derive(f"reporter:{day.isoformat()}")
    return hmac.digest(key, network.encode(), hashlib.sha256)[:16]


def body_mac(signing: Keyring, *parts: str, key_id: int | None = None) -> bytes:
    """A keyed digest of what was sent, to tell a retry from another submission.

    Raises:
        KeyError: there is no key of that id.
    """
    mac = hmac.new(signing.derive("submission_body", key_id), digestmod=hashlib.sha256)
    for part in parts:
        encoded = part.encode()
        mac.update(len(encoded).to_bytes(8, "big") + encoded)
    return mac.digest()


@dataclass(frozen=True, slots=True)
class WebhookVault:
    """Seals the secrets of webhooks, with keys that the web process and the worker share."""

    keys: Keyring

    def seal(self, secret: bytes, site_id: int, webhook_id: UUID) -> tuple[int, bytes]:
        """Encrypt it for this webhook alone: the key's id and what is kept."""
        key_id, nonce = self.keys.newest, os.urandom(NONCE_BYTES)
        cipher = AESGCM(self.keys.derive("webhook_secret", key_id))
        return key_id, nonce + cipher.encrypt(nonce, secret, _signs_for(site_id, webhook_id))

    def open(self, key_id: int, sealed: bytes, site_id: int, webhook_id: UUID) -> bytes | None:
        """Decrypt it; null where no key of ours opens it."""
        nonce, output = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            cipher = AESGCM(self.keys.derive("webhook_secret", key_id))
            return cipher.decrypt(nonce, output, _signs_for(site_id, webhook_id))
        except (InvalidTag, KeyError):
            return None


def _signs_for(site_id: int, webhook_id: UUID) -> bytes:
    return b"webhook_secret:%d:%s" % (site_id, webhook_id.bytes)


@dataclass(frozen=True, slots=True)
class CodeVault:
    """Seals the secrets that people's authenticator apps share with us, each for its person alone."""

    keys: Keyring

    def seal(self, secret: bytes, moderator_id: int) -> tuple[int, bytes]:
        """The id of the key and the sealed secret."""
        key_id, nonce = self.keys.newest, os.urandom(NONCE_BYTES)
        cipher = AESGCM(self.keys.derive("second_factor", key_id))
        return key_id, nonce + cipher.encrypt(nonce, secret, b"second_factor:%d" % moderator_id)

    def open(self, key_id: int, sealed: bytes, moderator_id: int) -> bytes | None:
        """The secret; null where no key of ours opens it: it is another person's, or the key is gone."""
        nonce, output = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            cipher = AESGCM(self.keys.derive("second_factor", key_id))
            return cipher.decrypt(nonce, output, b"second_factor:%d" % moderator_id)
        except (InvalidTag, KeyError):
            return None


@dataclass(frozen=True, slots=True)
class DataLinks:
    """Links that hold an address, sealed: who has one got it by a mail to that address."""

    signing: Keyring

    def make(self, email: EmailAddress, site_id: int, at: datetime) -> str:
        """A link's end: the key's id and the sealed site, time and address, in URL-safe base64."""
        key_id, nonce = self.signing.newest, os.urandom(NONCE_BYTES)
        plain = json.dumps([site_id, at.timestamp(), email.reveal()]).encode()
        sealed = AESGCM(self.signing.derive("data_link", key_id)).encrypt(nonce, plain, b"data_link")
        return base64.urlsafe_b64encode(bytes([key_id]) + nonce + sealed).rstrip(b"=").decode()

    def open(self, text: str, not_before: datetime) -> tuple[int, EmailAddress] | None:
        """The site and the address; null where it is not one of ours, or older than that."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            cipher = AESGCM(self.signing.derive("data_link", raw[0]))
            plain = cipher.decrypt(raw[1 : 1 + NONCE_BYTES], raw[1 + NONCE_BYTES :], b"data_link")
        except (ValueError, IndexError, InvalidTag, KeyError):
            return None
        site_id, made_s, address = json.loads(plain)
        return (site_id, EmailAddress(address)) if made_s >= not_before.timestamp() else None


@dataclass(frozen=True, slots=True)
class RecipientVault:
    """Seals addresses that are mailed, with keys that the web process and the worker share."""

    keys: Keyring

    def seal(self, to: MailTo, recipient_id: UUID) -> tuple[int, bytes]:
        """Encrypt it for this recipient alone: the key's id and what is kept."""
        key_id, nonce = self.keys.newest, os.urandom(NONCE_BYTES)
        cipher = AESGCM(self.keys.derive("mail_recipient", key_id))
        plain = json.dumps([to.email.reveal(), to.link]).encode()
        return key_id, nonce + cipher.encrypt(nonce, plain, b"mail_recipient:" + recipient_id.bytes)

    def open(self, key_id: int, sealed: bytes, recipient_id: UUID) -> MailTo | None:
        """Decrypt it; null where no key of ours opens it."""
        nonce, output = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            cipher = AESGCM(self.keys.derive("mail_recipient", key_id))
            plain = cipher.decrypt(nonce, output, b"mail_recipient:" + recipient_id.bytes)
        except (InvalidTag, KeyError):
            return None
        address, link = json.loads(plain)
        return MailTo(EmailAddress(address), link)

    def mailbox(self, email: EmailAddress) -> bytes:
        """A keyed digest by which mail to one address is counted and stopped.

        Its key is the first of the ring: a newer one would forget who wants no mail.
        """
        key = self.keys.derive("mailbox", min(self.keys.keys))
        return hmac.digest(key, email.index_form(), hashlib.sha256)
