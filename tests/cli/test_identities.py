"""`replydesk identity`: who comes in through the provider is said by an operator, and is on record."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.cli.conftest import Invoke

ISSUER = "https://login.paper.example"


@pytest.fixture
def ruth(invoke: Invoke, paper: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("REPLYDESK_OIDC_ISSUER", ISSUER)
    monkeypatch.setenv("REPLYDESK_OIDC_CLIENT_ID", "replydesk")
    typed = "the ferry was late again\n"
    assert (
        invoke("moderator", "password", "Ruth", "--role", "viewer", "--site", paper, typed=typed).exit_code
        == 0
    )
    return "Ruth"


def test_an_account_is_linked_listed_and_unlinked(invoke: Invoke, ruth: str) -> None:
    assert invoke("identity", "link", ruth, "--subject", "8f0b6c1e").exit_code == 0
    assert invoke("identity", "list").output == f"Ruth\t{ISSUER}\t8f0b6c1e\n"
    assert "linked already" in invoke("identity", "link", ruth, "--subject", "other").output
    assert invoke("identity", "unlink", ruth).exit_code == 0
    assert invoke("identity", "list").output == ""
    assert "Ruth is not linked" in invoke("identity", "unlink", ruth).output


def ask(database_url: str, sql: str) -> list[tuple[Any, ...]]:
    async def fetch() -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(database_url)
        try:
            return [tuple(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    return asyncio.run(fetch())


def test_linking_and_unlinking_are_on_record_and_the_subject_is_not(
    invoke: Invoke, ruth: str, database_url: str
) -> None:
    assert invoke("identity", "link", ruth, "--subject", "8f0b6c1e").exit_code == 0
    assert invoke("identity", "unlink", ruth).exit_code == 0
    made = ask(
        database_url,
        "SELECT action, subject, audit_entry::text LIKE '%8f0b6c1e%' FROM audit_entry"
        " WHERE action LIKE 'identity.%' ORDER BY id",
    )
    assert made == [("identity.linked", "Ruth", False), ("identity.unlinked", "Ruth", False)]


def test_unlinking_ends_the_sessions_of_who_has_a_password_besides(
    invoke: Invoke, ruth: str, database_url: str
) -> None:
    assert invoke("identity", "link", ruth, "--subject", "8f0b6c1e").exit_code == 0
    session = (
        "INSERT INTO moderator_session (digest, moderator_id, expires_at)"
        " SELECT sha256('x'), id, now() + interval '1 hour' FROM moderator RETURNING 1"
    )
    assert ask(database_url, session) == [(1,)]
    assert invoke("identity", "unlink", ruth).exit_code == 0
    assert ask(database_url, "SELECT count(*) FROM moderator_session") == [(0,)]


def test_nobody_is_linked_who_may_do_nothing_and_no_subject_is_two_people(
    invoke: Invoke, ruth: str, paper: str, database_url: str
) -> None:
    ask(database_url, "INSERT INTO moderator (name) VALUES ('Nora') RETURNING 1")
    assert "Nora has no role anywhere" in invoke("identity", "link", "Nora", "--subject", "x").output
    assert invoke("moderator", "access", "Nora", "--role", "viewer", "--site", paper).exit_code == 0
    assert invoke("identity", "link", ruth, "--subject", "8f0b6c1e").exit_code == 0
    assert "linked already" in invoke("identity", "link", "Nora", "--subject", "8f0b6c1e").output
    assert invoke("identity", "list").output == f"Ruth\t{ISSUER}\t8f0b6c1e\n"


def test_what_is_no_subject_or_nobody_is_refused(invoke: Invoke, ruth: str) -> None:
    for subject in ("", "ruth@paper.example", "ü", "a" * 256):
        assert "--subject is the provider's" in invoke("identity", "link", ruth, "--subject", subject).output
    assert "there is no moderator Nobody" in invoke("identity", "link", "Nobody", "--subject", "x").output
    assert invoke("identity", "list").output == ""


def test_without_a_provider_nobody_is_linked(invoke: Invoke, paper: str) -> None:
    assert "REPLYDESK_OIDC_ISSUER is not set" in invoke("identity", "link", "Ruth", "--subject", "x").output
