"""I8: what the processes hold (children, memory, descriptors, database connections), before and after."""

from dataclasses import dataclass

from service.web import pools
from tests.equipment.processes import Process, uses
from tests.faults.system import System

FILES_MORE = 45
"""The pools of a process may be fuller than before: 17 connections to Postgres, 20 to Redis, some clients."""

MEMORY_MORE_KB = 80 * 1024
CONNECTIONS_PER_WEB = pools.CONNECTIONS
CONNECTIONS_PER_WORKER = 10
"""Three for each child of the pool, two for the patrol and its drain."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Of one process with its children; memory in KiB."""

    children: int
    rss_kb: int
    files: int


@dataclass(frozen=True, slots=True)
class Census:
    """By the name of the process; `connections` are those of the product to Postgres."""

    holdings: dict[str, Holding]
    connections: int


async def take(system: System) -> Census:
    """Look at every process of the product now."""
    holdings = {process.name: _holding(process) for process in system.processes()}
    rows = await system.sql(
        "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name LIKE 'replydesk-%'"
    )
    return Census(holdings, int(rows[0]["n"]))


def compare(system: System, before: Census, now: Census) -> list[str]:
    """What did not come back to where it was."""
    found = []
    for process in system.processes():
        name = process.name
        held, was = now.holdings[name], before.holdings.get(name)
        if not process.runs:
            found.append(f"I8: {name} does not run")
        elif was is not None:
            found += _more(name, was, held)
    allowed = CONNECTIONS_PER_WEB * len(system.webs) + CONNECTIONS_PER_WORKER * len(system.workers)
    if now.connections > allowed:
        found.append(f"I8: {now.connections} connections to Postgres, at most {allowed} are due")
    return found


def _holding(process: Process) -> Holding:
    children = process.children()
    all_of_it = [uses(pid) for pid in (process.pid, *children)]
    return Holding(len(children), sum(it.rss_kb for it in all_of_it), sum(it.files for it in all_of_it))


def _more(name: str, was: Holding, held: Holding) -> list[str]:
    found = []
    if held.children != was.children:
        found.append(f"I8: {name} has {held.children} children, had {was.children}")
    if held.files > was.files + FILES_MORE:
        found.append(f"I8: {name} has {held.files} open files, had {was.files}")
    if held.rss_kb > was.rss_kb * 1.3 + MEMORY_MORE_KB:
        found.append(f"I8: {name} holds {held.rss_kb >> 10} MB, held {was.rss_kb >> 10} MB")
    return found
