"""The settings of mail: which server takes it, who it comes from, which moderators get it."""

import re
from ipaddress import ip_address
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, ValidationInfo, field_validator

_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""Ours need no quotes, and no `=`: that parts a recipient from a site."""

_RECIPIENT = re.compile(rf"(?:([a-z0-9-]+)=)?({_ADDRESS.pattern})")


class MailSettings(BaseModel):
    """Nothing is mailed without a server. The addresses are those of moderators, and are never shown."""

    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_tls: Literal["starttls", "tls", "off"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: SecretStr = SecretStr("")
    smtp_to: SecretStr = SecretStr("")
    mail_folder: str = Field(default="", max_length=4096)

    @property
    def sends_mail(self) -> bool:
        """Whether there is a way for mail: a server, or a folder that it is put into instead."""
        return bool(self.smtp_host or self.mail_folder)

    @field_validator("smtp_host")
    @classmethod
    def _host(cls, value: str) -> str:
        if value and not _HOST.fullmatch(value):
            raise ValueError("is not the name or address of a server")
        return value

    @field_validator("smtp_user", "smtp_password")
    @classmethod
    def _not_in_clear(cls, value: str | SecretStr, info: ValidationInfo) -> str | SecretStr:
        given = value.get_secret_value() if isinstance(value, SecretStr) else value
        if not given.isprintable():
            raise ValueError("may hold visible characters only")
        if given and info.data.get("smtp_tls") == "off" and not _is_here(str(info.data.get("smtp_host"))):
            raise ValueError("would travel in clear: set REPLYDESK_SMTP_TLS to starttls or tls")
        return value

    @field_validator("smtp_from")
    @classmethod
    def _sender(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        address = value.get_secret_value()
        if address and not _ADDRESS.fullmatch(address):
            raise ValueError("is not an address such as desk@paper.example")
        return _needed(value, info)

    @field_validator("smtp_to")
    @classmethod
    def _recipients(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        read_recipients(value.get_secret_value())
        return _needed(value, info)


def read_recipients(text: str) -> list[tuple[str | None, str]]:
    """Site and address of each in a list parted by commas; without a site it is for all.

    Raises:
        ValueError: one of them is none; the message quotes nothing.
    """
    found = [_RECIPIENT.fullmatch(part.strip()) for part in text.split(",") if part.strip()]
    if not all(found):
        raise ValueError("is not a list such as desk@paper.example,sport=sport@paper.example")
    return [(one[1], one[2]) for one in found if one]


def _needed(value: SecretStr, info: ValidationInfo) -> SecretStr:
    if info.data.get("smtp_host") and not value.get_secret_value():
        raise ValueError("is needed where REPLYDESK_SMTP_HOST is set")
    return value


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
