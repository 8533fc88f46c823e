"""Folding: what reads the same matches the same, and every letter knows where it came from."""

import hashlib
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.finding import Span
from service.moderation.text_view import fingerprint, fold, fold_text
from tests.cpu_time import least_cpu_seconds

ANY_TEXT = st.text(st.characters(), max_size=200)
TANGLED = st.text(
    st.sampled_from(
        "aÄñn\u0303\u0301 \n\t\u200b\u00adﬁﷺİßΣά\u0345й и\u0306가\u1100\u1161\u11a8か\u3099ﾞｶ゛ㄱㅏ\U000e0041"
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("ＰａｙＰａｌ", "paypal"),
        ("ﬁne ⑤ ²", "fine 5 2"),
        ("Fuß  \n\t Ball", "fuss ball"),
        ("  edges\n", "edges"),
        ("a\u00a0\u2003\u3000b", "a b"),
        ("pay\u200bpal\u200d", "paypal"),
        ("\u202epay\u2066pal\u2069", "paypal"),
        ("pay\u00adpal", "paypal"),
        ("p\ufe0fay\U000e0061pal\U000e0100", "paypal"),
        ("pay\u115f\u1160\u3164\uffa0\u2800pal", "paypal"),
        ("v\u0301\u0316i\u20dd\u0489a", "via"),
        ("café, cafe\u0301", "cafe, cafe"),
        ("n\u0345o iota", "no iota"),
        ("Ёлка, ёлка", "елка, елка"),
        ("Ἀθῆναι", "αθηναι"),
        ("مُحَمَّد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("it’s – well‑known", "it's - well-known"),
        ("\x07bell", "bell"),
        ("", ""),
        ("\u200b", ""),
    ],
)
def test_what_looks_the_same_folds_to_the_same(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("año", "año"),
        ("an\u0303o", "año"),
        ("ÑANDÚ", "ñandu"),
        ("Мой край", "мой край"),
        ("Мои\u0306", "мой"),
        ("Съешь ещё этих мягких булок", "съешь еще этих мягких булок"),
        ("हिन्दी", "हिन्दी"),
        ("กู้", "กู้"),
        ("が ガ ｶﾞ か\u3099", "が ガ ガ が"),
        ("한국 \u1112\u1161\u11ab", "한국 한"),
        ("👍🏽 ❤️", "👍🏽 ❤"),
        ("\ufdfa\ufdfb", "\ufdfa\ufdfb"),
        ("㌖", "キロメートル"),
    ],
)
def test_what_makes_another_word_is_kept(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_every_character_folds_the_same_composed_or_not_and_twice() -> None:
    for point in range(sys.maxunicode + 1):
        if 0x3FFFF < point < 0xE0000 or point > 0xE0FFF:
            continue
        char = chr(point)
        assert fold(unicodedata.normalize("NFD", char)) == fold(char), hex(point)
        assert fold(fold(char)) == fold(char), hex(point)


@given(ANY_TEXT | TANGLED)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT | TANGLED, st.data())
def test_every_part_of_the_fold_comes_from_a_part_of_the_text(text: str, data: st.DataObject) -> None:
    folded = fold_text(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    if folded.text:
        start = data.draw(st.integers(0, len(folded.text) - 1))
        end = data.draw(st.integers(start + 1, len(folded.text)))
        span = folded.span(start, end)
        assert 0 <= span.start < span.end <= len(text)
        assert folded.text[start:end].strip() in fold(text[span.start : span.end])


@pytest.mark.parametrize(
    ("text", "found", "span"),
    [
        ("go PAYPAL now", "paypal", Span(3, 9)),
        ("go  pay\u200bpal now", "paypal", Span(4, 11)),
        ("e\u0301te\u0301", "ete", Span(0, 5)),
        ("\u200b x\u200b y", "x", Span(2, 4)),
        ("a \n b", " ", Span(1, 4)),
        ("Straße weg", "strasse", Span(0, 6)),
        ("😀 ﬁn", "fin", Span(2, 4)),
        ("\u1112\u1161\u11ab!", "한", Span(0, 3)),
        ("an\u0303o!", "año", Span(0, 4)),
    ],
)
def test_a_match_points_back_into_the_original(text: str, found: str, span: Span) -> None:
    folded = fold_text(text)
    at = folded.text.index(found)
    assert folded.span(at, at + len(found)) == span


def test_plain_ascii_takes_the_short_way_with_the_same_result() -> None:
    plain = "Just a plain Line, with 3 words."
    detour = fold_text(plain + "\n")
    assert fold_text(plain).text == detour.text
    assert list(fold_text(plain).starts) == list(detour.starts)
    assert list(fold_text(plain).ends) == [*list(detour.ends)[:-1], len(plain)]


def test_a_fingerprint_is_the_digest_of_the_fold() -> None:
    assert fingerprint("Buy\u200b  NOW!") == hashlib.sha256(b"buy now!").digest()
    assert fingerprint("Buy now!") == fingerprint("ＢＵＹ now!\n")
    assert fingerprint("Buy now!") != fingerprint("Buy now")
    assert len(fingerprint("\ud800")) == 32


WORST = [
    "ab\n",
    "привет ",
    "a\u0301\u0316\u0323",
    "\u0301\u0316",
    "\u1112\u1161\u11ab",
    "㌖",
    "\ufdfa",
    "\u200b",
    "か\u3099",
    "漢",
]


@pytest.mark.parametrize("unit", WORST)
def test_folding_takes_time_in_proportion_to_the_text(unit: str) -> None:
    short, long = ((unit * size)[:size] for size in (5_000, 40_000))
    most = 24 * max(least_cpu_seconds(lambda: fold_text(short)), 0.001)
    assert least_cpu_seconds(lambda: fold_text(long), most) <= most
