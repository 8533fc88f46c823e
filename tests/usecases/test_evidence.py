"""What the checks are told: what is alike, who an author is here, whose name that is, how hot a page is."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from service.domain.policy import Policy
from service.moderation.evidence import Evidence
from service.storage import evidence
from service.storage.pool import Pool, connection
from service.usecases.erase import erase, go_on
from service.usecases.sweep import sweep
from tests.factories import PAGE_URL, Paper, make_email, make_site, until
from tests.storage.plans import explained, nodes
from tests.usecases.checking import FakeCheck, run

MARA = make_email("mara")
CAMPAIGN = (
    "Dear editors, the council of our town must not sell the old mill by the river to {} this winter, since"
    " it belongs to all of us and has done so for two hundred years."
)


@pytest.fixture
def policy() -> Policy:
    return Policy(publish="auto")


async def seen_of(paper: Paper, worker: Pool, fake: FakeCheck, **changes: Any) -> Evidence:
    """What the check sees of one more comment, after everything before it was checked."""
    await run(worker)
    fake.seen.clear()
    await paper.post(**changes)
    await run(worker)
    (seen,) = fake.seen
    return seen


async def age(paper: Paper, days: float) -> None:
    """As if all that is there had been sent so much earlier."""
    await paper.owner.execute(
        "UPDATE comment SET submitted_at = submitted_at - $1::interval", timedelta(days)
    )
    await paper.owner.execute(
        "UPDATE text_sketch SET sketched_at = sketched_at - $1::interval", timedelta(days)
    )


# ---- texts that are nearly the same


async def test_nearly_the_same_texts_are_counted_across_pages_authors_and_sites(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    home = paper.site
    paper.site = await make_site(paper.owner, "gazette", Policy())
    await paper.post(text=CAMPAIGN.format("a hotel"), page_url="https://gazette.example/a")
    paper.site = home
    await paper.post(text=CAMPAIGN.format("a bank"), page_url=PAGE_URL + "/2")
    await paper.post(text=CAMPAIGN.format("anybody"), email=MARA)
    await paper.post(
        text="Something else that is long enough to be compared with other texts, and is not alike."
    )
    seen = await seen_of(paper, worker, fake, text=CAMPAIGN.format("a stranger"), email=MARA)
    assert (seen.similar_by_author, seen.similar_by_others, seen.similar_elsewhere) == (1, 2, 1)


async def test_a_week_later_nothing_is_compared_and_the_sketch_is_dropped(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await paper.post(text=CAMPAIGN.format("a bank"))
    await run(worker)
    await age(paper, 7.01)
    seen = await seen_of(paper, worker, fake, text=CAMPAIGN.format("a hotel"))
    assert seen.similar_by_others == 0
    assert await paper.count("text_sketch") == 2
    assert (await sweep(worker, seconds=60))["drop old sketches"] == 1
    assert await paper.count("text_sketch") == 1


async def test_a_short_text_has_no_sketch(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    await paper.post(text="A calm harbour, well described.")
    await run(worker)
    assert await paper.count("text_sketch") == 0


async def test_what_a_hundred_texts_are_like_is_not_kept_again(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await paper.post(text=CAMPAIGN.format("a bank"))
    await run(worker)
    await paper.owner.execute(
        """
        INSERT INTO comment (site_id, id, page_id, author, text, fingerprint, due_at)
        SELECT site_id, gen_random_uuid(), page_id, author, text, '', now() + interval '1 minute'
        FROM comment, generate_series(1, 120)
        """
    )
    await paper.owner.execute(
        """
        INSERT INTO text_sketch (site_id, comment_id, bands)
        SELECT site_id, id, (SELECT bands FROM text_sketch) FROM comment ON CONFLICT DO NOTHING
        """
    )
    seen = await seen_of(paper, worker, fake, text=CAMPAIGN.format("a hotel"))
    assert seen.similar_by_others >= 100
    assert await paper.count("text_sketch") == 121


async def test_the_look_for_similar_texts_reads_an_index(paper: Paper, worker: Pool) -> None:
    await paper.post()
    await run(worker)
    await paper.owner.execute(
        """
        INSERT INTO comment (site_id, id, page_id, author, text, fingerprint, due_at)
        SELECT site_id, gen_random_uuid(), page_id, author, text, '', now() + interval '1 day'
        FROM comment, generate_series(1, 3000)
        """
    )
    await paper.owner.execute(
        """
        INSERT INTO text_sketch (site_id, comment_id, bands)
        SELECT site_id, id,
               ARRAY(SELECT (random() * 1e9)::int FROM generate_series(1, 8) WHERE id IS NOT NULL)
        FROM comment ON CONFLICT DO NOTHING
        """
    )
    await paper.owner.execute("ANALYZE")
    row = await paper.owner.fetchrow("SELECT site_id, id FROM comment LIMIT 1")
    assert row is not None
    wanted = evidence.Wanted(
        author_window=timedelta(0), network_window=timedelta(0), author_up_to=1, network_up_to=1,
        bands=range(8), alike_from=2, heated_by=("abusive",),
    )  # fmt: skip

    async def look(held: Any) -> None:
        with pytest.raises(AssertionError):  # nothing is answered, for the query is explained
            await evidence.read_facts(held, row["site_id"], row["id"], wanted)

    async with connection(worker) as held:
        plan = await explained(held, look)
    used = {node.get("Index Name") for node in nodes(plan)}
    assert "text_sketch_by_band" in used
    assert not [node for node in nodes(plan) if node["Node Type"] == "Seq Scan" and node["Actual Rows"] > 100]


# ---- the author


async def test_an_authors_record_counts_what_became_of_the_latest_ones(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    for action in ("approve", "approve", "reject", "spam", "hold"):
        await paper.decide(await paper.post(email=MARA), action)
    await paper.decide(await paper.post(), "reject")  # somebody else's
    seen = await seen_of(paper, worker, fake, email=MARA)
    assert (seen.author_published, seen.author_refused, seen.author_known) == (2, 2, True)


async def test_an_author_is_known_under_the_names_that_were_published(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await paper.post_published(email=MARA, author="Mara Quist")
    await paper.decide(await paper.post(email=MARA, author="Mayor"), "reject")
    known = [
        (await seen_of(paper, worker, fake, email=email, author=name)).author_known
        for email, name in (
            (MARA, "MARA  QUIST"),
            (MARA, "Mayor"),
            (make_email(), "Mara Quist"),
            (None, "Mara Quist"),
        )
    ]
    assert known == [True, False, False, False]


async def test_who_published_before_names_were_kept_is_known_by_the_same_spelling(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await paper.post_published(email=MARA, author="Mara Quist")
    await paper.owner.execute("UPDATE comment SET name_skeleton = NULL")
    assert (await seen_of(paper, worker, fake, email=MARA, author="Mara Quist")).author_known


# ---- the name


async def make_regular(paper: Paper, name: str, email: Any, count: int = 10, days: float = 8) -> None:
    for _ in range(count):
        await paper.post_published(email=email, author=name)
    await age(paper, days)


@pytest.mark.parametrize("name", ["Mara Quist", "MARA QUIST", "Mаrа Quіst", "Ｍａｒａ Quist.", "Mara Qu1st"])
async def test_a_regulars_name_is_known_by_its_looks(
    name: str, paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await make_regular(paper, "Mara Quist", MARA)
    assert (await seen_of(paper, worker, fake, author=name)).name_regular == 10


@pytest.mark.parametrize(("email", "count"), [(None, 10), (MARA, 0)])
async def test_a_name_belongs_to_its_address(
    email: Any, count: int, paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await make_regular(paper, "Mara Quist", MARA)
    assert (await seen_of(paper, worker, fake, author="Mara Quist", email=email)).name_regular == count


async def test_a_name_that_two_have_published_under_is_nobodys(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await make_regular(paper, "Peter", MARA)
    await paper.post_published(author="Peter")
    assert (await seen_of(paper, worker, fake, author="Peter")).name_regular == 0


async def test_a_name_that_is_a_week_old_at_most_is_nobodys_yet(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    await make_regular(paper, "Peter", MARA, days=6.9)
    assert (await seen_of(paper, worker, fake, author="Peter")).name_regular == 0


async def test_a_regular_of_another_site_is_nobody_here(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    await make_regular(paper, "Mara Quist", MARA)
    paper.site = await make_site(paper.owner, "gazette", Policy())
    seen = await seen_of(paper, worker, fake, author="Mara Quist", page_url="https://gazette.example/a")
    assert (seen.name_regular, seen.author_known) == (0, False)


# ---- the page


async def test_a_quarrel_is_what_was_held_or_rejected_for_abuse_on_this_page_a_moment_ago(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    for action, reason in (
        ("reject", "abusive"),
        ("hold", "hate"),
        ("reject", "off_topic"),
        ("approve", None),
    ):
        await paper.decide(await paper.post(), action, reason=reason)
    await paper.decide(await paper.post(page_url=PAGE_URL + "/2"), "reject", reason="abusive")
    assert (await seen_of(paper, worker, fake)).heated_nearby == 2
    await age(paper, 11 / 1440)
    assert (await seen_of(paper, worker, fake)).heated_nearby == 0


async def test_the_browsers_family_is_told(paper: Paper, worker: Pool, fake: FakeCheck) -> None:
    await paper.accept(user_agent="none")
    await paper.accept(user_agent="firefox")
    await run(worker)
    assert [seen.user_agent for seen in fake.seen] == ["none", "firefox"]


# ---- what goes with a person


async def test_a_sketch_and_the_looks_of_a_name_go_with_the_person(paper: Paper, worker: Pool) -> None:
    hers = await paper.post(text=CAMPAIGN.format("a bank"), email=MARA, author="Mara Quist")
    await run(worker)
    assert (await paper.row(hers))["name_skeleton"]
    assert await paper.count("text_sketch") == 1
    await erase(paper.web, paper.desk.vault, MARA, [paper.site.id])
    await go_on(paper.web)
    assert (await paper.row(hers))["name_skeleton"] is None
    assert await paper.count("text_sketch") == 0


async def test_expired_spam_takes_its_sketch_with_it(paper: Paper, worker: Pool) -> None:
    spam = await paper.post(text=CAMPAIGN.format("a bank"))
    await run(worker)
    await paper.decide(spam, "spam")
    await paper.owner.execute("UPDATE comment SET decided_at = decided_at - interval '31 days'")
    await sweep(worker, seconds=60)
    assert await paper.count("comment") == await paper.count("text_sketch") == 0


async def test_what_is_erased_while_it_is_looked_at_leaves_no_sketch(
    paper: Paper, worker: Pool, fake: FakeCheck
) -> None:
    """The erasing holds the row; the sketch waits for it, and finds a tombstone."""
    hers = await paper.post(text=CAMPAIGN.format("a bank"), email=MARA)
    await erase(paper.web, paper.desk.vault, MARA, [paper.site.id])
    async with paper.web.acquire() as held:
        transaction = held.transaction()
        await transaction.start()
        async with connection(worker) as other:
            wanted = evidence.Wanted(
                author_window=timedelta(0), network_window=timedelta(0), author_up_to=1, network_up_to=1,
                bands=(1, 2, 3, 4, 5, 6, 7, 8), alike_from=2, heated_by=(),
            )  # fmt: skip
            await held.fetchval("SELECT go_on_erasing(10)")
            looking = asyncio.create_task(evidence.read_facts(other, paper.site.id, hers, wanted))
            await until(lambda: _waits(paper))
            await transaction.commit()
            await looking
    assert await paper.count("text_sketch") == 0


async def _waits(paper: Paper) -> bool:
    found: UUID | None = await paper.owner.fetchval(
        """
        SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() LIMIT 1
        """
    )
    return found is not None
