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
    ],
)
def test_what_nobody_sees(text: str, outcome: Outcome, noted: bool) -> None:
    finding = hidden_characters.check(make_evidence(text), ANY_POLICY)
    assert (finding.outcome, finding.score is not None, bool(finding.spans)) == (outcome, noted, noted)


@pytest.mark.parametrize("name", ["Ada\u202e", "A\u200bda", "Ada\U000e0041"])
def test_a_name_hides_nothing(name: str) -> None:
    assert hidden_characters.check(make_evidence(author=name), ANY_POLICY).outcome is Outcome.HOLD
