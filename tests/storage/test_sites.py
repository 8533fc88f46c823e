"""Policies as they are stored: by newer code too, and each site by itself."""

import gc
import weakref
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from service.domain.finding import Outcome
from service.domain.policy import CheckPolicy, Policy
from service.domain.site import Site
from service.storage import policies as stored_policies
from service.storage import sites
from tests.factories import make_site, set_policy
from tests.paper_fixtures import Owner


async def store(owner: Owner, site: Site, **document: Any) -> None:
    """Put a document there that our own code would not write."""
    async with owner.transaction():
        version = await sites.insert_policy(owner, site.id, Policy())
        await owner.execute(
            "UPDATE policy SET document = $3 WHERE site_id = $1 AND version = $2",
            site.id,
            version,
            orjson.dumps(document).decode(),
        )


@pytest.fixture
async def gazette(owner: Owner) -> Site:
    await make_site(owner, "paper", Policy(publish="auto", depth=3))
    return await make_site(owner, "gazette", Policy(publish="auto"))


async def policies(owner: Owner) -> dict[str, Policy]:
    return {site.slug: site.policy for site in await sites.list_sites(owner)}


async def test_what_newer_code_added_to_a_policy_is_passed_over(gazette: Site, owner: Owner) -> None:
    links = {"action": "reject", "of_tomorrow": 1}
    await store(owner, gazette, publish="auto", max_links=1, of_tomorrow={"x": []}, checks={"links": links})
    with capture_logs() as logged:
        assert (await policies(owner))["gazette"] == Policy(
            publish="auto", max_links=1, checks={"links": CheckPolicy(action=Outcome.REJECT)}
        )
    assert logged == []


@pytest.mark.parametrize("wrong", [{"publish": "tomorrow"}, {"depth": 99}, {"blocked_words": "no list"}])
async def test_a_site_whose_policy_cannot_be_read_reviews_everything_and_no_other_site_suffers(
    wrong: dict[str, Any], gazette: Site, owner: Owner
) -> None:
    await store(owner, gazette, **({"publish": "auto"} | wrong))
    with capture_logs() as logged:
        for _ in range(3):
            assert await policies(owner) == {
                "gazette": Policy(),
                "paper": Policy(publish="auto", depth=3),
            }
    assert (await policies(owner))["gazette"].publish == "review"
    [line] = logged  # not one each second
    assert (line["log_level"], line["site_id"], line["fields"]) == ("error", gazette.id, list(wrong))


async def test_a_policy_is_parsed_once_for_each_version(
    gazette: Site, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    read_stored = Policy.read_stored

    def counting(document: str) -> Policy:
        read.append(document)
        return read_stored(document)

    monkeypatch.setattr(Policy, "read_stored", counting)
    await store(owner, gazette, publish="auto", comment_limit=321)
    for _ in range(3):
        assert (await policies(owner))["gazette"].comment_limit == 321
    assert sum("321" in document for document in read) == 1
    await store(owner, gazette, publish="auto", comment_limit=322)
    assert (await policies(owner))["gazette"].comment_limit == 322


async def test_the_policy_that_holds_is_made_once_and_those_of_the_past_are_not_kept(
    gazette: Site, owner: Owner
) -> None:
    """A page of versions is read where readers are served: it must not stay in memory."""
    for links in range(3):
        await set_policy(owner, gazette, Policy(max_links=links))
    first, again = await policies(owner), await policies(owner)
    assert first["gazette"] is again["gazette"]
    past = [
        weakref.ref(one.policy) for one in await stored_policies.list_versions(owner, gazette.id, limit=4)
    ]
    gc.collect()
    assert [one() for one in past] == [None] * 4
