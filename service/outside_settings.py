"""The settings of services outside: where each is, what it knows us by, how long and how often we ask."""

import base64
import binascii
import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, field_validator

SHORTEST_SECRET, LONGEST_SECRET = 24, 64
"""Bytes of a webhook's secret, as Standard Webhooks has them."""


class OutsideSettings(BaseModel):
    """Nothing is asked without an address, and without a key where the protocol knows no other way."""

    akismet_url: str = "https://rest.akismet.com"
    akismet_key: SecretStr = SecretStr("")
    openai_moderation_url: str = ""
    openai_moderation_key: SecretStr = SecretStr("")
    openai_moderation_model: str = "omni-moderation-latest"
    chat_policy_url: str = ""
    chat_policy_key: SecretStr = SecretStr("")
    chat_policy_model: str = "gpt-oss-safeguard-20b"
    chat_policy_style: Literal["safeguard", "llama_guard", "shield_gemma"] = "safeguard"
    perspective_url: str = ""
    perspective_key: SecretStr = SecretStr("")
    webhook_url: str = ""
    webhook_secrets: SecretStr = SecretStr("")

    outside_deadline_s: Annotated[float, Field(gt=0, le=10)] = 3.0
    chat_policy_deadline_s: Annotated[float, Field(gt=0, le=12)] = 10.0
    outside_rate: str = "20/1"
    outside_at_once: Annotated[int, Field(ge=1, le=200)] = 16
    outside_per_day: str = "100000"

    @field_validator(
        "akismet_url", "openai_moderation_url", "chat_policy_url", "perspective_url", "webhook_url"
    )
    @classmethod
    def _address(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
        except ValueError:
            raise ValueError("is not a URL") from None
        beside = (parts.query, parts.fragment, parts.username, parts.password)
        if value and (parts.scheme not in {"https", "http"} or not parts.hostname or any(beside)):
            raise ValueError("is not an address such as https://service.example/v1, without credentials")
        return value

    @field_validator(
        "akismet_key", "openai_moderation_key", "chat_policy_key", "perspective_key", "webhook_secrets"
    )
    @classmethod
    def _printable(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if not secret.isascii() or (secret and not secret.isprintable()) or " " in secret:
            raise ValueError("may hold visible ASCII characters only")
        return value

    @field_validator("webhook_secrets")
    @classmethod
    def _signing(cls, value: SecretStr) -> SecretStr:
        raw_secrets(value.get_secret_value())
        return value

    @field_validator("outside_rate")
    @classmethod
    def _rate(cls, value: str) -> str:
        if not re.fullmatch(r"[1-9][0-9]{0,5}/[1-9][0-9]{0,4}", value):
            raise ValueError("is not `count/seconds` (at most 999999/99999)")
        return value

    @field_validator("outside_per_day")
    @classmethod
    def _per_day(cls, value: str) -> str:
        if value != "off" and not re.fullmatch(r"[0-9]{1,9}", value):
            raise ValueError("is not a number of questions (at most 999999999) or `off`")
        return value


def raw_secrets(text: str) -> tuple[bytes, ...]:
    """The keys in a list of `whsec_…`, parted by commas; the newest first.

    Raises:
        ValueError: one of them is none; the message quotes nothing.
    """
    return tuple(_raw(one) for one in filter(None, text.split(",")))


def _raw(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("has a secret that is not `whsec_` and base64") from None
    if not SHORTEST_SECRET <= len(key) <= LONGEST_SECRET:
        raise ValueError(f"has a secret that is not {SHORTEST_SECRET} to {LONGEST_SECRET} bytes long")
    return key
