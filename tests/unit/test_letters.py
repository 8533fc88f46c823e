"""What mails to readers say: the same sentences in every language, and headers that nothing gets into."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from service.domain.mail_to import LANGUAGES
from service.domain.reason_texts import SHARED_REASONS
from service.letters.letter import ReaderLetter
from service.letters.words import words
from service.web.languages import catalogue

KINDS = sorted(set(words("en")) - {"all", "statement", "reasons"})


def letter(kind: str = "confirm", language: str = "en", site_name: str = "Paper") -> ReaderLetter:
    return ReaderLetter(
        id=UUID(int=7),
        kind=kind,
        language=language,
        site_name=site_name,
        paragraphs=("first",),
        href="https://talk.example/mail/confirm/abc?a=1&b=2",
        stop_href="https://talk.example/mail/stop/abc",
        second_href="https://talk.example/receipts/abc",
        written_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        sender="desk@paper.example",
        recipient="ada@mail.example",
        public_url="https://talk.example",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence_with_its_places(language: str) -> None:
    own, english = words(language), words("en")
    assert {kind: set(said) for kind, said in own.items()} == {k: set(said) for k, said in english.items()}
    for kind, said in own.items():
        for key, sentence in said.items():
            assert re.findall(r"{\w*}", sentence) == re.findall(r"{\w*}", english[kind][key]), (kind, key)
            assert language == "en" or sentence != english[kind][key]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_says_the_same_in_a_mail_as_on_a_page(language: str) -> None:
    said = catalogue(language).gettext
    assert words(language)["reasons"] == {one.code: said(one.text) for one in SHARED_REASONS}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_has_its_links_as_text_and_as_html(kind: str, language: str) -> None:
    mail = letter(kind, language).message()
    text, html = (part.get_content() for part in mail.iter_parts())
    assert "https://talk.example/mail/confirm/abc?a=1&b=2" in text
    assert 'href="https://talk.example/mail/confirm/abc?a=1&amp;b=2"' in html
    assert f'<html lang="{language}">' in html
    for part in (text, html):
        assert "https://talk.example/mail/stop/abc" in part
        assert "{" not in part
    assert mail["Content-Language"] == language


def test_a_site_s_name_makes_no_header_and_no_markup() -> None:
    hostile = 'Paper"\r\nBcc: everyone@mail.example\r\n<b>{x}'
    mail = letter(site_name=hostile).message()
    assert mail["Bcc"] is None
    assert mail["To"] == "ada@mail.example"
    assert "<b>" not in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_each_try_of_a_mail_has_the_same_message_id_and_shows_no_address() -> None:
    one, again = letter(), replace(letter(), href="https://talk.example/x")
    assert one.message()["Message-ID"] == again.message()["Message-ID"]
    assert "@" not in repr(one)
