"""Phones and homes of people are held; numbers and places of everybody are not."""

import pytest

from service.domain.finding import Outcome
from service.domain.reasons import Reason
from service.moderation.checks import personal_data
from service.moderation.postal_addresses import find_postal_addresses
from tests.cpu_time import least_cpu_seconds
from tests.unit.moderation.factories import ANY_POLICY, make_evidence, marked


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("Call him at (212) 555-0142.", ["(212) 555-0142"]),
        ("Seine Nummer: 0151 23456789", ["0151 23456789"]),
        ("+44 20 7946 0958 is hers", ["+44 20 7946 0958"]),
        ("Call ０１５１ ２３４５６７８９", ["０１５１ ２３４５６７８９"]),
        ("He lives at 12 Mill Lane, second floor", ["12 Mill Lane"]),
        ("12 Mill Lane, Norwich NR1 4PQ", ["12 Mill Lane, Norwich NR1 4PQ"]),
        ("742 Evergreen Terrace, Springfield, OR 97403", ["742 Evergreen Terrace, Springfield, OR 97403"]),
        ("Er wohnt in der Mühlenstraße 12.", ["Mühlenstraße 12"]),
        ("Mühlenstraße 12, 10115 Berlin", ["Mühlenstraße 12, 10115 Be"]),
        ("Il habite 12 rue du Moulin", ["12 rue du Moulin"]),
        ("12, rue du Moulin, 75011 Paris", ["12, rue du Moulin, 75011 P"]),
        ("Vive en calle Mayor 12", ["calle Mayor 12"]),
        ("Ele mora na Rua Augusta, 1200", ["Rua Augusta, 1200"]),
        ("Via Roma 12, 00184 Roma", ["Via Roma 12, 00184"]),
        ("Molenstraat 12, 1012 AB Amsterdam", ["Molenstraat 12, 1012 AB"]),
        ("Он живёт на ул. Ленина, д. 12", ["ул. Ленина, д. 12"]),
    ],
)
def test_what_belongs_to_a_person_is_held(text: str, hits: list[str]) -> None:
    finding = personal_data.check(make_evidence(text), ANY_POLICY)
    assert (finding.outcome, finding.reason) == (Outcome.HOLD, Reason.PERSONAL_DATA)
    assert marked(finding, text) == hits


@pytest.mark.parametrize(
    "text",
    [
        "Call 112 or 911, or 116 117 at night.",
        "The helpline is 0800 111 0 111, and in the US 1-800-273-8255.",
        "The ISBN is 0-306-40615-2, and 978-3-16-148410-0 in German.",
        "It cost 1 200 000 euros, from 1987 to 2003, on 12.03.1987 and 2026-11-23.",
        "Between 2010-2015 the population grew from 12,345,678 to 13,456,789.",
        "Order 4711, version 1.2.3.4, 10:30-12:00, 3-2, 100-200 people, 555 0142",
        "The accident on 12 Mill Lane closed Main Street.",
        "The shop in the Mühlenstraße 12 burnt down in 1999.",
        "Le café du 12 rue du Moulin est fermé.",
        "The minister lives in Berlin and works in Brussels.",
        "Nobody lives on 5 pounds a week, 20 Years ago or today.",
        "a8f5f167-f44f-4964-8e6c-998dee827110 and 1f3870be274f6c49b3e31a0c6728957f",
        "Highway 66, Route 101, Platz 3, 3 Wege, am Ring 5 of 7",
        "Er wohnt in 10115 Berlin, sie in Köln.",
        "Psalm 23, 1-4; John 3:16; Art. 5 Abs. 1",
    ],
)
def test_numbers_and_places_of_everybody_are_left_alone(text: str) -> None:
    assert personal_data.check(make_evidence(text), ANY_POLICY).outcome is Outcome.PASS


def test_the_detail_names_what_and_where() -> None:
    evidence = make_evidence("Mail me@paper.example or call (212) 555-0142", author="x@paper.example")
    assert personal_data.check(evidence, ANY_POLICY).detail == (
        "an email address and a phone number in the text; an email address in the name"
    )


@pytest.mark.parametrize(
    "unit", ["1 A", "12 Mill ", "Via ", "Via A ", "rue de ", "1 rue de la A ", "ул. А ", "Astraße "]
)
def test_the_worst_text_takes_no_long_time(unit: str) -> None:
    text = (unit * 5000)[:5000]
    assert least_cpu_seconds(lambda: list(find_postal_addresses(text)), 2.0) < 2.0
