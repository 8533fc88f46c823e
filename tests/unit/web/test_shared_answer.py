"""An answer for many is asked for once."""

import asyncio

import pytest

from service.web.shared_answer import SharedAnswer


class Question:
    """Counts how often it is asked and answers with that number, when it is let go."""

    def __init__(self) -> None:
        self.asked = 0
        self.now = 0.0
        self.go = asyncio.Event()
        self.fails = False

    async def __call__(self) -> int:
        self.asked += 1
        await self.go.wait()
        if self.fails:
            raise OSError
        return self.asked

    def clock(self) -> float:
        return self.now


@pytest.fixture
def question() -> Question:
    return Question()


@pytest.fixture
def shared(question: Question) -> SharedAnswer[int]:
    return SharedAnswer(question, clock=question.clock)


async def test_many_at_once_ask_once(question: Question, shared: SharedAnswer[int]) -> None:
    asking = [asyncio.create_task(shared.get()) for _ in range(50)]
    await asyncio.sleep(0)
    question.go.set()
    assert await asyncio.gather(*asking) == [1] * 50


async def test_an_answer_is_good_for_a_second(question: Question, shared: SharedAnswer[int]) -> None:
    question.go.set()
    told = []
    for at in (0.0, 0.5, 0.99, 1.0, 1.5, 2.0):
        question.now = at
        told.append(await shared.get())
    assert told == [1, 1, 1, 2, 2, 3]


async def test_a_failure_is_told_to_all_who_waited_and_not_remembered(
    question: Question, shared: SharedAnswer[int]
) -> None:
    question.fails = True
    question.go.set()
    failed = await asyncio.gather(*(shared.get() for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in failed] == [OSError] * 3
    assert question.asked == 1
    question.fails = False
    assert await shared.get() == 2


async def test_who_gives_up_waiting_does_not_end_it_for_the_others(
    question: Question, shared: SharedAnswer[int]
) -> None:
    impatient, patient = asyncio.create_task(shared.get()), asyncio.create_task(shared.get())
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0)
    question.go.set()
    assert await patient == 1
    assert impatient.cancelled()
