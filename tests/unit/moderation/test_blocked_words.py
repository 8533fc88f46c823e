"""A site's own words: found in any dress, never inside another word."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.domain.finding import Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.checks import blocked_words
from service.moderation.text_view import fold
from tests.unit.moderation.factories import ANY_POLICY, make_evidence, marked


def _hits(entry: str, text: str) -> list[str]:
    return marked(blocked_words.check(make_evidence(text), Policy(blocked_words=(entry,))), text)


@pytest.mark.parametrize(
    ("entry", "text", "hits"),
    [
        ("cialis", "Buy Cialis!", ["Cialis"]),
        ("CIALIS", "buy cialis", ["cialis"]),
        ("cialis", "cialis", ["cialis"]),
        ("cialis", "cialis's (cialis) _cialis_ l'cialis cialis-shop", ["cialis"] * 5),
        (
            "cialis",
            "ｃｉａｌｉｓ ci\u200balis ci\u00adalis c\u0301ialis",
            ["ｃｉａｌｉｓ", "ci\u200balis", "ci\u00adalis", "c\u0301ialis"],
        ),
        ("cialis", "ci\u0430lis c\u0456alis", ["ci\u0430lis", "c\u0456alis"]),
        ("cialis", "c1alis c!alis ci@lis", ["c1alis", "c!alis", "ci@lis"]),
        ("paypal", "write to p\u0430ypal, please", ["p\u0430ypal"]),
        ("p\u0430yp\u0430l", "write to p\u0430yp\u0430l", ["p\u0430yp\u0430l"]),
        ("p\u0430yp\u0430l", "write to paypal1 or p\u0430ypal", ["p\u0430ypal"]),
        ("buy now", "Buy  now, BUY\nNOW", ["Buy  now", "BUY\nNOW"]),
        ("buy now", "bu\u0443 n\u043ew", ["bu\u0443 n\u043ew"]),
        ("c++", "I like C++ and c++11.", ["C++", "c++"]),
        ("at&t", "AT&T", ["AT&T"]),
        ("f*ck", "f*ck it", ["f*ck"]),
        ("$$$", "make $$$ fast", ["$$$"]),
        ("spam.example", "at spam.example/x", ["spam.example"]),
        ("straße", "STRASSE", ["STRASSE"]),
        ("idiot", "Idiöt", ["Idiöt"]),
        ("хуй", "ХУЙ х\u200bуй xyй х\u0443и\u0306", ["ХУЙ", "х\u200bуй", "xyй", "хуи\u0306"]),
        ("傻逼", "你是傻逼吗", ["傻逼"]),
        ("แม่", "ไอ้แม่มัน", ["แม่"]),
        ("बुरा", "यह बुरा है", ["बुरा"]),
        ("バカ", "このバカめ", ["バカ"]),
        ("바보", "이 바보 \u1107\u1161\u1107\u1169", ["바보", "\u1107\u1161\u1107\u1169"]),
        ("عيب", "هذا عَيب", ["عَيب"]),
        ("🖕", "so 🖕🖕", ["🖕", "🖕"]),
        ("new york", "new york new", ["new york"]),
        ("viagra", "v i a g r a, V.I.A.G.R.A v.1.@.g.r.a", ["v i a g r a", "V.I.A.G.R.A", "v.1.@.g.r.a"]),
        ("viagra", "via.gra viaaaagra", ["via.gra", "viaaaagra"]),
        ("caralho", "c a r a l h o", ["c a r a l h o"]),
        ("buy now", "b u y  n o w", ["b u y  n o w"]),
        ("shit", "$h!t 5h1t shiiiit", ["$h!t", "5h1t", "shiiiit"]),
        ("fuck", "f**k F*CK f#ck f@ck", ["f**k", "F*CK", "f#ck", "f@ck"]),
        ("fuck", "fcuk", ["fcuk"]),
        ("stupid", "sutpid stuipd stu pid st.upid", ["sutpid", "stuipd", "stu pid", "st.upid"]),
    ],
)
def test_a_listed_word_is_found(entry: str, text: str, hits: list[str]) -> None:
    assert _hits(entry, text) == hits


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("cialis", "a specialist, socialism, cialise, cialis100"),
        ("ass", "class, Galaxy A55, assess, as s"),
        ("ano", "este año, ano\u0303os"),
        ("cop", "сор, вор и двор"),
        ("сор", "a cop came"),
        ("buy now", "buy, now; buynow; buy then now"),
        ("new york city", "new york is large"),
        ("c++", "c+ and c"),
        ("c++", "abc++"),
        ("кур", "курица"),
        ("가방", "책가방, 가방끈"),
        ("バカ", "バカンス"),
        ("กู", "กู้เงิน"),
        ("कम", "कमल"),
        ("か", "が か\u3099"),
        ("le", "the 1e of it"),
        ("a", "b"),
        ("\u200b", "any text"),
        ("cialis", "a s p e c i a l i s t, spe cialist, special is"),
        ("form", "from here"),
        ("bat", "c*t b*th"),
        ("fuck", "f*** the f-word"),
        ("folk", "fl*k ****k"),
        ("ass", "a55, as s, a.s."),
        ("trail", "a trial"),
    ],
)
def test_a_word_inside_another_is_not(entry: str, text: str) -> None:
    assert _hits(entry, text) == []


def test_the_longest_entry_wins_and_hits_do_not_overlap() -> None:
    policy = Policy(blocked_words=("new", "new york", "york city", "new york times"))
    text = "new york city, New York Times, new"
    assert marked(blocked_words.check(make_evidence(text), policy), text) == [
        "new york",
        "New York Times",
        "new",
    ]


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [
        (Policy(), Outcome.PASS),
        (Policy(blocked_words=("other",), held_words=("thing",)), Outcome.PASS),
        (Policy(blocked_words=("mill",)), Outcome.REJECT),
        (Policy(held_words=("mill",)), Outcome.HOLD),
        (Policy(blocked_words=("mill",), held_words=("mill",)), Outcome.REJECT),
        (Policy(blocked_words=("other",), held_words=("mill",)), Outcome.HOLD),
    ],
)
def test_a_blocked_word_rejects_and_a_held_word_holds(policy: Policy, outcome: Outcome) -> None:
    finding = blocked_words.check(make_evidence("by the mill"), policy)
    assert (finding.check, finding.outcome) == ("blocked_words", outcome)
    assert finding.reason == (None if outcome is Outcome.PASS else Reason.BLOCKED_WORD)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("sh!t", Outcome.REJECT),
        ("s h i t", Outcome.REJECT),
        ("s**t", Outcome.HOLD),
        ("shti is no word, siht is none", Outcome.HOLD),
        ("s**t and shit", Outcome.REJECT),
    ],
)
def test_a_word_that_is_only_guessed_goes_to_a_person(text: str, outcome: Outcome) -> None:
    finding = blocked_words.check(make_evidence(text), Policy(blocked_words=("shit",)))
    assert finding.outcome is outcome


def test_the_longest_of_two_hits_at_one_place_is_shown() -> None:
    assert _hits("new york", "new y.o.r.k") == ["new y.o.r.k"]
    several = Policy(blocked_words=("a", "viagra"))
    assert marked(blocked_words.check(make_evidence("v.i.a.g.r.a"), several), "v.i.a.g.r.a") == [
        "v.i.a.g.r.a"
    ]
    text = "n e w  y o r k"
    policy = Policy(blocked_words=("new", "new york"))
    assert marked(blocked_words.check(make_evidence(text), policy), text) == [text]


@pytest.mark.parametrize(
    ("text", "author", "website", "detail", "spans"),
    [
        ("bad bad", "Anna", None, "listed words: 2 in the text", 2),
        ("fine", "Bad Anna", None, "listed words: 1 in the author's name", 0),
        ("fine", "b\u0430d", None, "listed words: 1 in the author's name", 0),
        ("fine", "Anna", "https://bad.example/", "listed words: 1 in the website", 0),
        (
            "bad",
            "Bad",
            "https://bad.example",
            "listed words: 1 in the text, 1 in the author's name, 1 in the website",
            1,
        ),
    ],
)
def test_the_detail_says_where_and_never_what(
    text: str, author: str, website: str | None, detail: str, spans: int
) -> None:
    evidence = make_evidence(text, author=author, website=website)
    finding = blocked_words.check(evidence, Policy(blocked_words=("bad",)))
    assert (finding.outcome, finding.detail, len(finding.spans)) == (Outcome.REJECT, detail, spans)


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=10), max_size=5))
def test_any_list_over_any_text_marks_parts_of_the_text(text: str, entries: list[str]) -> None:
    finding = blocked_words.check(make_evidence(text, author=text), Policy(held_words=tuple(entries)))
    assert all(0 <= span.start < span.end <= len(text) for span in finding.spans)


@given(st.text(st.characters(categories=["Ll", "Lu", "Lo"]), min_size=1, max_size=10))
def test_a_word_made_of_letters_finds_itself(word: str) -> None:
    assume(fold(word))
    text = f"1, {word}!"
    assert len(blocked_words.check(make_evidence(text), Policy(held_words=(word,))).spans) == 1


def test_no_list_is_a_pass() -> None:
    assert blocked_words.check(make_evidence("anything"), ANY_POLICY).outcome is Outcome.PASS
