"""What happens to services: restarts, crashes, a way down and up again, bad secrets."""

from desk import Desk
from engine import Compose, must, say, wait_until
from ledger import Ledger


def hurt(compose: Compose, desk: Desk, services: tuple[str, ...]) -> None:
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


def go_down_and_up(compose: Compose, desk: Desk) -> None:
    """Down and up again: the data and the secrets stay, the token works."""
    before = desk.published(), len(desk.queue("held"))
    compose("down")
    compose("up", "--wait")
    must((desk.published(), len(desk.queue("held"))) == before, "down and up lost something")
    say("down and up again: everything is still there")


def refuse_bad_secrets(compose: Compose) -> None:
    """An empty or well-known secret refuses to start, in one line that does not quote it."""
    run = ("run", "--rm", "-T", "--no-deps")
    empty = compose.refusal(*run, "-e", "REPLYDESK_EMAIL_KEYS_FILE=/dev/null", "web")
    must("REPLYDESK_EMAIL_KEYS" in empty, f"an empty key: {empty}")
    compose(*run, "--entrypoint", "sh", "secrets", "-c", "echo postgres >/secrets/postgres/password")
    known = compose.refusal(*run, "secrets")
    must("postgres/password is empty or well known" in known, f"a well-known password: {known}")
    say("an empty key and a well-known password refuse to start")
