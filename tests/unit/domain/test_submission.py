"""What a reader sent is valid as a whole, or every fault is told at once."""

import gzip
import json
import traceback
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.fault import Fault, InvalidSubmission
from service.domain.policy import Policy
from service.domain.submission import Submission, parse_submission, post_id_of
from service.domain.typed_values import FIELD_NAMES, typed_values

CORPORA = Path(__file__).parents[4] / "shared/data/corpora"
POLICY = Policy()
PARENT = "0190f3c4-7a10-7c3e-8a53-2f6b1d1f0c11"
GOOD: dict[str, object] = {
    "page_url": "https://Paper.example/a#x",
    "author": "Ada",
    "email": "ada@paper.example",
    "comment": "Well said.",
}


def parse(**fields: object) -> Submission:
    return parse_submission(GOOD | fields, POLICY)


def outcome(fields: dict[str, object]) -> Submission | InvalidSubmission:
    try:
        return parse_submission(fields, POLICY)
    except InvalidSubmission as refused:
        return refused


def codes(fields: dict[str, object], policy: Policy = POLICY, **how: bool) -> list[tuple[str, str]]:
    with pytest.raises(InvalidSubmission) as refused:
        parse_submission(fields, policy, **how)
    return [(fault.field, fault.code) for fault in refused.value.faults]


def code(**fields: object) -> list[tuple[str, str]]:
    return codes(GOOD | fields)


def test_the_least_that_is_asked_for_is_enough() -> None:
    submission = parse()
    assert submission.page_url == "https://paper.example/a"
    assert (submission.author, submission.text) == ("Ada", "Well said.")
    assert submission.email is not None
    assert submission.email.reveal() == "ada@paper.example"
    assert (
        submission.parent_id is submission.website is submission.page_title is submission.redirect_to is None
    )
    assert submission.submission_key is submission.form_token is submission.post_id is None
    assert submission.honeypot_filled is False


def test_every_fault_is_told_at_once_in_the_order_of_the_form() -> None:
    assert codes({"website": "x", "page_title": "t" * 201}, page_required=True) == [
        ("page_url", "required"),
        ("author", "required"),
        ("email", "required"),
        ("website", "invalid"),
        ("comment", "required"),
        ("page_title", "too_long"),
    ]


def test_a_missing_page_names_the_hidden_field_only_where_it_is_asked_for() -> None:
    without = {name: value for name, value in GOOD.items() if name != "page_url"}
    assert parse_submission(without, POLICY).page_url is None
    with pytest.raises(InvalidSubmission) as refused:
        parse_submission(without, POLICY, page_required=True)
    assert "hidden field named page_url" in refused.value.faults[0].detail
    assert codes(without | {"page_url": "  "}, page_required=True) == [("page_url", "required")]


def test_null_and_empty_are_nothing_given() -> None:
    for nothing in (None, "", "  ", "\r\n"):
        assert code(author=nothing, comment=nothing) == [("author", "required"), ("comment", "required")]
        assert parse(website=nothing, parent_id=nothing, page_title=nothing).website is None
    for nothing in (None, "", " "):
        assert code(email=nothing) == [("email", "required")]


def test_a_site_may_do_without_name_and_address() -> None:
    policy = Policy(author_required=False, email_required=False)
    submission = parse_submission({"comment": "x"}, policy)
    assert submission.author == ""
    assert submission.email is None
    assert codes({"comment": "x", "email": "no"}, policy) == [("email", "invalid")]


@pytest.mark.parametrize("wrong", [True, 1.5, 7, ["a"], {"a": 1}, []])
@pytest.mark.parametrize(
    "field",
    ["page_url", "author", "email", "website", "comment", "page_title", "submission_key",
     "form_token"],
)  # fmt: skip
def test_a_value_that_is_no_text_is_invalid(field: str, wrong: object) -> None:
    assert code(**{field: wrong}) == [(field, "invalid")]


@pytest.mark.parametrize("field", [name for name in FIELD_NAMES if name not in {"redirect_to", "lang"}])
@pytest.mark.parametrize("bad", ["\x00", "\x1b", "\x7f", "\x85", "\x9f", "\ud800", "\r", "\x1c", "\v"])
def test_controls_and_lone_surrogates_are_invalid_everywhere(field: str, bad: str) -> None:
    value = {"page_url": "https://paper.example/", "website": "https://a.example/"}.get(field, "a")
    fields = {**GOOD, "page_url": "", field: value + bad}
    assert (field, "invalid") in codes(fields)


# --- the text ---


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  a  b  ", "a  b"),
        ("\r\na\r\nb\r\n", "a\nb"),
        ("a\tb\n\nc", "a\tb\n\nc"),
        ("e\u0301 ﬁ Ａ", "e\u0301 ﬁ Ａ"),
        ("\u3000a\u00a0", "a"),
        ("\u202eabc\u200b\ufeff", "\u202eabc\u200b\ufeff"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("\ufffe\U0010ffff", "\ufffe\U0010ffff"),
    ],
)
def test_the_stored_text_is_the_typed_one_trimmed_with_lf(typed: str, stored: str) -> None:
    assert parse(comment=typed).text == stored


@pytest.mark.parametrize("blank", ["\u200b", "\u2800\u3164", "\u2060 \ufe0f", "\U000e0041", "\u00ad\n\u034f"])
def test_a_text_with_nothing_to_see_is_no_comment(blank: str) -> None:
    assert code(comment=blank) == [("comment", "required")]


def test_a_comment_is_as_long_as_the_site_says_counted_as_stored() -> None:
    policy = Policy(comment_limit=4)
    assert parse_submission(GOOD | {"comment": " a\r\n😀d "}, policy).text == "a\n😀d"
    assert codes(GOOD | {"comment": "abcde"}, policy) == [("comment", "too_long")]


# --- the name ---


@pytest.mark.parametrize(
    "name", ["Ada", "  Ada  ", "Ada\n", "Ngũgĩ wa Thiong'o", "佐藤", "علی\u200cرضا", "नमस्ते", "A" * 100,
             "𝒜" * 100, "Z" + "\u0301" * 8, "🏳️‍🌈", "O'Brien <3", "=1+1", "e\u0301" * 50],
)  # fmt: skip
def test_a_name_is_kept_as_typed(name: str) -> None:
    assert parse(author=name).author == name.strip()


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("A" * 101, "too_long"),
        ("Ada\nByron", "invalid"),
        ("Ada\tByron", "invalid"),
        ("Ada\u2028Byron", "invalid"),
        ("Ada\u202e", "invalid"),
        ("\u2066Ada\u2069", "invalid"),
        ("Ada\u200f", "invalid"),
        ("Ada\u061c", "invalid"),
        ("Z" + "\u0301" * 9, "invalid"),
        ("Z" + "\u0301\u200d" * 9, "invalid"),
        ("\u200b", "invalid"),
        ("\u3164\u2800", "invalid"),
    ],
)
def test_a_name_that_breaks_a_page_is_refused(name: str, fault: str) -> None:
    assert code(author=name) == [("author", fault)]


# --- the address ---


def test_an_address_has_at_most_254_octets() -> None:
    assert code(email="a@" + "é" * 130 + ".example") == [("email", "too_long")]
    assert code(email="a@" + "b" * 300) == [("email", "too_long")]


@pytest.mark.parametrize(
    "typed", ["ada", "ada@", "@paper.example", " ada@paper.example", "ada@paper.example\n", "ada@paper",
              "ada@localhost", '"a b"@paper.example', "ada@[192.0.2.1]"],
)  # fmt: skip
def test_what_the_library_refuses_is_invalid(typed: str) -> None:
    assert code(email=typed) == [("email", "invalid")]


@pytest.mark.corpora
@pytest.mark.skipif(not CORPORA.exists(), reason="the hostile inputs are not here")
@pytest.mark.parametrize("name", ["email_email_validator", "email_jsonschema", "email_fuzzdb"])
def test_the_verdict_on_an_address_is_the_library_s(name: str) -> None:
    with gzip.open(CORPORA / f"{name}.jsonl.gz", "rt") as rows:
        for row in map(json.loads, rows):
            result = outcome(GOOD | {"email": row["input"]})
            assert isinstance(result, Submission) == row["email_validator_2_4_0"], row["id"]
            faults = result.faults if isinstance(result, InvalidSubmission) else ()
            assert {fault.field for fault in faults} <= {"email"}, row["id"]


# --- the parent and the page ---


@pytest.mark.parametrize("none", [None, "", "0", " 0 ", 0])
@pytest.mark.parametrize("name", ["parent_id", "comment_parent"])
def test_nought_and_nothing_answer_nobody(name: str, none: object) -> None:
    assert parse(**{name: none}).parent_id is None


@pytest.mark.parametrize("name", ["parent_id", "comment_parent"])
def test_a_parent_is_found_by_either_name(name: str) -> None:
    assert parse(**{name: PARENT.upper()}).parent_id == UUID(PARENT)
    assert parse(parent_id="", comment_parent=PARENT).parent_id == UUID(PARENT)


@pytest.mark.parametrize(
    "wrong", ["12", 12, -1, "00", "{" + PARENT + "}", "urn:uuid:" + PARENT, PARENT[:-1], "x" * 999,
              PARENT.replace("-", "")],
)  # fmt: skip
def test_a_parent_that_is_no_id_of_ours_is_not_found(wrong: object) -> None:
    assert code(parent_id=wrong) == [("parent_id", "not_found")]


@pytest.mark.parametrize("wrong", [True, False, 0.0, [PARENT], {}])
def test_a_parent_of_another_type_is_invalid(wrong: object) -> None:
    assert code(parent_id=wrong) == [("parent_id", "invalid")]


@pytest.mark.parametrize(
    ("typed", "post_id"), [("12", "12"), (12, "12"), ("a-b_C", "a-b_C"), ("0", None), (0, None), (None, None),
                           ("a" * 64, "a" * 64)],
)  # fmt: skip
def test_the_article_may_be_told_by_its_id(typed: object, post_id: str | None) -> None:
    fields = {**GOOD, "page_url": None, "comment_post_ID": typed}
    assert parse_submission(fields, POLICY).post_id == post_id == post_id_of(fields)


@pytest.mark.parametrize("wrong", ["1&x=2", "../1", "a.b", "a b", "٣", "a" * 65, -1, 1.0, True, [1], 10**20])
def test_an_id_that_would_need_encoding_is_a_fault_only_where_the_page_hangs_on_it(wrong: object) -> None:
    fields = GOOD | {"comment_post_ID": wrong}
    assert parse_submission(fields, POLICY).post_id is None
    assert codes(fields | {"page_url": ""}, page_required=True) == [("comment_post_ID", "invalid")]


def test_a_page_address_is_absolute_and_not_endless() -> None:
    assert code(page_url="/a", comment_post_ID="../1") == [("page_url", "invalid")]
    assert code(page_url="/a") == [("page_url", "invalid")]
    assert code(page_url="https://paper.example/" + "a" * 2000) == [("page_url", "too_long")]
    assert parse(page_url=" https://paper.example/a ").page_url == "https://paper.example/a"


# --- the rest ---


def test_a_website_has_two_names_and_its_own_rules() -> None:
    assert parse(url="blog.example").website == "https://blog.example"
    assert parse(website=" https://a.example/ ", url="https://b.example/").website == "https://a.example/"
    assert code(url="javascript:alert(1)") == [("website", "invalid")]
    assert code(website="https://a.example/" + "a" * 500) == [("website", "too_long")]


def test_a_title_is_one_line_of_at_most_two_hundred_characters() -> None:
    assert parse(page_title=" The\r\n  news ").page_title == "The news"
    assert parse(page_title="é" * 200).page_title == "é" * 200
    assert code(page_title="é" * 201) == [("page_title", "too_long")]
    assert code(page_title="a\u2029b") == [("page_title", "invalid")]


def test_keys_and_tokens_are_printable_ascii_of_some_length() -> None:
    assert parse(submission_key="k" * 200, form_token="t" * 500).submission_key == "k" * 200
    assert code(submission_key="k" * 201, form_token="t" * 501) == [
        ("submission_key", "too_long"),
        ("form_token", "too_long"),
    ]
    assert code(submission_key="ké", form_token="a\nb") == [
        ("submission_key", "invalid"),
        ("form_token", "invalid"),
    ]


@pytest.mark.parametrize(
    "target", ["a" * 2001, "https://evil.example/\x00", "\ud800", "\r", True, 7, ["a"], {}]
)
def test_a_redirect_that_can_lead_nowhere_is_ignored(target: object) -> None:
    assert parse(redirect_to="https://evil.example/").redirect_to == "https://evil.example/"
    assert parse(redirect_to=target).redirect_to is None


@pytest.mark.parametrize("name", ["subject_line", "ak_hp_textarea"])
def test_a_filled_honeypot_is_noticed_and_no_fault(name: str) -> None:
    assert parse(**{name: "x"}).honeypot_filled is True
    assert parse(**{name: 1}).honeypot_filled is True
    for nothing in (None, "", " "):
        assert parse(**{name: nothing}).honeypot_filled is False


def test_unknown_fields_are_ignored() -> None:
    assert parse(status="published", id=1, site="x", nested={"a": [1]}).text == "Well said."


# --- what is printed and handed back ---


def test_nothing_that_was_typed_is_printed() -> None:
    secret = "canary"
    fields: dict[str, object] = dict.fromkeys(FIELD_NAMES, f"{secret}\x00") | {"email": f"{secret}@"}
    with pytest.raises(InvalidSubmission) as refused:
        parse_submission(fields, POLICY)
    error = refused.value
    shown = f"{error}{error!r}{error.args}{error.faults}{''.join(traceback.format_exception(error))}"
    assert secret not in shown
    assert secret not in repr(parse(author=secret, comment=secret, email=f"{secret}@paper.example"))


def test_details_are_sentences() -> None:
    with pytest.raises(InvalidSubmission) as refused:
        parse_submission({}, POLICY, page_required=True)
    assert all(fault.detail[0].isupper() and fault.detail.endswith(".") for fault in refused.value.faults)
    assert Fault("author", "required", "Please enter your name.") in refused.value.faults


def test_what_was_typed_comes_back_in_every_field_and_can_be_encoded() -> None:
    typed = typed_values(
        {
            "comment": "a\r\nb\x00\ud800\r",
            "url": "x\n",
            "author": 7,
            "email": [1],
            "comment_parent": "0",
            "other": "z",
        }
    )
    assert set(typed) == set(FIELD_NAMES)
    assert typed["comment"] == "a\nb\ufffd\ufffd\ufffd"
    assert (typed["website"], typed["author"], typed["email"], typed["parent_id"]) == ("x ", "7", "", "0")
    typed["comment"].encode()


def test_a_comment_that_is_too_long_comes_back_whole() -> None:
    with pytest.raises(InvalidSubmission) as refused:
        parse(comment="a" * 200_000)
    assert len(refused.value.typed["comment"]) == 200_000
    assert len(typed_values({"author": "a" * 9999})["author"]) == 9999


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from([name for names in FIELD_NAMES.values() for name in names] + ["subject_line", "x"])


@settings(max_examples=300)
@given(
    st.dictionaries(
        names, json_values | st.text(st.characters(categories=["Cs", "Cc", "Mn", "L"]), max_size=30)
    )
)
def test_any_fields_are_a_submission_or_faults(fields: dict[str, object]) -> None:
    result = outcome(fields)
    if isinstance(result, InvalidSubmission):
        assert result.faults
        assert "".join(result.typed.values()).encode() is not None
    else:
        assert 1 <= len(result.text.encode()) <= POLICY.comment_limit * 4


@pytest.mark.corpora
@pytest.mark.skipif(not CORPORA.exists(), reason="the hostile inputs are not here")
@pytest.mark.parametrize("name", ["blns", "strings_fuzzdb", "xss_fuzzdb", "unicode_confusables"])
@pytest.mark.parametrize("field", ["comment", "author", "website", "page_title"])
def test_a_hostile_text_is_kept_exactly_or_refused(name: str, field: str) -> None:
    with gzip.open(CORPORA / f"{name}.jsonl.gz", "rt") as rows:
        inputs = [json.loads(row)["input"] for row in rows]
    for typed in inputs:
        result = outcome(GOOD | {field: typed})
        if isinstance(result, InvalidSubmission):
            assert [fault.field for fault in result.faults] == [field]
        elif field == "comment":
            assert result.text == typed.replace("\r\n", "\n").strip()
        elif field == "author":
            assert result.author == typed.strip()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("author", "ada@example.org"),
        ("author", "Ada (ADA@Example.org)"),
        ("website", "https://paper.example/?me=ada%40example.org"),
        ("page_url", "https://paper.example/a?me=ada@example.org"),
    ],
)
def test_the_address_given_is_refused_where_everybody_would_read_it(field: str, value: str) -> None:
    with pytest.raises(InvalidSubmission) as refused:
        parse(email="Ada@example.org", **{field: value})
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [(field, "not_allowed")]


def test_a_title_that_holds_an_address_or_turns_the_line_round_is_not_taken_as_it_is() -> None:
    assert parse(page_title="Letters to ed@example.org").page_title is None
    assert parse(page_title="Deep \u202e<b>title</b>").page_title == "Deep <b>title</b>"
