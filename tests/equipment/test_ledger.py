"""The account finds what is lost, doubled, altered, made up or overruled, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.equipment.ledger import Entry, Ledger, Outcome, Stored, balance


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path / "ledger.jsonl")
    yield made
    made.close()


def sent(ledger: Ledger, seq: int = 1, outcome: Outcome | None = Outcome.OK) -> Entry:
    """One reply, answered as told; its id is `id-SEQ`."""
    entry = ledger.will_send("paper", "c", seq, f"key-{seq}", f"text {seq}")
    if outcome is not None:
        ledger.answered(entry, outcome, 0.1, f"id-{seq}" if outcome is Outcome.OK else None)
    return entry


def stored(seq: int = 1, text: str | None = None, status: str = "held", version: int = 2) -> Stored:
    return Stored(f"id-{seq}", text or f"text {seq}", status, version)


def test_what_was_acknowledged_and_is_stored_once_is_in_order(ledger: Ledger) -> None:
    sent(ledger)
    result = balance(ledger, [stored()])
    assert (result.acknowledged, result.faults) == (1, [])


def test_what_was_acknowledged_and_is_not_there_is_lost(ledger: Ledger) -> None:
    sent(ledger)
    assert balance(ledger, []).lost == 1


def test_one_altered_character_is_a_loss(ledger: Ledger) -> None:
    sent(ledger)
    result = balance(ledger, [stored(text="text 1 ")])
    assert (result.lost, result.foreign) == (1, 1)


def test_what_is_stored_twice_is_doubled(ledger: Ledger) -> None:
    sent(ledger)
    assert balance(ledger, [stored(), Stored("id-9", "text 1", "held", 2)]).doubled == 1


def test_two_ids_for_one_key_are_a_double_even_if_one_is_gone(ledger: Ledger) -> None:
    entry = sent(ledger)
    ledger.answered(entry, Outcome.OK, 0.1, "id-9")
    assert balance(ledger, [stored()]).doubled == 1


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, None])
@pytest.mark.parametrize("is_there", [True, False])
def test_what_got_no_promise_may_be_there_or_not(ledger: Ledger, outcome: Outcome, is_there: bool) -> None:
    sent(ledger, outcome=outcome)
    assert balance(ledger, [stored()] if is_there else []).faults == []


def test_what_was_refused_must_not_be_there(ledger: Ledger) -> None:
    sent(ledger, outcome=Outcome.FAIL)
    assert balance(ledger, [stored()]).foreign == 1


def test_a_refusal_after_a_try_that_nobody_knows_of_promises_nothing(ledger: Ledger) -> None:
    entry = sent(ledger, outcome=Outcome.UNKNOWN)
    ledger.answered(entry, Outcome.FAIL, 0.1)
    assert balance(ledger, [stored()]).faults == []


def test_what_nobody_sent_is_foreign(ledger: Ledger) -> None:
    assert balance(ledger, [stored()]).foreign == 1


def test_a_promise_stays_one_whatever_is_answered_later(ledger: Ledger) -> None:
    entry = sent(ledger)
    ledger.answered(entry, Outcome.UNKNOWN, 0.1)
    assert balance(ledger, []).lost == 1


@pytest.mark.parametrize(("status", "version"), [("spam", 4), ("spam", 3), ("rejected", 4)])
def test_a_moderators_decision_that_was_acknowledged_must_stand(
    ledger: Ledger, status: str, version: int
) -> None:
    sent(ledger)
    ledger.ruled("id-1", "rejected", 3)
    assert balance(ledger, [stored(status=status, version=version)]).overruled == 1
    assert balance(ledger, [stored(status="rejected", version=3)]).faults == []


def test_the_ledger_is_on_disk_before_anything_is_sent_and_holds_no_text(
    ledger: Ledger, tmp_path: Path
) -> None:
    entry = sent(ledger, outcome=None)
    text = (tmp_path / "ledger.jsonl").read_text(encoding="utf-8")
    assert entry.digest in text
    assert entry.text not in text
