"""An operator is told why a comment stands where it stands, and what the checks have been doing."""

import asyncio
import json

from service.domain.policy import Policy
from service.moderation.checks import links
from service.storage.pool import Pool
from tests.cli.conftest import Invoke
from tests.factories import Paper, make_email, set_policy, until
from tests.usecases.checking import rules
from tests.usecases.checking import run as check_due

LINKS = "Read http://a.example http://b.example http://c.example\u202e, please."


async def test_every_check_and_the_line_that_decided_are_printed_without_the_address(
    desk: Paper, worker: Pool, invoke: Invoke
) -> None:
    comment_id = await desk.post(text=LINKS, author="Mina \u202e", email=make_email("mina.canary"))
    await check_due(worker)
    await desk.decide(comment_id, "reject", reason="off_topic", note="see the rules")
    told = (await asyncio.to_thread(invoke, "explain", str(comment_id))).stdout
    assert "rejected, reason off_topic, version 3" in told
    assert "decided by the line  max_links: 2" in told
    assert "policy version 1" in told
    assert "hold by checks: pending → held, reason links" in told
    assert "reject by Mina: held → rejected, reason off_topic" in told
    assert "note: see the rules" in told
    assert f"  links v{links.VERSION}" in told
    assert "3 links, at most 2 are allowed  [max_links]" in told
    assert "    5-21  http://a.example" in told
    assert "\u202e" not in told
    assert "canary" not in told
    short = (await asyncio.to_thread(invoke, "explain", "--no-text", str(comment_id))).stdout
    assert "a.example" not in short
    assert "Mina \\u202e" not in short
    assert "    5-21\n" in short


async def test_what_is_not_there_and_what_was_not_checked_is_said(desk: Paper, invoke: Invoke) -> None:
    missing = await asyncio.to_thread(invoke, "explain", "019cad01-8f3e-7c4a-b1d2-5e6f70819203")
    assert (missing.exit_code, missing.stderr) == (1, "replydesk: there is no such comment\n")
    comment_id = await desk.post()
    told = (await asyncio.to_thread(invoke, "explain", str(comment_id))).stdout
    assert told.splitlines()[1] == "pending, version 1"


async def test_the_line_is_that_of_the_version_that_decided(
    desk: Paper, worker: Pool, invoke: Invoke
) -> None:
    comment_id = await desk.post(text="A casino by the mill.")
    await set_policy(desk.owner, desk.site, Policy(held_words=("harbour", "casino")))
    await check_due(worker)
    await set_policy(desk.owner, desk.site, Policy())
    told = (await asyncio.to_thread(invoke, "explain", str(comment_id))).stdout
    assert "decided by the line  held_words.1: casino" in told


async def test_checks_are_shown_with_what_people_made_of_their_decisions(
    desk: Paper, worker: Pool, invoke: Invoke
) -> None:
    linked = [await desk.post(text=f"{LINKS} {number}") for number in range(3)]
    await desk.post()
    await check_due(worker)
    await desk.decide(linked[0], "approve")
    await desk.decide(linked[1], "spam")
    report = json.loads((await asyncio.to_thread(invoke, "checks", "paper", "--json")).stdout)
    record = next(one for one in report["checks"] if one["check"] == "links")
    assert (record["comments"], record["outcomes"]["hold"], record["decided"]["held"]) == (4, 3, 3)
    assert record["people"] == {"approved": 1, "rejected": 0, "spam": 1, "nobody": 1}
    assert record["agreement"] == 0.5
    assert report["checks"][0] == record  # who decides most comes first
    rules = {(rule["rule"], rule["status"]): rule["count"] for rule in report["rules"]}
    assert rules == {("max_links", "held"): 3, ("publish", "held"): 1}
    told = (await asyncio.to_thread(invoke, "checks", "paper", "--days", "1")).stdout
    assert "4 comments checked in the last day" in told
    row = next(line for line in told.splitlines() if line.startswith("links "))
    assert "75.0%" in row
    assert "(1 not decided by people)" in row
    assert "there is no site none" in (await asyncio.to_thread(invoke, "checks", "none")).stderr


async def test_held_comments_are_checked_again_and_the_command_says_what_became_of_them(
    desk: Paper, worker: Pool, invoke: Invoke
) -> None:
    for number in range(2):
        await desk.post(text=f"Read http://a.example http://b.example http://c.example, {number}.")
    await check_due(worker)
    await set_policy(desk.owner, desk.site, rules(max_links=9))
    command = asyncio.create_task(asyncio.to_thread(invoke, "recheck", "paper"))
    pending = "SELECT count(*) FROM comment WHERE status = 'pending'"
    await until(lambda: desk.owner.fetchval(pending))
    await check_due(worker)
    done = await command
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "2 checked again, 2 published")
    none = await asyncio.to_thread(invoke, "recheck", "paper")
    assert none.stdout == "0 checked again\n"
