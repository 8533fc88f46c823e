"""The folder that holds the state of `make run` (REPLYDESK_HOME) and who may use it now."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service.embedded.console import StartError, plain_words

PROJECT = Path(__file__).resolve().parents[2]
DEFAULT_HOME = ".replydesk"


@dataclass(frozen=True, slots=True)
class Home:
    """Paths inside the home; nothing here touches the disk but `make` and `lock`."""

    root: Path

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Home":
        """The home that the environment names, `.replydesk` beside the Makefile by default."""
        return cls((PROJECT / (environ.get("REPLYDESK_HOME") or DEFAULT_HOME)).resolve())

    @property
    def digest(self) -> str:
        """A short name for this home, the same at each start."""
        return hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]

    @property
    def token_file(self) -> Path:
        """The moderator's token."""
        return self.root / "moderator-token"

    @property
    def secrets(self) -> Path:
        """Keys and passwords, one a file."""
        return self.root / "secrets"

    @property
    def scheduler(self) -> Path:
        """What the scheduler remembers."""
        return self.root / "scheduler"

    @property
    def environment_file(self) -> Path:
        """The settings of the run that is under way (JSON, mode 600), for the command line beside it."""
        return self.root / "run" / "environment.json"

    def pid_file(self, name: str) -> Path:
        """Where the number of a running process stands."""
        return self.root / "run" / f"{name}.pid"

    def log_file(self, name: str) -> Path:
        """What a process printed."""
        return self.root / "logs" / f"{name}.log"

    def make(self) -> None:
        """Make the folders that are missing; the permissions of one that exists stay as they are.

        Root's home can be passed through (not listed) by the user that runs Postgres.

        Raises:
            StartError: the place cannot be written.
        """
        try:
            self.root.parent.mkdir(parents=True, exist_ok=True)
            if not self.root.is_dir():
                self.root.mkdir()
                self.root.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for name in ("run", "logs", "secrets", "scheduler", "tmp"):
                (self.root / name).mkdir(mode=0o700, exist_ok=True)
            (self.root / "lock").touch(mode=0o600)  # says whose folder this is
        except OSError as error:
            raise StartError(f"cannot use {self.root} ({plain_words(error)})") from None

    def empty_tmp(self) -> None:
        """Remove what processes left in their folder for temporary files."""
        for left in (self.root / "tmp").iterdir():
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)

    def lock(self) -> int:
        """Take this home for this process; the lock goes with the process, however that ends.

        Raises:
            StartError: another one holds it.
        """
        try:
            descriptor = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StartError(f"cannot use {self.root} ({plain_words(error)})") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise StartError(
                f"already running on {self.root}: stop that one, or set REPLYDESK_HOME and REPLYDESK_PORT"
            ) from None
        return descriptor
