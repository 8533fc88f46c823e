"""Everything that an operator can set: environment variables `REPLYDESK_…`, `DATABASE_URL` and `REDIS_URL`.

Each secret may come from a file instead: `<NAME>_FILE` holds its path.
"""

import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pydantic import ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator

from service.keyring import Keyring, KeyringError
from service.mail_settings import MailSettings
from service.oidc_settings import OidcSettings
from service.outside_settings import OutsideSettings

Network = IPv4Network | IPv6Network

WELL_KNOWN_PASSWORDS = frozenset(
    {"", "admin", "changeme", "default", "example", "guest", "password", "postgres", "redis", "replydesk"}
    | {"root", "secret", "test"}
)
"""A password that stands in a tutorial is no password."""

# What Kubernetes injects for a Service called replydesk: not ours, and no reason to refuse.
_KUBERNETES = re.compile(r"REPLYDESK_(SERVICE_(HOST|PORT(_\w+)?)|PORT_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)")
_NOT_SETTINGS = frozenset({"REPLYDESK_HOME"})  # read by the embedded runtime alone
_SCHEMES = {"database_url": ("postgresql", "postgres"), "redis_url": ("redis", "rediss")}
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class SettingsError(Exception):
    """One or more settings are wrong; each line says which and why, never with a secret in it."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Settings(OutsideSettings, MailSettings, OidcSettings):
    """The settings of one process; immutable."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    database_url: SecretStr
    redis_url: SecretStr
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    public_url: str = ""
    trusted_proxies: tuple[Network, ...] = ()
    metrics_networks: tuple[Network, ...] = ()
    outbound_networks: tuple[Network, ...] = ()

    email_keys: SecretStr = SecretStr("")
    index_keys: SecretStr = SecretStr("")
    signing_keys: SecretStr = SecretStr("")
    submitted_keys: SecretStr = SecretStr("")
    web_password: SecretStr = SecretStr("")
    worker_password: SecretStr = SecretStr("")

    limit_network: str = "30/60"
    limit_author: str = "10/60"
    limit_page: str = "600/60"
    limit_site: str = "6000/60"
    limit_global: str = "off"
    limit_sign_in: str = "10/300"
    limit_reports: str = "10/600"

    retention_spam: str = "30"
    retention_restricted: str = "183"
    retention_email: str = "90"
    retention_network: str = "30"
    retention_reports: str = "90"

    lease_s: Annotated[float, Field(gt=0, le=3600)] = 60.0
    sweep_s: Annotated[float, Field(gt=0, le=600)] = 10.0
    check_deadline_s: Annotated[float, Field(gt=0, le=60)] = 1.0
    claim_batch: Annotated[int, Field(ge=1, le=500)] = 20
    worker_processes: Annotated[int, Field(ge=1, le=64)] = 2
    worker_memory_mb: Annotated[int, Field(ge=128)] = 512
    request_s: Annotated[float, Field(gt=0, le=60)] = 10.0
    connections: Annotated[int, Field(ge=16, le=100_000)] = 4096
    drain_s: Annotated[float, Field(gt=0, le=300)] = 8.0
    log_level: str = "INFO"

    @field_validator("database_url", "redis_url")
    @classmethod
    def _no_well_known_password(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        parts, schemes = _split(value.get_secret_value()), _SCHEMES[str(info.field_name)]
        if parts.scheme not in schemes:
            raise ValueError(f"is not a URL that begins with {schemes[0]}://")
        named = [parts.password, *parse_qs(parts.query, keep_blank_values=True).get("password", [])]
        if any(unquote(one).lower() in WELL_KNOWN_PASSWORDS for one in named if one is not None):
            raise ValueError("has an empty or well-known password")
        return value

    @field_validator("web_password", "worker_password")
    @classmethod
    def _strong(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if secret and (secret.lower() in WELL_KNOWN_PASSWORDS or len(secret) < 16):
            raise ValueError("needs at least 16 characters that nobody knows")
        if not secret.isascii():
            raise ValueError("may hold ASCII characters only")
        return value

    @field_validator("email_keys", "index_keys", "signing_keys", "submitted_keys")
    @classmethod
    def _readable_keys(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            try:
                Keyring.parse(value.get_secret_value())
            except KeyringError as error:
                raise ValueError(str(error)) from None
        return value

    @field_validator("trusted_proxies", "metrics_networks", "outbound_networks", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())
        return value

    @field_validator(
        "limit_network",
        "limit_author",
        "limit_page",
        "limit_site",
        "limit_global",
        "limit_sign_in",
        "limit_reports",
    )
    @classmethod
    def _limit(cls, value: str) -> str:
        if value != "off" and not re.fullmatch(r"[1-9][0-9]{0,5}/[1-9][0-9]{0,4}", value):
            raise ValueError("is not `count/seconds` (at most 999999/99999) or `off`")
        return value

    @field_validator(
        "retention_spam", "retention_restricted", "retention_email", "retention_network", "retention_reports"
    )
    @classmethod
    def _retention(cls, value: str) -> str:
        if value != "off" and not re.fullmatch(r"[1-9][0-9]{0,3}", value):
            raise ValueError("is not a number of days (1 to 9999) or `off`")
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in _LEVELS:
            raise ValueError(f"is not one of {', '.join(_LEVELS)}")
        return value.upper()

    @field_validator("public_url")
    @classmethod
    def _origin(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            host = str(info.data.get("host"))
            return f"http://{f'[{host}]' if ':' in host else host}:{info.data.get('port')}"
        parts = _split(value)
        beside = (parts.path.strip("/"), parts.query, parts.fragment, parts.username, parts.password)
        if parts.scheme not in {"http", "https"} or not parts.hostname or any(beside) or not _has_port(parts):
            raise ValueError("is not an origin such as https://talk.paper.example")
        # As a browser writes it: origins are compared as text.
        default_port = {"http": ":80", "https": ":443"}[parts.scheme]
        return value.rstrip("/").lower().removesuffix(default_port)

    # A default is the derived value, so it is validated as well.
    model_config["validate_default"] = True

    @property
    def is_https(self) -> bool:
        """Whether readers and moderators come over TLS."""
        return self.public_url.startswith("https://")

    @property
    def retention_days(self) -> dict[str, int | None]:
        """How many days each kind stays; null is for ever."""
        kinds = ("spam", "restricted", "email", "network", "reports")
        values = {kind: str(getattr(self, f"retention_{kind}")) for kind in kinds}
        return {kind: None if value == "off" else int(value) for kind, value in values.items()}

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the environment.

        Raises:
            SettingsError: a name is unknown, a value wrong, a file unreadable.
        """
        values, unknown = _collect(environ, frozenset(cls.model_fields))
        lines = [f"{name}: there is no such setting" for name in unknown]
        try:
            settings = cls.model_validate(values)
        except ValidationError as error:
            lines += [_line(fault) for fault in error.errors(include_input=False, include_url=False)]
            raise SettingsError(lines) from None
        if lines:
            raise SettingsError(lines)
        return settings


def _split(value: str) -> SplitResult:
    try:
        return urlsplit(value)
    except ValueError:
        raise ValueError("is not a URL") from None  # the message of urlsplit may quote the password


def _has_port(parts: SplitResult) -> bool:
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _variable(field: str) -> str:
    return field.upper() if field in {"database_url", "redis_url"} else f"REPLYDESK_{field.upper()}"


def _line(fault: Any) -> str:
    name = _variable(str(fault["loc"][0]))
    message = str(fault["msg"]).removeprefix("Value error, ")
    return (
        f"{name} is missing" if fault["type"] == "missing" else f"{name} {message[:1].lower()}{message[1:]}"
    )


def injected_by_kubernetes(name: str, value: str) -> bool:
    """Whether this variable belongs to a Kubernetes Service called replydesk, not to us."""
    return bool(_KUBERNETES.fullmatch(name)) or (name == "REPLYDESK_PORT" and value.startswith("tcp://"))


def ignored_names(environ: Mapping[str, str] = os.environ) -> list[str]:
    """The variables that look like settings and come from Kubernetes: worth a warning, no more."""
    return sorted(name for name, value in environ.items() if injected_by_kubernetes(name, value))


def _collect(environ: Mapping[str, str], fields: frozenset[str]) -> tuple[dict[str, str], list[str]]:
    by_variable = {_variable(field): field for field in fields}
    values: dict[str, str] = {}
    unknown: list[str] = []
    for name, value in environ.items():
        field = by_variable.get(name.removesuffix("_FILE"))
        if injected_by_kubernetes(name, value) or name in _NOT_SETTINGS:
            continue
        if field is not None:
            if field in values:
                variable = _variable(field)
                raise SettingsError([f"{variable} is set twice: by itself and by {variable}_FILE"])
            values[field] = _from_file(name, value) if name.endswith("_FILE") else value
        elif name.startswith("REPLYDESK_"):
            unknown.append(name)
    return values, sorted(unknown)


def _from_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise SettingsError([f"{name}: {path} is not UTF-8 text"]) from None
    except (OSError, ValueError) as error:  # a path with a NUL is a ValueError
        why = error.strerror if isinstance(error, OSError) else "not a path"
        raise SettingsError([f"{name}: cannot read {path} ({why})"]) from None
