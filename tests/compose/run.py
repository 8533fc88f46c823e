"""`make compose-test`: the production shape for real, from a fresh clone to its end.

Needs a Docker engine with Compose 2, git and Python; nothing else, and no tests around it. What is
committed is tested. Exit code 0 when everything held.
"""

import gzip
import os
import shutil
import signal
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path
from urllib.parse import quote

from desk import PAGE, SITE, Desk
from engine import IMAGE, Compose, Failed, must, say, wait_until
from ledger import Ledger

PROJECT = Path(__file__).resolve().parents[2]
SCRATCH = PROJECT / ".cache" / "compose-test"
SERVICES = ("edge", "web", "worker", "scheduler", "redis", "postgres")
REDIS, VALKEY = "redis:8", "valkey/valkey:8"


def main() -> int:
    """Everything with Redis; then the walk and Redis's own accidents with Valkey in its place."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        clone = _fresh_clone()
        _round(clone, REDIS, SERVICES)
        if _is_at_hand(VALKEY):
            _round(clone, VALKEY, ("redis",))
        else:
            say(f"SKIPPED with {VALKEY}: there is no such image here")
    except Failed as error:
        say(f"FAILED: {error}")
        return 1
    finally:
        subprocess.run(
            ["docker", "image", "rm", "-f", IMAGE, f"{IMAGE}-edge"], capture_output=True, check=False
        )
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
    return SCRATCH / "clone"


def _is_at_hand(image: str) -> bool:
    return (
        subprocess.run(["docker", "image", "inspect", image], capture_output=True, check=False).returncode
        == 0
    )


def _round(clone: Path, redis: str, hurt: tuple[str, ...]) -> None:
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
        _walk(desk)
        _keeps_encodings_apart(desk)
        _hurt(compose, desk, hurt)
        _keeps(compose, desk)
        _believes_no_client(compose, desk)
        _refusals(compose)
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


def _walk(desk: Desk) -> None:
    """Submit, check, hold, approve, read; and what must be refused."""
    by_script, by_form = "A reply that a script sent.", "A reply that a form sent."
    answer = desk.submit(by_script, "Ann")
    must(answer.status == 202, f"JSON: {answer.status} {answer.body[:200]!r}")
    answer = desk.submit_form(by_form, "Ben")
    must(answer.status == 303, f"form: {answer.status} {answer.body[:200]!r}")
    receipt = "/receipts/" + answer.headers["location"].partition("/receipts/")[2]
    must(desk.ask("GET", receipt).status == 200, "the receipt is not to be read")
    for text in (by_script, by_form):
        found = wait_until("a decision of the checks", partial(desk.find, text))
        must(found["status"] == "held" and found["findings"], f"not held for review: {found['status']}")
        must(not any(one.get("text") == text for one in desk.published()), "a held reply is public")
        desk.approve(found)
        visible_after = desk.seconds_until_visible(text)
        must(visible_after <= 2, f"visible behind the edge only after {visible_after:.1f} s")
    for path in ("/metrics", "//metrics", "/%6detrics", "/x/../metrics"):
        must(desk.ask("GET", path).status == 404, f"the edge forwards {path}")
    for status, size in ((413, 1_000_000), (413, 200_000)):  # the edge's cap, and the site's own
        answer = desk.submit("x" * size, "Cleo")
        must(answer.status == status, f"{size} bytes: {answer.status}")
        must("problem+json" in answer.headers["content-type"], "413 is no problem document")
    say("submitted, checked, held, approved, read; /metrics hidden, large bodies refused")


def _keeps_encodings_apart(desk: Desk) -> None:
    """The edge's one-second memory gives each client the bytes that it asked for."""
    path = f"/sites/{SITE}/thread?page_url={quote(PAGE, safe='')}"
    plain = desk.ask("GET", path)
    for _ in range(4):  # the third is from memory, if they fall into one second
        coded = desk.ask("GET", path, headers={"Accept-Encoding": "br, gzip;q=0.8"})
        must(coded.headers.get("content-encoding") == "gzip", "gzip was asked for and not given")
        must(gzip.decompress(coded.body) == plain.body, "the coded page is another one")
        refused = desk.ask("GET", path, headers={"Accept-Encoding": "gzip;q=0"})
        must("content-encoding" not in refused.headers, "gzip was refused and given")
        must(refused.body == plain.body, "the page changed")
        known = desk.ask("GET", path, headers={"If-None-Match": plain.headers["etag"]})
        must(known.status == 304, f"If-None-Match answers {known.status}")


def _hurt(compose: Compose, desk: Desk, services: tuple[str, ...]) -> None:
    """Restart and kill under load; afterwards everything acknowledged is there, once, and decided."""
    ledger = Ledger(desk)
    ledger.begin()
    for service in services:
        before, _ = compose.state(service)
        compose("restart", service, seconds=90)
        middle = _wait_for_new_start(compose, service, before)
        say(f"{service} was restarted")
        # Inside, so that it is a crash for the engine too, and its restart policy has to act.
        compose("exec", "-T", service, "sh", "-c", "kill -9 -1", expect=None, seconds=30)
        _wait_for_new_start(compose, service, middle)
        say(f"{service} was killed and came back")
    ledger.end()
    wait_until("every comment to be decided", ledger.settle, seconds=90)
    counts = ledger.balance()
    acknowledged, failed = len(ledger.acknowledged), ledger.unanswered
    say(f"{acknowledged} replies acknowledged, after {failed} failed tries: all are there, once")
    say("; ".join(f"{status} {count}" for status, count in counts.items()))


def _wait_for_new_start(compose: Compose, service: str, earlier: str) -> str:
    def started() -> str | None:
        at, health = compose.state(service)
        return at if at != earlier and health == "healthy" else None

    return str(wait_until(f"{service} to be up again", started, seconds=75))


def _keeps(compose: Compose, desk: Desk) -> None:
    """Down and up again: the data and the secrets stay, the token works."""
    before = desk.published(), len(desk.queue("held"))
    compose("down")
    compose("up", "--wait")
    must((desk.published(), len(desk.queue("held"))) == before, "down and up lost something")
    say("down and up again: everything is still there")


def _believes_no_client(compose: Compose, desk: Desk) -> None:
    """A setting reaches the service, and a client cannot name another address to escape its limit."""
    compose.environment["REPLYDESK_LIMIT_NETWORK"] = "3/60"
    compose("up", "--wait")
    sent = [
        desk.submit(f"Attempt {number}.", "Dora", **{"X-Forwarded-For": f"203.0.{number}.7"}).status
        for number in range(5)
    ]
    must(sent == [202, 202, 202, 429, 429], f"a limit of 3 with invented addresses: {sent}")
    say("invented addresses do not escape the limit")


def _refusals(compose: Compose) -> None:
    """An empty or well-known secret refuses to start, in one line that does not quote it."""
    run = ("run", "--rm", "-T", "--no-deps")
    empty = compose.refusal(*run, "-e", "REPLYDESK_EMAIL_KEYS_FILE=/dev/null", "web")
    must("REPLYDESK_EMAIL_KEYS" in empty, f"an empty key: {empty}")
    compose(*run, "--entrypoint", "sh", "secrets", "-c", "echo postgres >/secrets/postgres/password")
    known = compose.refusal(*run, "secrets")
    must("postgres/password is empty or well known" in known, f"a well-known password: {known}")
    say("an empty key and a well-known password refuse to start")


if __name__ == "__main__":
    sys.exit(main())
