"""`make run` with the stand-in for the product: the supervisor and its servers are the real ones."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from service.embedded.__main__ import main

FAKE = str(Path(__file__).with_name("fake_product.py"))
TABLE = {name: (sys.executable, FAKE, name) for name in ("migrate", "web", "worker", "scheduler")}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ, TABLE | {"demo": (sys.executable, FAKE, "demo", "{token_file}")}))
