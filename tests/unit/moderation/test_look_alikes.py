"""Disguise is seen through; another language is not taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.moderation.look_alike_table import LOOK_ALIKES
from service.moderation.look_alikes import skeleton, unmask
from service.moderation.text_view import fold_text


def _unmasked(text: str) -> tuple[str, list[str]]:
    unmasked = unmask(fold_text(text), text)
    return unmasked.text, [unmasked.text[start:end] for start, end in unmasked.words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("p\u0430yp\u0430l", ["paypal"]),
        ("go to p\u0430yp\u0430l now", ["paypal"]),
        ("\u0420ayPal", ["paypal"]),
        ("cas\u03b9no", ["caslno"]),
        ("СА\u0053INO", ["caslno"]),
        ("\u0441\u0430\u0455\u0456\u03bd\u043e", ["caslvo"]),
        ("v1agra sh!t b@stard p0rn a$$hole", ["vlagra", "shlt", "bastard", "porn", "asshole"]),
        ("пид0р", ["nидop"]),
        ("buy \u0441\u043e\u0441\u0430 here", ["coca"]),
        ("𝓹\u0430𝔂", ["pay"]),
        ("b\u13a5tch", ["bltch"]),
        ("zq\U0001d6b3zq", ["zqmzq"]),
        ("c\u237asa", ["casa"]),
        ("s\u0131lly \u01a8pam", ["sllly", "2pam"]),
    ],
)
def test_a_disguised_word_is_spelt_out(text: str, words: list[str]) -> None:
    assert _unmasked(text)[1] == words


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        "сор и вор",
        "Вот собака, а вот сор",
        "Мой iPhone и сор",
        "только оса",
        "η γάτα και ο σκύλος",
        "Galaxy A55, 4k, h1n1, 2000s, 1st, 3rd",
        "covid19",
        "sık sık görüşürüz",
        "Ewe ŋutɔ ʋu",
        "C'est l'été à Orléans",
        "Łódź und Größe",
        "漢字 かな",
        "مرحبا",
        "great! really!",
        "",
    ],
)
def test_an_honest_word_stays_as_it_is(text: str) -> None:
    unmasked = unmask(fold_text(text), text)
    assert unmasked.text == fold_text(text).text


def test_a_skeleton_asks_the_capital_before_its_small_letter() -> None:
    assert skeleton(fold_text("Σ"), "Σ") == "e"
    assert skeleton(fold_text("σ"), "σ") == "o"


def test_what_stands_for_two_letters_is_one_of_both() -> None:
    assert skeleton(fold_text("Il1|!i"), "Il1|!i") == "llllll"
    assert skeleton(fold_text("0o3e5s$7t@4a"), "0o3e5s$7t@4a") == "ooeessstt" + "aaa"


@given(st.text(st.characters() | st.sampled_from(list(LOOK_ALIKES)), max_size=100))
def test_views_are_as_long_as_the_fold_and_words_lie_inside(text: str) -> None:
    folded = fold_text(text)
    unmasked = unmask(folded, text)
    assert len(unmasked.text) == len(skeleton(folded, text)) == len(folded.text)
    assert all(0 <= start < end <= len(folded.text) for start, end in unmasked.words)


def test_every_target_is_one_plain_letter_or_digit() -> None:
    assert all(len(char) == 1 and not char.isascii() for char in LOOK_ALIKES)
    assert all(
        len(target) == 1 and target.isascii() and target == target.lower() for target in LOOK_ALIKES.values()
    )
