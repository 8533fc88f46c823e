"""The tie between a process and its parent: what was started here ends when the one who started it is gone.

Run as a program it is the last step before another one starts (`python -I -S processes.py PARENT SIGNAL
UID GID PROGRAM ARGUMENTS…`): it gives up rights, ties itself to its parent and becomes that program. This
is a program and not a `preexec_fn`, because code between fork and exec can deadlock where threads run.
"""

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent(number: int = signal.SIGKILL, *, parent: int | None = None) -> None:
    """Have the kernel send `number` to this process when the thread that started it ends (prctl(2)).

    Call it after any change of user, which undoes it, and in the process itself, as no child inherits it.
    `parent` is the expected parent: where that one is gone already, this process exits at once.
    Outside Linux it does nothing.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def no_core_dumps() -> None:
    """Write no image of the memory of this process or its children when one crashes: addresses are in it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def become(parent: int, number: int, uid: int, gid: int, argv: list[str]) -> None:
    """Turn this process into `argv` as user `uid` (-1 keeps it), tied to `parent` by signal `number`."""
    libc_is_loaded_before_rights_go = ctypes.CDLL(None)
    if uid >= 0:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    del libc_is_loaded_before_rights_go
    die_with_parent(number, parent=parent)
    os.execv(argv[0], argv)  # noqa: S606  (no shell is the point)


if __name__ == "__main__":
    _parent, _number, _uid, _gid = (int(word) for word in sys.argv[1:5])
    become(_parent, _number, _uid, _gid, sys.argv[5:])
