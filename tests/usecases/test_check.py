"""Checking what is due: once, by evidence, failing towards a person, and never against one."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from service.domain.errors import StorageUnavailable
from service.domain.finding import Finding, Outcome, Span
from service.domain.policy import CheckPolicy, Policy
from service.domain.reasons import Reason
from service.limits.limit import Limit
from service.moderation.evidence import Evidence
from service.moderation.pipeline import CHECKS
from service.storage.pool import Pool
from service.usecases.check import CheckDesk
from tests.factories import Paper, make_email, make_site, make_submission, set_policy
from tests.usecases.checking import AUTO, FakeCheck, findings_of, let_leases_end, make_desk, never, run


@pytest.fixture
def policy() -> Policy:
    return AUTO


# ---- what becomes of a comment


@pytest.mark.parametrize(
    ("publish", "outcome", "expected"),
    [
        ("auto", Outcome.PASS, ("published", None)),
        ("review", Outcome.PASS, ("held", None)),
        ("auto", Outcome.HOLD, ("held", "hate")),
        ("auto", Outcome.REJECT, ("rejected", "hate")),
        ("auto", Outcome.SPAM, ("spam", "hate")),
        ("auto", Outcome.UNKNOWN, ("held", "hate")),
    ],
)
async def test_the_verdict_is_recorded_with_its_policy(
    publish: Any,
    outcome: Outcome,
    expected: tuple[str, str | None],
    paper: Paper,
    worker: Pool,
    fake: FakeCheck,
) -> None:
    await set_policy(paper.owner, paper.site, Policy(publish=publish))
    reason = None if outcome is Outcome.PASS else Reason.HATE
    fake.says = lambda _evidence: Finding("fake", 7, outcome, reason)
    comment_id = await paper.post()
    assert await run(worker) == 1
    assert await paper.status(comment_id) == expected
    (decision,) = await paper.decisions(comment_id)
    assert (decision["source"], decision["policy_version"], decision["version"]) == ("checks", 2, 2)
    assert (decision["from_status"], decision["status"]) == ("pending", expected[0])
    assert decision["decided_by"] == (None if outcome is Outcome.PASS else "fake")
    by_check = None if outcome is Outcome.UNKNOWN else "checks.fake"
    assert decision["rule"] == ("publish" if outcome is Outcome.PASS else by_check)
    page = await paper.page()
    assert page["published_count"] == (expected[0] == "published")


async def test_findings_are_stored_completely(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    spans = (Span(0, 3), Span(5, 6))
    fake.says = lambda _e: Finding(
        "fake", 7, Outcome.HOLD, Reason.LINKS, 0.25, "Zwölf Links\u2028🦉", spans, "held_words.2"
    )
    comment_id = await paper.post()
    await run(worker)
    assert await findings_of(paper, comment_id) == {
        "fake": {
            "check": "fake",
            "version": 7,
            "outcome": "hold",
            "reason": "links",
            "score": 0.25,
            "detail": "Zwölf Links\u2028🦉",
            "spans": [[0, 3], [5, 6]],
            "rule": "held_words.2",
        }
    }


async def test_every_check_says_something_about_a_harmless_comment(paper: Paper, worker: Pool) -> None:
    comment_id = await paper.post()
    await run(worker)
    assert list(await findings_of(paper, comment_id)) == [each.NAME for each in CHECKS]
    assert await paper.status(comment_id) == ("published", None)


async def test_a_check_that_is_off_does_not_run(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    off = Policy(publish="auto", checks={"fake": CheckPolicy(on=False)})
    await set_policy(paper.owner, paper.site, off)
    comment_id = await paper.post()
    await run(worker)
    assert fake.seen == []
    # Nothing was checked at all, so nothing is published.
    assert await paper.status(comment_id) == ("held", "check_failed")


async def test_a_site_may_say_what_a_hit_leads_to(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    strict = Policy(publish="auto", checks={"fake": CheckPolicy(action=Outcome.REJECT)})
    await set_policy(paper.owner, paper.site, strict)
    fake.says = lambda _evidence: Finding("fake", 7, Outcome.HOLD, Reason.HATE)
    comment_id = await paper.post()
    await run(worker)
    assert await paper.status(comment_id) == ("rejected", "hate")


async def test_a_new_policy_holds_from_the_next_second(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    desk = make_desk(worker)
    first = await paper.post()
    await desk.check_due(never)
    await set_policy(paper.owner, paper.site, Policy(publish="review"))
    desk.directory._read_at -= 1.1
    second = await paper.post()
    await desk.check_due(never)
    assert (await paper.status(first), await paper.status(second)) == (("published", None), ("held", None))


async def test_each_site_has_its_own_policy(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    other = await make_site(paper.owner, "gazette", Policy(publish="review"))
    first = await paper.post()
    paper.site = other
    second = await paper.post()
    await run(worker)
    assert (await paper.status(first), await paper.status(second)) == (("published", None), ("held", None))


# ---- evidence


async def test_the_evidence_is_what_was_stored(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    submission = make_submission(website="https://z.example/", honeypot_filled=True)
    await paper.accept(submission, network=b"n" * 16, seconds_to_fill=2.5)
    await run(worker)
    assert fake.seen == [
        Evidence(
            text=submission.text,
            author=submission.author,
            website="https://z.example/",
            honeypot_filled=True,
            seconds_to_fill=2.5,
            repeats_by_author=0,
            repeats_by_others=0,
            author_in_window=1,
            author_limit=10,
            network_in_window=1,
            network_limit=30,
        )
    ]


async def test_an_unknown_network_and_a_limit_that_is_off_are_null(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await paper.post()
    await run(worker, author_limit=None, network_limit=None)
    (seen,) = fake.seen
    assert (seen.network_in_window, seen.network_limit, seen.author_limit) == (None, None, None)


async def test_repeats_are_counted_by_author_and_by_others_of_this_site_within_seven_days(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    mara, text = make_email("mara"), "The SAME text\u200b of the same campaign"
    other = await make_site(paper.owner, "gazette", Policy())
    home, paper.site = paper.site, other
    await paper.post(text=text, email=mara)  # of another site: does not count
    paper.site = home
    old = await paper.post(text=text, author="Old", email=mara)
    await paper.owner.execute(
        "UPDATE comment SET submitted_at = now() - interval '7 days 1 minute' WHERE id = $1", old
    )
    for number in range(3):
        await paper.post(text=text.lower(), author=f"M{number}", email=mara)
    for number in range(2):
        await paper.post(text=text, author=f"N{number}")
    await paper.owner.execute("UPDATE comment SET due_at = now() + interval '1 day'")
    last = await paper.post(text=text, author="Last", email=mara)
    later = await paper.post(text=text, author="Later", email=mara)  # later than the one that is looked at
    await paper.owner.execute("UPDATE comment SET due_at = now() + interval '1 day' WHERE id = $1", later)
    assert await run(worker, lease=timedelta(days=1)) == 1
    assert (fake.seen[0].repeats_by_author, fake.seen[0].repeats_by_others) == (3, 2)
    assert (await paper.status(last))[0] == "published"


async def test_the_same_text_by_people_without_an_address_counts_as_by_others(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    """Nobody knows whether they are one: a site that asks for no address is not without this evidence."""
    for name in ("A", "B", "C"):
        await paper.post(text="The same text of the same campaign", author=name, email=None)
    await run(worker)
    assert sorted(seen.repeats_by_others for seen in fake.seen) == [0, 1, 2]


async def test_above_the_authors_limit_a_reply_is_held_as_a_flood(paper: Paper, worker: Pool) -> None:
    ids = [await paper.post(email=make_email("mara")) for _ in range(4)]
    innocent = await paper.post()
    await run(worker, author_limit=Limit(3, 60))
    assert [await paper.status(one) for one in ids] == [("published", None)] * 3 + [("held", "flood")]
    assert await paper.status(innocent) == ("published", None)


async def test_a_flood_is_over_when_its_window_is(paper: Paper, worker: Pool) -> None:
    for _ in range(3):
        await paper.post(email=make_email("mara"))
    await paper.owner.execute("UPDATE comment SET submitted_at = submitted_at - interval '61 seconds'")
    last = await paper.post(email=make_email("mara"))
    await run(worker, author_limit=Limit(3, 60))
    assert await paper.status(last) == ("published", None)


async def test_a_flood_by_one_network_is_held(paper: Paper, worker: Pool) -> None:
    ids = [(await paper.accept(network=b"n" * 16)).id for _ in range(3)]
    other = (await paper.accept(network=b"m" * 16)).id
    await run(worker, network_limit=Limit(2, 60))
    assert [(await paper.status(one))[1] for one in (*ids, other)] == [None, None, "flood", None]


async def test_a_limit_of_thousands_is_a_limit_too(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    first = await paper.post(email=make_email("mara"))
    await paper.owner.execute(
        """
        INSERT INTO comment (site_id, id, page_id, author_id, author, text, fingerprint, due_at)
        SELECT site_id, gen_random_uuid(), page_id, author_id, author, text, fingerprint,
            now() + interval '1 day'
        FROM comment, generate_series(1, 1500) WHERE id = $1
        """,
        first,
    )
    await paper.post(email=make_email("mara"))
    await run(worker, author_limit=Limit(1200, 3600), lease=timedelta(days=1))
    assert [seen.author_in_window > 1200 for seen in fake.seen] == [False, True]


# ---- leases and people


async def test_a_late_verdict_changes_nothing_when_the_lease_is_lost(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    """One worker is frozen in its check past its lease, another one decides, then the first wakes."""
    comment_id = await paper.post()
    slow, quick = make_desk(worker), make_desk(worker)
    frozen, awake = asyncio.Event(), asyncio.Event()
    gather = CheckDesk._gather

    async def freeze(self: CheckDesk, leased: Any, text: str) -> Evidence:
        evidence = await gather(self, leased, text)
        if self is slow:
            frozen.set()
            await awake.wait()
        return evidence

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CheckDesk, "_gather", freeze)
        late = asyncio.create_task(slow.check_due(never))
        await frozen.wait()
        assert await quick.check_due(never) == 0  # leased
        await let_leases_end(paper)
        assert await quick.check_due(never) == 1
        fake.says = lambda _evidence: Finding("fake", 7, Outcome.SPAM, Reason.SPAM)
        awake.set()
        assert await late == 0
    assert await paper.status(comment_id) == ("published", None)
    assert len(await paper.decisions(comment_id)) == 1
    assert (await paper.row(comment_id))["attempts"] == 2


@pytest.mark.parametrize("undone", [False, True])
async def test_a_moderators_decision_beats_a_later_verdict(
    undone: bool, paper: Paper, worker: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where it was taken back meanwhile: the verdict is about a version that is gone."""
    comment_id = await paper.post()
    desk = make_desk(worker)
    gather = CheckDesk._gather

    async def decide_meanwhile(self: CheckDesk, leased: Any, text: str) -> Evidence:
        await paper.decide(comment_id, "reject")
        if undone:
            await paper.undo(comment_id)
        return await gather(self, leased, text)

    monkeypatch.setattr(CheckDesk, "_gather", decide_meanwhile)
    assert await desk.check_due(never) == 0
    assert (await paper.status(comment_id))[0] == ("pending" if undone else "rejected")
    assert len(await paper.decisions(comment_id)) == 1 + undone
    monkeypatch.undo()
    await let_leases_end(paper)
    assert await desk.check_due(never) == undone


async def test_a_moderator_and_a_worker_at_once_make_one_decision_two_hundred_times(
    paper: Paper, worker: Pool, fake: FakeCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are let go at the last moment before the verdict is written."""
    from service.domain.errors import StaleVersion

    desk, barrier = make_desk(worker, batch=1), asyncio.Barrier(2)
    gather, winners = CheckDesk._gather, []

    async def meet(self: CheckDesk, leased: Any, text: str) -> Evidence:
        evidence = await gather(self, leased, text)
        await barrier.wait()
        return evidence

    monkeypatch.setattr(CheckDesk, "_gather", meet)
    for _ in range(200):
        comment_id = await paper.post()

        async def by_hand(one: UUID = comment_id) -> bool:
            await barrier.wait()
            try:
                await paper.decide(one, "spam", version=1)
            except StaleVersion:
                return False
            return True

        won, checked = await asyncio.gather(by_hand(), desk.check_due(never))
        assert won + checked == 1
        assert (await paper.status(comment_id))[0] == ("spam" if won else "published")
        assert len(await paper.decisions(comment_id)) == 1
        winners.append(won)
    assert {True, False} == set(winners)  # it was a race


async def test_what_is_not_begun_in_time_is_given_back(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    for _ in range(5):
        await paper.post()

    assert await make_desk(worker).check_due(lambda: len(fake.seen) >= 2) == 2
    rows = await paper.owner.fetch("SELECT attempts, lease_token FROM comment WHERE status = 'pending'")
    assert [(row["attempts"], row["lease_token"]) for row in rows] == [(0, None)] * 3
    assert await run(worker) == 3


async def test_fifty_runs_beside_each_other_decide_everything_once(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    """As many rings for the same work as there may be; whoever finds no connection free looks again."""
    ids = [await paper.post() for _ in range(60)]

    async def one_of_fifty() -> int:
        while True:
            try:
                return await run(worker, batch=3)
            except StorageUnavailable:
                continue

    decided = await asyncio.gather(*(one_of_fifty() for _ in range(50)))
    rows = [await paper.row(one) for one in ids]
    assert {(row["status"], row["version"], row["attempts"]) for row in rows} == {("published", 2, 1)}
    assert len(ids) == len(fake.seen) == await paper.count("decision")
    assert sum(decided) <= len(ids)


async def test_nothing_due_is_nothing_done(paper: Paper, worker: Pool) -> None:
    assert await run(worker) == 0


async def test_a_log_line_of_a_check_holds_no_word_of_the_reader(
    paper: Paper, worker: Pool, fake: FakeCheck, capsys: pytest.CaptureFixture[str]
) -> None:
    await paper.post(text="canary text", author="Canary", email=make_email("canary"))
    await run(worker)
    said = "".join(capsys.readouterr())
    assert "comment checked" in said
    assert "canary" not in said.lower()
