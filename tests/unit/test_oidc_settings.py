"""The provider's settings are whole or absent, and never over a connection in clear."""

import pytest

from service.settings import Settings, SettingsError

BASE = {"DATABASE_URL": "postgresql://x:unguessable-7@h/x", "REDIS_URL": "redis://h/0"}
GOOD = {"REPLYDESK_OIDC_ISSUER": "https://login.paper.example/realm", "REPLYDESK_OIDC_CLIENT_ID": "replydesk"}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"REPLYDESK_OIDC_CLIENT_ID": ""}, "REPLYDESK_OIDC_CLIENT_ID is set if"),
        ({"REPLYDESK_OIDC_ISSUER": ""}, "REPLYDESK_OIDC_CLIENT_ID is set if"),
        ({"REPLYDESK_OIDC_ISSUER": "http://login.paper.example"}, "over https"),
        ({"REPLYDESK_OIDC_ISSUER": "https://login.paper.example?x=1"}, "over https"),
        ({"REPLYDESK_OIDC_ISSUER": "https://u:p@login.paper.example"}, "over https"),
        ({"REPLYDESK_OIDC_CLIENT_SECRET": "sécret"}, "visible ASCII"),
        ({"REPLYDESK_OIDC_NAME": "a" * 41}, "at most 40"),
    ],
)
def test_half_a_provider_is_refused_at_the_start(changes: dict[str, str], complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        Settings.read(BASE | GOOD | changes)


def test_a_whole_one_or_none_is_taken() -> None:
    assert Settings.read(BASE | GOOD).oidc_client_id == "replydesk"
    assert Settings.read(BASE).oidc_issuer == ""
    with pytest.raises(SettingsError, match="needs REPLYDESK_OIDC_ISSUER"):
        Settings.read(BASE | {"REPLYDESK_OIDC_CLIENT_SECRET": "x"})
