"""The settings of sign-in through an OpenID provider: which one, and what it knows us by."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr, ValidationInfo, field_validator


class OidcSettings(BaseModel):
    """Off without an issuer. Without a secret we are a public client, which PKCE protects."""

    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = ""

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
        except ValueError:
            raise ValueError("is not a URL") from None
        beside = (parts.query, parts.fragment, parts.username, parts.password)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or ""))
        if value and (not is_safe or not parts.hostname or any(beside)):
            raise ValueError("is not an issuer such as https://login.paper.example, over https")
        return value

    @field_validator("oidc_client_id")
    @classmethod
    def _with_issuer(cls, value: str, info: ValidationInfo) -> str:
        if bool(value) != bool(info.data.get("oidc_issuer", value)):
            raise ValueError("is set if REPLYDESK_OIDC_ISSUER is, and only then")
        return value

    @field_validator("oidc_client_secret")
    @classmethod
    def _of_client(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        secret = value.get_secret_value()
        if secret and not info.data.get("oidc_client_id", secret):
            raise ValueError("needs REPLYDESK_OIDC_ISSUER and REPLYDESK_OIDC_CLIENT_ID")
        if not secret.isascii() or not (secret.isprintable() or not secret):
            raise ValueError("may hold visible ASCII characters only")
        return value

    @field_validator("oidc_name")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if len(value) > 40 or not (value.isprintable() or not value):
            raise ValueError("is a name of at most 40 characters, such as Paper account")
        return value


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
