"""What a check says it reads of a policy is all that it reads: its finding may be used again by that."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from service.domain.policy import Policy
from service.moderation.evidence import Evidence
from service.moderation.pipeline import CHECKS, Check
from tests.unit.moderation.factories import make_evidence

BY_NAME = {check.NAME: check for check in CHECKS}
WIDE = Policy.model_validate({
    "publish": "auto",
    "blocked_words": ["casino"],
    "held_words": ["harbour"],
    "blocked_patterns": ["never here"],
    "held_patterns": ["mill"],
    "word_lists": [{"name": "rude", "words": ["nitwit"], "exceptions": ["no nitwit"]}],
    "languages": ["en"],
    "reserved_names": ["The Editor"],
    "blocked_domains": ["casino.example"],
    "trusted_domains": ["paper.example"],
})  # fmt: skip
"""Every list has something in it, so that no check turns back at an empty one."""

TEXTS = (
    make_evidence(),
    make_evidence("BUY NOW AT casino.example, paper.example, c.example OR me@d.example", author="The Editor"),
    make_evidence("Was für ein nitwit, sagte die Bürgermeisterin der Stadt am Hafen gestern zu mir."),
    make_evidence(repeats_by_others=9, repeats_by_author=1, honeypot_filled=True, seconds_to_fill=0.1),
)


class Recorder:
    """A policy that remembers which of its fields were asked for."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        if name in Policy.model_fields or name == "of_check":
            self.asked.add("checks" if name == "of_check" else name)
        return getattr(self._policy, name)


def fields_read(check: Callable[[Evidence, Policy], object], policy: Policy = WIDE) -> set[str]:
    """What it asks of the policy, over all `TEXTS`."""
    recorder = Recorder(policy)
    for evidence in TEXTS:
        check(evidence, cast("Policy", recorder))
    return recorder.asked


@pytest.mark.parametrize("name", list(BY_NAME))
def test_a_check_reads_of_the_policy_what_it_says_and_nothing_else(name: str) -> None:
    check: Check = BY_NAME[name]
    assert set(check.READS) <= set(Policy.model_fields)
    for publish in ("auto", "first", "review"):
        assert fields_read(check.check, WIDE.model_copy(update={"publish": publish})) <= set(check.READS)


@pytest.mark.parametrize("name", [name for name, check in BY_NAME.items() if check.READS])
def test_a_check_says_of_no_field_that_it_reads_it_when_it_does_not(name: str) -> None:
    read = fields_read(BY_NAME[name].check)
    assert set(BY_NAME[name].READS) == read


def test_the_recorder_sees_what_is_read() -> None:
    assert fields_read(lambda _evidence, policy: policy.of_check("links")) == {"checks"}
    assert fields_read(lambda _evidence, policy: policy.max_links) == {"max_links"}
