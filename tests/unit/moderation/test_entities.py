"""What stands in a text besides words, and what only looks like it."""

import pytest

from service.moderation.text.seen import see


def _entities(text: str) -> list[tuple[str, str, str]]:
    return [
        (entity.kind, text[entity.span.start : entity.span.end], entity.value)
        for entity in see(text).entities
    ]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("See HTTPS://Paper.example/A?b.", [("url", "HTTPS://Paper.example/A?b", "https://paper.example/a?b")]),
        ("at paper.com, they say", [("domain", "paper.com", "paper.com")]),
        ("from 10.0.0.1 and 300.0.0.1", [("ip", "10.0.0.1", "10.0.0.1")]),
        ("to Anna@Paper.example!", [("email", "Anna@Paper.example", "anna@paper.example")]),
        ("thanks @anna_b, really", [("handle", "@anna_b", "@anna_b")]),
        ("for $1,500 or 20 euros", [("money", "$1,500", "$1,500"), ("money", "20 euros", "20euros")]),
        ("US$5 and 3.50€", [("money", "$5", "$5"), ("money", "3.50€", "3.50€")]),
        ("это 1000 руб", [("money", "1000 руб", "1000руб")]),
        ("call +49 30 901820", [("phone", "+49 30 901820", "+4930901820")]),
        ("call (555) 123-4567 now", [("phone", "(555) 123-4567", "5551234567")]),
        ("0906 661 2661", [("phone", "0906 661 2661", "09066612661")]),
        ("whatsapp me", [("contact_phrase", "whatsapp me", "whatsapp me")]),
        ("Please CONTACT  ME", [("contact_phrase", "CONTACT  ME", "contact me")]),
        ("Пишите в личку!", [("contact_phrase", "Пишите в личку", "пишите в личку")]),
        ("entre em contato comigo", [("contact_phrase", "entre em contato", "entre em contato")]),
        ("카톡 문의 주세요", [("contact_phrase", "카톡 문의", "카톡 문의")]),
    ],
)  # fmt: skip
def test_it_is_found_where_it_stands(text: str, entities: list[tuple[str, str, str]]) -> None:
    assert _entities(text) == entities


@pytest.mark.parametrize(
    ("text", "kind", "written", "value"),
    [
        ("hxxp://pills.example/x", "hidden_url", "hxxp://pills.example/x", "http://pills.example/x"),
        ("go to h**ps://pills.com.", "hidden_url", "h**ps://pills.com", "https://pills.com"),
        ("h t t p : / / pills.com", "hidden_url", "h t t p : / / pills.com", "http://pills.com"),
        ("pills[.]com", "hidden_url", "pills[.]com", "pills.com"),
        ("pills (dot) com / x", "hidden_url", "pills (dot) com", "pills.com"),
        ("try pills dot com today", "hidden_url", "pills dot com", "pills.com"),
        ("try pills .com today", "hidden_url", "pills .com", "pills.com"),
        ("w w w . p i l l s . c o m", "hidden_url", "w w w . p i l l s . c o m", "www.pills.com"),
        ("wwwww.pills.com", "hidden_url", "wwwww.pills.com", "www.pills.com"),
        ("anna (at) paper.com", "email", "anna (at) paper.com", "anna@paper.com"),
        ("bob at gmail dot com", "email", "bob at gmail dot com", "bob@gmail.com"),
        ("buy at pills dot com", "hidden_url", "pills dot com", "pills.com"),
    ],
)
def test_what_is_written_to_be_missed_is_found_with_what_it_means(
    text: str, kind: str, written: str, value: str
) -> None:
    assert _entities(text) == [(kind, written, value)]
    assert all(entity.is_hidden for entity in see(text).entities)


@pytest.mark.parametrize(
    "text",
    [
        "on 2024-05-06, 06.05.2024 and 12:30", "1914-1918, 1939-1945", "1.000.000 people, 12 000 000 more",
        "version 3.12.1 and 1.2.3.4.5", "call me Ishmael", "I could not contact anybody", "text mentions me",
        "the dot com bubble", "connect the dot to it", "a .com address", "It was good. Com certeza.", "5 @ 3",
        "me@home", "ISBN 978-3-16-148410-0", "page 12345678901234567890", "he said. Net of tax it is less",
        "e.g. this", "No.5", "at 5.30 pm", "write on", "h2o : // x", "great!!", "1 000",
    ],
)  # fmt: skip
def test_ordinary_words_and_numbers_are_none(text: str) -> None:
    assert _entities(text) == []


def test_none_overlaps_another() -> None:
    text = "https://a.com/x@y.com pay $5 to +1 555 123 4567 or me@b.com"
    assert [kind for kind, *_ in _entities(text)] == ["url", "money", "phone", "email"]


@pytest.mark.parametrize(
    "text", ["http://h0st.example/v1agra", "v1agra@h0st.example", "@v1agra_b0y", "$h1t.com"]
)
def test_no_letter_of_an_address_is_taken_for_another(text: str) -> None:
    assert see(text).meant.text == text
