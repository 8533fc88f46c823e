"""What waits for a look is found without reading all comments."""

import pytest

from service.domain.policy import Policy
from service.storage import samples
from tests.factories import Paper, make_site
from tests.storage.plans import comments_read, explained

_MANY = """
INSERT INTO comment (site_id, id, page_id, author, text, fingerprint, status, version)
SELECT $1, gen_random_uuid(), $2, 'Mara Quist', 'A text of ' || n || repeat(' words', 30), '', 'published', 2
FROM generate_series(1, 20000) AS n
"""
_DRAWN = """
INSERT INTO sample (site_id, comment_id, status, share, drawn_at)
SELECT site_id, id, 'published', 0.1, submitted_at FROM comment
WHERE status = 'published' ORDER BY id LIMIT 2000
"""


@pytest.mark.parametrize("sites", [1, 2])
async def test_of_many_samples_only_those_that_are_shown_are_read(sites: int, paper: Paper) -> None:
    await paper.post()
    page_id = (await paper.page())["id"]
    site_ids = [paper.site.id]
    if sites == 2:
        site_ids.append((await make_site(paper.owner, "gazette", Policy())).id)
    async with paper.owner.transaction():
        await paper.owner.execute(
            "SET LOCAL session_replication_role = replica"
        )  # their decisions are missing
        await paper.owner.execute(_MANY, paper.site.id, page_id)
        await paper.owner.execute(_DRAWN)
    await paper.owner.execute("ANALYZE")
    plan = await explained(paper.owner, lambda held: samples.list_waiting(held, site_ids, limit=10))
    assert comments_read(plan) <= 20
    assert len(await samples.list_waiting(paper.owner, site_ids, limit=10)) == 10
