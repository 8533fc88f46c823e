"""A candidate is watched beside the live policy: it goes on record, and nothing live knows of it."""

from datetime import timedelta
from typing import Any

import pytest

from service.domain.policy import Policy
from service.storage import shadows
from service.storage.pool import Pool, in_transaction
from service.usecases import shadow as module
from service.usecases.sweep import SHADOWS_KEPT
from service.usecases.watch_candidate import begin, end, watching
from tests.factories import Paper, make_site
from tests.usecases.checking import make_desk, never, rules, run

HOLDS_MILLS = rules(held_words=("mill",))


@pytest.fixture
def policy() -> Policy:
    """Clean comments are published by the checks."""
    return rules()


async def watch(paper: Paper, policy: Policy = HOLDS_MILLS) -> None:
    await in_transaction(paper.web, lambda held: begin(held, paper.site.id, policy, note="try mills"))


async def report(paper: Paper) -> dict[str, Any]:
    async with paper.web.acquire() as held:
        found = await watching(held, paper.site.id)
    assert found is not None
    return found.document()


async def test_what_it_would_have_decided_is_recorded_and_the_live_decision_stays(
    paper: Paper, worker: Pool
) -> None:
    await watch(paper)
    mill, calm = await paper.post(), await paper.post(text="A calm harbour, well described.")
    assert await run(worker) == 2
    for comment_id in (mill, calm):
        assert await paper.status(comment_id) == ("published", None)
        assert len(await paper.decisions(comment_id)) == 1
    found = await report(paper)
    assert found["report"]["comments"] == 2
    (move,) = found["report"]["moves"]
    assert (move["from"], move["to"], move["count"]) == ("published", "held", 1)
    assert (move["examples"][0]["id"], move["examples"][0]["rule"]) == (str(mill), "held_words.0")
    assert (found["note"], found["failures"]) == ("try mills", {})


async def test_it_is_held_against_people_too(paper: Paper, worker: Pool) -> None:
    await watch(paper, rules(max_links=9))
    links = await paper.post(text="http://a.example http://b.example http://c.example")
    await run(worker)
    await paper.decide(links, "spam")
    found = await report(paper)
    assert found["report"]["agreement"]["candidate"] == {"right": 0, "wrong": 1, "asked": 0}
    assert found["report"]["agreement"]["live"] == {"right": 0, "wrong": 0, "asked": 1}


async def test_it_sees_the_evidence_of_the_moment(paper: Paper, worker: Pool) -> None:
    off = {"repeats": {"on": False}, "near_duplicates": {"on": False}}
    await paper.owner.execute("UPDATE policy SET document = $1", rules(checks=off).model_dump_json())
    await watch(paper, rules())
    text = "The very same words about the mill by the river, twice."
    for _ in range(3):
        await paper.post(text=text)
    await run(worker)
    found = await report(paper)
    assert [(one["from"], one["to"], one["count"]) for one in found["report"]["moves"]] == [
        ("published", "held", 1)
    ]


async def test_a_candidate_that_fails_is_noted_and_decides_nothing(
    paper: Paper, worker: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    await watch(paper)
    monkeypatch.setattr(module, "Replayer", fail)
    comment_id = await paper.post()
    assert await run(worker) == 1
    assert (await paper.status(comment_id))[0] == "published"
    found = await report(paper)
    assert (found["failures"], found["report"]["comments"]) == ({"ZeroDivisionError": 1}, 0)


async def test_a_record_that_cannot_be_written_hurts_nothing_live(
    paper: Paper, worker: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError

    await watch(paper)
    monkeypatch.setattr(shadows, "record", fail)
    await paper.post()
    assert await run(worker) == 1


async def test_everything_live_is_decided_before_a_candidate_is_asked(
    paper: Paper, worker: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending: list[int] = []
    replay = module.Replayer.replay

    def note(self: Any, past: Any) -> Any:
        pending.append(len(desk.shadow._waiting))
        return replay(self, past)

    await watch(paper)
    monkeypatch.setattr(module, "AT_ONCE", 2)
    for _ in range(7):
        await paper.post()
    desk = make_desk(worker, batch=3)
    asked = iter([False] * 3)
    decided = await desk.check_due(lambda: next(asked, True))
    assert decided == 2  # should_stop is asked before each: the rest waits, and so does the candidate
    assert await paper.count("shadow_verdict") == 0
    monkeypatch.setattr(module.Replayer, "replay", note)
    assert await desk.check_due(never) == 5
    assert (pending, await paper.count("shadow_verdict")) == ([5, 5, 3, 3, 1, 1, 0], 7)


async def test_more_than_can_be_watched_is_forgotten_and_not_kept(paper: Paper, worker: Pool) -> None:
    desk = make_desk(worker)
    assert desk.shadow._waiting.maxlen == module.MOST_WAITING


async def test_where_none_is_watched_nothing_is_recorded(paper: Paper, worker: Pool) -> None:
    await watch(paper)
    async with paper.web.acquire() as held:
        assert await end(held, paper.site.id)
        assert not await end(held, paper.site.id)
    other = await make_site(paper.owner, "other", Policy())
    await in_transaction(paper.web, lambda held: begin(held, other.id, HOLDS_MILLS))
    await paper.post()
    await run(worker)
    assert await paper.count("shadow_verdict") == 0


async def test_another_candidate_begins_anew(paper: Paper, worker: Pool) -> None:
    await watch(paper)
    await paper.post()
    await run(worker)
    await watch(paper, rules(publish="review"))
    assert (await report(paper))["report"]["comments"] == 0
    assert await paper.owner.fetchval("SELECT count(*) FROM candidate WHERE ended_at IS NULL") == 1


async def test_it_goes_with_the_comment(paper: Paper, worker: Pool) -> None:
    await watch(paper)
    await paper.post()
    await run(worker)
    assert await paper.count("shadow_verdict") == 1
    await paper.owner.execute("SELECT make_tombstone(site_id, id, 'request') FROM comment")
    assert await paper.count("shadow_verdict") == 0


async def test_nothing_is_recorded_about_a_comment_that_was_erased_meanwhile(
    paper: Paper, worker: Pool
) -> None:
    await watch(paper)
    await paper.post()
    desk = make_desk(worker)
    batch = iter([False, False, True])
    await desk.check_due(lambda: next(batch))
    await paper.owner.execute("SELECT make_tombstone(site_id, id, 'request') FROM comment")
    assert len(desk.shadow._waiting) == 1
    await desk.check_due(never)
    assert await paper.count("shadow_verdict") == 0


async def test_it_is_forgotten_after_a_month(paper: Paper, worker: Pool) -> None:
    await watch(paper)
    await paper.post()
    await run(worker)
    async with worker.acquire() as held:
        assert await shadows.delete_old(held, SHADOWS_KEPT, limit=10) == 0
        await paper.owner.execute("UPDATE shadow_verdict SET judged_at = judged_at - interval '31 days'")
        await paper.owner.execute("UPDATE candidate SET ended_at = clock_timestamp() - interval '31 days'")
        assert await shadows.delete_old(held, SHADOWS_KEPT, limit=10) == 1
        assert await shadows.delete_old(held, timedelta(0), limit=10) == 0
    assert await paper.count("candidate") == 0
