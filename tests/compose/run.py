"""`make compose-test`: the production shape for real, from a fresh clone to its end.

Needs a Docker engine with Compose 2, git and Python; nothing else, and no tests around it. What is
committed is tested. Exit code 0 when everything held.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

from accidents import go_down_and_up, hurt, refuse_bad_secrets
from desk import PAGE, SITE, Desk
from engine import IMAGE, Compose, Failed, must, say
from walk import believe_no_client, hold_off_slow_clients, keep_encodings_apart, walk

PROJECT = Path(__file__).resolve().parents[2]
SCRATCH = PROJECT / ".cache" / "compose-test"
SERVICES = ("edge", "web", "worker", "scheduler", "redis", "postgres")
REDIS, VALKEY = "redis:8", "valkey/valkey:8"


def main() -> int:
    """Everything with Redis; then the walk and Redis's own accidents with Valkey in its place."""
    if not _succeeds("docker", "compose", "version") or not _succeeds("docker", "info"):
        say("there is no Docker engine with Compose here")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        clone = _fresh_clone()
        _round(clone, REDIS, SERVICES)
        if _succeeds("docker", "image", "inspect", VALKEY):
            _round(clone, VALKEY, ("redis",))
        else:
            say(f"SKIPPED with {VALKEY}: there is no such image here")
    except Failed as error:
        say(f"FAILED: {error}")
        return 1
    finally:
        _succeeds("docker", "image", "rm", "-f", IMAGE, f"{IMAGE}-edge")
        shutil.rmtree(SCRATCH, ignore_errors=True)
    say("passed")
    return 0


def _fresh_clone() -> Path:
    shutil.rmtree(SCRATCH, ignore_errors=True)
    SCRATCH.mkdir(parents=True)
    # As the most careful of operators clones: nobody else may read it.
    command = ["git", "clone", "--quiet", "--no-hardlinks", str(PROJECT), str(SCRATCH / "clone")]
    done = subprocess.run(command, capture_output=True, text=True, umask=0o077, check=False)
    must(done.returncode == 0, f"git clone: {done.stderr.strip()}")
    if not _succeeds("git", "diff", "--quiet", "HEAD"):
        say("what is not committed is not tested")
    return SCRATCH / "clone"


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, cwd=PROJECT, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _round(clone: Path, redis: str, services: tuple[str, ...]) -> None:
    port = _free_port()
    settings = {
        "REPLYDESK_EDGE_PORT": str(port),
        "REPLYDESK_REDIS_IMAGE": redis,
        "REPLYDESK_LIMIT_NETWORK": "off",  # all readers of this test are one network
    }
    compose = Compose(clone, f"replydesk-test-{os.getpid()}", settings)
    say(f"with {redis}: docker compose up --build --wait")
    try:
        compose("up", "--build", "--wait", seconds=300)
        say("up, and every service is healthy")
        desk = _set_up(compose, port)
        walk(desk)
        keep_encodings_apart(desk)
        hold_off_slow_clients(desk)
        hurt(compose, desk, services)
        go_down_and_up(compose, desk)
        believe_no_client(compose, desk)
        refuse_bad_secrets(compose)
    except Failed:
        sys.stderr.write(compose("logs", "--no-color", "--tail", "15", expect=None))
        raise
    finally:
        say("docker compose down -v")
        compose("down", "-v", "--remove-orphans", expect=None)
    must(not compose.left_over(), "down -v left something behind")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _set_up(compose: Compose, port: int) -> Desk:
    compose.operator("site", "create", SITE, "--origin", PAGE.rpartition("/")[0])
    token = compose.operator("token", "create", "--site", SITE, "--role", "moderator")
    must(len(token.split()) == 1, "token create prints more than the token")
    must("nothing is wrong" in compose.operator("doctor"), "the doctor found something")
    again = compose("logs", "--no-color", "--no-log-prefix", "secrets").splitlines()[-1]
    must("0 secrets made" in again, f"the second start drew secrets again: {again}")
    return Desk(port, token)


if __name__ == "__main__":
    sys.exit(main())
