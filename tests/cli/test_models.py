"""An operator sees what a site taught the models, goes back, turns learning off and on."""

import asyncio
import json
from typing import Any

from service.storage.pool import Pool
from tests.cli.conftest import Invoke
from tests.factories import Paper
from tests.usecases.teaching import decide_many, let_time_pass, teach


async def ask(invoke: Invoke, *words: str) -> str:
    done = await asyncio.to_thread(invoke, "models", *words)
    assert done.exit_code == 0, done.output
    return done.stdout


async def shown(invoke: Invoke) -> Any:
    return json.loads(await ask(invoke, "show", "paper", "--json"))


async def test_a_new_site_is_told_how_many_decisions_automation_needs(desk: Paper, invoke: Invoke) -> None:
    told = await ask(invoke, "show", "paper")
    assert told.splitlines() == [
        "People decide every comment (publish: review).",
        "At 98 in 100: nobody has decided anything yet.",
        "Spam model: as shipped; nothing was learned yet.",
        "Abuse model: as shipped; nothing was learned yet.",
    ]


async def test_what_was_learned_is_shown_and_taken_back(desk: Paper, worker: Pool, invoke: Invoke) -> None:
    await decide_many(desk, 300)
    await teach(worker)
    told = await ask(invoke, "show", "paper")
    assert "Spam model: correction 1; its correction orders comments better than the shipped model" in told
    assert "Abuse model: as shipped; too few decisions to learn from yet" in told
    assert "At 98 in 100: " in told
    await let_time_pass(desk, "25 hours")
    await teach(worker)
    listed = (await ask(invoke, "list", "paper")).splitlines()
    assert [line.split("\t")[:2] for line in listed] == [["* spam", "2"], ["  spam", "1"]]
    await ask(invoke, "revert", "paper", "spam")
    now = (await shown(invoke))["models"]["spam"]
    assert (now["state"], now["version"]) == ("pinned", 1)
    await let_time_pass(desk, "25 hours")
    await teach(worker)
    assert (await shown(invoke))["models"]["spam"]["version"] == 1, "a pinned model learns nothing"
    await ask(invoke, "revert", "paper", "spam", "--to", "0")
    assert (await shown(invoke))["models"]["spam"]["version"] is None
    await ask(invoke, "on", "paper", "spam")
    await let_time_pass(desk, "25 hours")
    await teach(worker)
    assert (await shown(invoke))["models"]["spam"]["version"] == 3
    await ask(invoke, "off", "paper")
    now = await shown(invoke)
    assert {now["models"][task]["state"] for task in ("spam", "abuse")} == {"off"}
    assert now["models"]["spam"]["version"] is None


async def test_who_is_ignored_is_named(desk: Paper, worker: Pool, invoke: Invoke) -> None:
    await decide_many(desk, 100, inverted=True)
    await teach(worker)
    told = await ask(invoke, "show", "paper")
    assert "Spam model: as shipped; the labels contradict the shipped model; they are ignored" in told
    assert "Ignored, for they contradict: Mina." in told


async def test_a_version_that_is_not_kept_is_refused(desk: Paper, invoke: Invoke) -> None:
    done = await asyncio.to_thread(invoke, "models", "revert", "paper", "spam", "--to", "9")
    assert done.exit_code == 1
    assert done.stderr.startswith("replydesk: there is no version 9 of the spam model at paper;")


async def test_where_nothing_was_learned_there_is_no_going_back(desk: Paper, invoke: Invoke) -> None:
    done = await asyncio.to_thread(invoke, "models", "revert", "paper", "spam")
    assert done.exit_code == 1
    assert done.stderr.startswith("replydesk: there is no earlier version of the spam model at paper;")
    assert "nothing is learned" not in await ask(invoke, "show", "paper")
    assert "nothing yet" in await ask(invoke, "list", "paper")


async def test_a_change_says_what_it_did(desk: Paper, invoke: Invoke) -> None:
    assert "as it is" in await ask(invoke, "off", "paper", "spam")
    assert "learns from" in await ask(invoke, "on", "paper", "spam")
    assert "may decide again" in await ask(invoke, "resume", "paper")


async def test_the_doctor_names_a_site_where_people_disagree(desk: Paper, invoke: Invoke) -> None:
    await desk.owner.execute(
        "INSERT INTO site_learning (site_id, broken_at) SELECT id, clock_timestamp() FROM site"
    )
    said = (await asyncio.to_thread(invoke, "doctor")).stdout
    assert "wrong: paper: people agree with the checks less than promised" in said
    assert "Automation" not in await ask(invoke, "show", "paper")
    await ask(invoke, "resume", "paper")
    assert "less than promised" not in (await asyncio.to_thread(invoke, "doctor")).stdout


async def test_the_doctor_names_a_site_whose_automation_nobody_measures(desk: Paper, invoke: Invoke) -> None:
    comment_id = await desk.post()
    await desk.owner.execute(
        "INSERT INTO sample (site_id, comment_id, status, share, drawn_at) "
        "SELECT id, $1, 'published', 0.02, clock_timestamp() - interval '8 days' FROM site",
        comment_id,
    )
    assert "nobody has answered the sample" in (await asyncio.to_thread(invoke, "doctor")).stdout
    await desk.owner.execute(
        "UPDATE sample SET answered_at = clock_timestamp(), moderator_id = (SELECT min(id) FROM moderator)"
    )
    assert "nobody has answered the sample" not in (await asyncio.to_thread(invoke, "doctor")).stdout
