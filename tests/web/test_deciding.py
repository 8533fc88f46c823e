"""A decision is made once, on what the moderator saw, and stays on record."""

import asyncio
from collections import Counter
from typing import Any

import asyncpg
import pytest

from service.domain.reasons import Reason
from service.domain.site import ReasonText
from tests.web.desk import MISSING, Desk, MakeDesk
from tests.web.harness import PAGE, CheckAll, MakeSite, Submit
from tests.web.sending import get

DOCUMENT = {
    "id", "site", "page_url", "parent_id", "status", "version", "reason", "author", "website", "text",
    "submitted_at", "findings", "author_key", "author_history", "claimed_by", "claimed_until",
}  # fmt: skip


@pytest.fixture
async def desk(make_site: MakeSite, make_desk: MakeDesk) -> Desk:
    await make_site("paper", own_reasons=(ReasonText("rude", "Rude", "Please be kind."),))
    return await make_desk("moderator", name="Ruth")


@pytest.fixture
async def held(desk: Desk, submit: Submit, check_all: CheckAll) -> list[str]:
    """Six held comments, oldest first, at version 2."""
    ids = [(await submit(comment=f"Number {n}."))["id"] for n in range(6)]
    await check_all()
    return ids


async def test_the_queue_shows_what_is_held_oldest_first_with_all_that_is_known(
    desk: Desk, held: list[str]
) -> None:
    answer = await desk.get("/comments")
    assert [one["id"] for one in answer.json["comments"]] == held
    first = answer.json["comments"][0]
    assert set(first) >= DOCUMENT
    assert (first["status"], first["version"], first["reason"]) == ("held", 2, None)
    assert (first["site"], first["page_url"], first["author"]) == ("paper", PAGE, "Mina")
    assert first["author_history"] == {"published": 0, "held": 5, "rejected": 0, "spam": 0}
    assert (first["claimed_by"], first["claimed_until"]) == (None, None)
    assert first["findings"]
    for finding in first["findings"]:
        assert {"check", "outcome", "reason", "score", "detail", "spans"} <= set(finding)
        assert finding["outcome"] in {"pass", "hold", "reject", "spam", "unknown"}
    newest = await desk.get("/comments", sort="newest")
    assert [one["id"] for one in newest.json["comments"]] == held[::-1]


@pytest.mark.parametrize("status", ["pending", "published", "held", "rejected", "spam"])
async def test_every_status_can_be_listed(desk: Desk, held: list[str], submit: Submit, status: str) -> None:
    actions = {"published": "approve", "rejected": "reject", "spam": "spam"}
    expected = held[1:]
    if status in actions:
        await desk.decide(held[0], actions[status], 2, reason="spam")
        expected = held[:1]
    elif status == "pending":
        expected = [(await submit(comment="Fresh."))["id"]]
    else:
        await desk.decide(held[0], "approve", 2)
    assert [one["id"] for one in (await desk.get("/comments", status=status)).json["comments"]] == expected


@pytest.mark.parametrize(
    "params",
    [
        {"status": "no"},
        {"status": ""},
        {"status": "HELD"},
        {"sort": "x"},
        {"limit": "0"},
        {"limit": "201"},
        {"cursor": "x"},
    ],
)
async def test_a_bad_value_is_refused_by_name(desk: Desk, params: dict[str, str]) -> None:
    answer = await desk.get("/comments", **params)
    assert (answer.status, set(answer.faults)) == (422, set(params))


async def test_paging_does_not_jump_while_comments_leave_the_queue(
    desk: Desk, submit: Submit, check_all: CheckAll
) -> None:
    ids = [(await submit(comment=f"Number {n}."))["id"] for n in range(25)]
    await check_all()
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        part = (await desk.get("/comments", limit=4, **cursor)).json
        seen += [one["id"] for one in part["comments"]]
        for one in part["comments"]:
            await desk.decide(one["id"], "approve", one["version"])
        if part["next_cursor"] is None:
            break
        cursor = {"cursor": part["next_cursor"]}
    assert seen == ids


MOVES = [("approve", "published"), ("reject", "rejected"), ("spam", "spam"), ("hold", "held")]


@pytest.mark.parametrize(("action", "status"), MOVES)
@pytest.mark.parametrize(("then", "finally_"), MOVES)
async def test_a_moderator_moves_a_comment_between_the_states(
    desk: Desk, submit: Submit, action: str, status: str, then: str, finally_: str
) -> None:
    comment = (await submit())["id"]
    first = await desk.decide(comment, action, 1, reason="off_topic")
    assert (first.status, first.json["status"], first.json["version"]) == (200, status, 2)
    second = await desk.decide(comment, then, 2, reason="other")
    raised = 3 if finally_ != status else 2
    assert (second.status, second.json["status"], second.json["version"]) == (200, finally_, raised)
    history = (await desk.get(f"/comments/{comment}")).json["history"]
    assert [(one["action"], one["by"]) for one in history] == [(action, "Ruth"), (then, "Ruth")]


async def test_a_stale_version_is_refused_with_the_current_state(desk: Desk, held: list[str]) -> None:
    for version in (1, 3, 2**31 - 1):
        answer = await desk.decide(held[0], "approve", version)
        assert (answer.status, answer.is_problem("stale-version")) == (409, True)
        assert answer.json["current"] == {"status": "held", "version": 2}


@pytest.mark.parametrize("version", [None, "2", 2.0, 0, -1, True, 2**40, [2], "x"])
async def test_a_decision_needs_a_version(desk: Desk, held: list[str], version: Any) -> None:
    body = {"action": "approve"} if version is None else {"action": "approve", "version": version}
    answer = await desk.post(f"/comments/{held[0]}/decision", body)
    assert (answer.status, answer.faults) == (422, {"version": "required" if version is None else "invalid"})


@pytest.mark.parametrize(
    ("action", "reason", "status"),
    [
        *(("reject", str(reason), 200) for reason in Reason),
        ("reject", "rude", 200),
        ("reject", None, 422),
        ("reject", "", 422),
        ("reject", "Spam", 422),
        ("reject", "unknown", 422),
        ("reject", "\x00", 422),
        ("reject", "\ud800", 422),
        ("reject", "r" * 5000, 422),
        ("reject", 5, 422),
        ("approve", "unknown", 422),
        ("spam", None, 200),
        ("hold", None, 200),
    ],
)
async def test_a_rejection_has_a_known_reason(
    desk: Desk, submit: Submit, action: str, reason: Any, status: int
) -> None:
    comment = (await submit())["id"]
    answer = await desk.decide(comment, action, 1, reason=reason)
    assert answer.status == status
    if status == 422:
        assert set(answer.faults) == {"reason"}
    else:
        assert answer.json["reason"] == reason


async def test_the_reasons_of_another_site_are_unknown(
    desk: Desk, make_site: MakeSite, submit: Submit
) -> None:
    await make_site("gazette")
    comment = (await submit("gazette"))["id"]
    assert (await desk.decide(comment, "reject", 1, reason="rude")).status == 422


BODIES: list[tuple[Any, int]] = [
    ({"version": 2}, 422),
    ({"action": "publish", "version": 2}, 422),
    ({"action": ["approve"], "version": 2}, 422),
    ({"action": "approve", "version": 2, "note": "n" * 2001}, 422),
    ({"action": "approve", "version": 2, "note": "\x00"}, 422),
    ({"action": "approve", "version": 2, "note": "\ud800"}, 422),
    ({"action": "approve", "version": 2, "note": 5}, 422),
    ([], 400),
    ("x", 400),
    ({"action": "approve", "version": 2, "unknown": {"a": 1}}, 200),
]


@pytest.mark.parametrize(("body", "status"), BODIES)
async def test_a_body_that_is_no_decision_is_refused(
    desk: Desk, held: list[str], body: Any, status: int
) -> None:
    assert (await desk.post(f"/comments/{held[0]}/decision", body)).status == status


async def test_a_form_is_no_decision(desk: Desk, held: list[str]) -> None:
    url = f"/api/v1/moderation/comments/{held[0]}/decision"
    async with desk.client.post(
        url, data={"action": "approve", "version": 2}, headers=desk.bearer
    ) as response:
        assert (response.status, response.content_type) == (415, "application/problem+json")


async def test_of_many_decisions_at_once_one_is_made(desk: Desk, held: list[str]) -> None:
    actions = ["approve", "spam", "hold", "approve", "spam"] * 2
    answers = await asyncio.gather(*(desk.decide(held[0], action, 2) for action in actions))
    counted = Counter(answer.status for answer in answers)
    assert set(counted) <= {200, 409}
    moved = [one for one in (await desk.get(f"/comments/{held[0]}")).json["history"] if one["version"]]
    assert len(moved) == 2  # the checks', and one of these
    for answer in answers:
        if answer.status == 409:
            assert answer.json["current"]["version"] == 3


async def test_a_decision_while_it_is_pending_stands_against_the_checks(
    desk: Desk, submit: Submit, check_all: CheckAll
) -> None:
    comment = (await submit())["id"]
    assert (await desk.decide(comment, "spam", 1)).status == 200
    await check_all()
    found = (await desk.get(f"/comments/{comment}")).json
    assert (found["status"], found["version"], len(found["history"])) == ("spam", 2, 1)


async def test_the_history_is_complete(desk: Desk, held: list[str], make_desk: MakeDesk) -> None:
    nora = await make_desk("admin", name="Nora")
    await desk.decide(held[0], "reject", 2, reason="off_topic", note="About trains.")
    await nora.undo(held[0])
    await nora.decide(held[0], "approve", 4)
    history = (await desk.get(f"/comments/{held[0]}")).json["history"]
    told = [
        (
            one["by"],
            one["source"],
            one["action"],
            one["from_status"],
            one["status"],
            one["version"],
            one["reason"],
            one["note"],
        )
        for one in history
    ]
    assert told == [
        ("checks", "checks", "hold", "pending", "held", 2, None, None),
        ("Ruth", "moderator", "reject", "held", "rejected", 3, "off_topic", "About trains."),
        ("Nora", "moderator", "undo", "rejected", "held", 4, None, None),
        ("Nora", "moderator", "approve", "held", "published", 5, None, None),
    ]
    assert [one["at"] for one in history] == sorted(one["at"] for one in history)
    assert history[0]["policy_version"] == 1
    assert history[0]["findings"]


async def test_undo_takes_the_last_decision_back_whoever_made_it(
    desk: Desk,
    held: list[str],
    make_desk: MakeDesk,
) -> None:
    nora = await make_desk("moderator", name="Nora")
    await desk.decide(held[0], "reject", 2, reason="hate")
    answer = await nora.undo(held[0])
    assert (answer.status, answer.json["status"], answer.json["version"]) == (200, "held", 4)
    again = await nora.undo(held[0])
    assert (again.status, again.is_problem("nothing-to-undo")) == (409, True)


async def test_undo_gives_a_refusal_its_earlier_reason_back(desk: Desk, held: list[str]) -> None:
    await desk.decide(held[0], "reject", 2, reason="hate")
    await desk.decide(held[0], "approve", 3)
    answer = await desk.undo(held[0])
    assert (answer.json["status"], answer.json["reason"]) == ("rejected", "hate")


async def test_undo_is_possible_for_ten_minutes(
    desk: Desk, held: list[str], database: asyncpg.Connection
) -> None:
    for comment, age, status in [
        (held[0], "9 minutes 50 seconds", 200),
        (held[1], "10 minutes 1 second", 409),
    ]:
        await desk.decide(comment, "approve", 2)
        await database.execute(
            f"UPDATE decision SET decided_at = decided_at - interval '{age}' WHERE comment_id = $1",  # noqa: S608
            comment,
        )
        assert (await desk.undo(comment)).status == status


async def test_the_decision_of_the_checks_is_not_undone(desk: Desk, held: list[str], submit: Submit) -> None:
    assert (await desk.undo(held[0])).status == 409
    assert (await desk.undo((await submit(comment="Fresh."))["id"])).status == 409


async def test_an_undone_publication_is_off_the_page_at_once(desk: Desk, held: list[str]) -> None:
    await desk.decide(held[0], "approve", 2)
    await desk.undo(held[0])
    page = await get(desk.client, "/api/v1/sites/paper/comments", {"page_url": PAGE})
    assert page.json["comments"] == []
    assert page.json["page"]["count"] == 0


async def test_many_decisions_are_answered_in_the_order_asked_each_on_its_own(
    desk: Desk, held: list[str]
) -> None:
    asked: list[Any] = [
        {"id": held[1], "action": "approve", "version": 2},
        {"id": MISSING, "action": "approve", "version": 2},
        {"id": held[0], "action": "reject", "version": 2},
        {"id": held[2], "action": "spam", "version": 1},
        {"id": held[3], "action": "reject", "version": 2, "reason": "nonsense"},
        {"id": held[1], "action": "approve", "version": 2},
        {"id": "opaque", "action": "spam", "version": 1},
        {"id": held[4]},
        {"action": "approve", "version": 1},
        {"id": 5, "action": "approve", "version": 1},
        {"id": "\ud800", "action": "approve", "version": 1},
        {"id": "\x00", "action": "approve", "version": 1},
        {"id": "i" * 5000, "action": "approve", "version": 1},
        {},
        [],
        None,
        7,
        "text",
        {"id": held[5], "action": "hold", "version": 2},
    ]
    answer = await desk.post("/decisions", {"decisions": asked})
    assert answer.status == 200, answer.text
    results = answer.json["results"]
    assert len(results) == len(asked)
    codes = [one["ok"] or one["problem"]["code"] for one in results]
    assert codes[:7] == [
        True, "comment-not-found", "missing-reason", "stale-version", "unknown-reason", "stale-version",
        "comment-not-found",
    ]  # fmt: skip
    assert [one["id"] for one in results[:7]] == [entry["id"] for entry in asked[:7]]
    assert set(codes[7:11]) == {"invalid-decision"}
    assert codes[-1] is True
    assert not any(one["ok"] for one in results[7:-1])
    assert results[0]["comment"]["status"] == "published"
    assert results[3]["problem"]["current"] == {"status": "held", "version": 2}
    assert results[5]["problem"]["current"] == {"status": "published", "version": 3}
    for one in results:
        assert ("comment" in one, "problem" in one) == (one["ok"], not one["ok"])


async def test_two_hundred_decisions_are_taken_and_no_more(
    desk: Desk, submit: Submit, held: list[str]
) -> None:
    entries = [{"id": held[n % 6], "action": "hold", "version": 2} for n in range(200)]
    answer = await desk.post("/decisions", {"decisions": entries})
    assert (answer.status, [one["ok"] for one in answer.json["results"]]) == (200, [True] * 200)
    beyond = await desk.post("/decisions", {"decisions": [*entries, entries[0]]})
    assert (beyond.status, beyond.faults) == (422, {"decisions": "too_long"})
    assert (await desk.post("/decisions", {"decisions": []})).json == {"results": []}
    assert (await desk.post("/decisions", {})).faults == {"decisions": "required"}
    assert (await desk.post("/decisions", {"decisions": {}})).status == 422


async def test_overlapping_lists_in_opposite_order_end(desk: Desk, held: list[str]) -> None:
    entries = [{"id": one, "action": "approve", "version": 2} for one in held]
    lists = [entries, entries[::-1]] * 4
    answers = await asyncio.gather(*(desk.post("/decisions", {"decisions": one}) for one in lists))
    made = [result for answer in answers for result in answer.json["results"] if result["ok"]]
    assert sorted(one["id"] for one in made) == sorted(held)


async def test_the_summary_counts_by_site_and_status(
    desk: Desk, held: list[str], submit: Submit, make_site: MakeSite
) -> None:
    await make_site("gazette")
    await desk.decide(held[0], "approve", 2)
    fresh = await submit(comment="Fresh.")
    summary = (await desk.get("/summary")).json
    by_site = {one["site"]: one for one in summary["sites"]}
    counts = {"pending": 1, "published": 1, "held": 5, "rejected": 0, "spam": 0, "erased": 0}
    assert by_site["paper"]["counts"] == counts
    assert by_site["paper"]["oldest_pending_at"] == fresh["submitted_at"]
    assert by_site["paper"]["oldest_held_at"] < fresh["submitted_at"]
    assert 0 < by_site["paper"]["oldest_pending_age_s"] < by_site["paper"]["oldest_held_age_s"] < 60
    assert by_site["gazette"] == {
        "site": "gazette",
        "counts": dict.fromkeys(counts, 0),
        "oldest_pending_at": None,
        "oldest_pending_age_s": None,
        "oldest_held_at": None,
        "oldest_held_age_s": None,
    }


async def test_the_reasons_of_a_site_have_words_for_both_sides(desk: Desk) -> None:
    reasons = (await desk.get("/reasons", site="paper")).json["reasons"]
    assert {one["code"] for one in reasons} == {*map(str, Reason), "rude"}
    assert all(one["label"] and one["text"] for one in reasons)
    assert (await desk.get("/reasons", site="nowhere")).status == 404


async def test_a_comment_that_awaits_its_confirmation_is_not_in_the_queue(
    desk: Desk, held: list[str], database: asyncpg.Connection
) -> None:
    await database.execute("UPDATE comment SET reason = 'awaiting_confirmation' WHERE id = $1", held[0])
    assert [one["id"] for one in (await desk.get("/comments")).json["comments"]] == held[1:]
    assert held[0] not in await desk.claim(limit=50)


async def test_the_record_of_an_author_is_of_that_site_and_address(
    desk: Desk, held: list[str], submit: Submit, check_all: CheckAll
) -> None:
    await desk.decide(held[0], "approve", 2)
    await desk.decide(held[1], "spam", 2)
    other = (await submit(comment="I am Mina too.", email="other@reader.example"))["id"]
    shown = {one["id"]: one for one in (await desk.get("/comments")).json["comments"]}
    assert shown[held[2]]["author_history"] == {"published": 1, "held": 3, "rejected": 0, "spam": 1}
    stranger = (await desk.get(f"/comments/{other}")).json
    assert stranger["author_history"] == {"published": 0, "held": 0, "rejected": 0, "spam": 0}
    assert stranger["author_key"] != shown[held[2]]["author_key"]
