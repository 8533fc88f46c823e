"""A text in another language than expected is held; one that might not be, is not."""

import pytest

from service.domain.finding import Outcome
from service.domain.policy import Policy
from service.moderation.checks import language
from service.moderation.language import could_be, read_language
from tests.unit.moderation.factories import make_evidence

TEXTS = {
    "en": "I do not think that the council should sell the mill, because it belongs to all of us.",
    "de": "Ich glaube nicht, dass der Rat die Mühle verkaufen sollte, weil sie uns allen gehört.",
    "fr": "Je ne crois pas que le conseil doive vendre le moulin, car il est à nous tous dans la ville.",
    "es": "No creo que el ayuntamiento deba vender el molino, porque es de todos y no solo de unos pocos.",
    "pt": "Eu não acho que a câmara deva vender o moinho, porque ele é de todos e não só de uns poucos.",
    "it": "Non credo che il comune debba vendere il mulino, perché è di tutti e non solo di chi lo usa.",
    "nl": "Ik geloof niet dat de gemeente de molen moet verkopen, want die is van ons en niet van een bank.",
    "sv": "Jag tror inte att kommunen ska sälja kvarnen, för den tillhör oss alla och har gjort det länge.",
    "pl": "Nie sądzę, żeby rada powinna sprzedać młyn, bo on jest nas wszystkich, a nie tylko tego banku.",
    "cs": "Nemyslím si, že by rada měla prodat mlýn, protože je nás všech a ne jen té banky.",
    "fi": "En usko, että kunta voi myydä vanhan myllyn, koska se on meidän kaikkien eikä vain yhden pankin.",
    "tr": "Belediyenin değirmeni satması bence doğru değil, o hepimizin ve çok eski bir yer, bunu da bilin.",
    "ru": "Я не думаю, что совет должен продать старую мельницу, ведь она принадлежит всем нам.",
    "ko": "시의회가 오래된 방앗간을 팔아서는 안 된다고 생각합니다. 그것은 우리 모두의 것입니다.",
    "ja": "市議会は古い水車小屋を売るべきではないと思います。みんなのものだからです。",
    "zh": "我认为市议会不应该出售旧磨坊，因为它属于我们所有人。",
    "ar": "لا أعتقد أن على المجلس أن يبيع الطاحونة القديمة لأنها ملك لنا جميعا",
    "el": "Δεν νομίζω ότι το συμβούλιο πρέπει να πουλήσει τον παλιό μύλο.",
}


def outcome(text: str, *expected: str) -> Outcome:
    return language.check(make_evidence(text), Policy(languages=expected)).outcome


@pytest.mark.parametrize("written", list(TEXTS))
def test_a_text_is_not_held_in_its_own_language_and_is_in_a_foreign_one(written: str) -> None:
    assert outcome(TEXTS[written], written) is Outcome.PASS
    assert outcome(TEXTS[written], "de" if written != "de" else "en") is Outcome.HOLD
    assert outcome(TEXTS[written], "de", "en", written) is Outcome.PASS
    assert outcome(TEXTS[written]) is Outcome.PASS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Merci beaucoup!", "en"),  # too short
        (f"{TEXTS['de']} Or in English: {TEXTS['en']}", "de"),  # two languages
        (f"> {TEXTS['de']}\nWell said.", "en"),  # a quotation
        ("https://le.example/la/les/des/est/pas/que/qui @des #une", "en"),
        ("Bayern München, Borussia Dortmund, Werder Bremen, Eintracht Frankfurt, Schalke", "en"),
        ("Kung Fu Panda, Jean-Claude Van Damme, Crouching Tiger Hidden Dragon, La La Land", "de"),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa hahahahahahahahaha hihihihihihi", "de"),
        ("1234567890 1234567890 1234567890 1234567890 1234567890 !!!!", "de"),
        (TEXTS["sv"], "no"),  # kin
        (TEXTS["cs"], "sk"),
        (TEXTS["es"], "gl"),  # kin whose own words are not known here
        ("Ne mislim da bi vijeće trebalo prodati mlin, jer je on od svih nas i nije samo od te banke.", "sl"),
        (TEXTS["ru"], "uk"),  # the same letters
        (TEXTS["en"], "eu"),  # nobody here knows Basque
        ("", "de"),
    ],
)
def test_what_might_be_expected_passes(text: str, expected: str) -> None:
    assert outcome(text, expected) is Outcome.PASS


def test_the_detail_names_the_language_or_the_script() -> None:
    found = [
        language.check(make_evidence(TEXTS[written]), Policy(languages=("en",))).detail.rpartition(": ")[2]
        for written in ("de", "ru")
    ]
    assert found == ["de", "cyrillic"]


def test_a_list_of_a_language_waits_for_certainty() -> None:
    assert could_be(TEXTS["de"], None)
    assert could_be(TEXTS["de"], "de")
    assert not could_be(TEXTS["de"], "en")
    assert could_be("Kurz.", "en")
    assert read_language("").script is None
