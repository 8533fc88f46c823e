"""Two URLs of one article become one page, and no reply is left on the way."""

import asyncio
from typing import Any

import asyncpg
import pytest

from service.domain.errors import ForeignPage, PageTooLarge, SamePage, StaleVersion
from service.domain.site import Site
from service.storage import pages, queue, threads
from service.storage.pool import connection, in_transaction
from service.storage.queue_filters import QueueFilter
from service.usecases import merge_pages as merging
from service.usecases.merge_pages import Merged, merge_pages
from tests.factories import PAGE_URL, Paper, until_blocked

OTHER, THIRD = "https://paper.example/other?p=1", "https://paper.example/third"


async def merge(paper: Paper, url: str = OTHER, into: str = PAGE_URL, site: Site | None = None) -> Merged:
    return await in_transaction(
        paper.web,
        lambda held: merge_pages(held, site or paper.site, url, into, paper.mina.moderator_id),
    )


async def found(paper: Paper, url: str) -> Any:
    async with connection(paper.web) as held:
        return await pages.find_page(held, paper.site.id, url)


async def strays(paper: Paper) -> int:
    """Comments on pages that lead elsewhere."""
    number: int = await paper.owner.fetchval(
        "SELECT count(*) FROM comment JOIN page ON page.id = page_id WHERE merged_into IS NOT NULL"
    )
    return number


async def published_agrees(paper: Paper) -> bool:
    agrees: bool = await paper.owner.fetchval(
        """
        SELECT bool_and(published_count = (SELECT count(*) FROM comment
                                           WHERE page_id = page.id AND status = 'published'))
        FROM page
        """
    )
    return agrees


async def test_the_comments_of_both_are_in_one_thread_under_both_urls(paper: Paper) -> None:
    here = await paper.post_published(text="Here.")
    there = await paper.post_published(page_url=OTHER, text="There.")
    waiting = await paper.post(page_url=OTHER, text="There, waiting.")
    before = (await paper.page())["revision"]
    merged = await merge(paper)
    assert (merged.page.url, merged.page.count, merged.moved) == (PAGE_URL, 2, 2)
    page = await found(paper, OTHER)
    assert page == await found(paper, PAGE_URL)
    assert page.revision > before
    async with connection(paper.web) as held:
        listed = await threads.list_thread(held, paper.site.id, page.id, sort="oldest", after=None, limit=10)
        counts = await pages.list_counts(held, paper.site.id, [OTHER, PAGE_URL])
        held_there = await queue.list_queue(
            held, [paper.site.id], status="held", sort="oldest", limit=10, after=None,
            only=QueueFilter(page_url=OTHER),
        )  # fmt: skip
    assert [one.id for one in listed] == [here, there]
    assert counts == {OTHER: 2, PAGE_URL: 2}
    assert [one.id for one in held_there] == []
    assert (await paper.row(waiting))["page_id"] == page.id
    assert await published_agrees(paper)


async def test_later_replies_to_either_come_to_the_one_that_is_kept(paper: Paper) -> None:
    parent = await paper.post_published(page_url=OTHER)
    await merge(paper)
    accepted = await paper.accept(page_url=OTHER)
    reply = await paper.post(page_url=PAGE_URL, parent_id=parent, text="An answer.")
    kept = (await paper.page())["id"]
    assert accepted.page_url == PAGE_URL
    assert {(await paper.row(one))["page_id"] for one in (accepted.id, reply)} == {kept}
    assert (await paper.row(reply))["parent_id"] == parent


async def test_one_that_is_merged_again_leads_to_the_last(paper: Paper) -> None:
    for url in (PAGE_URL, OTHER, THIRD):
        await paper.post_published(page_url=url, text=f"About {url}")
    await merge(paper, OTHER, PAGE_URL)
    await merge(paper, OTHER, THIRD)  # it is PAGE_URL by now
    assert {(await found(paper, url)).url for url in (PAGE_URL, OTHER, THIRD)} == {THIRD}
    assert (await found(paper, OTHER)).count == 3
    with pytest.raises(SamePage):
        await merge(paper, PAGE_URL, OTHER)
    async with connection(paper.web) as held:
        listed = await pages.list_standing(
            held, paper.site.id, close_after_days=None, url=None, before=None, limit=10
        )
    assert [one.url for one in listed] == [THIRD]


async def test_a_page_that_nobody_wrote_about_can_lead_and_be_led_to(paper: Paper) -> None:
    await paper.post_published()
    assert (await merge(paper, OTHER, PAGE_URL)).moved == 0
    assert (await merge(paper, PAGE_URL, THIRD)).moved == 1
    assert (await found(paper, OTHER)).url == THIRD


async def test_the_kept_one_says_how_it_is_and_premoderation_stays(paper: Paper) -> None:
    await paper.post(page_url=OTHER)
    await paper.post()
    await paper.owner.execute(
        "UPDATE page SET open = false, title = 'Other', premoderated = true WHERE url = $1", OTHER
    )
    merged = await merge(paper)
    assert (merged.page.is_open, merged.page.title, merged.page.premoderated) == (True, "Other", True)


async def test_what_cannot_be_one_page_is_refused(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        await paper.post(page_url=OTHER, text=f"Number {_}.")
    with pytest.raises(SamePage):
        await merge(paper, OTHER, OTHER)
    for url, into in ((OTHER, "https://elsewhere.example/"), ("https://elsewhere.example/", OTHER)):
        with pytest.raises(ForeignPage):
            await merge(paper, url, into)
    monkeypatch.setattr(merging, "MOST", 2)
    with pytest.raises(PageTooLarge):
        await merge(paper)
    assert await paper.owner.fetchval("SELECT count(*) FROM page WHERE merged_into IS NOT NULL") == 0


async def test_it_is_on_record(paper: Paper) -> None:
    await paper.post(page_url=OTHER)
    await merge(paper)
    entry = await paper.owner.fetchrow("SELECT action, subject, details FROM audit_entry")
    assert tuple(entry) == ("page.merged", OTHER, f'{{"into": "{PAGE_URL}", "comments": 1}}')


INSERT = """
    INSERT INTO comment (site_id, id, page_id, author, text, fingerprint, honeypot_filled)
    SELECT site_id, gen_random_uuid(), id, 'Late', 'Late.', '', false FROM page WHERE id = $1
"""


async def test_a_reply_that_found_the_page_before_comes_to_the_other_one(paper: Paper) -> None:
    """Stored by a transaction that had looked the page up when it was not merged yet."""
    await paper.post(page_url=OTHER)
    before = (await paper.page(OTHER))["id"]
    await merge(paper)
    await paper.owner.execute(INSERT, before)
    assert await strays(paper) == 0
    assert await paper.count("comment") == 2


async def test_a_merge_waits_for_a_reply_that_is_being_stored(paper: Paper, database_url: str) -> None:
    await paper.post(page_url=OTHER)
    here = (await paper.page(OTHER))["id"]
    beside = await asyncpg.connect(database_url)
    try:
        storing = beside.transaction()
        await storing.start()
        await beside.execute(INSERT, here)
        merging_now = asyncio.create_task(merge(paper))
        await until_blocked(paper)
        await storing.commit()
        assert (await merging_now).moved == 2
    finally:
        await beside.close()
    assert await strays(paper) == 0


async def test_a_reply_waits_for_a_merge_that_is_under_way(paper: Paper, database_url: str) -> None:
    await paper.post(page_url=OTHER)
    await paper.post()
    here, kept = [(await paper.page(url))["id"] for url in (OTHER, PAGE_URL)]
    merges, stores = [await asyncpg.connect(database_url) for _ in range(2)]
    try:
        under_way = merges.transaction()
        await under_way.start()
        assert await pages.merge(merges, paper.site.id, here, kept, most=10) == 1
        storing = asyncio.create_task(stores.execute(INSERT, here))
        await until_blocked(paper)
        await under_way.commit()
        await storing
    finally:
        await merges.close()
        await stores.close()
    assert await strays(paper) == 0


async def test_a_page_that_was_merged_meanwhile_is_not_merged_by_its_old_name(paper: Paper) -> None:
    for url in (PAGE_URL, OTHER, THIRD):
        await paper.post(page_url=url)
    first, second, third = [(await paper.page(url))["id"] for url in (PAGE_URL, OTHER, THIRD)]
    assert await pages.merge(paper.owner, paper.site.id, second, first, most=10) == 1
    for gone, into in ((second, third), (third, second)):
        assert await pages.merge(paper.owner, paper.site.id, gone, into, most=10) is None
    assert await strays(paper) == 0


async def test_replies_decisions_and_a_merge_at_once_lose_nothing(paper: Paper) -> None:
    waiting = [await paper.post(page_url=OTHER, text=f"Number {number}.") for number in range(20)]

    async def decide(number: int) -> int:
        try:
            await paper.decide(waiting[number], "approve", version=1)
        except StaleVersion:
            return 0
        return 1

    done = await asyncio.gather(
        *(paper.post(page_url=OTHER, text=f"Late number {number}.") for number in range(15)),
        merge(paper),
        *(decide(number) for number in range(20)),
        *(paper.post(page_url=PAGE_URL, text=f"Other number {number}.") for number in range(15)),
    )
    assert await strays(paper) == 0
    assert await paper.count("comment") == 50
    assert await published_agrees(paper)
    decided = sum(one for one in done if isinstance(one, int))
    assert await paper.owner.fetchval("SELECT count(*) FROM comment WHERE status = 'published'") == decided
