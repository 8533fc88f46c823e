"""`replydesk moderator …`: who may sign in by password, from standard input and nowhere else."""

import asyncio
from typing import Any

import asyncpg
import pytest

from service.passwords import PasswordHash
from tests.cli.conftest import Invoke

PASSWORD = "the ferry was late again"


def ask(database_url: str, sql: str) -> Any:
    async def fetch() -> Any:
        connection = await asyncpg.connect(database_url)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(fetch())


def give(invoke: Invoke, *words: str, typed: str = PASSWORD + "\n") -> Any:
    return invoke("moderator", "password", *words, typed=typed)


@pytest.fixture
def ruth(invoke: Invoke, paper: str) -> str:
    """A moderator of one site."""
    done = give(invoke, "Ruth", "--role", "moderator", "--site", paper)
    assert (done.exit_code, done.output) == (0, "")
    return "Ruth"


def test_a_password_is_kept_as_argon2id_of_the_line_that_was_typed(
    invoke: Invoke, ruth: str, database_url: str
) -> None:
    kept = ask(database_url, "SELECT hash FROM moderator_password")
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept
    assert PasswordHash().fits(kept, PASSWORD)


@pytest.mark.parametrize("typed", [PASSWORD, PASSWORD + "\n", PASSWORD + "\r\n"])
def test_the_end_of_the_line_is_no_part_of_it(
    invoke: Invoke, ruth: str, database_url: str, typed: str
) -> None:
    give(invoke, ruth, typed=typed)
    assert PasswordHash().fits(ask(database_url, "SELECT hash FROM moderator_password"), PASSWORD)


def test_the_list_shows_who_may_do_what_and_no_hash(invoke: Invoke, ruth: str, paper: str) -> None:
    give(invoke, "Nora", "--role", "admin", "--all-sites")
    invoke("token", "create", "--site", paper, "--role", "viewer", "--name", "Ida")
    assert invoke("moderator", "list").output.splitlines() == [
        "Ida\tno password\t-\t1 token\tmay sign in",
        "Nora\tadmin\tevery site\t0 tokens\tmay sign in",
        "Ruth\tmoderator\tpaper\t0 tokens\tmay sign in",
    ]


def test_a_new_password_keeps_the_role_and_a_named_role_replaces_it(
    invoke: Invoke, ruth: str, paper: str
) -> None:
    assert give(invoke, ruth, typed="quite another sentence").exit_code == 0
    assert "Ruth\tmoderator\tpaper" in invoke("moderator", "list").output
    assert give(invoke, ruth, "--role", "viewer", "--all-sites").exit_code == 0
    assert "Ruth\tviewer\tevery site" in invoke("moderator", "list").output
    assert invoke("moderator", "access", ruth, "--role", "admin", "--site", paper).exit_code == 0
    assert "Ruth\tadmin\tpaper" in invoke("moderator", "list").output


def test_disabling_ends_everything_and_enabling_brings_the_password_back_alone(
    invoke: Invoke, ruth: str, paper: str, database_url: str
) -> None:
    invoke("token", "create", "--site", paper, "--role", "viewer", "--name", ruth)
    assert invoke("moderator", "disable", ruth).exit_code == 0
    assert "Ruth\tmoderator\tpaper\t0 tokens\tdisabled since " in invoke("moderator", "list").output
    assert ask(database_url, "SELECT count(*) FROM moderator_token WHERE revoked_at IS NULL") == 0
    assert invoke("moderator", "enable", ruth).exit_code == 0
    assert "Ruth\tmoderator\tpaper\t0 tokens\tmay sign in" in invoke("moderator", "list").output


def test_a_name_is_one_however_it_is_spelt(invoke: Invoke, ruth: str) -> None:
    give(invoke, "Zoe\u0308", "--role", "viewer", "--all-sites")
    give(invoke, " Zo\u00eb ")
    assert len(invoke("moderator", "list").output.splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "typed", "complaint"),
    [
        (("Ruth",), "short", "12 to 200 characters"),
        (("Ruth",), "", "12 to 200 characters"),
        (("Ruth",), "x1y2" * 2000, "12 to 200 characters"),
        (("Ruth",), "Ruth12345678", "the name is no password"),
        (("Ruth",), "password12345", "tried first"),
        (("Ruth",), "two lines of\nthe same", "one line"),
        (("Ruth", "--role", "viewer"), PASSWORD, "say which --site"),
        (("Ruth", "--role", "viewer", "--all-sites", "--site", "paper"), PASSWORD, "say which --site"),
        (("Ruth", "--site", "paper"), PASSWORD, "say which --role"),
        (("Nobody",), PASSWORD, "say which --role Nobody has"),
        (("Nobody", "--role", "viewer", "--site", "none"), PASSWORD, "there is no site none"),
        (("\n",), PASSWORD, "one printable line"),
    ],
)
def test_what_is_not_taken_is_said_without_the_password_and_changes_nothing(
    invoke: Invoke, ruth: str, database_url: str, words: tuple[str, ...], typed: str, complaint: str
) -> None:
    before = ask(database_url, "SELECT hash FROM moderator_password")
    done = give(invoke, *words, typed=typed)
    assert done.exit_code == 1
    (line,) = done.stderr.splitlines()
    assert complaint in line
    assert typed not in line or not typed
    assert ask(database_url, "SELECT hash FROM moderator_password") == before
    assert len(invoke("moderator", "list").output.splitlines()) == 1


def test_whoever_is_disabled_gets_no_password_and_no_token_before_being_enabled(
    invoke: Invoke, ruth: str
) -> None:
    invoke("moderator", "disable", ruth)
    for done in (
        give(invoke, ruth),
        invoke("token", "create", "--all-sites", "--role", "admin", "--name", ruth),
    ):
        assert done.exit_code == 1
        assert "Ruth is disabled: `replydesk moderator enable` first" in done.stderr
    assert "\t0 tokens\tdisabled since" in invoke("moderator", "list").output


@pytest.mark.parametrize("verb", ["disable", "enable"])
def test_nobody_is_nobody(invoke: Invoke, ruth: str, verb: str) -> None:
    done = invoke("moderator", verb, "Nobody")
    assert (done.exit_code, done.stderr) == (1, "replydesk: there is no moderator Nobody\n")


def test_no_command_takes_a_password_as_an_argument(invoke: Invoke) -> None:
    told = invoke("moderator", "password", "--help").output
    assert "--password" not in told
    assert invoke("moderator", "password", "Ruth", PASSWORD).exit_code == 2


def test_a_start_of_the_demo_brings_back_no_token_that_was_revoked(invoke: Invoke, tmp_path: Any) -> None:
    file = tmp_path / "moderator-token"
    assert invoke("demo", "--token-file", str(file)).exit_code == 0
    assert invoke("moderator", "disable", "demo moderator").exit_code == 0
    assert invoke("demo", "--token-file", str(file)).exit_code == 0
    assert "demo moderator\tno password\t-\t0 tokens\tdisabled" in invoke("moderator", "list").output


def test_a_lost_second_factor_is_reset_and_on_record(invoke: Invoke, ruth: str, database_url: str) -> None:
    assert "set up no second factor" in invoke("moderator", "reset-code", ruth).stderr
    ask(
        database_url,
        "INSERT INTO moderator_totp (moderator_id, key_id, sealed, confirmed_at)"
        " SELECT id, 1, 'x', now() FROM moderator RETURNING 1",
    )
    ask(
        database_url,
        "INSERT INTO moderator_session (digest, moderator_id, expires_at)"
        " SELECT sha256('x'), id, now() + interval '1 hour' FROM moderator RETURNING 1",
    )
    assert invoke("moderator", "reset-code", ruth).exit_code == 0
    assert ask(database_url, "SELECT count(*) FROM moderator_totp") == 0
    assert ask(database_url, "SELECT count(*) FROM audit_entry WHERE action = 'second_factor.reset'") == 1
    assert ask(database_url, "SELECT count(*) FROM moderator_session") == 0


def test_an_invitation_is_printed_as_a_link_and_nothing_else(
    invoke: Invoke, paper: str, database_url: str
) -> None:
    done = invoke("moderator", "invite", "--role", "viewer", "--site", paper)
    assert done.exit_code == 0
    [line] = done.output.splitlines()
    assert "/dashboard/invitations/rd_" in line
    assert ask(database_url, "SELECT role FROM invitation") == "viewer"
