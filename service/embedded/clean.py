"""`make clean`: remove the state of a home, and what lies outside for it, and nothing that is not ours."""

import contextlib
import os
import shutil

from service.embedded.console import StartError, say
from service.embedded.layout import Home
from service.embedded.place import outside

OURS = (
    "postgres",
    "postgres.new",
    "redis",
    "run",
    "logs",
    "secrets",
    "scheduler",
    "tmp",
    "moderator-token",
    "lock",
)


def clean(home: Home) -> int:
    """Remove the state; the exit code.

    Raises:
        StartError: something still runs there, or no run ever did.
    """
    if home.root.is_dir():
        ours = [name for name in OURS if (home.root / name).exists()]
        if ours and "lock" not in ours:
            raise StartError(f"{home.root} is no home of Replydesk, nothing was removed")
        descriptor = home.lock()
        for name in OURS:
            _remove(home.root / name)
        os.close(descriptor)
        with contextlib.suppress(OSError):  # what somebody else put there stays
            home.root.rmdir()
    kept = outside(home)
    for path in (kept, *kept.parent.glob(f"{kept.name}.old*"), *kept.parent.glob(f".{kept.name}.*")):
        if path.exists():
            _remove(path)
            say(f"removed {path}")
    with contextlib.suppress(OSError):
        kept.parent.rmdir()
    return 0


def _remove(path: os.PathLike[str]) -> None:
    if os.path.isdir(path) and not os.path.islink(path):  # noqa: PTH112, PTH114
        shutil.rmtree(path)
    else:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)  # noqa: PTH108
