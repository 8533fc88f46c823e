"""A disk that is soon full: a tmpfs of a given size, which needs root and Linux."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A file system of its own at `folder`."""

    folder: Path

    @property
    def ballast(self) -> Path:
        """The file that fills it."""
        return self.folder / "ballast"

    def fill(self, leave: int = 0) -> None:
        """Take all its space but `leave` bytes."""
        free = shutil.disk_usage(self.folder).free
        with self.ballast.open("ab") as file, contextlib.suppress(OSError):
            os.posix_fallocate(file.fileno(), file.tell(), max(0, free - leave))

    def free(self) -> None:
        """Give the space back."""
        self.ballast.unlink(missing_ok=True)


def why_not() -> str | None:
    """Why there can be no small disk here; none, when there can."""
    if os.geteuid() != 0:
        return "a tmpfs needs root"
    if shutil.which("mount") is None:
        return "there is no mount program"
    return None


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount it at `folder`, which is made; unmounted and removed at the end, whoever still looks at it."""
    folder.mkdir(parents=True, exist_ok=True)
    options = f"size={megabytes}m,mode=0755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "replydesk-small-disk", str(folder)], check=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)
        with contextlib.suppress(OSError):
            folder.rmdir()
