"""A text as it is meant: every view fits the text, and ordinary texts stay as they are."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.moderation.text.entities import KINDS
from service.moderation.text.seen import SeenText, see
from service.moderation.text_view import fold

PIECES = [
    *"aAbeiosv013457@$!|*# .-_/:,'\n",
    *"\u200b\u0430\u0301\u202e\U000e0041\ue000кё漢가ı×🅰",
    *(
        "v i a g r a",
        "f**k",
        "sh!t",
        "loool",
        "http://",
        "hxxp",
        "[.]",
        " dot ",
        "com",
        ".com",
        "www.",
        "w w w",
    ),
    *("+1 555 123 4567", "$5", "call me at", "10.0.0.1", "(at)", "vi agra", "ааа"),
]
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


ORDINARY = [
    "3 g of salt, 2 kg of flour", "plan a, b or c", "a b c d e", "U.S.A. and U.S.S.R.",
    "J. R. R. Tolkien", "e.g. this, i.e. that, p.m., a.k.a.", "kkkkkkkk",
    "rsrsrs kkkk hahaha", "on 2024-05-06 at 12:30", "covid19 and mp3",
    "the 1st of 20 in 4k at 5pm", "c# is 20% *good* and **bold** and 2*3",
    "Scunthorpe, a specialist in Essex", "www.example.com/aaaa",
    "see http://h0st.example/p0rn/sh!t", "anna@h0st.example", "ㅋㅋㅋㅋㅋ ㅎㅎㅎ", "이 바보",
    "это я и он, а я с ним", "Schifffahrt und Brennnessel",
    "Die Lehrer*innen und ein*e Ärzt*in", "MMXXIII, XIII and viii", "IEEE, СССР, AAA",
    "a55, h1n1, b2b, p2p, x86, i18n", "for (int i = 0; i < n; i++) x += a[i];",
    "#f5fffa and deadbeef00", "[ˈfoʊni] ʑ ʂ ʐ ɣ", "11×10 m",
    "año, niño, Łódź, sık sık görüşürüz", "Наука и жизнь", "wait...me and so...de",
    "é o que a e o", "well-known, re-sign, co-op, e-mail",
    "I saw it. And then? No! Really!!", "rock 'n' roll", "R&B, AT&T, Q&A",
    "c'est l'été", "es el mejor, si te gusta", "hatte alle wann", "text (sic!) [1]",
    "price: 5,- or 5.00", "a/b testing, and/or, n/a",
]  # fmt: skip


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    seen = see(text)
    assert seen.meant.text == seen.folded.text
    assert seen.disguises.counts() == {}


@pytest.mark.parametrize(
    ("text", "meant", "found", "covered"),
    [
        ("so v i a g r a now", "so viagra now", "viagra", "v i a g r a"),
        ("a MOOORON.", "a moron.", "moron", "MOOORON"),
        ("p\u0430ypal", "paypal", "pal", "pal"),
        ("f\u200bu\u200bc\u200bk", "fuck", "fuck", "f\u200bu\u200bc\u200bk"),
        ("Straße: p l e a s e  c a l l", "strasse: please call", "call", "c a l l"),
        ("s.h.1.t happens", "shit happens", "shit", "s.h.1.t"),
        ("at pills dot com today", "at pills.com today", "pills.com", "pills dot com"),
        ("f##k", "f**k", "f**k", "f##k"),
        ("v1agra: http://h0st.example", "viagra: http://h0st.example", "h0st", "h0st"),
    ],
)
def test_what_is_found_in_the_repaired_text_is_shown_in_the_original(
    text: str, meant: str, found: str, covered: str
) -> None:
    seen = see(text)
    assert seen.meant.text == meant
    at = seen.meant.text.index(found)
    span = seen.meant.span(at, at + len(found))
    assert text[span.start : span.end] == covered


def test_several_disguises_of_one_word_are_undone_together() -> None:
    seen = see("buy v.1.@.g.r.\u0430 n0w, you m0rrron")
    assert seen.meant.text == "buy viagra now, you moron"
    assert {"leet", "spaced_out", "stretched"} <= seen.disguises.counts().keys()


def assert_sound(text: str, seen: SeenText) -> None:
    for view in (seen.folded, seen.meant):
        assert len(view.text) == len(view.starts) == len(view.ends)
        assert all(0 <= start < end <= len(text) for start, end in zip(view.starts, view.ends, strict=True))
        assert all(before <= after for before, after in pairwise(view.starts))
        assert all(before <= after for before, after in pairwise(view.ends))
    assert len(seen.meant.text) <= len(seen.folded.text)
    spans = [entity.span for entity in seen.entities]
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert {entity.kind for entity in seen.entities} <= set(KINDS)
    assert all(entity.value for entity in seen.entities)
    for kind in seen.disguises.counts():
        of_kind = getattr(seen.disguises, kind)
        assert all(before.start <= after.start for before, after in pairwise(of_kind))
        spans += of_kind
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@given(HOSTILE | st.text())
@settings(deadline=None)
def test_any_text_is_seen_and_every_span_lies_in_it(text: str) -> None:
    seen = see(text)
    assert seen.original == text
    assert seen.folded.text == fold(text)
    assert_sound(text, seen)


@given(HOSTILE)
@settings(deadline=None)
def test_the_same_text_is_seen_the_same_again(text: str) -> None:
    again = see.__wrapped__(text)
    assert (again.meant.text, again.entities, again.disguises) == (
        see(text).meant.text,
        see(text).entities,
        see(text).disguises,
    )


@given(st.lists(st.sampled_from(["mill", "river", "paper", "vote", "people", "week"]), max_size=30))
def test_plain_words_are_never_touched(words: list[str]) -> None:
    seen = see(" ".join(words))
    assert seen.meant.text == " ".join(words)
    assert seen.disguises.counts() == {}


HOSTILE_UNITS = [
    "*", "f*", "a ", "a.", "v 1 ", "h t t p : / / ", "w w w . ", "1", "1 ", "@a", "a@", "[.]a", " dot a",
    "$1", "aaab", "\u0430a", "\u200ba", "+1 ", "a-", "://",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE_UNITS)
def test_a_hostile_text_is_seen_whole(unit: str) -> None:
    text = (unit * 5000)[:5000]
    assert_sound(text, see(text))
