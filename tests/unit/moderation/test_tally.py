"""A backtest says in figures and sentences what would have been, and nobody's words."""

import pickle

from service.domain.status import Status
from service.moderation.backtest.report import report_of, sentences
from service.moderation.backtest.tally import EXAMPLES, Tally, people_said
from service.moderation.judge import Verdict

PUBLISHED = Verdict(Status.PUBLISHED, rule="publish")
HELD = Verdict(Status.HELD, None, "links", "max_links")
SPAM = Verdict(Status.SPAM, None, "honeypot", "checks.honeypot")


def tally_of(*counted: tuple[Verdict, Verdict, str, int]) -> Tally:
    tally = Tally()
    for live, candidate, people, times in counted:
        for _ in range(times):
            tally.count(f"id-{tally.comments}", live, candidate, people)
    return tally


def test_the_sentences_are_those_that_an_editor_asks_for() -> None:
    tally = tally_of(
        (PUBLISHED, HELD, "approved", 38),
        (PUBLISHED, HELD, "nobody", 3),
        (HELD, PUBLISHED, "rejected", 100),
        (HELD, PUBLISHED, "spam", 20),
        (HELD, HELD, "approved", 5),
    )
    assert sentences(tally) == [
        "would have published 120 that you rejected or called spam",
        "would have published 120 more, 0 of which you approved",
        "would have held 41 more, 38 of which you approved and 3 nobody has decided",
    ]
    assert sentences(tally_of((HELD, HELD, "approved", 5))) == ["would have decided nothing otherwise"]
    assert sentences(tally_of((PUBLISHED, SPAM, "nobody", 2))) == [
        "would have called spam 2 more, none of which a person has decided"
    ]


def test_the_report_counts_moves_checks_and_people() -> None:
    report = report_of(tally_of((PUBLISHED, HELD, "approved", 9), (HELD, SPAM, "rejected", 2)))
    moved = {(move["from"], move["to"]): move["count"] for move in report["moves"]}
    assert moved == {("published", "held"): 9, ("held", "spam"): 2}
    assert (report["comments"], report["changed"]) == (11, 11)
    by_check = {one["check"]: one for one in report["checks"]}
    assert (by_check["links"]["decided_live"], by_check["links"]["decided_candidate"]) == (2, 9)
    assert by_check["links"]["gained"]["approved"] == 9
    assert by_check["links"]["lost"]["rejected"] == 2
    assert by_check["honeypot"]["gained"]["rejected"] == 2
    assert report["agreement"] == {
        "live": {"right": 9, "wrong": 0, "asked": 2},
        "candidate": {"right": 2, "wrong": 0, "asked": 9},
    }


def test_what_is_published_against_people_is_wrong_and_what_is_held_is_asked() -> None:
    tally = tally_of(
        (HELD, PUBLISHED, "spam", 3), (HELD, SPAM, "approved", 2), (HELD, PUBLISHED, "nobody", 7)
    )
    assert report_of(tally)["agreement"] == {
        "live": {"right": 0, "wrong": 0, "asked": 5},
        "candidate": {"right": 0, "wrong": 5, "asked": 0},
    }


def test_there_are_a_few_examples_of_each_kind_those_against_people_first() -> None:
    tally = tally_of((HELD, PUBLISHED, "nobody", 50), (HELD, PUBLISHED, "spam", 1))
    (move,) = report_of(tally)["moves"]
    assert [example["people"] for example in move["examples"]] == ["spam"] + ["nobody"] * EXAMPLES
    assert move["examples"][0] == {
        "id": "id-50", "people": "spam", "rule_live": "max_links", "rule": "publish",
    }  # fmt: skip


def test_parts_add_up_to_the_whole_whichever_way_they_came() -> None:
    rows = [(PUBLISHED, HELD, "approved", 4), (HELD, SPAM, "nobody", 3), (SPAM, SPAM, "spam", 2)]
    whole, sum_of_parts = tally_of(*rows), Tally()
    whole.missing["repeats"] = 6
    for part in (tally_of(row) for row in rows):
        part.missing["repeats"] = 2
        sum_of_parts.add(pickle.loads(pickle.dumps(part)))  # noqa: S301  (our own, as a process hands it over)
    expected, found = report_of(whole), report_of(sum_of_parts)
    for report in (expected, found):
        for move in report["moves"]:
            del move["examples"]
    assert found == expected


def test_a_hold_by_a_person_is_no_answer_yet() -> None:
    assert [people_said(status) for status in ("published", "rejected", "spam", "held", None)] == [
        "approved", "rejected", "spam", "nobody", "nobody",
    ]  # fmt: skip
