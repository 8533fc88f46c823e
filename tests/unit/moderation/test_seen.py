"""A text as it is meant: disguise is undone, ordinary words stay, every letter knows its origin."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.moderation.text.seen import SeenText, see

HOSTILE = st.text(
    st.sampled_from("aAbeivs013457@$!|*#. -_·\u200b\u0430\u0301\u202e\U000e0041kk.:/[]()dotcm\ue000\n")
)


def _meant(text: str) -> str:
    return see(text).meant.text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("p\u0430ypal", "paypal"),
        ("so v i a g r a now", "so viagra now"),
        ("v.i.a.g.r.a", "viagra"),
        ("v.1.@.g.r.a", "viagra"),
        ("moooron", "moron"),
        ("sh!t and f*ck", "shit and f*ck"),
        ("f#ck f**k", "f*ck f**k"),
        ("fu\u200bck", "fuck"),
    ],
)
def test_a_disguised_word_is_spelt_out(text: str, meant: str) -> None:
    assert _meant(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "3 g of salt", "plan a, b or c", "U.S.A.", "J. R. R. Tolkien", "kkkkkkkk", "on 2024-05-06 at 12:30",
        "covid19 and mp3", "the 1st of 20 in 4k", "c# is 20% *good*", "www.example.com/aaaa", "scunthorpe",
        "ㅋㅋㅋㅋㅋ ㅎㅎㅎ", "это я и он", "strasse", "b2b",
    ],
)  # fmt: skip
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert _meant(text) == see(text).folded.text


def _assert_sound(text: str, seen: SeenText) -> None:
    for view in (seen.folded, seen.meant):
        assert len(view.text) == len(view.starts) == len(view.ends)
        assert all(0 <= start < end <= len(text) for start, end in zip(view.starts, view.ends, strict=True))
        assert all(before <= after for before, after in pairwise(view.starts))
        assert all(before <= after for before, after in pairwise(view.ends))
    assert len(seen.meant.text) <= len(seen.folded.text)
    spans = [entity.span for entity in seen.entities]
    assert all(before.end <= after.start for before, after in pairwise(spans))
    for kind in seen.disguises.counts():
        spans += getattr(seen.disguises, kind)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@given(HOSTILE | st.text())
@settings(deadline=None)
def test_any_text_is_seen_and_every_span_lies_in_it(text: str) -> None:
    _assert_sound(text, see(text))
