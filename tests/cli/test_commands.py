"""The command line against a real database."""

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest

from service.domain.policy import Policy
from service.embedded.__main__ import announce
from service.embedded.commands import Surroundings
from service.embedded.layout import Home
from tests.cli.conftest import Invoke


def test_a_new_site_waits_for_people(invoke: Invoke, paper: str) -> None:
    assert invoke("site", "list").output == "paper\tThe Paper\tpublish: review\thttps://paper.example\n"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("site", "create", "paper", "--origin", "https://x.example"), "there is a site paper already"),
        (("site", "create", "Paper", "--origin", "https://x.example"), "a slug is lower-case"),
        (("site", "create", "two", "--origin", "x.example"), "x.example is not an origin"),
        (("site", "create", "two", "--origin", "https://x.example/a"), "is not an origin"),
        (
            ("site", "create", "two", "--origin", "https://x.example", "--post-url", "https://x.example/"),
            "must contain {id}",
        ),
        (
            (
                "site",
                "create",
                "two",
                "--origin",
                "https://x.example",
                "--post-url",
                "https://y.example/{id}",
            ),
            "must lie inside a registered origin",
        ),
        (
            (
                "site",
                "create",
                "two",
                "--origin",
                "https://x.example",
                "--post-url",
                "https://x.example/a b{id}",
            ),
            "is not the address of a page",
        ),
        (("site", "update", "none"), "there is no site none"),
        (("token", "create", "--site", "none", "--role", "viewer"), "there is no site none"),
        (("token", "create", "--role", "viewer"), "say which --site"),
        (("token", "create", "--all-sites", "--role", "viewer", "--name", "Ida\nNoor"), "one printable line"),
        (("token", "create", "--all-sites", "--role", "viewer", "--name", " "), "one printable line"),
        (("token", "revoke", "rd_nothing"), "there is no valid token"),
        (("policy", "get", "none"), "there is no site none"),
        (("recheck", "paper", "--reason", "nosuch"), "there is no reason nosuch; there are off_topic, "),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    invoke: Invoke, paper: str, words: tuple[str, ...], complaint: str
) -> None:
    done = invoke(*words)
    assert done.exit_code == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("replydesk: ")
    assert complaint in line


def test_an_update_changes_what_it_names_and_nothing_else(invoke: Invoke, paper: str) -> None:
    assert invoke("site", "update", paper, "--publish", "auto").exit_code == 0
    assert invoke("site", "update", paper, "--origin", "https://new.example").exit_code == 0
    assert invoke("site", "list").output == "paper\tThe Paper\tpublish: auto\thttps://new.example\n"


def test_a_token_is_printed_once_and_nothing_else(invoke: Invoke, paper: str) -> None:
    token = invoke("token", "create", "--site", paper, "--role", "moderator", "--name", "Ida").stdout
    assert token.startswith("rd_")
    assert len(token.strip()) > 40
    listed = invoke("token", "list").output
    assert token.strip() not in listed
    assert "Ida\tmoderator\tpaper\tuntil" in listed
    assert invoke("token", "revoke", token.strip()[:11]).exit_code == 0
    assert "\trevoked\t" in invoke("token", "list").output


def test_two_tokens_without_a_name_are_two_people(invoke: Invoke, paper: str) -> None:
    for _ in range(2):
        assert invoke("token", "create", "--site", paper, "--role", "moderator").exit_code == 0
    names = {line.split("\t")[1] for line in invoke("token", "list").output.splitlines()}
    assert len(names) == 2


def test_a_policy_is_changed_as_a_whole_and_every_change_is_a_version(invoke: Invoke, paper: str) -> None:
    wanted = Policy(publish="auto", blocked_words=("casino",), max_links=0)
    assert invoke("policy", "set", paper, typed=wanted.model_dump_json()).output == "2\n"
    assert invoke("policy", "set", paper, typed=wanted.model_dump_json()).output == "2\n"
    assert json.loads(invoke("policy", "get", paper).output)["blocked_words"] == ["casino"]


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ('{"publish": "always"}', "publish: "),
        ('{"max_link": 2}', "max_link: "),
        ("[]", "policy: "),
        ('{"held_patterns": ["ok", "(?=x)"]}', "held_patterns.1: look-around is not possible"),
        ('{"checks": {"linkz": {}}}', "checks.linkz: There is no such check; did you mean links."),
    ],
)
def test_a_wrong_policy_is_refused_by_the_name_of_the_field(
    invoke: Invoke, paper: str, document: str, complaint: str
) -> None:
    done = invoke("policy", "set", paper, typed=document)
    assert done.exit_code == 1
    assert f"replydesk: {complaint}" in done.stderr
    assert json.loads(invoke("policy", "get", paper).output)["publish"] == "review"


def test_the_demo_keeps_its_token_and_follows_the_port(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token_file = tmp_path / "moderator-token"
    assert invoke("demo", "--token-file", str(token_file)).exit_code == 0
    token = token_file.read_text()
    assert token_file.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("REPLYDESK_PORT", "9191")
    assert invoke("demo", "--token-file", str(token_file)).exit_code == 0
    assert token_file.read_text() == token
    assert "http://127.0.0.1:9191, http://localhost:9191" in invoke("site", "list").output
    assert len(invoke("token", "list").output.splitlines()) == 1


def test_what_the_start_says_of_its_token_is_so(
    invoke: Invoke, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {"REPLYDESK_HOME": str(tmp_path)}
    around = Surroundings(environ, Home.of(environ))
    assert invoke("demo", "--token-file", str(around.home.token_file)).exit_code == 0
    announce(around)
    said = capsys.readouterr().out
    [listed] = invoke("token", "list").output.splitlines()
    _, _, role, reach, *_ = listed.split("\t")
    assert f"of the role {role} at {reach}; it works on this machine alone" in said
    assert around.home.token_file.read_text().strip() in said


def test_the_doctor_names_what_is_missing(invoke: Invoke) -> None:
    done = invoke("doctor")
    assert done.exit_code == 1
    assert "wrong: REPLYDESK_EMAIL_KEYS is not set" in done.output
    assert "wrong: there is no site yet" in done.output


async def test_the_doctor_says_when_the_log_of_postgres_could_quote_readers(
    invoke: Invoke, database_url: str
) -> None:
    connection = await asyncpg.connect(database_url)
    name = await connection.fetchval("SELECT current_database()")
    for setting, value in (("log_parameter_max_length", "-1"), ("log_parameter_max_length_on_error", "64")):
        await connection.execute(f"ALTER DATABASE {name} SET {setting} = {value}")
    await connection.close()
    said = (await asyncio.to_thread(invoke, "doctor")).output
    assert "log_parameter_max_length = -1" in said
    assert "log_parameter_max_length_on_error = 64" in said


async def test_how_long_things_stay_is_written_by_each_migration(
    invoke: Invoke, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def days() -> dict[str, int | None]:
        connection = await asyncpg.connect(database_url)
        rows = await connection.fetch("SELECT kind, days FROM retention")
        await connection.close()
        return dict(rows)

    as_settings = {"spam": 30, "restricted": 183, "email": 90, "network": 30, "reports": 90}
    assert await days() == as_settings  # the schema and the settings have the same defaults
    monkeypatch.setenv("REPLYDESK_RETENTION_SPAM", "7")
    monkeypatch.setenv("REPLYDESK_RETENTION_EMAIL", "off")
    told = (await asyncio.to_thread(invoke, "migrate")).stderr
    assert "retention: spam now stays 7 days" in told
    assert "retention: email now stays for ever" in told
    assert "network" not in told  # as before
    assert await days() == as_settings | {"spam": 7, "email": None}
    monkeypatch.delenv("REPLYDESK_RETENTION_SPAM")
    monkeypatch.delenv("REPLYDESK_RETENTION_EMAIL")
    assert (await asyncio.to_thread(invoke, "migrate")).exit_code == 0
    assert await days() == as_settings


def test_an_unmigrated_database_is_told_apart(
    invoke: Invoke, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    assert "run `replydesk migrate`" in invoke("site", "list").stderr
    assert "run `replydesk migrate`" in invoke("doctor").output
    assert invoke("migrate").exit_code == 0
    assert invoke("site", "list").output == ""
