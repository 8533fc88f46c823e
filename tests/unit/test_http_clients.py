"""No module but the door to the outside makes requests over HTTP."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path for home in ("service", "workers", "migrations") for path in (ROOT / home).rglob("*.py")
)

CLIENTS = (
    "http.client",
    "urllib.request",
    "urllib3",
    "requests",
    "httpx",
    "xmlrpc",
    "aiohttp.client",
    "ftplib",
)
CLIENT_NAMES = {"ClientSession", "TCPConnector", "BaseConnector"}
ALLOWED = {
    "service/outbound/client.py": "the door itself",
    "service/embedded/supervisor.py": "asks its own child on the loopback for a status",
    "service/cli/replay_client.py": "asks the operator's own service at the operator's command",
}


def clients_in(tree: ast.AST) -> Iterator[str]:
    """The names under which a module could make requests."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name.startswith(CLIENTS))
        if isinstance(node, ast.ImportFrom) and node.module:
            whole = [f"{node.module}.{one.name}" for one in node.names]
            yield from (one for one in whole if one.startswith(CLIENTS))
            yield from (one.name for one in node.names if one.name in CLIENT_NAMES)
        if isinstance(node, ast.Attribute) and node.attr in CLIENT_NAMES:
            yield node.attr


def test_only_the_door_to_the_outside_makes_requests() -> None:
    found = {
        str(path.relative_to(ROOT)) for path in MODULES if any(clients_in(ast.parse(path.read_text("utf-8"))))
    }
    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    "code",
    [
        "import requests", "import httpx as h", "import http.client", "from http import client",
        "from urllib.request import urlopen", "import urllib.request as u", "from urllib import request",
        "from aiohttp import ClientSession", "import aiohttp\naiohttp.ClientSession()", "import urllib3",
    ],
)  # fmt: skip
def test_every_way_to_a_client_is_seen(code: str) -> None:
    assert list(clients_in(ast.parse(code)))


def test_what_is_no_client_is_not_taken_for_one() -> None:
    code = "from urllib.parse import urlsplit\nfrom http import HTTPStatus\nfrom aiohttp import web"
    assert list(clients_in(ast.parse(code))) == []
