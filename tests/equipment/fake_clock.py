"""A clock that a test can set: libfaketime for one process, moved while that process runs."""

import glob
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_PLACES = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1")


@dataclass(frozen=True, slots=True)
class FakeClock:
    """The wall clock of every process that is started with `env`; monotonic clocks stay as they are."""

    library: Path
    file: Path

    @property
    def env(self) -> dict[str, str]:
        """What a process needs to live by this clock; it must be able to read `file`."""
        return {
            "LD_PRELOAD": str(self.library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Waits on monotonic conditions stay what they are: else each change of threads takes a second.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def jump(self, seconds: int) -> None:
        """Show so many seconds more (or fewer) than the true time, from now on."""
        draft = self.file.with_suffix(".new")
        draft.write_text(f"{seconds:+d}\n", encoding="ascii")
        draft.chmod(0o644)
        draft.replace(self.file)


def find_library() -> Path | None:
    """Where libfaketime lies, if it is installed."""
    found = [path for place in _PLACES for path in glob.glob(place)]  # noqa: PTH207
    return Path(found[0]) if found else None


def install() -> str | None:
    """Install libfaketime where it is missing and we may (root on Debian); why not, otherwise."""
    if find_library() is not None:
        return None
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return "libfaketime is not installed, and only root on Debian can install it"
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (("update", "-q"), ("install", "-qy", "--no-install-recommends", "libfaketime")):
        done = subprocess.run(
            ["apt-get", *words], env=environment, capture_output=True, text=True, timeout=180, check=False
        )
        if done.returncode != 0 and words[0] == "install":
            return f"apt-get could not install libfaketime: {(done.stderr.strip().splitlines() or ['?'])[-1]}"
    return None if find_library() else "libfaketime was installed and is nowhere to be found"


def fake_clock(file: Path) -> FakeClock:
    """A clock set by `file` that begins at the true time; `install` must have said nothing."""
    library = find_library()
    assert library is not None
    clock = FakeClock(library, file)
    clock.jump(0)
    return clock
