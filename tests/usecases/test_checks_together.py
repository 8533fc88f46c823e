"""All checks on a real database: what they hold, and what they must never hold."""

from datetime import timedelta

import pytest

from service.domain.policy import CheckPolicy, Policy
from service.moderation.classifier.model import features_remembered
from service.moderation.language import read_language
from service.moderation.link_finder import find_links
from service.moderation.text.seen import see
from service.storage.pool import Pool
from tests.factories import Paper, make_email, make_submission, set_policy
from tests.usecases.checking import findings_of, run

MARA = make_email("mara")
OFFER = (
    "Dear readers of {}, my uncle has made a fortune with an old trick that no bank wants you to know about,"
    " and he shows it to you for nothing on his page: https://uncle.example.com/{}"
)


@pytest.fixture
def policy() -> Policy:
    return Policy(publish="auto")


@pytest.mark.parametrize(
    "text",
    [
        "A calm harbour, well described.",
        "Hello",
        "Nice article",
        "Great post!",
        "Thanks!",
        "Reply number 4711 of run ef59f2cb-47f5-421f-ab07-fc30361b4e1f",
        "The digest is 6b2814076b19407a81d3ee2cbdb50594.",
        "I was there in 1987, with 12 others, and paid 3.50 for it.",
        "See https://en.wikipedia.org/wiki/Mill for its history.",
        "Der Müller hätte das nie verkauft. Schade!",
        "这座磨坊属于我们所有人。",
        "👩\u200d👩\u200d👧 were there, too 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    ],
)
async def test_an_ordinary_comment_of_a_newcomer_is_published_whatever_the_client(
    text: str, paper: Paper, worker: Pool
) -> None:
    accepted = await paper.accept(make_submission(text=text), user_agent="none")
    await run(worker)
    assert await paper.status(accepted.id) == ("published", None)


async def test_many_of_nearly_the_same_words_are_published_where_they_lead_nowhere(
    paper: Paper, worker: Pool
) -> None:
    ids = [await paper.post() for _ in range(30)]  # they differ in a number alone
    await run(worker)
    assert {(await paper.status(one))[0] for one in ids} == {"published"}
    last = (await findings_of(paper, ids[-1]))["near_duplicates"]
    assert (last["outcome"], last["score"]) == ("pass", 0.3)


async def test_what_three_spread_and_leads_somewhere_is_held(paper: Paper, worker: Pool) -> None:
    by_rules = Policy(publish="auto", checks={"spam_model": CheckPolicy(on=False)})
    await set_policy(paper.owner, paper.site, by_rules)
    ids = [await paper.post(text=OFFER.format(name, name)) for name in ("Rome", "Bonn", "Oslo", "Riga")]
    await run(worker)
    assert [await paper.status(one) for one in ids] == [("published", None)] * 2 + [("held", "duplicate")] * 2


async def test_a_regulars_name_in_foreign_letters_is_held(paper: Paper, worker: Pool) -> None:
    for _ in range(10):
        await paper.post_published(email=MARA, author="Mara Quist")
    await paper.owner.execute(
        "UPDATE comment SET submitted_at = submitted_at - $1::interval", timedelta(days=8)
    )
    impostor = await paper.post(author="Mаrа Quіst")
    herself = await paper.post(author="Mara Quist", email=MARA)
    await run(worker)
    assert await paper.status(impostor) == ("held", "impersonation")
    assert await paper.status(herself) == ("published", None)


async def test_first_comments_are_held_until_one_is_published(paper: Paper, worker: Pool) -> None:
    await set_policy(paper.owner, paper.site, Policy(publish="first"))
    first = await paper.post(email=MARA)
    await run(worker)
    assert await paper.status(first) == ("held", "other")
    await paper.decide(first, "approve")
    second = await paper.post(email=MARA)
    another_name = await paper.post(email=MARA, author="The Mayor")
    await run(worker)
    assert await paper.status(second) == ("published", None)
    assert await paper.status(another_name) == ("held", "other")


async def test_whom_people_refuse_again_and_again_is_held(paper: Paper, worker: Pool) -> None:
    for _ in range(5):
        await paper.decide(await paper.post(email=MARA), "reject")
    last = await paper.post(email=MARA)
    await run(worker)
    assert await paper.status(last) == ("held", "suspicious")


async def test_notes_that_weigh_enough_hold_and_the_sum_is_stored(paper: Paper, worker: Pool) -> None:
    strict = Policy(publish="auto", checks={"new_author": CheckPolicy(weight=10)})
    await set_policy(paper.owner, paper.site, strict)
    held = await paper.post()
    await run(worker)
    assert await paper.status(held) == ("held", "suspicious")
    (decision,) = await paper.decisions(held)
    assert (decision["decided_by"], decision["rule"]) == ("weighed", "hold_from")
    found = (await findings_of(paper, held))["weighed"]
    assert found["detail"] == "notes weigh 1.00, 1.00 is held: new_author 1.00"


async def test_a_worker_that_has_nothing_more_to_check_remembers_no_text(paper: Paper, worker: Pool) -> None:
    """An idle one would hold it for days, whoever has it erased."""
    await paper.post(text="See the mill at https://mill.example/ and tell me what you think of it.")
    assert await run(worker) == 1
    for seen_of in (see, find_links, read_language, features_remembered):
        assert seen_of.cache_info().currsize == 0
