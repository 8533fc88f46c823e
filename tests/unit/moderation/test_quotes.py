"""What a text quotes is found with its marks, and what merely has such marks in it is not."""

import pytest

from service.domain.finding import Span
from service.moderation.quotes import is_quoted, quoted_spans, without_quotes
from tests.cpu_time import least_cpu_seconds


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('She called me "a stupid cow" and left.', ['"a stupid cow"']),
        ("He said “go home” to them.", ["“go home”"]),
        ("Er rief „geh heim“ und lief.", ["„geh heim“"]),
        ("Er rief „geh heim” und lief.", ["„geh heim”"]),
        ("Il a dit « rentre chez toi » hier.", ["« rentre chez toi »"]),
        ("Sie sagte »geh heim« und lief.", ["»geh heim«"]),
        ("彼は「帰れ」と言った。", ["「帰れ」"]),
        ("The word ‘idiot’ is not an argument.", ["‘idiot’"]),
        ("> you are all idiots\nNo, we are not.", ["> you are all idiots"]),
        ("I disagree.\n  > go home\n> now\nWhy?", ["  > go home", "> now"]),
        ("<blockquote>go home</blockquote> No.", ["<blockquote>go home</blockquote>"]),
        ("[quote=Ada]go home[/quote] No.", ["[quote=Ada]go home[/quote]"]),
        ('("go home" is what they say)', ['"go home"']),
        ('"One" and "two".', ['"One"', '"two"']),
    ],
)
def test_a_quotation_is_found_with_its_marks(text: str, quoted: list[str]) -> None:
    assert [text[span.start : span.end] for span in quoted_spans(text)] == quoted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No quotation here.",
        'A 5" pipe and a 7" pipe.',
        "It’s the neighbours’ fault, isn’t it?",
        "5 > 3, and 3 > 1",
        'He said "go home and never came back to close it.',
        "An arrow -> there",
        "Rock 'n' roll",
        "„without an end",
        "[quote] without an end",
        'one line ends "here\nand" another begins',
    ],
)
def test_such_marks_alone_quote_nothing(text: str) -> None:
    assert quoted_spans(text) == ()


def test_inside_of_a_quotation_means_wholly_inside() -> None:
    quoted = (Span(5, 10),)
    assert is_quoted(Span(5, 10), quoted)
    assert is_quoted(Span(6, 9), quoted)
    assert not is_quoted(Span(4, 9), quoted)
    assert not is_quoted(Span(6, 11), quoted)
    assert not is_quoted(Span(0, 2), ())


def test_of_many_quotations_few_are_looked_at() -> None:
    """A text may have as many hits as quotations, and each of them is asked about."""
    looked = 0

    class Counted(Span):
        def __getattribute__(self, name: str) -> int:
            nonlocal looked
            looked += name == "start"
            return int(super().__getattribute__(name))

    quoted = tuple(Counted(at * 4, at * 4 + 3) for at in range(2000))
    looked = 0
    assert not is_quoted(Span(4006, 4008), quoted)
    assert is_quoted(Span(7997, 7998), quoted)
    assert looked < 50


def test_the_own_words_are_what_is_left() -> None:
    assert without_quotes("> go home\nNo, “you” go.").split() == ["No,", "go."]
    assert without_quotes("Nothing quoted.") == "Nothing quoted."


@pytest.mark.parametrize(
    "unit", ['"', '"a', 'a "', "„", "“a ", "‘", "‘a", "« ", ">", "[quote]", "<q>", "''", "»«", "‘a’b"]
)
def test_the_worst_text_takes_no_long_time(unit: str) -> None:
    text = (unit * 5000)[:5000]
    assert least_cpu_seconds(lambda: quoted_spans(text), 2.0) < 2.0
