"""What the person at the terminal sees: short lines, and one clear line when something cannot go on."""

import contextlib
import errno
import sys


class StartError(Exception):
    """The start cannot go on; the message is the one line that says why and what to do."""


def say(line: str) -> None:
    """Print a line at once; a closed terminal is no reason to stop."""
    with contextlib.suppress(OSError, ValueError):
        print(line, flush=True)


def complain(line: str) -> None:
    """Print the line that says why this ends."""
    with contextlib.suppress(OSError, ValueError):
        print(f"replydesk: {line}", file=sys.stderr, flush=True)


def plain_words(error: OSError) -> str:
    """One line for a failure of the file system."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"the disk is full ({error.filename or 'no space left'}): make room and start again"
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or type(error).__name__}{where}"
