"""Starts everything in order, keeps it running, stops it in order: the heart of `make run`."""

import signal
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException  # noqa: TID251  (for our own child, on the loopback)

from service.embedded.child import Child, Program
from service.embedded.commands import Surroundings
from service.embedded.console import StartError, plain_words, say
from service.embedded.leftovers import end_leftover
from service.embedded.requests_to_stop import StopRequests
from service.embedded.servers import Server

BEAT = 0.05  # seconds between two looks
READY_WITHIN = 90.0
SERVER_READY_WITHIN = 60.0
ONE_SHOT_WITHIN = 600.0  # a migration of a large table takes its time
DEATHS_THAT_END_A_START = 5


class Supervisor:
    """The processes of one home, in the order in which they were started."""

    def __init__(self, requests: StopRequests) -> None:
        self.requests = requests
        self.children: dict[str, Child] = {}
        self.ready = False

    def clear(self, around: Surroundings) -> None:
        """End what a killed run left of our own processes."""
        for program in (around.web(), around.scheduler(), around.worker(), around.migrate(), around.demo()):
            if program.pid_file:
                end_leftover(program.pid_file)

    def start_servers(self, servers: dict[str, Server]) -> dict[str, str]:
        """Start the embedded servers side by side; their URLs once all are ready.

        Raises:
            StartError: one does not come up.
        """
        for server in servers.values():
            server.prepare()
            self.requests.check()
            self._start(server.program())
        for server in servers.values():
            child = self.children[server.name]
            self._wait_for(server.name, lambda s=server, c=child: s.is_ready(c.pid), SERVER_READY_WITHIN)  # type: ignore[misc]
            say(f"  {server.name} ready")
        return {name: server.url() for name, server in servers.items()}

    def run_once(self, program: Program) -> None:
        """Run a one-shot to its end.

        Raises:
            StartError: it failed; the message ends with its last line.
        """
        child = Child(program)
        program.log.unlink(missing_ok=True)
        child.start()
        until = time.monotonic() + ONE_SHOT_WITHIN
        code = None
        try:
            while code is None and time.monotonic() < until:
                self.watch()
                code = child.wait(BEAT)
        finally:
            child.stop()
        if code != 0:
            why = _last(child).removeprefix("replydesk: ") or f"see {program.log}"
            raise StartError(f"{program.name} failed: {why}")

    def start_product(self, around: Surroundings) -> None:
        """Start web, worker and scheduler and wait until the web process says that it is ready.

        Raises:
            StartError: it does not come up.
        """
        for program in (around.web(), around.worker(), around.scheduler()):
            self._start(program)
        self._wait_for("web", lambda: answers(around.local_address), READY_WITHIN)
        self.ready = True

    def watch(self) -> None:
        """Start again what died; raise when it is time to stop.

        Raises:
            Stopped: somebody asked to stop.
            StartError: during the start a process keeps dying.
        """
        self.requests.check()
        for name, child in self.children.items():
            if (code := child.died()) is not None:
                self._note_death(name, child, code)
            if child.is_due():
                self._start_again(name, child)

    def stop(self) -> None:
        """Stop everything: readers first, the data last."""
        at_once = [self.children[name] for name in ("web", "scheduler") if name in self.children]
        then = [self.children[name] for name in ("worker", "redis", "postgres") if name in self.children]
        for child in at_once:
            child.ask_to_end()
        for child in at_once:
            child.stop(asked=True)
        for child in then:
            child.stop()
        self.children.clear()

    def _start(self, program: Program) -> None:
        child = self.children[program.name] = Child(program)
        child.start()

    def _wait_for(self, name: str, is_so: Callable[[], bool], seconds: float) -> None:
        until = time.monotonic() + seconds
        while not is_so():
            self.watch()
            if time.monotonic() > until:
                raise StartError(f"{name} is not ready after {seconds:.0f} s: {_last(self.children[name])}")
            time.sleep(BEAT)

    def _start_again(self, name: str, child: Child) -> None:
        try:
            child.start()
        except OSError as error:  # a full disk, too many processes: may be over in a moment
            child.count_death()
            say(f"  {name} cannot be started ({plain_words(error)}), trying again")

    def _note_death(self, name: str, child: Child, code: int) -> None:
        how = signal.Signals(-code).name if code < 0 else f"code {code}"
        if not self.ready and child.deaths_within(30.0) >= DEATHS_THAT_END_A_START:
            for line in child.last_words():
                say(f"  {name}: {line}")
            raise StartError(f"{name} keeps ending ({how}); its log is {child.program.log}")
        say(f"  {name} ended ({how}), starting it again")


def answers(address: tuple[str, int]) -> bool:
    """Whether `GET /readyz` there is answered with 200."""
    line = HTTPConnection(*address, timeout=2.0)
    try:
        line.request("GET", "/readyz")
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


def _last(child: Child) -> str:
    return next((line.strip() for line in reversed(child.last_words()) if line.strip()), "")
