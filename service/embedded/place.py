"""Where the servers' data and programs lie: in the home, or where root's unprivileged user can reach them."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from service.embedded.account import Account, server_account
from service.embedded.console import StartError, say
from service.embedded.layout import Home
from service.embedded.programs import Programs

OUTSIDE = Path("/var/lib/replydesk")
ROOM_FOR_A_NEW_DATABASE = 300 * 2**20  # bytes: the cluster, its write-ahead log, a copy of the programs
ROOM_TO_RUN = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Place:
    """The folder with `postgres/` and `redis/`, the programs to run, and the user that runs them."""

    folder: Path
    programs: Programs
    account: Account

    def data_exist(self) -> bool:
        """Whether a database was made here before."""
        return (self.folder / "postgres" / "PG_VERSION").exists()


def outside(home: Home) -> Path:
    """The folder for a home that the servers' user cannot reach."""
    return OUTSIDE / home.digest


def find_place(home: Home, programs: Programs, identity: str) -> Place:
    """Decide where the data lie; once made they stay where they are.

    Raises:
        StartError: the place cannot be used.
    """
    inner, outer = home.root / "postgres", outside(home)
    account = server_account(inner, outer)
    if account.is_other and _belongs_to_another(outer, identity):
        _set_aside(outer)
    reachable = account.reaches(home.root)
    if inner.exists() and not reachable:
        raise StartError(f"user {account.uid}, who owns {inner}, can no longer reach it: let it through")
    inside = inner.exists() or (reachable and programs.reached_by(account) and not outer.exists())
    if not account.is_other or (inside and programs.reached_by(account)):
        return _checked(Place(home.root, programs, account))
    _make_outside(outer, account, identity)
    copied = programs.copied_into(outer, account)
    place = Place(home.root if inside else outer, copied, account)
    say(f"  user {account.uid} runs Postgres and cannot reach {home.root.parent}: its files lie in {outer}")
    return _checked(place)


def _checked(place: Place) -> Place:
    needed = ROOM_TO_RUN if place.data_exist() else ROOM_FOR_A_NEW_DATABASE
    free = shutil.disk_usage(place.folder).free
    if free < needed:
        raise StartError(
            f"the disk is full: {place.folder} has {free >> 20} MB left and the start needs {needed >> 20} MB"
        )
    return place


def _belongs_to_another(outer: Path, identity: str) -> bool:
    """Whether these are the data of an earlier home at the same path, which had keys of its own."""
    marker = outer / "home-id"
    return outer.exists() and (not marker.exists() or marker.read_text().strip() != identity)


def _set_aside(outer: Path) -> None:
    kept = next(
        path for n in range(1, 1000) if not (path := outer.with_name(f"{outer.name}.old{n}")).exists()
    )
    outer.rename(kept)
    say(f"  the data of an earlier home at this path are kept in {kept} (`make clean` removes them)")


def _make_outside(outer: Path, account: Account, identity: str) -> None:
    """Made under another name and renamed, so that it is there whole or not at all."""
    if outer.exists():
        return
    if not outer.parent.exists():
        outer.parent.mkdir()
        outer.parent.chmod(0o755)  # whatever the umask says
    draft = outer.with_name(f".{outer.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    (draft / "home-id").write_text(identity + "\n")
    account.owns(draft)
    draft.rename(outer)
