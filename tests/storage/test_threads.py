"""A thread as readers get it: what is gone leaves its place, and nothing of what it said."""

import pytest

from service.storage import threads
from service.storage.pool import Pool, connection
from service.storage.threads import PublishedComment
from tests.factories import Paper


async def thread(paper: Paper, web: Pool) -> list[PublishedComment]:
    page_id = (await paper.page())["id"]
    async with connection(web) as held:
        return await threads.list_thread(held, paper.site.id, page_id, sort="oldest", limit=10, after=None)


@pytest.mark.parametrize("action", ["reject", "spam", "hold"])
async def test_nothing_that_a_removed_comment_said_is_read_with_the_thread(
    action: str, paper: Paper, web: Pool
) -> None:
    said = {"author": "Mara Quist", "website": "https://mara.example/", "text": "What nobody may read."}
    gone = await paper.post_published(**said)
    reply = await paper.post_published(parent_id=gone)
    before, _ = await thread(paper, web)
    assert {"author": before.author, "website": before.website, "text": before.text} == said
    await paper.decide(gone, action)
    place, answer = await thread(paper, web)
    assert (place.id, place.removed, answer.id, answer.removed) == (gone, True, reply, False)
    assert (place.author, place.website, place.text) == ("", None, "")


async def test_what_is_gone_without_a_published_reply_leaves_no_place(paper: Paper, web: Pool) -> None:
    gone = await paper.post_published()
    await paper.post(parent_id=gone)
    await paper.decide(gone, "reject")
    assert await thread(paper, web) == []
