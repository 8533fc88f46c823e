"""What a start makes, in which order, and whom it tells what."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from redis import Redis

from service.embedded.layout import Home
from service.keyring import Keyring
from tests.embedded.conftest import NAMES, Run, until

Start = Callable[..., Run]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_demo_site_is_there_before_the_web_process_and_the_links_are_printed(running: Run) -> None:
    run = running
    order = (run.home.root / "order").read_text().split()
    assert order[:2] == ["migrate", "demo"]
    assert set(order[2:]) >= {"web"}
    said = run.said()
    for path in ("/demo", "/dashboard", "/docs"):
        assert f"http://127.0.0.1:{run.port}{path}\n" in said
    assert "demo-token" in said
    for name in NAMES:
        os.kill(run.pid(name), 0)


def test_the_keys_go_to_the_web_process_and_the_demo_alone(start: Start) -> None:
    run = start(REPLYDESK_INDEX_KEYS="1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").ready()
    until(lambda: (run.home.root / "scheduler.json").exists() and (run.home.root / "worker.json").exists())
    for name in ("web", "demo"):
        told = run.told(name)
        for setting in ("REPLYDESK_EMAIL_KEYS_FILE", "REPLYDESK_SIGNING_KEYS_FILE"):
            path = Path(told[setting])
            assert Keyring.parse(path.read_text(encoding="ascii")).newest == 1
            assert mode(path) == 0o600
        assert told["REPLYDESK_INDEX_KEYS"].startswith("1:")
        assert "REPLYDESK_INDEX_KEYS_FILE" not in told
    for name in ("scheduler", "migrate"):
        assert not [setting for setting in run.told(name) if "KEY" in setting]
    assert [setting for setting in run.told("worker") if "KEY" in setting] == [
        "REPLYDESK_SUBMITTED_KEYS_FILE"
    ]


def test_the_keys_of_services_go_to_the_worker_alone(start: Start) -> None:
    run = start(REPLYDESK_AKISMET_KEY="of-this-test", REPLYDESK_WEBHOOK_SECRETS="whsec_" + "AbCd" * 8).ready()
    until(lambda: (run.home.root / "scheduler.json").exists() and (run.home.root / "worker.json").exists())
    assert run.told("worker")["REPLYDESK_AKISMET_KEY"] == "of-this-test"
    for name in ("web", "demo", "scheduler", "migrate"):
        assert not [setting for setting in run.told(name) if "AKISMET" in setting or "WEBHOOK" in setting]


def test_the_command_line_beside_it_is_told_the_settings_while_it_runs(start: Start) -> None:
    run = start().ready()
    file = run.home.environment_file
    assert mode(file) == 0o600
    told = run.told("web")
    assert (
        json.loads(file.read_text()).items()
        >= {
            name: told[name]
            for name in ("DATABASE_URL", "REDIS_URL", "REPLYDESK_EMAIL_KEYS_FILE", "REPLYDESK_PORT")
        }.items()
    )
    run.stop()
    assert not file.exists()


async def test_postgres_asks_for_its_password_and_logs_nothing_that_people_wrote(running: Run) -> None:
    run = running
    url = run.told("web")["DATABASE_URL"]
    connection = await asyncpg.connect(url)
    for setting, value in {
        "data_checksums": "on",
        "log_min_error_statement": "panic",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_error_verbosity": "terse",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "synchronous_commit": "on",
        "server_encoding": "UTF8",
    }.items():
        assert await connection.fetchval(f"SHOW {setting}") == value, setting
    with pytest.raises(asyncpg.UniqueViolationError):
        await connection.execute(
            "CREATE TABLE t (x text UNIQUE); INSERT INTO t VALUES ('secret'), ('secret')"
        )
    await connection.close()
    assert "secret" not in run.home.log_file("postgres").read_text()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(url.replace("@", "0@"))


def test_redis_asks_for_its_password_and_keeps_every_write(running: Run) -> None:
    run = running
    with Redis.from_url(run.told("web")["REDIS_URL"]) as client:
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        password = client.connection_pool.connection_kwargs["password"]
    assert password.encode() not in Path(f"/proc/{run.pid('redis')}/cmdline").read_bytes()


async def test_a_second_start_keeps_the_data_the_keys_and_the_passwords(
    start: Start, homes: Callable[[], Home]
) -> None:
    home = homes()
    first = start(home=home).ready()
    connection = await asyncpg.connect(first.told("web")["DATABASE_URL"])
    await connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
    await connection.close()
    before = {path.name: path.read_text() for path in home.secrets.iterdir()}
    assert first.stop() == 0
    second = start(home=home).ready()
    connection = await asyncpg.connect(second.told("web")["DATABASE_URL"])
    assert await connection.fetchval("SELECT n FROM kept") == 42
    await connection.close()
    assert {path.name: path.read_text() for path in home.secrets.iterdir()} == before


def test_two_homes_run_side_by_side(start: Start) -> None:
    one, other = start(), start()
    one.ready()
    other.ready()
    assert one.answers()
    assert other.answers()
    one.stop()
    assert other.answers()


def test_servers_that_the_environment_names_are_used_and_none_is_started(start: Start) -> None:
    urls = {"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/c", "REDIS_URL": "redis://:d@127.0.0.1:1/0"}
    run = start(**urls).ready()
    assert {name: run.told("worker")[name] for name in urls} == urls
    assert run.pid("postgres") == run.pid("redis") == 0
    assert not (run.home.root / "postgres").exists()
