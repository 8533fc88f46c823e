"""`replydesk reveal`: one address, for a reason, by somebody, on record before it is opened."""

import subprocess
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from service.domain.policy import Policy
from service.storage import moderators, passwords
from tests.cli.conftest import Run, as_setting
from tests.factories import Paper, make_email, make_site
from tests.leaks.markers import shapes

MARA = make_email("mara.canary")
REASON = "File 31 Js 4711/26, Bamberg"

Done = subprocess.CompletedProcess[str]


async def make_admin(desk: Paper, name: str = "Ruth", role: str = "admin") -> int:
    moderator_id = await moderators.ensure_moderator(desk.owner, name)
    await passwords.set_access(desk.owner, moderator_id, role, [desk.site.id])
    return moderator_id


def reveal(replydesk: Run, comment_id: UUID, **changes: Any) -> Done:
    asked = {"site": "paper", "by": "Ruth", "kind": "court-order", "reason": REASON} | changes
    settings = {name: asked.pop(name) for name in list(asked) if name.startswith("REPLYDESK_")}
    words = [word for name, value in asked.items() for word in (f"--{name}", value)]
    return replydesk("reveal", str(comment_id), *words, **settings)


async def entries(desk: Paper) -> list[tuple[Any, ...]]:
    rows = await desk.owner.fetch(
        "SELECT action, site_id, moderator_id, subject, details FROM audit_entry"
        " WHERE action = 'address.revealed'"
    )
    return [(*row[:4], orjson.loads(row["details"])) for row in rows]


@pytest.fixture
async def ruth(desk: Paper, replydesk: Run) -> int:
    """An admin of a site that has it switched on."""
    assert replydesk("site", "update", "paper", "--reveal", "on").returncode == 0
    return await make_admin(desk)


def assert_refused(done: Done, complaint: str) -> None:
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert complaint in line
    assert not any(needle in line.lower().encode() for needle in shapes(MARA.reveal()))


async def test_the_address_goes_to_standard_output_alone_and_who_asked_why_is_on_record(
    desk: Paper, ruth: int, replydesk: Run
) -> None:
    comment_id, _other = await desk.post(email=MARA), await desk.post(email=make_email("noor"))
    done = reveal(replydesk, comment_id)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{MARA.reveal()}\n", "")
    assert await entries(desk) == [
        ("address.revealed", desk.site.id, ruth, f"comment {comment_id}",
         {"kind": "court-order", "reason": REASON})
    ]  # fmt: skip


async def test_no_table_and_no_output_but_the_one_has_the_address(
    desk: Paper, ruth: int, replydesk: Run
) -> None:
    comment_id = await desk.post(email=MARA)
    assert reveal(replydesk, comment_id, REPLYDESK_LOG_LEVEL="DEBUG").stderr == ""
    for table in ("audit_entry", "event", "decision", "comment"):
        kept = str(await desk.owner.fetch(f"SELECT * FROM {table}")).lower().encode()  # noqa: S608
        assert not any(needle in kept for needle in shapes(MARA.reveal())), table


async def test_a_site_has_it_off_until_an_operator_switches_it_on_which_is_on_record(
    desk: Paper, replydesk: Run
) -> None:
    comment_id, _ruth = await desk.post(email=MARA), await make_admin(desk)
    assert_refused(reveal(replydesk, comment_id), "paper has this switched off")
    assert await entries(desk) == []
    assert replydesk("site", "update", "paper", "--reveal", "on").returncode == 0
    assert reveal(replydesk, comment_id).stdout == f"{MARA.reveal()}\n"
    assert replydesk("site", "update", "paper", "--reveal", "off").returncode == 0
    assert_refused(reveal(replydesk, comment_id), "paper has this switched off")
    switched = await desk.owner.fetch(
        "SELECT details->>'reveal' AS reveal FROM audit_entry WHERE action = 'site.changed' ORDER BY id"
    )
    assert [row["reveal"] for row in switched] == ["on", "off"]


async def test_what_cannot_be_put_on_record_is_not_shown(desk: Paper, ruth: int, replydesk: Run) -> None:
    comment_id = await desk.post(email=MARA)
    await desk.owner.execute(
        "ALTER TABLE audit_entry ADD CONSTRAINT trouble CHECK (action <> 'address.revealed') NOT VALID"
    )
    done = reveal(replydesk, comment_id)
    assert done.returncode != 0
    for needle in shapes(MARA.reveal()):
        assert needle not in (done.stdout + done.stderr).lower().encode()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"reason": "  "}, "--reason is one line"),
        ({"reason": "a" * 501}, "--reason is one line"),
        ({"reason": "two\nlines"}, "--reason is one line"),
        ({"reason": "wrote from mara.canary@mail.example"}, "leave addresses out of it"),
        ({"by": "Nobody"}, "nobody who is an admin of this site"),
        ({"by": "Mina"}, "nobody who is an admin of this site"),
        ({"site": "none"}, "there is no site none"),
        ({"REPLYDESK_EMAIL_KEYS": ""}, "REPLYDESK_EMAIL_KEYS is not set"),
    ],
    ids=["blank", "long", "lines", "address", "unknown", "no role", "no site", "no keys"],
)
async def test_what_is_missing_is_said_and_nothing_is_on_record(
    desk: Paper, ruth: int, replydesk: Run, changes: dict[str, str], complaint: str
) -> None:
    comment_id = await desk.post(email=MARA)
    assert_refused(reveal(replydesk, comment_id, **changes), complaint)
    assert await entries(desk) == []


async def test_neither_a_moderator_nor_somebody_shut_out_answers_for_it(
    desk: Paper, ruth: int, replydesk: Run
) -> None:
    comment_id = await desk.post(email=MARA)
    await make_admin(desk, "Ida", "moderator")
    assert_refused(reveal(replydesk, comment_id, by="Ida"), "nobody who is an admin")
    await passwords.disable(desk.owner, ruth)
    assert_refused(reveal(replydesk, comment_id), "nobody who is an admin")


async def test_an_admin_of_another_site_answers_for_nothing_here(
    desk: Paper, ruth: int, replydesk: Run
) -> None:
    comment_id = await desk.post(email=MARA)
    evening = await make_site(desk.owner, "evening", Policy())
    olga = await moderators.ensure_moderator(desk.owner, "Olga")
    await passwords.set_access(desk.owner, olga, "admin", [evening.id])
    assert_refused(reveal(replydesk, comment_id, by="Olga"), "nobody who is an admin of this site")
    assert await entries(desk) == []


async def test_a_comment_is_revealed_at_its_own_site_alone(desk: Paper, ruth: int, replydesk: Run) -> None:
    """Else one site's switch would open the addresses of all."""
    comment_id = await desk.post(email=MARA)
    evening = await make_site(desk.owner, "evening", Policy())
    assert replydesk("site", "update", "evening", "--reveal", "on").returncode == 0
    await passwords.set_access(desk.owner, ruth, "admin", [evening.id])
    assert_refused(reveal(replydesk, comment_id, site="evening"), "no such comment at this site")
    assert await entries(desk) == []


async def give_token(
    desk: Paper, moderator_id: int, role: str = "admin", lasts: timedelta | None = None
) -> None:
    digest = uuid4().bytes * 2
    await moderators.insert_token(
        desk.owner,
        moderator_id,
        digest=digest,
        prefix="rd_x",
        role=role,
        site_ids=[desk.site.id],
        lasts=lasts,
    )


async def test_somebody_with_tokens_alone_answers_for_it_by_a_valid_one_of_an_admin(
    desk: Paper, ruth: int, replydesk: Run
) -> None:
    comment_id = await desk.post(email=MARA)
    ida = await moderators.ensure_moderator(desk.owner, "Ida")
    await give_token(desk, ida, "moderator")
    await give_token(desk, ida, lasts=-timedelta(hours=1))
    await give_token(desk, ida)
    assert reveal(replydesk, comment_id, by="Ida").stdout == f"{MARA.reveal()}\n"
    await desk.owner.execute(
        "UPDATE moderator_token SET revoked_at = now() WHERE role = 'admin' AND expires_at IS NULL"
    )
    assert_refused(reveal(replydesk, comment_id, by="Ida"), "nobody who is an admin of this site")
    assert len(await entries(desk)) == 1


async def test_a_token_lifts_nobodys_own_role(desk: Paper, ruth: int, replydesk: Run) -> None:
    comment_id = await desk.post(email=MARA)
    await give_token(desk, await make_admin(desk, "Ida", "moderator"))
    assert_refused(reveal(replydesk, comment_id, by="Ida"), "nobody who is an admin of this site")
    assert await entries(desk) == []


async def test_an_address_that_is_gone_is_said_to_be(desk: Paper, ruth: int, replydesk: Run) -> None:
    erased, expired = await desk.post(email=MARA), await desk.post(email=make_email("noor"))
    await desk.owner.execute("DELETE FROM comment_email WHERE comment_id = $1", expired)
    assert replydesk("erase", typed=MARA.reveal()).returncode == 0
    assert_refused(reveal(replydesk, erased), "was erased, and its address with it")
    assert_refused(reveal(replydesk, expired), "no address is kept of this comment")
    assert_refused(reveal(replydesk, uuid4()), "no such comment at this site")
    assert await entries(desk) == []


async def test_without_its_key_the_attempt_is_on_record_and_nothing_is_shown(
    desk: Paper, ruth: int, replydesk: Run
) -> None:
    comment_id = await desk.post(email=MARA)
    assert_refused(reveal(replydesk, comment_id, REPLYDESK_EMAIL_KEYS=as_setting(2)), "no key in")
    assert len(await entries(desk)) == 1
