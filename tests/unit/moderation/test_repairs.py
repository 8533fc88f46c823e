"""Repairs, one disguise at a time, each with its near misses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.moderation.text.leet import as_letters
from service.moderation.text.masks import mask_matches, swap_key
from service.moderation.text.seen import see
from service.moderation.text.stretched import shortest
from service.moderation.text.vocabulary import is_known, part_words, rank_of


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("w1nner c1a1m", "winner claim"),
        ("f0110w m3", "follow m3"),
        ("$7up1d cun7 fr33", "stupid cunt free"),
        ("evi! they say", "evil they say"),
        ("put@ schl4mpe", "puta schlampe"),
        ("пид0р", "пидор"),
        ("f@ck b@stard", "fuck bastard"),
        ("@ss", "ass"),
        ("cat5 level3 top10 blink182", "cat5 level3 top10 blink182"),
        ("2day 4ever 1st 22nd", "2day 4ever 1st 22nd"),
        ("log4 a1b2c3d4e5 deadbeef", "log4 a1b2c3d4e5 deadbeef"),
        ("시즌3는 第3回", "시즌3는 第3回"),
    ],
)
def test_digits_and_signs_become_the_letters_of_a_word(text: str, meant: str) -> None:
    assert see(text).meant.text == see(meant).folded.text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("P l e a s e c a l l", "please call"),
        ("y o u a r e a b i t c h", "you are a bitch"),
        ("2 c a l l", "2 call"),
        ("F.U.C.K", "fuck"),
        ("f_u_c_k f-u-c-k f*u*c*k", "fuck fuck fuck"),
        ("a*b x*y c*d", "a*b x*y c*d"),
        ("s e x", "sex"),
        ("x y z, p q r", "x y z, p q r"),
        ("N. A. T. O. and U.S.S.R.", "n. a. t. o. and u.s.s.r."),
        ("via.gra stu pid", "viagra stupid"),
        ("end.Next in.to e-mail", "end.next in.to e-mail"),
        ("es el, si te", "es el, si te"),
    ],
)
def test_letters_apart_become_words_where_they_are_some(text: str, meant: str) -> None:
    assert see(text).meant.text == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("p\u0430ypal С\u0410\u0053INO", "paypal casino"),
        ("п\u0070ивет всем", "привет всем"),
        ("\u0441\u043e\u0441\u0430 cola", "\u0441\u043e\u0441\u0430 cola"),
        ("ꜰᴜᴄᴋ 🅵🆄🅲🅺 𝕗𝕦𝕔𝕜 ⓕⓤⓒⓚ", "fuck fuck fuck fuck"),
        ("SPΣCIAL", "special"),
        ("say bɪt and kʌp", "say bɪt and kʌp"),
        ("\u0456diot Ιdiot", "idiot idiot"),
        ("nГлавное SNS까지 α-Wert 5β", "nглавное sns까지 α-wert 5β"),
    ],
)
def test_a_word_is_spelt_in_the_script_that_is_meant(text: str, meant: str) -> None:
    assert see(text).meant.text == see(meant).folded.text


@pytest.mark.parametrize(
    ("word", "short"),
    [
        ("moooron", "moron"), ("cooool", "cool"), ("pleeeease", "please"), ("yessssss", "yes"),
        ("looooveee", "love"), ("neeein", "nein"), ("kkkkk", "kkkkk"), ("xiii", "xiii"), ("hatte", "hatte"),
        ("schifffahrt", "schifffahrt"), ("ㅋㅋㅋㅋ", "ㅋㅋㅋㅋ"), ("", ""),
    ],
)  # fmt: skip
def test_a_drawn_out_word_is_as_short_as_a_word(word: str, short: str) -> None:
    assert shortest(word) == short


@given(st.text(st.sampled_from("abcokё漢1"), max_size=20))
def test_what_is_short_is_not_made_shorter(word: str) -> None:
    assert shortest(shortest(word)) == shortest(word)
    assert len(as_letters(word)) == len(word)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("f##k f%%k f@#k", "f**k f**k f**k"),
        ("sh*thead**", "sh*thead**"),
        ("s*x", "s*x"),
        (
            "c# a*b 20%off *so* **so** Lehrer*in yes!!no Q&A",
            "c# a*b 20%off *so* **so** lehrer*in yes!!no q&a",
        ),
    ],
)
def test_a_mask_becomes_stars(text: str, meant: str) -> None:
    assert see(text).meant.text == meant


def test_a_mask_fits_the_words_it_may_hide() -> None:
    words = ["fuck", "fork", "fucks", "duck", "f1ck"]
    assert mask_matches("f**k", words) == ("fuck", "fork")
    assert mask_matches("f***s", words) == ("fucks",)
    assert mask_matches("fuck", words) == mask_matches("****", words) == ()
    assert mask_matches("f.*k", ["fuck"]) == ()


def test_a_swap_key_is_the_same_whatever_the_inner_order() -> None:
    assert swap_key("fcuk") == swap_key("fuck") != swap_key("funk")
    assert swap_key("sutpid") == swap_key("stupid")
    assert swap_key("cat") == "cat" != swap_key("act")
    assert swap_key("f**k") == "f**k"


@given(st.text(st.characters(categories=["Ll"]), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_any_inner_order_has_the_same_key(word: str, draw: object) -> None:
    inner = list(word[1:-1])
    draw.shuffle(inner)  # type: ignore[attr-defined]
    if len(word) > 3:
        assert swap_key(word[0] + "".join(inner) + word[-1]) == swap_key(word)


def test_the_vocabulary_knows_words_by_how_common_they_are() -> None:
    assert rank_of("the") == 1
    assert rank_of("qzxv") is None
    assert is_known("newspaper")
    assert not is_known("The")
    assert not is_known("hatte")


@pytest.mark.parametrize(
    ("letters", "begins"),
    [
        ("pleasecall", [0, 6]),
        ("abitch", [0, 1]),
        ("please", [0]),
        ("qwxzjk", [0]),
        ("abcde", [0]),
        ("", []),
        ("a" * 5000, [0]),
    ],
)
def test_a_run_of_letters_is_parted_into_words_or_not_at_all(letters: str, begins: list[int]) -> None:
    assert part_words(letters) == begins
