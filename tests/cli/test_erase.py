"""`replydesk erase`: the address comes from standard input, and nothing that is printed tells of it."""

import json
import subprocess
import sys
from typing import Any

import pytest

from service.domain.policy import Policy
from service.embedded.layout import PROJECT
from service.usecases.erase import erase
from tests.cli.conftest import Run, environment, lines_of
from tests.factories import Paper, make_arrival, make_email, make_site, make_submission
from tests.leaks.markers import shapes

MARA = make_email("mara.canary")
SAID = "replydesk: "


def assert_tells_nothing(*outputs: str) -> None:
    for output in outputs:
        for needle in shapes(MARA.reveal()):
            assert needle not in output.lower().encode()


async def test_a_person_is_erased_at_every_site_or_at_one(desk: Paper, replydesk: Run) -> None:
    gazette = await make_site(desk.owner, "gazette", Policy())
    here = await desk.post(email=MARA)
    there = await desk.desk.accept(
        gazette, make_submission(email=MARA), make_arrival(page_url="https://gazette.example/a")
    )
    done = replydesk("erase", "--site", "gazette", typed=f"{MARA.reveal()}\n")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert (await desk.status(there.id))[0] == "erased"
    assert (await desk.status(here))[0] == "pending"
    again = replydesk("erase", typed=f"  {MARA.reveal().upper()}  ")
    assert again.returncode == 0
    assert (await desk.status(here))[0] == "erased"
    assert await desk.count("comment_email") == await desk.count("author") == 0
    assert_tells_nothing(done.stderr, again.stderr)


async def test_whether_anybody_was_known_is_not_told(desk: Paper, replydesk: Run) -> None:
    await desk.post(email=MARA)
    known = replydesk("erase", typed=MARA.reveal())
    unknown = replydesk("erase", typed="nobody@mail.example")
    assert (known.returncode, known.stdout, known.stderr) == (0, unknown.stdout, unknown.stderr)


@pytest.mark.parametrize(
    ("words", "typed", "complaint"),
    [
        (("erase",), "", "one address on standard input"),
        (("erase",), "a@mail.example\nb@mail.example\n", "one address on standard input"),
        (("erase",), "mara.canary@mail", "not an email address"),
        (("erase",), "mara.canary@mail.example" * 300, "not an email address"),
        (("erase", "--site", "none"), "a@mail.example", "there is no site none"),
        (("erase", "--ledger", "--reapply"), "", "either --ledger or --reapply"),
        (("erase", "--ledger", "--site", "paper"), "", "the ledger is of every site"),
        (("erase", "--reapply"), '{"site": "paper"}\n', "line 1 is no entry of a ledger"),
        (("erase", "--reapply"), "mara.canary@mail.example\n", "line 1 is no entry of a ledger"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_line_that_quotes_nothing(
    desk: Paper, replydesk: Run, words: tuple[str, ...], typed: str, complaint: str
) -> None:
    done = replydesk(*words, typed=typed)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert complaint in line
    assert_tells_nothing(done.stdout, done.stderr)
    assert await desk.count("erasure") == 0


@pytest.mark.parametrize("words", [("erase",), ("erase", "--reapply")])
def test_what_is_no_text_is_refused_in_one_line(words: tuple[str, ...], database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", *words],
        input="mara.cänary@mail.example".encode("latin-1"), cwd=PROJECT,
        env=environment(database_url, PYTHONIOENCODING="utf-8:strict"),
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    [line] = done.stderr.decode().splitlines()
    assert "not an email address" in line or "line 1 is no entry" in line


async def test_an_address_is_no_argument(desk: Paper, replydesk: Run) -> None:
    assert replydesk("erase", MARA.reveal()).returncode == 2


async def test_without_the_keys_nobody_can_be_found(desk: Paper, replydesk: Run) -> None:
    done = replydesk("erase", typed=MARA.reveal(), REPLYDESK_INDEX_KEYS="")
    assert done.returncode == 1
    assert "REPLYDESK_INDEX_KEYS is not set" in done.stderr


async def test_the_ledger_goes_out_as_lines_and_comes_in_again(desk: Paper, replydesk: Run) -> None:
    await desk.post(email=MARA)
    replydesk("erase", typed=MARA.reveal())
    written = replydesk("erase", "--ledger")
    [entry] = lines_of(written.stdout)
    assert set(entry) == {"site", "index_key_id", "email_index", "erased_at"}
    assert (entry["site"], entry["index_key_id"]) == ("paper", 11)
    assert_tells_nothing(written.stdout)
    elsewhere: Any = entry | {"site": "a-site-of-later"}
    done = replydesk("erase", "--reapply", typed=written.stdout + "\n" + json.dumps(elsewhere))
    assert done.returncode == 0, done.stderr
    assert replydesk("erase", "--ledger").stdout == written.stdout


async def test_what_a_killed_erasure_left_is_done_by_the_next_one(desk: Paper, replydesk: Run) -> None:
    comment_id = await desk.post(email=MARA)
    await erase(desk.web, desk.desk.vault, MARA, [desk.site.id])
    assert replydesk("erase", typed="nobody@mail.example").returncode == 0
    assert (await desk.status(comment_id))[0] == "erased"
