"""Every setting by its rule, every wrong one in one clear line that gives no secret away."""

import base64
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from service.limits.limit import parse_limit
from service.mail_settings import read_recipients
from service.outside_settings import raw_secrets
from service.settings import Settings, SettingsError, injected_by_kubernetes

SECRET = "correct-horse-battery"
MINIMAL = {
    "DATABASE_URL": f"postgresql://desk:{SECRET}@127.0.0.1:5432/replydesk",
    "REDIS_URL": f"redis://:{SECRET}@127.0.0.1:6379/0",
}
KEY = base64.b64encode(bytes(range(32))).decode()


def read(**more: str) -> Settings:
    return Settings.read({**MINIMAL, **more})


def faults(environ: Mapping[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        Settings.read(environ)
    return caught.value.lines


def test_two_urls_are_enough() -> None:
    settings = read()
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8080, "http://127.0.0.1:8080")
    assert settings.limit_author == "10/60"
    assert settings.limit_global == "off"


def test_both_urls_are_asked_for_at_once() -> None:
    assert faults({}) == ["DATABASE_URL is missing", "REDIS_URL is missing"]


def test_an_unknown_name_refuses_to_start_and_every_one_is_named() -> None:
    lines = faults({**MINIMAL, "REPLYDESK_PROT": "1", "REPLYDESK_LIMITS": "x"})
    assert lines == ["REPLYDESK_LIMITS: there is no such setting", "REPLYDESK_PROT: there is no such setting"]


@pytest.mark.parametrize(
    "name", ["PATH", "DATABASE_URLS", "replydesk_port", "REPLYDESK", "REPLYDESK_HOME", "TEST_REPLYDESK_X"]
)
def test_a_name_that_is_not_ours_is_left_alone(name: str) -> None:
    read(**{name: "whatever"})


WRONG = [
    ("DATABASE_URL", "127.0.0.1"),
    ("DATABASE_URL", "mysql://desk:correct-horse-battery@127.0.0.1/x"),
    ("DATABASE_URL", "postgresql://desk:correct-horse-battery@[::1/x"),
    ("DATABASE_URL", "postgresql://desk:correct-horse-battery℀@127.0.0.1/x"),
    ("DATABASE_URL", "postgresql://desk:@127.0.0.1/x"),
    ("DATABASE_URL", "postgresql://desk:postgres@127.0.0.1/x"),
    ("DATABASE_URL", "postgresql://desk:POSTGRES@127.0.0.1/x"),
    ("DATABASE_URL", "postgresql://desk:%70ostgres@127.0.0.1/x"),
    ("DATABASE_URL", "postgresql://desk@127.0.0.1/x?password=postgres"),
    ("REDIS_URL", "http://127.0.0.1"),
    ("REDIS_URL", "redis://:redis@127.0.0.1"),
    ("REDIS_URL", "redis://:@127.0.0.1"),
    ("REPLYDESK_PORT", "0"),
    ("REPLYDESK_PORT", "65536"),
    ("REPLYDESK_PORT", "http"),
    ("REPLYDESK_PORT", ""),
    ("REPLYDESK_PUBLIC_URL", "paper.example"),
    ("REPLYDESK_PUBLIC_URL", "https://paper.example/talk"),
    ("REPLYDESK_PUBLIC_URL", "https://paper.example?x=1"),
    ("REPLYDESK_PUBLIC_URL", "https://paper.example#talk"),
    ("REPLYDESK_PUBLIC_URL", "https://desk:correct-horse-battery@paper.example"),
    ("REPLYDESK_PUBLIC_URL", "https://paper.example:port"),
    ("REPLYDESK_PUBLIC_URL", "ftp://paper.example"),
    ("REPLYDESK_TRUSTED_PROXIES", "10.0.0.0/33"),
    ("REPLYDESK_TRUSTED_PROXIES", "proxy.example"),
    ("REPLYDESK_METRICS_NETWORKS", "::1/129"),
    ("REPLYDESK_LIMIT_NETWORK", "30"),
    ("REPLYDESK_LIMIT_NETWORK", "0/60"),
    ("REPLYDESK_LIMIT_NETWORK", "30/0"),
    ("REPLYDESK_LIMIT_NETWORK", "-1/60"),
    ("REPLYDESK_LIMIT_NETWORK", "1٣/60"),
    ("REPLYDESK_LIMIT_AUTHOR", "1000000/60"),
    ("REPLYDESK_LIMIT_PAGE", "600/100000"),
    ("REPLYDESK_LIMIT_SITE", "none"),
    ("REPLYDESK_LIMIT_GLOBAL", ""),
    ("REPLYDESK_RETENTION_SPAM", "0"),
    ("REPLYDESK_RETENTION_SPAM", "-1"),
    ("REPLYDESK_RETENTION_RESTRICTED", "1.5"),
    ("REPLYDESK_RETENTION_EMAIL", ""),
    ("REPLYDESK_RETENTION_EMAIL", "never"),
    ("REPLYDESK_RETENTION_NETWORK", "10000"),
    ("REPLYDESK_LEASE_S", "0"),
    ("REPLYDESK_LEASE_S", "nan"),
    ("REPLYDESK_SWEEP_S", "inf"),
    ("REPLYDESK_CHECK_DEADLINE_S", "nan"),
    ("REPLYDESK_DRAIN_S", "-1"),
    ("REPLYDESK_CLAIM_BATCH", "0"),
    ("REPLYDESK_CLAIM_BATCH", "2.5"),
    ("REPLYDESK_WORKER_PROCESSES", "65"),
    ("REPLYDESK_LOG_LEVEL", "LOUD"),
    ("REPLYDESK_LOG_LEVEL", ""),
    ("REPLYDESK_WEB_PASSWORD", "changeme"),
    ("REPLYDESK_WEB_PASSWORD", "fifteen-letters"),
    ("REPLYDESK_WORKER_PASSWORD", "correct-horse-bätterie"),
    ("REPLYDESK_EMAIL_KEYS", "1:short"),
    ("REPLYDESK_EMAIL_KEYS", f"0:{KEY}"),
    ("REPLYDESK_INDEX_KEYS", f"1:{KEY},1:{KEY}"),
    ("REPLYDESK_SIGNING_KEYS", f"1:{base64.b64encode(b'x' * 32).decode()}"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_one_clear_line_that_names_its_variable_and_no_secret(name: str, value: str) -> None:
    lines = faults({**MINIMAL, name: value})
    assert len(lines) == 1
    assert lines[0].startswith(name + " ")
    assert "\n" not in lines[0]
    for secret in (SECRET, KEY, "short", "fifteen-letters"):
        assert secret not in lines[0]


def test_every_fault_is_told_at_once() -> None:
    lines = faults(
        {**MINIMAL, "REPLYDESK_PORT": "x", "REPLYDESK_LEASE_S": "-1", "REPLYDESK_WHAT": "1", "REDIS_URL": "?"}
    )
    assert [line.split()[0].rstrip(":") for line in lines] == [
        "REPLYDESK_WHAT",
        "REDIS_URL",
        "REPLYDESK_PORT",
        "REPLYDESK_LEASE_S",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://desk@127.0.0.1/x"),
        ("DATABASE_URL", "postgresql:///x?host=/run/postgresql"),
        ("DATABASE_URL", "postgresql://desk:postgres-is-ours@127.0.0.1/x"),
        ("REDIS_URL", "rediss://:correct-horse-battery@cache.example:6380/1"),
        ("REDIS_URL", "redis://127.0.0.1:6379"),
        ("REPLYDESK_PUBLIC_URL", "https://talk.paper.example:8443/"),
        ("REPLYDESK_LIMIT_NETWORK", "999999/99999"),
        ("REPLYDESK_LIMIT_AUTHOR", "off"),
        ("REPLYDESK_RETENTION_SPAM", "1"),
        ("REPLYDESK_RETENTION_EMAIL", "off"),
        ("REPLYDESK_LOG_LEVEL", "debug"),
        ("REPLYDESK_TRUSTED_PROXIES", " 10.0.0.0/8 , ::1,"),
        ("REPLYDESK_EMAIL_KEYS", f"255:{KEY}"),
        ("REPLYDESK_WEB_PASSWORD", "sixteen-letters!"),
    ],
)
def test_a_right_value_is_taken(name: str, value: str) -> None:
    read(**{name: value})


@pytest.mark.parametrize(
    "written", ["30/60", "1/1", "999999/99999", "1000000/60", "30/100000", "1٣/60", "off", "30/60 "]
)
def test_settings_take_no_limit_that_the_limiter_cannot_read(written: str) -> None:
    try:
        read(REPLYDESK_LIMIT_PAGE=written)
    except SettingsError:
        return
    parse_limit(written)


def test_an_address_of_ipv6_makes_a_url_with_brackets() -> None:
    assert read(REPLYDESK_HOST="::1").public_url == "http://[::1]:8080"


def test_the_public_url_decides_whether_readers_come_over_tls() -> None:
    assert not read().is_https
    settings = read(REPLYDESK_PUBLIC_URL="HTTPS://Talk.Paper.Example/")
    assert settings.is_https
    assert settings.public_url == "https://talk.paper.example"


def test_a_value_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "url"
    path.write_text("postgresql://desk:from-a-file-here@127.0.0.1/x\n")
    settings = Settings.read({"DATABASE_URL_FILE": str(path), "REDIS_URL": MINIMAL["REDIS_URL"]})
    assert settings.database_url.get_secret_value().endswith("from-a-file-here@127.0.0.1/x")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    lines = faults({**MINIMAL, "REPLYDESK_EMAIL_KEYS_FILE": str(missing)})
    assert lines == [f"REPLYDESK_EMAIL_KEYS_FILE: cannot read {missing} (No such file or directory)"]


@pytest.mark.parametrize("path", ["\0", "."])
def test_a_path_that_is_no_file_is_one_clear_line(path: str) -> None:
    assert faults({**MINIMAL, "REPLYDESK_EMAIL_KEYS_FILE": path})[0].startswith("REPLYDESK_EMAIL_KEYS_FILE: ")


def test_a_file_that_is_not_text_is_refused_without_its_content(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_bytes(b"1:\xff\xfe-the-key")
    lines = faults({**MINIMAL, "REPLYDESK_EMAIL_KEYS_FILE": str(path)})
    assert lines == [f"REPLYDESK_EMAIL_KEYS_FILE: {path} is not UTF-8 text"]


def test_a_setting_and_its_file_together_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "url"
    path.write_text(MINIMAL["DATABASE_URL"])
    for order in (("DATABASE_URL", "DATABASE_URL_FILE"), ("DATABASE_URL_FILE", "DATABASE_URL")):
        both = {name: {**MINIMAL, "DATABASE_URL_FILE": str(path)}[name] for name in order}
        lines = faults({**both, "REDIS_URL": MINIMAL["REDIS_URL"]})
        assert lines == ["DATABASE_URL is set twice: by itself and by DATABASE_URL_FILE"]


INJECTED = {
    "REPLYDESK_PORT": "tcp://10.0.0.1:80",
    "REPLYDESK_SERVICE_HOST": "10.0.0.1",
    "REPLYDESK_SERVICE_PORT": "80",
    "REPLYDESK_SERVICE_PORT_HTTP": "80",
    "REPLYDESK_PORT_80_TCP": "tcp://10.0.0.1:80",
    "REPLYDESK_PORT_80_TCP_PROTO": "tcp",
    "REPLYDESK_PORT_80_TCP_PORT": "80",
    "REPLYDESK_PORT_80_TCP_ADDR": "10.0.0.1",
    "REPLYDESK_PORT_53_UDP": "udp://10.0.0.1:53",
}


def test_what_kubernetes_injects_for_a_service_of_this_name_is_ignored() -> None:
    assert read(**INJECTED).port == 8080
    assert all(injected_by_kubernetes(name, value) for name, value in INJECTED.items())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REPLYDESK_PORT", "8080"),
        ("REPLYDESK_SERVICE", "x"),
        ("REPLYDESK_PORT_80", "x"),
        ("REPLYDESK_HOST", "x"),
    ],
)
def test_what_only_looks_like_kubernetes_is_not_ignored(name: str, value: str) -> None:
    assert not injected_by_kubernetes(name, value)


def test_settings_print_no_secret() -> None:
    settings = read(REPLYDESK_EMAIL_KEYS=f"1:{KEY}", REPLYDESK_WEB_PASSWORD=SECRET)
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert SECRET not in shown
        assert KEY not in shown


def test_a_setting_cannot_be_changed_while_running() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read().port = 1  # type: ignore[misc]


def test_the_complaint_does_not_depend_on_the_order_of_sets() -> None:
    script = (
        "import os\nfrom service.settings import *\ntry:\n Settings.read()\n"
        "except SettingsError as e: print(e)"
    )
    wrong = {f"REPLYDESK_UNKNOWN_{n}": "x" for n in range(20)} | {
        "REPLYDESK_PORT": "x",
        "REPLYDESK_LEASE_S": "x",
    }
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed, **wrong},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(said) == 1
    assert len(said.pop().splitlines()) == 24


SIGNING_SECRET = "whsec_" + base64.b64encode(bytes(range(24))).decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REPLYDESK_AKISMET_URL", "ftp://rest.example"),
        ("REPLYDESK_OPENAI_MODERATION_URL", "api.example/v1"),
        ("REPLYDESK_CHAT_POLICY_URL", "https://me:secret@chat.example/v1"),
        ("REPLYDESK_PERSPECTIVE_URL", "https://scores.example/?key=s3cret"),
        ("REPLYDESK_WEBHOOK_URL", "https://[desk.example/"),
        ("REPLYDESK_AKISMET_KEY", "a key\nX-Other: 1"),
        ("REPLYDESK_OPENAI_MODERATION_KEY", "schlüssel"),
        ("REPLYDESK_CHAT_POLICY_STYLE", "freely"),
        ("REPLYDESK_WEBHOOK_SECRETS", "not-base64!"),
        ("REPLYDESK_WEBHOOK_SECRETS", "whsec_" + base64.b64encode(bytes(23)).decode()),
        ("REPLYDESK_WEBHOOK_SECRETS", SIGNING_SECRET + ",whsec_" + base64.b64encode(bytes(65)).decode()),
        ("REPLYDESK_OUTSIDE_DEADLINE_S", "11"),
        ("REPLYDESK_CHAT_POLICY_DEADLINE_S", "12.5"),
        ("REPLYDESK_OUTSIDE_RATE", "off"),
        ("REPLYDESK_OUTSIDE_AT_ONCE", "0"),
        ("REPLYDESK_OUTSIDE_PER_DAY", "-1"),
        ("REPLYDESK_SUBMITTED_KEYS", "1:short"),
    ],
)
def test_a_wrong_setting_of_a_service_is_one_line_without_its_secret(name: str, value: str) -> None:
    (line,) = faults({**MINIMAL, name: value})
    assert line.startswith(f"{name} ")
    assert value not in line
    assert "s3cret" not in line


def test_several_secrets_of_a_webhook_are_read_in_their_order() -> None:
    other = base64.b64encode(bytes(range(32))).decode()
    settings = read(REPLYDESK_WEBHOOK_SECRETS=f"{SIGNING_SECRET},{other}")
    assert raw_secrets(settings.webhook_secrets.get_secret_value()) == (bytes(range(24)), bytes(range(32)))
    assert SIGNING_SECRET not in repr(settings)


MAIL = {
    "REPLYDESK_SMTP_HOST": "mail.example",
    "REPLYDESK_SMTP_FROM": "desk@paper.example",
    "REPLYDESK_SMTP_TO": "ruth@paper.example, sport=noor@paper.example",
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REPLYDESK_SMTP_HOST", "smtp://mail.example"),
        ("REPLYDESK_SMTP_PORT", "0"),
        ("REPLYDESK_SMTP_TLS", "perhaps"),
        ("REPLYDESK_SMTP_FROM", ""),
        ("REPLYDESK_SMTP_FROM", "Desk <s3cret@paper.example>"),
        ("REPLYDESK_SMTP_FROM", "s3cret@paper.example\nBcc: x@y.example"),
        ("REPLYDESK_SMTP_TO", ""),
        ("REPLYDESK_SMTP_TO", "s3cret"),
        ("REPLYDESK_SMTP_TO", "ruth@paper.example;s3cret@paper.example"),
        ("REPLYDESK_SMTP_TO", "Sport=s3cret@paper.example"),
        ("REPLYDESK_SMTP_PASSWORD", "s3cret\n"),
    ],
)
def test_a_wrong_setting_of_mail_is_one_line_without_an_address(name: str, value: str) -> None:
    (line,) = faults({**MINIMAL, **MAIL, name: value})
    assert line.startswith(f"{name} ")
    assert "s3cret" not in line
    assert "ruth" not in line


def test_a_password_of_mail_does_not_travel_in_clear_but_on_this_machine() -> None:
    clear = {**MAIL, "REPLYDESK_SMTP_TLS": "off", "REPLYDESK_SMTP_PASSWORD": "s3cret"}
    (line,) = faults({**MINIMAL, **clear})
    assert line.startswith("REPLYDESK_SMTP_PASSWORD would travel in clear")
    read(**clear | {"REPLYDESK_SMTP_HOST": "127.0.0.1"})
    read(**clear | {"REPLYDESK_SMTP_HOST": "localhost"})
    read(**clear | {"REPLYDESK_SMTP_TLS": "starttls"})


def test_recipients_of_mail_are_of_all_sites_or_of_one_and_never_shown() -> None:
    settings = read(**MAIL)
    assert read_recipients(settings.smtp_to.get_secret_value()) == [
        (None, "ruth@paper.example"), ("sport", "noor@paper.example"),
    ]  # fmt: skip
    assert "paper.example" not in repr(settings)
