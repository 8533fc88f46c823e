"""A site that automates publishes alone what its own decisions bear out, and stops when people disagree."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from service.domain.finding import Finding, Outcome
from service.domain.learning import Label, Learning
from service.domain.policy import Policy
from service.domain.policy_parts import Promise
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence
from service.moderation.learning.thresholds import CAUTIOUS, NEVER_ALONE
from service.storage import labels, learning, samples
from service.storage.pool import Pool, in_transaction
from service.usecases import site_models
from service.usecases.check import CheckDesk
from service.usecases.decide import Ruling
from service.usecases.models import ModelChange, change_models
from service.usecases.samples import Compared, answer_sample
from service.usecases.site_models import thresholds_of
from tests.factories import Paper, set_policy
from tests.usecases.checking import FakeCheck, make_desk, never
from tests.usecases.teaching import decide_many, let_time_pass, teach

ALL = Promise(sample=1.0)
NONE = Promise(sample=0.0)
NINE_IN_TEN = Promise(publish=0.9, sample=0.0)


@pytest.fixture
def policy() -> Policy:
    return Policy(publish="auto", promise=ALL)


async def standing(paper: Paper) -> Learning:
    return await learning.find_learning(paper.owner, paper.site.id)


async def answer(paper: Paper, comment_id: UUID, action: str) -> Compared:
    version = (await paper.row(comment_id))["version"]
    reason = "hate" if action == "reject" else None
    ruling = Ruling(comment_id, action, version, reason)
    return await in_transaction(paper.web, lambda held: answer_sample(held, paper.mina, ruling))


async def post_and_check(paper: Paper, desk: CheckDesk, count: int) -> list[UUID]:
    ids = [await paper.post() for _ in range(count)]
    assert await desk.check_due(never) >= count
    return ids


# ---- samples


async def test_what_is_drawn_is_published_all_the_same_and_shown_without_what_was_decided(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    (comment_id,) = await post_and_check(paper, make_desk(worker), 1)
    assert await paper.status(comment_id) == ("published", None)
    (drawn,) = await samples.list_waiting(paper.owner, [paper.site.id], limit=10)
    assert drawn.id == comment_id
    assert not {"status", "findings", "reason"} & set(drawn.__slots__)  # type: ignore[attr-defined]


async def test_nothing_is_drawn_where_the_policy_wants_none_and_nothing_that_is_held(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await set_policy(paper.owner, paper.site, Policy(publish="auto", promise=NONE))
    await post_and_check(paper, make_desk(worker), 3)
    await set_policy(paper.owner, paper.site, Policy(promise=ALL))
    fresh = make_desk(worker)
    await post_and_check(paper, fresh, 3)
    assert await paper.count("sample") == 0


async def test_about_as_many_are_drawn_as_the_policy_says(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await set_policy(paper.owner, paper.site, Policy(publish="auto", promise=Promise(sample=0.25)))
    desk = make_desk(worker)
    numbers = iter([0.2, 0.25, 0.9, 0.0])
    object.__setattr__(desk, "drawn", lambda: next(numbers))
    await post_and_check(paper, desk, 4)
    assert await paper.count("sample") == 2


async def test_an_answer_decides_and_is_told_afterwards_what_was_decided(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    fine, bad = await post_and_check(paper, make_desk(worker), 2)
    assert await answer(paper, fine, "approve") == Compared("published", agrees=True)
    assert await answer(paper, bad, "reject") == Compared("published", agrees=False)
    assert (await paper.status(fine))[0] == "published"
    assert await paper.status(bad) == ("rejected", "hate")
    found = await samples.list_agreement(paper.owner, paper.site.id, None)
    assert [(one.status, one.answered, one.right) for one in found] == [("published", 2, 1)]


async def test_what_was_taken_down_beside_the_list_counts_only_as_far_as_people_came_with_it(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    """Otherwise every complaint would count, and none of those that nobody complained about."""
    first, second, third = await post_and_check(paper, make_desk(worker), 3)
    await paper.decide(first, "spam")
    await paper.decide(third, "spam")
    assert await samples.list_agreement(paper.owner, paper.site.id, None) == []
    await answer(paper, second, "approve")
    (found,) = await samples.list_agreement(paper.owner, paper.site.id, None)
    assert (found.answered, found.right) == (2, 1)


# ---- a broken promise


async def break_promise(paper: Paper, worker: Pool, desk: CheckDesk) -> None:
    """Of thirty that were published alone, people would have published half."""
    for at, comment_id in enumerate(await post_and_check(paper, desk, 30)):
        await answer(paper, comment_id, "approve" if at % 2 else "spam")
    await let_time_pass(paper)
    await teach(worker, Texts())


class Texts:
    """Shipped models that know nothing of texts that are sentences."""

    def digest(self) -> str:
        return "as shipped"

    def look(self, text: str) -> Any:
        from service.moderation.learning.shipped import Look

        return Look(((len(text) % 7, 1.0),), {"spam": -3.0, "abuse": -3.0})


async def test_a_broken_promise_ends_automation_until_an_admin_resumes_it(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await break_promise(paper, worker, make_desk(worker))
    now = await standing(paper)
    assert now.broken_at is not None
    assert now.report["samples"]["published"]["state"] == "broken"
    assert await learning.list_alarming(paper.owner) == {"paper": True}
    (held,) = await post_and_check(paper, make_desk(worker), 1)
    assert (await paper.status(held))[0] == "held"
    (decision,) = await paper.decisions(held)
    assert decision["rule"] == "promise.publish"
    await change_models(paper.owner, paper.site, ModelChange("resume"), None)
    (published,) = await post_and_check(paper, make_desk(worker), 1)
    assert (await paper.status(published))[0] == "published"


async def test_automation_begins_again_when_later_decisions_bear_the_promise_out(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await break_promise(paper, worker, make_desk(worker))
    for comment_id in await post_and_check(paper, make_desk(worker, batch=200), 150):
        await paper.decide(comment_id, "approve")
    await let_time_pass(paper)
    await teach(worker, Texts())
    now = await standing(paper)
    assert now.broken_at is None
    assert now.report["publish"]["kept"]
    (published,) = await post_and_check(paper, make_desk(worker), 1)
    assert (await paper.status(published))[0] == "published"


async def test_a_few_bad_answers_are_no_broken_promise(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    for comment_id in await post_and_check(paper, make_desk(worker), 15):
        await answer(paper, comment_id, "spam")
    await teach(worker, Texts())
    assert (await standing(paper)).broken_at is None


# ---- thresholds


async def test_found_thresholds_hold_what_is_riskier_than_the_promise_allows(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await set_policy(paper.owner, paper.site, Policy(publish="auto", promise=NINE_IN_TEN))
    await decide_many(paper, 900)
    await teach(worker)
    now = await standing(paper)
    assert now.thresholds["publish"]["promise"] == 0.9
    found = thresholds_of(Policy(publish="auto"), now)
    assert found.basis == "found"
    assert 0 < found.spam_held_above <= 0.5
    assert found.abuse_held_above == found.spam_held_above

    def by_threshold(evidence: Evidence) -> Finding:
        limit = evidence.site_models.thresholds.spam_held_above
        score = limit + 0.01 if evidence.author == "Risky" else limit - 0.001
        outcome = Outcome.HOLD if score > limit else Outcome.PASS
        return Finding("fake", 7, outcome, None if outcome is Outcome.PASS else Reason.SUSPICIOUS, score)

    fake.says = by_threshold
    desk = make_desk(worker)
    risky, safe = await paper.post(author="Risky"), await paper.post(author="Safe")
    await desk.check_due(never)
    assert (await paper.status(risky))[0] == "held"
    assert (await paper.status(safe))[0] == "published"
    assert fake.seen[-1].site_models.spam is None or fake.seen[-1].site_models.spam.version == 1


async def test_a_site_that_reviews_everything_publishes_nothing_alone_however_good_the_models_are(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await set_policy(paper.owner, paper.site, Policy(publish="review", promise=NINE_IN_TEN))
    await decide_many(paper, 600)
    await teach(worker)
    assert (await standing(paper)).thresholds["publish"] is not None
    (held,) = await post_and_check(paper, make_desk(worker), 1)
    assert await paper.status(held) == ("held", None)


async def test_what_other_checks_hold_says_nothing_about_what_the_models_may_publish(
    paper: Paper, worker: Pool
) -> None:
    await decide_many(paper, 600, findings='[{"check": "links", "outcome": "hold"}]')
    await teach(worker)
    assert (await standing(paper)).report["publish"]["decisions"] == 0


async def test_what_was_published_alone_and_not_drawn_says_nothing_about_the_promise(
    paper: Paper, worker: Pool
) -> None:
    """People look at what somebody complains about: that is no picture of all."""
    await decide_many(paper, 600, checked="published")
    await teach(worker)
    assert (await standing(paper)).report["publish"]["decisions"] == 0


@pytest.mark.parametrize(
    ("policy_fields", "expected"),
    [
        ({"publish": "review"}, ("cautious", CAUTIOUS.spam_held_above)),
        ({"publish": "auto"}, ("found", 0.2)),
        ({"publish": "first"}, ("found", 0.2)),
        ({"publish": "auto", "promise": Promise(publish=None)}, ("people", 0.0)),
    ],
)
def test_thresholds_go_by_the_mode_and_the_promise(
    policy_fields: dict[str, Any], expected: tuple[str, float]
) -> None:
    found = Learning(1, thresholds={"publish": {"threshold": 0.2}, "spam": {"threshold": 0.05}})
    thresholds = thresholds_of(Policy(**policy_fields), found)
    assert (thresholds.basis, thresholds.spam_held_above) == expected
    assert (thresholds.spam_above is None) == (expected[0] != "found")


@pytest.mark.parametrize("mode", ["auto", "first"])
def test_what_decisions_refute_is_not_published_by_default(mode: Any) -> None:
    refuted = Learning(1, thresholds={"publish": None, "spam": None, "is_refuted": True})
    assert thresholds_of(Policy(publish=mode), refuted) == NEVER_ALONE
    assert thresholds_of(Policy(publish="review"), refuted) == CAUTIOUS


async def test_a_site_whose_people_reject_what_the_models_find_fine_publishes_nothing_alone(
    paper: Paper, worker: Pool
) -> None:
    await decide_many(paper, 400, inverted=True, findings='[{"check": "links", "outcome": "pass"}]')
    await teach(worker)
    assert (await standing(paper)).thresholds["is_refuted"] is True
    (held,) = await post_and_check(paper, make_desk(worker), 1)
    assert (await paper.status(held))[0] == "held"


async def test_what_the_models_held_is_no_picture_of_what_they_publish(paper: Paper, worker: Pool) -> None:
    await decide_many(paper, 400, inverted=True)
    await teach(worker)
    now = await standing(paper)
    assert (now.thresholds["publish"], now.thresholds["is_refuted"]) == (None, False)


def test_whatever_was_found_what_the_cautious_default_holds_is_never_published_alone() -> None:
    found = Learning(1, thresholds={"publish": {"threshold": 0.97}, "spam": {"threshold": 0.9}})
    thresholds = thresholds_of(Policy(publish="auto"), found)
    assert thresholds.spam_held_above == CAUTIOUS.spam_held_above
    assert thresholds.abuse_held_above == CAUTIOUS.abuse_held_above
    assert thresholds.spam_above is not None
    assert 0 < CAUTIOUS.spam_held_above - thresholds.spam_above < 1e-9


async def test_what_was_drawn_and_taken_down_before_its_turn_counts_against_the_promise(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    """Else readers' complaints would take the bad ones out of the sample, and the good ones would stay in."""
    first, complained, last = await post_and_check(paper, make_desk(worker), 3)
    await paper.decide(complained, "spam")
    assert [one.share for one in await labels_of(paper)] == [None]
    await answer(paper, first, "approve")
    await answer(paper, last, "approve")
    assert [(one.action, one.share) for one in await labels_of(paper)] == [
        ("spam", 1.0), ("approve", 1.0), ("approve", 1.0),
    ]  # fmt: skip


async def labels_of(paper: Paper) -> list[Label]:
    return await labels.list_labels(paper.owner, paper.site.id, limit=10, models=[])


async def test_what_the_sites_used_last_taught_is_kept_and_no_more(
    paper: Paper, worker: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_models, "MOST_KEPT", 2)
    reads = []
    shelf = site_models.SiteModelShelf(worker)
    read = site_models.SiteModelShelf._read

    async def counted(self: Any, site: Any) -> Any:
        reads.append(site.id)
        return await read(self, site)

    monkeypatch.setattr(site_models.SiteModelShelf, "_read", counted)
    for number in (1, 2, 1, 3, 1, 2):
        await shelf.of(replace(paper.site, id=number, learning_revision=1))
    assert reads == [1, 2, 3, 2]
