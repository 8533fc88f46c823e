"""A candidate is held against what was decided, by the rows of a real database."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import Any

import pytest

from service.domain.policy import Policy
from service.storage import sites
from service.storage.pool import Connection, Pool, connection
from service.usecases import backtest as module
from service.usecases.backtest import BacktestFailed, Wish, backtest, processes
from tests.factories import Paper, make_site, set_policy
from tests.usecases.checking import rules, run

LINKS = "See http://a.example and http://b.example and http://c.example, number {}."


@pytest.fixture
def policy() -> Policy:
    """Clean comments are published by the checks."""
    return rules()


@pytest.fixture
def threads() -> Iterator[Executor]:
    """Quick to start; the command line has processes."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


async def nothing(_so_far: int) -> None:
    return None


async def try_(paper: Paper, pool: Executor, candidate: Policy, *, last: int = 1000) -> dict[str, Any]:
    async def read(work: Callable[[Connection], Awaitable[Any]]) -> Any:
        async with connection(paper.web) as held:
            return await work(held)

    wish = Wish(paper.site, candidate, last)
    return await backtest(read, pool, wish, at_once=2, progress=nothing)


async def test_a_rule_that_would_hold_what_people_approve_is_caught(
    paper: Paper, worker: Pool, threads: Executor
) -> None:
    clean = [await paper.post() for _ in range(4)]
    with_links = [await paper.post(text=LINKS.format(number)) for number in range(3)]
    await run(worker)
    for comment_id in with_links[:2]:
        await paper.decide(comment_id, "approve")
    await paper.decide(with_links[2], "spam")
    report = await try_(paper, threads, rules(max_links=5, held_words=("mill",)))
    assert report["summary"] == [
        "would have published 1 that you rejected or called spam",
        "would have published 3 more, 2 of which you approved",
        "would have held 4 more, none of which a person has decided",
    ]
    held = next(move for move in report["moves"] if move["to"] == "held")
    assert {example["id"] for example in held["examples"]} == {str(one) for one in clean}
    assert {example["rule"] for example in held["examples"]} == {"held_words.0"}
    published = next(move for move in report["moves"] if move["to"] == "published")
    assert published["examples"][0] == {
        "id": str(with_links[2]), "people": "spam", "rule_live": "max_links", "rule": "publish",
    }  # fmt: skip
    assert report["decided_otherwise_then"] == 0
    assert (report["comments"], report["skipped"], report["live_version"]) == (7, 0, 1)


async def test_what_the_checks_said_is_used_again_and_only_what_changed_runs(
    paper: Paper, worker: Pool, threads: Executor
) -> None:
    for number in range(3):
        await paper.post(text=LINKS.format(number))
    await run(worker)
    same = await try_(paper, threads, rules(checks={"links": {"action": "spam"}}))
    assert (same["findings"]["run"], same["not_replayed"]) == (0, [])
    assert same["findings"]["reused"] >= 3 * 9
    assert same["summary"] == ["would have called spam 3 more, none of which a person has decided"]
    other = await try_(paper, threads, rules(max_links=1))
    assert other["findings"]["run"] == 3


async def test_the_candidate_is_held_against_todays_policy_and_the_past_is_counted(
    paper: Paper, worker: Pool, threads: Executor
) -> None:
    await paper.post(text=LINKS.format(1))
    await run(worker)
    await set_policy(paper.owner, paper.site, rules(max_links=9))
    paper.site = (await _again(paper)).site
    report = await try_(paper, threads, rules(max_links=2))
    assert (report["decided_otherwise_then"], report["live_version"]) == (1, 2)
    assert [(move["from"], move["to"]) for move in report["moves"]] == [("published", "held")]


async def _again(paper: Paper) -> Paper:
    found = await sites.find_site(paper.owner, paper.site.slug)
    assert found is not None
    paper.site = found
    return paper


async def test_what_the_checks_never_saw_is_left_out_and_so_is_what_was_erased(
    paper: Paper, worker: Pool, threads: Executor
) -> None:
    await paper.post()
    await run(worker)
    await paper.post_published()  # by a person, before any check
    report = await try_(paper, threads, rules())
    assert (report["comments"], report["skipped"]) == (1, 1)
    await paper.owner.execute("SELECT make_tombstone(site_id, id, 'request') FROM comment")
    report = await try_(paper, threads, rules())
    assert (report["comments"], report["skipped"]) == (0, 0)


async def test_only_the_latest_are_tried_a_part_at_a_time(
    paper: Paper, worker: Pool, threads: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [await paper.post() for _ in range(7)]
    await run(worker)
    monkeypatch.setattr(module, "PART", 2)
    report = await try_(paper, threads, rules(publish="review"), last=5)
    assert report["comments"] == 5
    (move,) = report["moves"]
    assert {example["id"] for example in move["examples"]} == {str(one) for one in ids[2:]}


async def test_what_was_counted_at_the_moment_is_told_and_stays_as_it_was(
    paper: Paper, worker: Pool, threads: Executor
) -> None:
    off = {"repeats": {"on": False}}
    await set_policy(paper.owner, paper.site, rules(checks=off))
    await _again(paper)
    for _ in range(2):
        await paper.post(text="Short.")
    await run(worker)
    report = await try_(paper, threads, rules())
    assert report["not_replayed"] == [{"check": "repeats", "comments": 2}]


async def test_another_sites_comments_are_not_looked_at(
    paper: Paper, worker: Pool, threads: Executor
) -> None:
    await paper.post()
    await run(worker)
    other = replace(paper.site, id=(await make_site(paper.owner, "other", Policy())).id)
    report = await try_(replace(paper, site=other), threads, rules())
    assert (report["comments"], report["skipped"]) == (0, 0)


async def test_processes_judge_as_threads_do_and_a_dead_one_is_told(paper: Paper, worker: Pool) -> None:
    await paper.post(text=LINKS.format(1))
    await run(worker)
    with processes(1) as pool:
        report = await try_(paper, pool, rules(max_links=5))
        assert report["summary"] == ["would have published 1 more, none of which a person has decided"]
        with pytest.raises(BrokenProcessPool):
            await asyncio.get_running_loop().run_in_executor(pool, os._exit, 1)
        with pytest.raises(BacktestFailed, match="died"):
            await try_(paper, pool, rules())


async def test_what_automation_would_publish_is_judged_by_what_the_sites_decisions_bear_out(
    paper: Paper, worker: Pool, threads: Executor
) -> None:
    await set_policy(paper.owner, paper.site, Policy(publish="review"))
    await _again(paper)
    await paper.post(text="Is there more about the harbour on https://paper.example/archive ?")
    await run(worker)
    auto = Policy(publish="auto")
    assert (await try_(paper, threads, auto))["changed"] == 1
    await paper.owner.execute(
        "INSERT INTO site_learning (site_id, thresholds) SELECT id, $1 FROM site",
        '{"publish": {"threshold": 0.0, "promise": 0.98}}',
    )
    report = await try_(paper, threads, auto)
    assert report["changed"] == 0
