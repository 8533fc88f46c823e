"""F30: settings that are missing or wrong: no start, one clear line, no secret in it."""

import asyncio
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from redis import Redis

from service.embedded.layout import PROJECT
from tests.equipment.processes import Process
from tests.faults.registry import fault
from tests.faults.scene import Scene

SECRET = "Unguessable-7f3a"
KEYS = ("REPLYDESK_EMAIL_KEYS", "REPLYDESK_INDEX_KEYS", "REPLYDESK_SIGNING_KEYS")
AT_ONCE = 3
ENDS_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Case:
    """What is taken away, or set, and what the line must name."""

    names: str
    without: str | None = None
    put: tuple[str, str] | None = None
    web_only: bool = False


CASES = (
    *(Case(name, without=name) for name in ("DATABASE_URL", "REDIS_URL")),
    *(Case(name, without=f"{name}_FILE", web_only=True) for name in KEYS),
    *(Case(name, put=(name, f"1:{SECRET}")) for name in KEYS),
    Case("DATABASE_URL", put=("DATABASE_URL", f"mysql://x:{SECRET}@127.0.0.1/x")),
    Case("DATABASE_URL", put=("DATABASE_URL", f"postgresql://x:{SECRET}@[::1/x")),
    Case("DATABASE_URL", put=("DATABASE_URL", "postgresql://replydesk:postgres@127.0.0.1/x")),
    Case("REDIS_URL", put=("REDIS_URL", "redis://:changeme@127.0.0.1:1/0")),
    Case("REDIS_URL", put=("REDIS_URL", f"http://:{SECRET}@127.0.0.1:1/0")),
    Case("REPLYDESK_LEASE", put=("REPLYDESK_LEASE", SECRET)),
    Case("REPLYDESK_LEASE_S", put=("REPLYDESK_LEASE_S", "soon")),
    Case("REPLYDESK_PORT", put=("REPLYDESK_PORT", "0")),
    Case("REPLYDESK_LIMIT_NETWORK", put=("REPLYDESK_LIMIT_NETWORK", "many")),
    Case("REPLYDESK_SIGNING_KEYS_FILE", put=("REPLYDESK_SIGNING_KEYS_FILE", "/nowhere/at/all")),
)


@fault("F30", "settings missing or wrong, a Redis that evicts", load=False)
async def settings(scene: Scene) -> None:
    """Each refuses to start by itself, at once, and says why."""
    webs, workers, schedulers = scene.system.webs[0], scene.system.workers[0], scene.system.schedulers[0]
    await _all(scene, [(webs, case) for case in CASES])
    some = [case for case in CASES if not case.web_only][::4]
    await _all(scene, [(process, case) for case in some for process in (workers, schedulers)])
    await _evicting(scene, [webs, workers, schedulers])
    scene.note(f"{len(CASES) + 2 * len(some) + 3} starts were refused")
    scene.healed()


async def _all(scene: Scene, starts: list[tuple[Process, Case]]) -> None:
    for place in range(0, len(starts), AT_ONCE):
        await asyncio.gather(*(_refused(scene, *start) for start in starts[place : place + AT_ONCE]))


async def _refused(scene: Scene, process: Process, case: Case) -> None:
    env = dict(process.env)
    if case.without:
        env.pop(case.without)
    if case.put:
        env.pop(f"{case.put[0]}_FILE", None)
        env.pop(case.put[0].removesuffix("_FILE"), None)
        env[case.put[0]] = case.put[1]
    what = f"{process.name} with {case.put[0] + ' wrong' if case.put else str(case.without) + ' missing'}"
    await _judge(scene, process, env, case.names, what)


async def _judge(scene: Scene, process: Process, env: Mapping[str, str], names: str, what: str) -> None:
    try:
        code, said = await asyncio.to_thread(_run, process, env)
    except subprocess.TimeoutExpired:
        scene.must(condition=False, what=f"{what} did not end")
        return
    lines = [line for line in said.strip().splitlines() if line.startswith("replydesk: ")]
    scene.must(code != 0, f"{what} started")
    scene.must(any(names in line for line in lines), f"{what}: no line names {names}: {said[-300:]!r}")
    scene.must(len(lines) <= 2, f"{what}: {len(lines)} lines")
    scene.must("Traceback" not in said, f"{what}: a traceback")
    secrets = [SECRET, *(url.partition("://")[2].partition("@")[0] for url in (scene.system.postgres_url,))]
    scene.must(not any(secret in said for secret in secrets), f"{what}: a secret in the line")


def _run(process: Process, env: Mapping[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        list(process.argv),
        cwd=PROJECT,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=ENDS_WITHIN_S,
        check=False,
    )
    return done.returncode, done.stdout


async def _evicting(scene: Scene, processes: list[Process]) -> None:
    with Redis.from_url(scene.system.redis_url, socket_timeout=5) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            for process in processes:
                await _judge(
                    scene, process, process.env, "REDIS_URL", f"{process.name} with a Redis that evicts"
                )
        finally:
            client.config_set("maxmemory-policy", "noeviction")
