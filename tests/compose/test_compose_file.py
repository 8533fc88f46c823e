"""What the compose file promises, read from the file; `make compose-test` runs it for real."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.cli.secrets import Readers, make_secrets
from service.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOTS = {"secrets", "migrate", "replydesk"}
SERVERS = SERVICES.keys() - ONE_SHOTS
EDGE = (PROJECT / "service/edge/nginx.conf").read_text()


def seconds(text: str) -> int:
    """A duration of the compose file."""
    return int(text.removesuffix("s"))


@pytest.fixture(scope="module")
def worker_says() -> list[str]:
    """A task's hard limit in seconds, and the file that says that a worker or scheduler is at work."""
    # In a process of its own, because the Celery app reads its settings where it is imported.
    program = "from workers.heartbeat import *; from workers.app import *; print(HARD_LIMIT_S, ALIVE)"
    nowhere = {"DATABASE_URL": "postgresql://nowhere/none", "REDIS_URL": "redis://nowhere/0"}
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=PROJECT, env=nowhere, capture_output=True, text=True, check=True)
    return done.stdout.split()


def secrets_of(name: str) -> set[str]:
    """The folders of secrets that a service can see."""
    volumes = SERVICES[name].get("volumes", [])
    return {volume.partition("-secrets:")[0] for volume in volumes if "-secrets:" in volume}


@pytest.mark.skipif(shutil.which("docker") is None, reason="there is no docker here")
def test_docker_compose_reads_it() -> None:
    version = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    if version.returncode:
        pytest.skip("docker has no compose here")
    command = ["docker", "compose", "--profile", "tools", "config", "--quiet"]
    read = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (read.returncode, read.stderr) == (0, "")


def test_the_images_are_the_official_ones() -> None:
    named = {SERVICES["postgres"]["image"], SERVICES["redis"]["image"]}
    assert named == {"postgres:17", "${REPLYDESK_REDIS_IMAGE:-redis:8}"}
    built_on = re.findall(r"^FROM (\S+)", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)
    assert built_on == ["python:3.13-slim", "nginx:1", "python:3.13-slim"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_contained(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"] is True
    assert service["pids_limit"] <= 128
    assert service["mem_limit"]
    assert service["ulimits"] == {"core": 0}
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "3"}
    assert "privileged" not in service


@pytest.mark.parametrize("name", SERVICES.keys() - {"secrets"})
def test_every_service_but_the_one_that_gives_files_away_runs_as_nobody(name: str) -> None:
    assert SERVICES[name]["user"] in {"10001:10001", "999:999", "101:101"}
    assert "cap_add" not in SERVICES[name]


def test_the_one_that_gives_files_away_has_no_network_and_three_capabilities() -> None:
    service = SERVICES["secrets"]
    assert service["network_mode"] == "none"
    assert set(service["cap_add"]) == {"CHOWN", "DAC_OVERRIDE", "FOWNER"}


def test_only_the_edge_is_published_and_on_loopback() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"edge": ["${REPLYDESK_EDGE_ADDRESS:-127.0.0.1}:${REPLYDESK_EDGE_PORT:-8080}:8080"]}
    assert all(service.get("network_mode") in {None, "none"} for service in SERVICES.values())


def test_the_databases_are_out_of_reach_of_the_edge_and_of_the_world() -> None:
    assert COMPOSE["networks"]["front"] == COMPOSE["networks"]["back"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["back"]
    assert "back" not in SERVICES["edge"]["networks"]
    assert [name for name, service in SERVICES.items() if "outside" in service.get("networks", [])] == [
        "edge"
    ]


def test_each_service_sees_its_own_secrets_alone(tmp_path: Path) -> None:
    seen = {name: secrets_of(name) for name in SERVICES}
    assert seen == {
        "edge": set(), "web": {"web"}, "worker": {"worker"}, "scheduler": {"worker"}, "migrate": {"owner"},
        "replydesk": {"owner", "web"}, "postgres": {"postgres"}, "redis": {"redis"},
        "secrets": {"web", "worker", "owner", "postgres", "redis"},
    }  # fmt: skip
    for name in SERVICES.keys() - {"secrets"}:
        volumes = SERVICES[name].get("volumes", [])
        assert all(volume.endswith(":ro") for volume in volumes if "-secrets:" in volume)


def test_every_secret_file_that_a_service_names_is_made(tmp_path: Path) -> None:
    me = tmp_path.stat().st_uid
    made = {f"/run/secrets/{name}" for name in make_secrets(tmp_path, Readers(me, me))}
    named = set(re.findall(r"/run/secrets/\w+/[\w.-]+", (PROJECT / "docker-compose.yml").read_text()))
    assert named <= made


@pytest.mark.parametrize("name", SERVERS)
def test_every_server_has_a_health_check_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"
    # Newer than some engines that are still in use.
    assert "start_interval" not in SERVICES[name]["healthcheck"]


def test_worker_and_scheduler_touch_the_file_that_their_health_check_looks_at(
    worker_says: list[str],
) -> None:
    for name in ("worker", "scheduler"):
        assert worker_says[1] in SERVICES[name]["healthcheck"]["test"][1].split("(")[1].split()
        assert SERVICES[name]["command"][:3] == ["celery", "-A", "workers.heartbeat"]


def test_services_wait_for_what_they_need() -> None:
    done, well = {"condition": "service_completed_successfully"}, {"condition": "service_healthy"}
    for name in ("web", "worker", "scheduler"):
        assert SERVICES[name]["depends_on"] == {
            "secrets": done, "migrate": done, "postgres": well, "redis": well
        }  # fmt: skip
    assert SERVICES["migrate"]["depends_on"] == {"secrets": done, "postgres": well}
    assert SERVICES["edge"]["depends_on"] == {"web": well}


def test_nobody_is_stopped_before_they_have_drained(worker_says: list[str]) -> None:
    drain = float(SERVICES["web"]["environment"]["REPLYDESK_DRAIN_S"])
    assert seconds(SERVICES["web"]["stop_grace_period"]) > drain + 5
    assert seconds(SERVICES["worker"]["stop_grace_period"]) > max(drain, int(worker_says[0])) + 5
    assert all(seconds(SERVICES[name]["stop_grace_period"]) >= 20 for name in SERVERS)


@pytest.mark.parametrize("name", ["web", "worker", "scheduler", "migrate", "replydesk"])
def test_every_setting_that_a_service_is_given_exists(name: str) -> None:
    known = {f"REPLYDESK_{field.upper()}" for field in Settings.model_fields} | {"DATABASE_URL", "REDIS_URL"}
    assert {setting.removesuffix("_FILE") for setting in SERVICES[name]["environment"]} <= known


def test_postgres_logs_nothing_that_readers_wrote() -> None:
    for setting in (
        "log_parameter_max_length=0", "log_parameter_max_length_on_error=0", "log_error_verbosity=terse",
        "log_min_error_statement=panic", "password_encryption=scram-sha-256",
    ):  # fmt: skip
        assert f"-c{setting}" in SERVICES["postgres"]["command"]
    assert "--data-checksums" in SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]


def test_redis_keeps_what_it_is_given() -> None:
    options = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes" in options
    assert "--maxmemory-policy noeviction" in options
    assert "--maxmemory 256mb" in options


def test_the_edge_takes_the_largest_comment_and_logs_no_query() -> None:
    assert f"client_max_body_size {24 * 1024 + 12 * 20_000};" in EDGE
    logged = re.search(r"log_format .*?;", EDGE, re.DOTALL)
    assert logged
    named = set(re.findall(r"\$(\w+)", logged[0]))
    assert not named & {
        "request",
        "request_uri",
        "uri",
        "args",
        "query_string",
        "remote_addr",
        "http_referer",
    }
    assert "error_log stderr alert;" in EDGE


def test_every_refusal_of_the_edge_has_its_answer_and_forms_get_a_page() -> None:
    kinds = {"$refusal": ("json", "page"), "json": ("json",)}
    refusals = re.findall(r"error_page [\d ]+= /-/(\w+)/(\S+);", EDGE)
    wanted = {f"/-/{name}/{kind}" for name, kinds_of in refusals for kind in kinds[kinds_of]}
    assert wanted == set(re.findall(r"location = (/-/\S+) ", EDGE))
    assert {name for name, kinds_of in refusals if kinds_of == "$refusal"} == {"large", "many", "away"}
