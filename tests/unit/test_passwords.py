"""Which passwords are taken, and how they are kept."""

import unicodedata

import pytest
from argon2 import PasswordHasher

from service.common_passwords import COMMON
from service.passwords import MAX_LENGTH, PasswordHash, complaint_about

GOOD = "the ferry was late"


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "a" * 8 + "bcde",
        "193847561029",  # digits alone: there is no rule about kinds of characters
        "ñandú über straße",
        "五月天气很好我们去公园散步吧",
        "🦭🦦🦫🐟🐠🐡🦐🦞🦀🐚🪸🦑",
        " leading and trailing ",
        "'; DROP TABLE moderator; --",
        "ruth likes the sea",  # the name within is no fault
        "ab" * (MAX_LENGTH // 2 - 1) + "cd",
    ],
)
def test_a_long_password_of_any_characters_is_taken(password: str) -> None:
    assert complaint_about(password, "Ruth") is None


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("", "12 to 200"),
        ("short", "12 to 200"),
        ("elevenchars", "12 to 200"),
        ("x1y2z" * 41, "12 to 200"),
        ("u\u0308" * 11 + "x" * 0, "12 to 200"),  # eleven characters, however they are spelt
        ("two lines\nof it", "one line"),
        ("with a \x00 in it", "one line"),
        ("with a \u2028 in it", "one line"),
        ("ruthruthruthruth", "the name"),
        ("RUTH12345678!!", "the name"),
        ("!!!!!!!!!Ruth", "the name"),
        ("password1234", "tried first"),
        ("PassWord!!!!", "tried first"),
        ("qwertyuiop123", "tried first"),
        ("replydesk2026", "tried first"),
        ("correcthorsebatterystaple", "tried first"),
        ("aaaaaaaaaaaa", "tried first"),
        ("abababababababab", "tried first"),
    ],
)
def test_a_password_that_is_guessed_at_once_is_not(password: str, complaint: str) -> None:
    assert complaint in (complaint_about(password, "Ruth") or "it was taken")


def test_each_common_password_is_refused_at_its_length_and_lengthened() -> None:
    for word in COMMON:
        assert complaint_about(word.ljust(12, "1"), "Ruth"), word


def test_a_hash_says_how_it_was_made_and_nothing_of_the_password() -> None:
    kept = PasswordHash().make(GOOD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=3,p=1$")
    assert GOOD not in kept
    assert kept != PasswordHash().make(GOOD)


def test_the_password_fits_and_nothing_else_does() -> None:
    hashes = PasswordHash()
    kept = hashes.make(GOOD)
    assert hashes.fits(kept, GOOD)
    for other in ("", GOOD.title(), GOOD + " ", GOOD[:-1], kept):
        assert not hashes.fits(kept, other)
    for unreadable in ("", "x", "$argon2id$v=19$m=1", "$2b$12$" + "a" * 53):
        assert not hashes.fits(unreadable, GOOD)


def test_a_password_fits_from_every_keyboard() -> None:
    typed = "Über den Fluß gefahren"
    kept = PasswordHash().make(unicodedata.normalize("NFD", typed))
    assert PasswordHash().fits(kept, unicodedata.normalize("NFC", typed))


def test_a_hash_of_other_parameters_is_outdated() -> None:
    weaker = PasswordHash(PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    assert PasswordHash().is_outdated(weaker.make(GOOD))
    assert not PasswordHash().is_outdated(PasswordHash().make(GOOD))
