"""What the two models hold and what they let pass, with its near misses, in several languages."""

import pytest

from service.domain.finding import Outcome
from service.domain.reasons import Reason
from service.moderation.checks import abuse, spam
from tests.unit.moderation.factories import ANY_POLICY, make_evidence

ORDINARY = [
    "A calm harbour, well described.",
    "Hello",
    "Nice article",
    "Great article, thanks!",
    "First!",
    "test",
    "ok",
    "I agree with every word.",
    "Nobody asked us.",
    "Comment 1234-5678",
    "deadbeef0123 is my tag",
    "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
    "A reply to the harbour story, number 17",
    "You are wrong about the bridge.",
    "Who is going to pay for this?",
    "Does it open on Sunday? My kids love it.",
    "They closed the school again.",
    "My comment",
    "See https://paper.example/report for the figures.",
    "Wer soll das bezahlen?",
    "Danke für den Artikel, sehr lesenswert.",
    "Gracias por el artículo.",
    "Obrigado pela reportagem.",
    "Спасибо за статью.",
    "기사 감사합니다",
    "My neighbours are Turks and they are lovely people.",
    "As a gay man I was glad to read this.",
]


@pytest.mark.parametrize("text", ORDINARY)
@pytest.mark.parametrize("check", [spam, abuse])
def test_an_ordinary_comment_passes(check: object, text: str) -> None:
    finding = check.check(make_evidence(text), ANY_POLICY)  # type: ignore[attr-defined]
    assert finding.outcome is Outcome.PASS, finding.detail


@pytest.mark.parametrize(
    "text",
    [
        "You are a stupid idiot.",
        "Shut up, you fucking moron.",
        "Du bist ein Vollidiot, verpiss dich.",
        "Eres un idiota, vete a la mierda.",
        "Você é um lixo, vai tomar no cu.",
        "Ты идиот, заткнись.",
        "병신 새끼 닥쳐",
        "You f**king m0r0n",
    ],
)
def test_abuse_of_any_language_is_held(text: str) -> None:
    finding = abuse.check(make_evidence(text), ANY_POLICY)
    assert (finding.outcome, finding.reason) == (Outcome.HOLD, Reason.ABUSIVE)


@pytest.mark.parametrize(
    "text",
    [
        "I make $85 an hour working from home, see http://jobs.example/rich",
        "please subscribe to my channel and check out my new video",
        "Great post! Visit my site http://cheap-watches.example for replica watches",
        "Verdiene 5000 Euro im Monat von zu Hause, klicke hier http://geld.example",
        "Gana dinero desde casa, haz clic aquí http://dinero.example",
        "Заработок от 5000 рублей в день, пиши в личку",
        "재택 부업 월 500만원 수익 카톡 문의 http://money.example",
    ],
)
def test_spam_of_any_language_is_held(text: str) -> None:
    finding = spam.check(make_evidence(text), ANY_POLICY)
    assert (finding.outcome, finding.reason) == (Outcome.HOLD, Reason.SPAM)
