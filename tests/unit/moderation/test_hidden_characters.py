"""What nobody sees is held where it deceives, and left alone where a script or an emoji needs it."""

import pytest

from service.domain.finding import Outcome
from service.moderation.checks import hidden_characters
from tests.unit.moderation.factories import ANY_POLICY, make_evidence


@pytest.mark.parametrize(
    ("text", "outcome", "noted"),
    [
        ("abc\u202edef", Outcome.HOLD, True),  # right-to-left override
        ("שלום \u202eabc", Outcome.HOLD, True),
        ("abc\u2067def\u2069", Outcome.HOLD, True),  # an isolate, and nothing runs that way
        ("Hello\U000e0068\U000e0069", Outcome.HOLD, True),  # tags
        ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", Outcome.PASS, False),
        ("\U0001f3f4\U000e0067\U000e007f \U000e0067", Outcome.HOLD, True),
        ("c\u200bas\u200bi\u200bno", Outcome.HOLD, True),
        ("v\u200di\u2060a\ufeffgra", Outcome.HOLD, True),
        ("ca\u200bsino", Outcome.PASS, True),
        ("ca\u200bsi\u200bno", Outcome.PASS, True),
        ("x\U000e0101\U000e0102\U000e0103", Outcome.HOLD, True),  # a message in variation selectors
        ("葛\U000e0101飾", Outcome.PASS, False),
        ("❤\ufe0f and ☎\ufe0e", Outcome.PASS, False),
        ("👩\u200d👩\u200d👧 and 🏳\ufe0f\u200d🌈", Outcome.PASS, False),
        ("می\u200cخواهم بروم", Outcome.PASS, False),
        ("क्\u200dष र्\u200dय", Outcome.PASS, False),
        ("שלום \u2067abc\u2069 \u200fעולם\u200e", Outcome.PASS, False),
        ("Don\u00adau\u00addampf\u00adschiff", Outcome.PASS, False),
        ("\ufeffHello world\u200b", Outcome.PASS, False),
        ("one\u200b two \u200bthree", Outcome.PASS, False),
        ("Zwölf Boxkämpfer – “jagen” Eva…", Outcome.PASS, False),
        ("plain", Outcome.PASS, False),
        ("\u200b" * 4999 + "x", Outcome.HOLD, True),
        ("\u2060 \u3164" * 10 + "buy now", Outcome.HOLD, True),
        ("\ufe0f" * 2500, Outcome.HOLD, True),
        ("x" + "\ufe0f" * 200 + "y", Outcome.HOLD, True),
        ("a long text hides it" + "\ufe0f\ufe0e" * 4, Outcome.HOLD, True),
        ("z" + "\u0301" * 4999, Outcome.HOLD, True),
        (
            "b" + "\u0301\u0327\u0489\u1dc4\u20d2" + "y" + "\u0315\u031b" * 3 + "e" + "\u0336" * 5,
            Outcome.HOLD,
            True,
        ),
        ("ท" + "\u0e49" * 9, Outcome.HOLD, True),
        ("ร" + "\u0e31\u0e49" + " น้ำที่นี่ปู่ผู้ใหญ่" * 20, Outcome.PASS, False),
        ("בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים שָּׁ֔", Outcome.PASS, False),
        ("ٱلرَّحْمَـٰنِ ٱلرَّحِيمِ مُّبِيࣲنٌۭۚ", Outcome.PASS, False),
        ("Tie\u0302\u0301ng Vie\u0323\u0302t, nho\u031b\u0309 " * 20, Outcome.PASS, False),
        ("क्ष्म्य हिन्दी ज़िंदगी ँ र्क्‍ष्ण " * 20, Outcome.PASS, False),
        ("བསྒྲུབས་ ཧཱུྃ་ ཀྵྨླྀཾ་", Outcome.PASS, False),
        ("ကျွန်ုပ် ကြွှေ", Outcome.PASS, False),
        ("α\u0313\u0301\u0345 o\u0303\u0331\u0330\u0301 and h\u0336i\u0336" * 20, Outcome.PASS, False),
        ("one joke: z" + "\u0301" * 5, Outcome.PASS, False),
        (
            "👁\ufe0f\u200d🗨\ufe0f 👩\u200d❤\ufe0f\u200d💋\u200d👨 🏳\ufe0f\u200d⚧\ufe0f" * 20,
            Outcome.PASS,
            False,
        ),
        ("❤\ufe0f\ufe0f 1\ufe0f\u20e3 #\ufe0f\u20e3" * 20, Outcome.PASS, False),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f" * 20, Outcome.PASS, False),
        ("x" + "\u200b" * 9, Outcome.PASS, False),
    ],
)
def test_what_nobody_sees(text: str, outcome: Outcome, noted: bool) -> None:
    finding = hidden_characters.check(make_evidence(text), ANY_POLICY)
    assert (finding.outcome, finding.score is not None, bool(finding.spans)) == (outcome, noted, noted)


@pytest.mark.parametrize("name", ["Ada\u202e", "A\u200bda", "Ada\U000e0041", "A" + "\u0301" * 5])
def test_a_name_hides_nothing(name: str) -> None:
    assert hidden_characters.check(make_evidence(author=name), ANY_POLICY).outcome is Outcome.HOLD
