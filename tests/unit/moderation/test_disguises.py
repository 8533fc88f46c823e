"""Each kind of disguise is counted where it stands, and what has a reason to stand there is not."""

import pytest

from service.moderation.text.disguises import Disguises
from service.moderation.text.seen import see


def _shown(text: str) -> dict[str, list[str]]:
    disguises = see(text).disguises
    return {
        kind: [text[span.start : span.end] for span in getattr(disguises, kind)]
        for kind in disguises.counts()
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("fu\u200bck", {"zero_width": ["\u200b"]}),
        ("f\u00aduck", {"zero_width": ["\u00ad"]}),
        ("\u202ekcuf\u202c", {"bidi": ["\u202e", "\u202c"]}),
        ("hi\U000e0041\U000e0042", {"tag": ["\U000e0041\U000e0042"]}),
        ("a p\u0430ypal b", {"mixed_script": ["p\u0430ypal"]}),
        ("v1agra, a$$", {"leet": ["v1agra", "a$$"]}),
        ("so v i a g r a", {"spaced_out": ["v i a g r a"]}),
        ("sooooo!", {"stretched": ["sooooo"]}),
        ("f**k f#ck b!@tch f***", {"masked": ["f**k", "f#ck", "b!@tch", "f***"]}),
        ("m 0 r o n", {"spaced_out": ["m 0 r o n"], "leet": ["m 0 r o n"]}),
        ("m0rrron", {"leet": ["m0rrron"], "stretched": ["m0rrron"]}),
    ],
)  # fmt: skip
def test_a_disguise_is_counted_by_kind_where_it_stands(text: str, shown: dict[str, list[str]]) -> None:
    assert _shown(text) == shown
    assert see(text).disguises.counts() == {kind: len(spans) for kind, spans in shown.items()}


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می\u200cخواهم", "क्\u200dष", "Donau\u00addampf\u00adschiff", "\ufeffHello", "שלום \u200fabc",
        "مرحبا \u2067abc\u2069",
        "葛\U000e0100飾", "plain",
    ],
)  # fmt: skip
def test_what_has_a_reason_to_stand_there_is_none(text: str) -> None:
    assert see(text).disguises == Disguises()
