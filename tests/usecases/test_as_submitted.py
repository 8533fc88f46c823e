"""Where a submission came from is kept for Akismet: sealed, for fifteen days, and gone with the text."""

from datetime import timedelta
from uuid import UUID

import pytest

from service.domain.as_submitted import AsSubmitted, SealedSubmission
from service.domain.policy import Policy
from service.storage.pool import Pool
from service.usecases.erase import erase
from service.usecases.sweep import sweep
from service.vault import SubmittedVault
from tests.factories import Paper, make_email, make_keyring, make_submission
from tests.usecases.outside import FROM, policy_with


@pytest.fixture
def policy() -> Policy:
    return policy_with("akismet", publish="review")


async def kept(paper: Paper) -> int:
    return await paper.count("comment_as_submitted")


async def post(paper: Paper, name: str | None = None) -> UUID:
    accepted = await paper.accept(make_submission(email=make_email(name)), as_submitted=FROM)
    return accepted.id


async def let_days_pass(paper: Paper, days: float) -> None:
    await paper.owner.execute(
        "UPDATE comment_as_submitted SET submitted_at = submitted_at - $1::interval", timedelta(days)
    )
    await paper.owner.execute("UPDATE chore SET ran_at = '-infinity'")


async def test_it_opens_for_its_own_comment_with_its_own_keys(paper: Paper) -> None:
    first, second = await post(paper), await post(paper)
    rows = await paper.owner.fetch("SELECT * FROM comment_as_submitted ORDER BY comment_id")
    assert [row["comment_id"] for row in rows] == [first, second]
    sealed = SealedSubmission(rows[0]["key_id"], rows[0]["sealed"])
    vault = SubmittedVault(make_keyring(31))
    assert vault.open(sealed, paper.site.id, first) == FROM
    assert vault.open(sealed, paper.site.id, second) is None
    assert vault.open(sealed, paper.site.id + 1, first) is None
    assert SubmittedVault(make_keyring(32)).open(sealed, paper.site.id, first) is None
    assert SubmittedVault(make_keyring(32, 31)).open(sealed, paper.site.id, first) == FROM
    for readable in (b"203.0.113", b"Canary", b"paper.example"):
        assert readable not in rows[0]["sealed"]


async def test_it_is_printed_nowhere() -> None:
    assert "203" not in repr(FROM) + str(FROM) + f"{FROM}"
    assert "Canary" not in repr(FROM)


def test_headers_are_bounded_and_without_what_is_no_character() -> None:
    came = AsSubmitted.of("203.0.113.7", "x" * 9000, "https://paper.example/\r\n\x00" + "y" * 9000)
    assert (len(came.user_agent), len(came.referrer) <= 1000) == (512, True)
    assert came.referrer.isprintable()
    assert AsSubmitted.of("203.0.113.7", None, None) == AsSubmitted("203.0.113.7")


async def test_it_goes_with_the_text_when_its_author_is_erased(paper: Paper, worker: Pool) -> None:
    await post(paper, "mara")
    others = await post(paper, "noor")
    await paper.owner.execute(
        """
        INSERT INTO service_feedback SELECT site_id, comment_id, 'akismet', 'ham', 'spam', now()
        FROM comment_as_submitted
        """
    )
    await erase(paper.web, paper.desk.vault, make_email("mara"), [paper.site.id])
    await sweep(worker, seconds=60)
    for table in ("comment_as_submitted", "service_feedback"):
        rows = await paper.owner.fetch(f"SELECT comment_id FROM {table}")  # noqa: S608
        assert [row["comment_id"] for row in rows] == [others]


async def test_it_goes_with_spam_that_expires(paper: Paper, worker: Pool) -> None:
    comment_id = await post(paper)
    await paper.decide(comment_id, "spam")
    await paper.owner.execute("UPDATE comment SET decided_at = decided_at - interval '31 days'")
    await sweep(worker, seconds=60)
    assert await kept(paper) == 0


@pytest.mark.parametrize(("network_days", "ends_after"), [(30, 15), (None, 15), (4, 4)])
async def test_it_ends_after_fifteen_days_or_with_networks(
    network_days: int | None, ends_after: int, paper: Paper, worker: Pool
) -> None:
    await paper.owner.execute("UPDATE retention SET days = $1 WHERE kind = 'network'", network_days)
    comment_id = await post(paper)
    await let_days_pass(paper, ends_after - 0.01)
    await sweep(worker, seconds=60)
    assert await kept(paper) == 1
    await let_days_pass(paper, 0.02)
    await sweep(worker, seconds=60)
    assert await kept(paper) == 0
    assert (await paper.status(comment_id))[0] == "pending", "the comment stays"
