"""A site's models learn from its people in the housekeeping."""

import pytest

from service.domain.learning import Learning
from service.domain.policy import Policy
from service.moderation.learning.agreement import auc
from service.moderation.learning.correction import Correction, weights_of_bytes
from service.moderation.learning.shipped import Look
from service.storage import learning
from service.storage.learning import Due
from service.storage.pool import Pool, connection, settled
from service.usecases.learn import learn_at
from tests.factories import Paper, set_policy
from tests.usecases.teaching import FakeShipped, decide_many, draw_comment, let_time_pass, teach

UNSEEN = [draw_comment(50_000 + at) for at in range(500)]


@pytest.fixture
def policy() -> Policy:
    return Policy()


async def standing(paper: Paper) -> Learning:
    return await learning.find_learning(paper.owner, paper.site.id)


async def auc_now(paper: Paper) -> float:
    """Of the spam model as it is in use, on comments that nobody decided."""
    stored = {one.task: one for one in await learning.list_models_in_use(paper.owner, paper.site.id)}
    shipped = FakeShipped()
    scores = []
    for text, _ in UNSEEN:
        look = shipped.look(text)
        score = look.log_odds["spam"]
        if "spam" in stored:
            one = stored["spam"]
            correction = Correction("spam", 1, one.scale, one.bias, weights_of_bytes(one.weights))
            score = correction.log_odds(score, look.features)
        scores.append(score)
    found = auc(scores, [is_spam for _, is_spam in UNSEEN])
    assert found is not None
    return found


async def test_three_hundred_decisions_make_the_model_of_the_site_better(paper: Paper, worker: Pool) -> None:
    before = await auc_now(paper)
    await decide_many(paper, 300)
    assert await teach(worker) == 1
    now = await standing(paper)
    assert now.versions == {"spam": 1, "abuse": None}
    assert (now.labels, now.report["tasks"]["spam"]["outcome"]) == (300, "better")
    assert now.report["tasks"]["abuse"]["outcome"] == "too_few"
    assert await auc_now(paper) >= before + 0.08


async def test_what_was_learned_is_not_learned_again_until_people_decided_more(
    paper: Paper, worker: Pool
) -> None:
    await decide_many(paper, 60)
    assert [await teach(worker), await teach(worker)] == [1, 0]
    await let_time_pass(paper)
    assert await teach(worker) == 0
    await decide_many(paper, 9, start=100)
    assert await teach(worker) == 0
    await decide_many(paper, 1, start=200)
    assert await teach(worker) == 1


async def test_few_decisions_are_learned_from_after_ten_minutes(paper: Paper, worker: Pool) -> None:
    await decide_many(paper, 60)
    await teach(worker)
    await decide_many(paper, 1, start=100)
    await let_time_pass(paper)
    assert await teach(worker) == 0
    await let_time_pass(paper, "10 minutes")
    assert await teach(worker) == 1


async def test_another_policy_or_other_shipped_models_are_a_reason_to_learn_anew(
    paper: Paper, worker: Pool
) -> None:
    await decide_many(paper, 60)
    await teach(worker)
    await let_time_pass(paper)
    await set_policy(paper.owner, paper.site, Policy(max_links=3))
    assert await teach(worker) == 1
    await let_time_pass(paper)
    assert await teach(worker) == 0
    assert await teach(worker, FakeShipped("newer")) == 1


async def test_inverted_labels_of_one_moderator_leave_the_shipped_model_as_it_is(
    paper: Paper, worker: Pool
) -> None:
    await decide_many(paper, 300, inverted=True)
    await teach(worker)
    now = await standing(paper)
    assert now.versions == {"spam": None, "abuse": None}
    assert now.report["tasks"]["spam"] == {
        "outcome": "not_trusted",
        "labels": 0,
        "positive": 0,
        "auc_shipped": None,
        "auc_corrected": None,
        "ignored_moderators": [paper.mina.moderator_id],
    }


async def test_a_taught_site_fed_inverted_labels_by_another_moderator_goes_on_as_it_was_taught(
    paper: Paper, worker: Pool
) -> None:
    await decide_many(paper, 300)
    await teach(worker)
    taught = await auc_now(paper)
    mallory = await paper.colleague("Mallory")
    await decide_many(paper, 300, start=1000, judge=mallory, inverted=True)
    await let_time_pass(paper)
    await teach(worker)
    assert (await standing(paper)).report["tasks"]["spam"]["ignored_moderators"] == [mallory.moderator_id]
    assert await auc_now(paper) >= taught - 0.02


async def test_an_account_that_begins_to_invert_its_labels_makes_nothing_worse(
    paper: Paper, worker: Pool
) -> None:
    shipped = await auc_now(paper)
    await decide_many(paper, 300)
    await teach(worker)
    await decide_many(paper, 300, start=1000, inverted=True)
    await let_time_pass(paper)
    await teach(worker)
    assert await auc_now(paper) >= shipped


async def test_what_was_erased_is_learned_from_no_more(paper: Paper, worker: Pool) -> None:
    ids = await decide_many(paper, 100)
    await teach(worker)
    assert (await standing(paper)).versions["spam"] == 1
    for comment_id in ids[20:]:
        await paper.owner.execute("SELECT make_tombstone($1, $2, 'request')", paper.site.id, comment_id)
    await let_time_pass(paper, "25 hours")
    assert await teach(worker) == 1
    now = await standing(paper)
    assert (now.labels, now.versions["spam"]) == (20, None)


async def test_an_undone_decision_teaches_nothing(paper: Paper, worker: Pool) -> None:
    ids = await decide_many(paper, 40)
    for comment_id in ids[:15]:
        await paper.undo(comment_id)
    await teach(worker)
    assert (await standing(paper)).labels == 25


async def test_what_the_checks_decided_teaches_nothing(paper: Paper, worker: Pool) -> None:
    await decide_many(paper, 40)
    await decide_many(paper, 40, start=100, checked="published", by_people=False)
    await decide_many(paper, 40, start=200, checked="spam", by_people=False)
    await teach(worker)
    assert (await standing(paper)).labels == 40


async def test_a_change_by_hand_while_a_site_is_learned_from_wins(paper: Paper, worker: Pool) -> None:
    await decide_many(paper, 60)

    class Slow(FakeShipped):
        async def change(self) -> None:
            await learning.save_change(
                paper.owner, paper.site.id, states={"spam": "off", "abuse": "learning"},
                versions={"spam": None, "abuse": None}, moderator_id=None, begins_anew=False,
            )  # fmt: skip

    async with connection(worker) as held:
        due = await learning.begin_due(held, "as shipped")
        assert due is not None
        changing = Slow()
        original = learning.find_learning

        async def find_and_change(*args: object, **named: object) -> Learning:
            found = await original(*args, **named)  # type: ignore[arg-type]
            if not named.get("locked"):
                await changing.change()
            return found

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("service.usecases.learn.learning.find_learning", find_and_change)
            assert not await learn_at(held, due, changing)
    now = await standing(paper)
    assert (now.states["spam"], now.versions["spam"], now.labels) == ("off", None, 0)


async def test_a_lesson_that_fails_keeps_no_other_site_waiting(paper: Paper, worker: Pool) -> None:
    await decide_many(paper, 30)

    class Broken(FakeShipped):
        def look(self, text: str) -> Look:
            raise RuntimeError(len(text))

    with pytest.raises(RuntimeError):
        await teach(worker, Broken())
    assert await settled(worker, lambda held: learning.begin_due(held, "as shipped")) is None
    await let_time_pass(paper)
    due = await settled(worker, lambda held: learning.begin_due(held, "as shipped"))
    assert isinstance(due, Due)


async def test_only_the_newest_versions_are_kept(paper: Paper, worker: Pool) -> None:
    await decide_many(paper, 60)
    for _ in range(3):
        await teach(worker)
        await let_time_pass(paper, "25 hours")
    assert [one.version for one in await learning.list_models(paper.owner, paper.site.id)] == [3, 2, 1]
    await paper.owner.execute("UPDATE site_model SET learned_at = learned_at - interval '31 days'")
    await teach(worker)
    assert [one.version for one in await learning.list_models(paper.owner, paper.site.id)] == [4]
