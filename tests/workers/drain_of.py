"""`python -m tests.workers.drain_of APP`: what a patrol starts, with the checks of that app.

An app of a test whose check does odd things says so to its patrol, or comments that the patrol finds would be
spared that check.
"""

import importlib
import sys

from workers import drain, patrol


def also_in_drains(app: str) -> None:
    """Let the patrol of this process start drains that run the checks of `app` (a module's name)."""
    patrol.DRAIN = (sys.executable, "-m", "tests.workers.drain_of", app)


if __name__ == "__main__":
    importlib.import_module(sys.argv[1])
    drain.main()
