"""What the supervisor runs beside the servers, and with which environment: no more than each one needs."""

import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from service.embedded.child import Program
from service.embedded.console import StartError
from service.embedded.layout import PROJECT, Home
from service.embedded.secret_files import KEY_FILES, SERVICE_SECRETS, SHARED_KEY_FILES

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8080
_WEB_SECRETS = frozenset({*KEY_FILES, *SHARED_KEY_FILES})
_WORKER_SECRETS = frozenset({*SHARED_KEY_FILES, *SERVICE_SECRETS})
DRAIN_S = "2.5"  # what is left of the ten seconds for a stop, when the others had theirs

# The tests put small programs in their place. What stands in braces is filled in at the start.
_PYTHON = (sys.executable, "-m")
_CELERY = (*_PYTHON, "celery", "-A", "workers.app")
COMMANDS: Mapping[str, Sequence[str]] = {
    "migrate": (*_PYTHON, "service.cli", "migrate"),
    "demo": (*_PYTHON, "service.cli", "demo", "--token-file", "{token_file}"),
    "web": (*_PYTHON, "service"),
    "worker": (*(*_CELERY, "worker", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"),),
    "scheduler": (*_CELERY, "beat", "--loglevel", "WARNING", "--schedule", "{schedule}", "--pidfile", ""),
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything that the processes are told: the caller's environment, where the servers are, the keys."""

    environ: Mapping[str, str]
    home: Home
    commands: Mapping[str, Sequence[str]] = field(default_factory=lambda: COMMANDS)
    keys: Mapping[str, Path] = field(default_factory=dict)
    servers: Mapping[str, str] = field(default_factory=dict)  # DATABASE_URL and REDIS_URL

    @property
    def host(self) -> str:
        """Where the web process listens."""
        return self.environ.get("REPLYDESK_HOST") or DEFAULT_HOST

    @property
    def port(self) -> int:
        """The web process' port; what Kubernetes injects under that name is not one.

        Raises:
            StartError: the setting is not a port.
        """
        text = self.environ.get("REPLYDESK_PORT") or str(DEFAULT_PORT)
        if text.startswith("tcp://"):
            return DEFAULT_PORT
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
            raise StartError("REPLYDESK_PORT is not a number from 1 to 65535")
        return int(text)

    @property
    def local_address(self) -> tuple[str, int]:
        """Where this machine itself reaches the web process."""
        anywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (is looked up, not bound)
        return anywhere.get(self.host, self.host), self.port

    @property
    def public_url(self) -> str:
        """What the printed links begin with."""
        host, port = self.local_address
        shown = f"[{host}]" if ":" in host else host
        return (self.environ.get("REPLYDESK_PUBLIC_URL") or f"http://{shown}:{port}").rstrip("/")

    def migrate(self) -> Program:
        """The one-shot that brings the schema up to date."""
        return self._program("migrate")

    def demo(self) -> Program:
        """The one-shot that makes the demo site and the moderator."""
        return self._program("demo", secrets=_WEB_SECRETS)

    def web(self) -> Program:
        """The web process: it alone has the keys of addresses."""
        stops = ((signal.SIGTERM, 3.5),)
        return self._program("web", secrets=_WEB_SECRETS, stops=stops)

    def worker(self) -> Program:
        """The worker: asked to finish its tasks, then to leave them to their lease."""
        stops = ((signal.SIGTERM, 1.3), (signal.SIGQUIT, 0.5))
        return self._program("worker", secrets=_WORKER_SECRETS, stops=stops)

    def scheduler(self) -> Program:
        """The scheduler."""
        return self._program("scheduler", stops=((signal.SIGTERM, 1.0),))

    def settings(self) -> dict[str, str]:
        """Those of all processes, for the command line."""
        env = self._environment(_WEB_SECRETS | _WORKER_SECRETS)
        return {
            name: env[name] for name in env if name.startswith(("REPLYDESK_", "DATABASE_URL", "REDIS_URL"))
        }

    def _program(
        self,
        name: str,
        *,
        secrets: frozenset[str] = frozenset(),
        stops: tuple[tuple[int, float], ...] = ((signal.SIGTERM, 1.0),),
    ) -> Program:
        return Program(
            name=name,
            argv=self._argv(name),
            env=self._environment(secrets),
            log=self.home.log_file(name),
            pid_file=self.home.pid_file(name),
            folder=PROJECT,
            stops=stops,
        )

    def _argv(self, name: str) -> list[str]:
        fields = {
            "token_file": self.home.token_file,
            "schedule": self.home.scheduler / "schedule",
        }
        return [word.format_map(fields) for word in self.commands[name]]

    def _environment(self, secrets: frozenset[str]) -> dict[str, str]:
        env = {name: value for name, value in self.environ.items() if not _is_secret(name, but=secrets)}
        env |= {"REPLYDESK_HOME": str(self.home.root), "REPLYDESK_HOST": self.host}
        env |= {"REPLYDESK_PORT": str(self.port), **self.servers}
        env.setdefault("REPLYDESK_DRAIN_S", DRAIN_S)
        if not env.get("REPLYDESK_SMTP_HOST"):
            env.setdefault("REPLYDESK_MAIL_FOLDER", str(self.home.root / "mail"))  # shown at /demo/mail
        env["TMPDIR"] = str(self.home.root / "tmp")  # what a killed process leaves is found and removed there
        for name in secrets & self.keys.keys():
            if name not in env and f"{name}_FILE" not in env:
                env[f"{name}_FILE"] = str(self.keys[name])
        return env


def _is_secret(name: str, *, but: frozenset[str]) -> bool:
    return name.removesuffix("_FILE") in (_WEB_SECRETS | _WORKER_SECRETS) - but
