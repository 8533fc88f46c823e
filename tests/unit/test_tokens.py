"""Moderators' secrets: long, random, kept as a digest, known by a prefix that gives nothing away (R15)."""

import base64
import hashlib

from service.tokens import PREFIX, new_secret, secret_digest, secret_prefix


def random_part(secret: str) -> str:
    assert secret.startswith(PREFIX)
    return secret.removeprefix(PREFIX)


def test_a_secret_has_256_random_bits() -> None:
    secrets = {new_secret() for _ in range(500)}
    assert len(secrets) == 500
    raws = [base64.urlsafe_b64decode(random_part(secret) + "=") for secret in secrets]
    assert {len(raw) for raw in raws} == {32}
    ones = sum(int.from_bytes(raw).bit_count() for raw in raws) / (500 * 256)
    assert 0.48 < ones < 0.52


def test_what_is_kept_is_a_sha_256_and_what_is_listed_a_quarter_of_the_secret_at_most() -> None:
    secret = new_secret()
    assert secret_digest(secret) == hashlib.sha256(secret.encode()).digest()
    left = random_part(secret).removeprefix(secret_prefix(secret).removeprefix(PREFIX))
    assert len(left) * 6 >= 128 + 60  # bits that nobody has been shown


def test_what_is_no_text_is_nobodys_secret() -> None:
    assert len(secret_digest("\ud800")) == 32
