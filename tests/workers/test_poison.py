"""A comment that breaks its check is held for a person, and takes no innocent one with it."""

from uuid import UUID

import orjson
import pytest

from service.domain.policy import Policy
from tests.factories import Paper
from tests.workers.processes import WorkerProcess
from tests.workers.waiting import decided

CAUGHT = {
    "hoard": "MemoryError",
    "grow": "MemoryError",
    "recurse": "RecursionError",
    "cancel": "CancelledError",
    "close": "GeneratorExit",
    "odd": "Odd",
    "object": "InvalidFinding",
    "surrogate": "InvalidFinding",
    "zero": "InvalidFinding",
    "endless": "InvalidFinding",
    "nothing": "InvalidFinding",
    "fail": "ValueError",
    "dawdle": "CheckTimedOut",
}
"""What fails inside its check: one attempt, one finding."""

DEADLY = ("exit", "crash", "quit", "interrupt", "spin", "stuck")
"""What takes its process with it, or would keep it for ever: as many attempts as there are."""


@pytest.fixture
def policy() -> Policy:
    return Policy(publish="auto")


async def post_between_innocents(paper: Paper, words: list[str]) -> tuple[dict[str, UUID], list[UUID]]:
    poison, innocent = {}, [await paper.post(text="plain words before")]
    for word in words:
        poison[word] = await paper.post(text=f"{word} whatever it does")
        innocent.append(await paper.post(text=f"plain words after {word}"))
    return poison, innocent


async def all_published_at_the_first_attempt(paper: Paper, innocent: list[UUID]) -> None:
    rows = [await paper.row(one) for one in innocent]
    assert [(row["status"], row["attempts"]) for row in rows] == [("published", 1)] * len(rows)
    assert [len(await paper.decisions(one)) for one in innocent] == [1] * len(rows)


async def test_what_goes_wrong_inside_a_check_costs_one_attempt_and_no_process(
    ready: WorkerProcess, paper: Paper
) -> None:
    children = ready.children()
    poison, innocent = await post_between_innocents(paper, list(CAUGHT))
    await decided(paper, *poison.values(), *innocent, process=ready)
    await all_published_at_the_first_attempt(paper, innocent)
    for word, detail in CAUGHT.items():
        assert await paper.status(poison[word]) == ("held", "check_failed"), word
        (decision,) = await paper.decisions(poison[word])
        details = [finding["detail"] for finding in orjson.loads(decision["findings"])]
        assert (word, details[-1], len(ready.seen(word))) == (word, detail, 1)
    assert ready.children() == children


@pytest.mark.parametrize("word", DEADLY)
async def test_a_check_that_ends_its_process_or_never_ends_is_tried_three_times(
    word: str, ready: WorkerProcess, paper: Paper
) -> None:
    poison, innocent = await post_between_innocents(paper, [word])
    await decided(paper, poison[word], *innocent, process=ready)
    await all_published_at_the_first_attempt(paper, innocent)
    assert await paper.status(poison[word]) == ("held", "check_failed")
    assert (await paper.row(poison[word]))["attempts"] == len(ready.seen(word)) == 3
    assert len(await paper.decisions(poison[word])) == 1
