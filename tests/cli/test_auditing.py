"""What operators change at the command line is on record, at each site that it touches."""

import asyncio
from typing import Any

import asyncpg

from tests.cli.conftest import Invoke, Run
from tests.factories import Paper, make_email

MARA = make_email("mara.canary")
PASSWORD = "the ferry was late again\n"


def entries(database_url: str) -> list[tuple[Any, ...]]:
    async def fetch() -> Any:
        connection = await asyncpg.connect(database_url)
        try:
            return await connection.fetch(
                "SELECT action, slug, moderator_id, subject, details FROM audit_entry"
                " LEFT JOIN site ON site.id = site_id ORDER BY audit_entry.id"
            )
        finally:
            await connection.close()

    return [tuple(row) for row in asyncio.run(fetch())]


def test_people_and_tokens_are_on_record_without_a_secret(
    invoke: Invoke, paper: str, database_url: str
) -> None:
    give = ("moderator", "password", "Ruth", "--role", "viewer", "--site", paper)
    assert invoke(*give, typed=PASSWORD).exit_code == 0
    assert invoke("moderator", "access", "Ruth", "--role", "admin", "--all-sites").exit_code == 0
    assert invoke("moderator", "access", "Ruth", "--role", "viewer", "--site", paper).exit_code == 0
    assert invoke("moderator", "disable", "Ruth").exit_code == 0
    assert invoke("moderator", "enable", "Ruth").exit_code == 0
    token = invoke("token", "create", "--site", paper, "--role", "viewer", "--name", "Ida").output.strip()
    assert invoke("token", "revoke", token[:11]).exit_code == 0
    found = [one for one in entries(database_url) if not one[0].startswith("site.")]
    assert [(action, slug) for action, slug, *_ in found] == [
        ("moderator.password_set", paper),
        ("moderator.access_changed", None),
        ("moderator.access_changed", None),
        ("moderator.disabled", paper),
        ("moderator.enabled", paper),
        ("token.created", paper),
        ("token.revoked", paper),
    ]
    assert {one[2] for one in found} == {None}
    assert PASSWORD.strip() not in str(found)
    assert token not in str(found)


def test_sites_and_policies_are_on_record(invoke: Invoke, paper: str, database_url: str) -> None:
    assert invoke("site", "update", paper, "--name", "The Paper").exit_code == 0
    assert invoke("policy", "set", paper, "-", typed='{"max_links": 9}').exit_code == 0
    assert [(one[0], one[1]) for one in entries(database_url)][-2:] == [
        ("site.changed", paper),
        ("policy.changed", paper),
    ]


async def test_an_erasure_is_on_record_at_each_site_without_the_address(desk: Paper, replydesk: Run) -> None:
    assert replydesk("erase", typed=f"{MARA.reveal()}\n").returncode == 0
    [entry] = await desk.owner.fetch(
        "SELECT action, site_id, moderator_id, subject, details FROM audit_entry"
    )
    assert tuple(entry) == ("person.erased", desk.site.id, None, "a person", "{}")
