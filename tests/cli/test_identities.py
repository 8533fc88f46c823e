"""`replydesk identity`: who comes in through the provider is said by an operator, and is on record."""

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


def test_what_is_no_subject_or_nobody_is_refused(invoke: Invoke, ruth: str) -> None:
    for subject in ("", "ruth@paper.example", "ü", "a" * 256):
        assert "--subject is the provider's" in invoke("identity", "link", ruth, "--subject", subject).output
    assert "there is no moderator Nobody" in invoke("identity", "link", "Nobody", "--subject", "x").output
    assert invoke("identity", "list").output == ""


def test_without_a_provider_nobody_is_linked(invoke: Invoke, paper: str) -> None:
    assert "REPLYDESK_OIDC_ISSUER is not set" in invoke("identity", "link", "Ruth", "--subject", "x").output
