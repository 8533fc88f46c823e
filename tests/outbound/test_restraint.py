"""How often a service is asked: a rate, a rest after failures, and a probe now and then."""

import asyncio
from datetime import UTC, datetime

import pytest
import structlog

from service.outbound.breaker import CircuitBreaker
from service.outbound.bucket import TokenBucket
from service.outbound.errors import AskedToWait, BadAnswer, BudgetSpent, Refused, Resting, TooOften
from service.outbound.outside_service import OutsideService
from service.outbound.restraint import Restraint
from service.outbound.waiting import seconds_to_wait


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def breaker(clock: Clock, jitter: float = 0.0) -> CircuitBreaker:
    return CircuitBreaker(failures=3, rest_s=10, longest_rest_s=60, clock=clock, jitter=lambda: jitter)


def test_failures_in_a_row_open_it_and_a_success_between_them_does_not() -> None:
    one = breaker(Clock())
    for _ in range(5):
        one.failed()
        one.failed()
        one.succeeded()
    assert one.may_ask()
    assert not one.is_open
    for _ in range(3):
        one.failed()
    assert one.is_open
    assert not one.may_ask()


def test_after_a_rest_one_probe_goes_through_and_a_good_one_closes_it() -> None:
    clock = Clock()
    one = breaker(clock)
    for _ in range(3):
        one.failed()
    clock.now += 9.9
    assert not one.may_ask()
    clock.now += 0.2
    assert [one.may_ask() for _ in range(3)] == [True, False, False]
    one.succeeded()
    assert [one.may_ask() for _ in range(3)] == [True, True, True]


def test_each_bad_probe_doubles_the_rest_up_to_the_longest() -> None:
    clock = Clock()
    one = breaker(clock)
    for _ in range(3):
        one.failed()
    for rest_s in (10, 20, 40, 60, 60):
        clock.now += rest_s - 0.1
        assert not one.may_ask()
        clock.now += 0.2
        assert one.may_ask()
        one.failed()


def test_a_probe_that_is_never_reported_is_not_the_last() -> None:
    clock = Clock()
    one = breaker(clock)
    for _ in range(3):
        one.failed()
    clock.now += 11
    assert one.may_ask()
    clock.now += 11
    assert one.may_ask()


def test_processes_do_not_probe_at_the_same_time() -> None:
    clock = Clock()
    early, late = breaker(clock, 0.0), breaker(clock, 1.0)
    for _ in range(3):
        early.failed()
        late.failed()
    clock.now += 10.1
    assert (early.may_ask(), late.may_ask()) == (True, False)
    clock.now += 5
    assert late.may_ask()


def test_a_bucket_gives_a_burst_and_then_its_rate() -> None:
    clock = Clock()
    bucket = TokenBucket(rate=2, burst=5, clock=clock)
    assert [bucket.take() for _ in range(6)] == [True] * 5 + [False]
    clock.now += 0.4
    assert not bucket.take()
    clock.now += 0.1
    assert [bucket.take(), bucket.take()] == [True, False]
    clock.now += 3600
    assert [bucket.take() for _ in range(6)] == [True] * 5 + [False]


def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing() -> None:
    clock = Clock()
    bucket = TokenBucket(rate=1, burst=1, clock=clock)
    assert bucket.take()
    clock.now -= 100
    assert not bucket.take()
    clock.now += 1
    assert bucket.take()


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (1, 0)])
def test_a_bucket_that_never_gives_is_refused(rate: float, burst: int) -> None:
    with pytest.raises(ValueError, match="bucket"):
        TokenBucket(rate, burst)


class Failing:
    """Gives no answer until it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.works = False

    async def __call__(self, document: object) -> object:
        self.asked += 1
        if not self.works:
            raise BadAnswer
        return document


async def test_a_service_that_fails_is_asked_no_more_and_heals_by_itself() -> None:
    clock, failing = Clock(), Failing()
    service = OutsideService("spam", failing, TokenBucket(100, 100, clock), breaker(clock))
    with structlog.testing.capture_logs() as lines:
        assert [await service.answer("text") for _ in range(10)] == [None] * 10
    assert failing.asked == 3
    assert {line["error"] for line in lines} == {"BadAnswer", "Resting"}
    assert "text" not in str(lines)
    clock.now += 11
    failing.works = True
    assert [await service.answer("text") for _ in range(3)] == ["text"] * 3


async def test_a_service_is_not_asked_more_often_than_it_may_be() -> None:
    clock, working = Clock(), Failing()
    working.works = True
    service = OutsideService("spam", working, TokenBucket(1, 2, clock), breaker(clock))
    assert [await service.answer(number) for number in range(4)] == [0, 1, None, None]
    assert not service.breaker.is_open


async def test_a_service_that_asks_to_be_left_alone_is_left_alone_for_so_long() -> None:
    clock = Clock()
    restraint = Restraint(TokenBucket(100, 100, clock), breaker(clock))
    asked = 0

    async def busy() -> None:
        nonlocal asked
        asked += 1
        raise AskedToWait(40)

    with pytest.raises(AskedToWait):
        await restraint.run(busy)
    for later in (0, 39.9):
        clock.now = 1000 + later
        with pytest.raises(Resting):
            await restraint.run(busy)
    clock.now = 1040.1
    with pytest.raises(AskedToWait):
        await restraint.run(busy)
    assert asked == 2


@pytest.mark.parametrize(("seconds", "rests"), [(None, 10), (0, 10), (3, 10), (40, 40), (10**6, 60)])
def test_how_long_a_service_may_have_us_wait_has_two_ends(seconds: float | None, rests: float) -> None:
    clock = Clock()
    one = breaker(clock)
    one.wait(seconds)
    clock.now += rests - 0.1
    assert one.is_resting
    clock.now += 0.2
    assert one.may_ask()


async def test_what_is_not_asked_for_another_reason_costs_nothing_of_the_budget() -> None:
    clock, spent = Clock(), 0

    async def spend() -> bool:
        nonlocal spent
        spent += 1
        return spent <= 2

    async def failing() -> None:
        raise BadAnswer

    restraint = Restraint(TokenBucket(1, 4, clock), CircuitBreaker(10, 10, clock=clock))
    for expected in (BadAnswer, BadAnswer, BudgetSpent, BudgetSpent):
        with pytest.raises(expected):
            await restraint.run(failing, spend)
    with pytest.raises(TooOften):
        await restraint.run(failing, spend)
    assert spent == 4
    restraint.breaker.wait(100)
    clock.now += 5
    with pytest.raises(Resting):
        await restraint.run(failing, spend)
    assert spent == 4


async def test_a_spent_budget_is_no_failure_of_the_service() -> None:
    clock = Clock()
    restraint = Restraint(TokenBucket(100, 100, clock), breaker(clock))
    for _ in range(10):
        with pytest.raises(BudgetSpent):
            await restraint.run(asyncio.Event().wait, lambda: asyncio.sleep(0, result=False))
    assert not restraint.breaker.is_open


async def test_a_question_that_is_refused_says_nothing_about_the_next_one() -> None:
    clock = Clock()
    restraint = Restraint(TokenBucket(100, 100, clock), breaker(clock))

    async def refusing() -> None:
        raise Refused

    async def failing() -> None:
        raise BadAnswer

    for _ in range(10):
        with pytest.raises(Refused):
            await restraint.run(refusing)
    assert not restraint.breaker.is_open
    for _ in range(2):
        with pytest.raises(BadAnswer):
            await restraint.run(failing)
        with pytest.raises(Refused):
            await restraint.run(refusing)
    with pytest.raises(BadAnswer):
        await restraint.run(failing)
    assert restraint.breaker.is_open, "and it is no sign of health either"


async def test_who_has_patience_waits_for_a_turn() -> None:
    restraint = Restraint(TokenBucket(50, 1), patience_s=5)
    answers = [await restraint.run(lambda: asyncio.sleep(0, result="asked")) for _ in range(4)]
    assert answers == ["asked"] * 4


async def test_whoever_is_asked_and_given_up_has_failed() -> None:
    restraint = Restraint(TokenBucket(100, 100), CircuitBreaker(1, 10))
    asking = asyncio.create_task(restraint.run(asyncio.Event().wait))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert restraint.breaker.is_open


NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None), ("", None), ("60", 60), (" 60 ", 60), ("0", 0), ("1.5", None), ("-1", None),
        ("soon", None),
        ("9999999", None), ("Sun, 22 Nov 2026 12:01:30 GMT", 90), ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("Sun, 22 Nov 2026 12:01:30 -0000", 90), ("Sun, 22 Nov 2026 25:00:00 GMT", None),
    ],
)  # fmt: skip
def test_a_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert seconds_to_wait(header, now=NOW) == seconds
