"""What is installed is new enough for what was found in older ones, and so is what may be installed."""

import tomllib
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from service.embedded.layout import PROJECT

AT_LEAST = {
    "aiohttp": "3.14.1",  # memory by pipelined requests and long lines (CVE-2026-54273, -54277)
    "asyncpg": "0.21",  # CVE-2020-17446
    "celery": "5.7",  # workers that stop to consume after a reconnect
    "kombu": "5.7",  # the timer of redelivery that dies with its connection
    "redis": "4.5.4",  # answers of other users after a cancellation (CVE-2023-28858)
    "idna": "3.15",  # crafted long labels (CVE-2026-45409)
}


def declared() -> dict[str, Requirement]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {one.name: one for one in map(Requirement, project["dependencies"])}


@pytest.mark.parametrize(("name", "least"), AT_LEAST.items())
def test_no_older_one_may_be_installed(name: str, least: str) -> None:
    assert Version(version(name)) >= Version(least)
    lowest = [Version(one.version) for one in declared()[name].specifier if one.operator == ">="]
    assert max(lowest) >= Version(least)


def test_every_requirement_is_met() -> None:
    unmet = {
        name: version(name) for name, one in declared().items() if not one.specifier.contains(version(name))
    }
    assert unmet == {}
