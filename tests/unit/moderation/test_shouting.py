"""Shouting, in scripts that can; names, laughter and small capitals of speech are none."""

import pytest

from service.domain.finding import Outcome, Span
from service.domain.reasons import Reason
from service.moderation.checks import shouting
from tests.unit.moderation.factories import ANY_POLICY, make_evidence, marked


@pytest.mark.parametrize(
    ("text", "score", "detail"),
    [
        ("THIS IS A SCANDAL AND YOU KNOW IT", 1.0, "100% of the letters are capitals"),
        ("ЭТО ПОЗОР, И ВЫ ВСЁ ЗНАЕТЕ", 1.0, "100% of the letters are capitals"),
        ("ΑΥΤΟ ΕΙΝΑΙ ΕΝΤΕΛΩΣ ΑΠΑΡΑΔΕΚΤΟ", 1.0, "100% of the letters are capitals"),
        ("DAS IST EIN SKANDAL, sagt er", 0.727, "73% of the letters are capitals"),
        ("AB" * 10, 1.0, "100% of the letters are capitals"),
        ("B" + "AB" * 7 + "ab" * 3, 0.714, "71% of the letters are capitals"),
        ("ABCDEFGHIJKLMN" + "abcdef", 0.7, "70% of the letters are capitals"),
    ],
)
def test_a_text_in_capitals_is_held(text: str, score: float, detail: str) -> None:
    finding = shouting.check(make_evidence(text), ANY_POLICY)
    assert (finding.check, finding.outcome, finding.reason) == ("shouting", Outcome.HOLD, Reason.SUSPICIOUS)
    assert finding.score == score
    assert finding.detail == detail


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("No!!!!!!!!", ["!!!!!!!!"]),
        ("What?!?!?!?! And?????????", ["?!?!?!?!", "?????????"]),
        ("不要！！！！！！！！", ["！！！！！！！！"]),
        ("soooooooo late", ["oooooooo"]),
        ("SoOoOoOoO late", ["oOoOoOoO"]),
        ("нееееееееет", ["еееееееее"]),
    ],
)
def test_what_is_drawn_out_is_held_and_marked(text: str, runs: list[str]) -> None:
    finding = shouting.check(make_evidence(text), ANY_POLICY)
    assert (finding.outcome, finding.reason, finding.score) == (Outcome.HOLD, Reason.SUSPICIOUS, None)
    assert finding.detail == "letters or marks repeated 8 times or more"
    assert marked(finding, text) == runs


def test_capitals_and_runs_are_told_together() -> None:
    finding = shouting.check(make_evidence("THIS IS A SCANDAL AND YOU KNOW IT!!!!!!!!"), ANY_POLICY)
    assert finding.score == 1.0
    assert finding.spans == (Span(33, 41),)


@pytest.mark.parametrize(
    "text",
    [
        "AB" * 9 + "A",
        "ABCDEFGHIJKLM" + "abcdefg",
        "NATO, USA, EU, ARD, ZDF",
        "I AM NOT SURE",
        "Der Bundesrat, die Kammer, das Gericht, der Ausschuss und der Minister",
        "DER SPIEGEL meldet, dass die SPD und die CDU nun gemeinsam darüber reden wollen",
        "No!!!!!!!",
        "really??!",
        "sooooooo late",
        "kkkkkkkkkkkk wwwwwwwwww xxxxxxxxxx KKKKKKKKKK",
        "ㅋㅋㅋㅋㅋㅋㅋㅋㅋㅋ",
        "هههههههههههه",
        "哈哈哈哈哈哈哈哈哈哈",
        "คคคคคคคคคคคค",
        "1000000000000 and 55555555555",
        "----------- ........... ========== ******** ________",
        "        indented",
        "漢字だけの文章には大文字がありません、だから大丈夫です",
        "هذا نص عربي طويل بلا حروف كبيرة أو صغيرة أبدا",
        "👏👏👏👏👏👏👏👏👏👏",
        "",
    ],
)
def test_a_raised_voice_short_of_shouting_passes(text: str) -> None:
    assert shouting.check(make_evidence(text), ANY_POLICY).outcome is Outcome.PASS
