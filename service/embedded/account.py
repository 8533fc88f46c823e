"""The user that runs Postgres and Redis: whoever started us, or, for root, one without rights."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from service.embedded.console import StartError

NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group; -1 stands for the ones of this process."""

    uid: int = -1
    gid: int = -1

    @property
    def is_other(self) -> bool:
        """Whether rights are given up to become this user."""
        return self.uid >= 0

    def owns(self, path: Path) -> None:
        """Give a path that we have just made to this user."""
        if self.is_other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def reaches(self, path: Path) -> bool:
        """Whether this user can pass into this folder, or run this program, through all its parents."""
        if not self.is_other:
            return os.access(path, os.X_OK)
        asked = subprocess.run(
            ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)],
            cwd="/",
            check=False,
            user=self.uid,
            group=self.gid,
            extra_groups=[],
        )
        return asked.returncode == 0


def server_account(*folders: Path) -> Account:
    """The user for the servers: for root the owner of the first of these that exists, else nobody.

    Raises:
        StartError: there is no user that root could use.
    """
    if os.geteuid() != 0:
        return Account()
    for folder in folders:
        if folder.exists() and (found := folder.stat()).st_uid != 0:
            return Account(found.st_uid, found.st_gid)
    return nobody()


def nobody() -> Account:
    """The user without rights of this machine.

    Raises:
        StartError: there is none.
    """
    for found in pwd.getpwall():
        if found.pw_uid == NOBODY or found.pw_name == "nobody":
            return Account(found.pw_uid, found.pw_gid)
    raise StartError("Postgres does not run as root, and there is no user `nobody`: run as an ordinary user")
