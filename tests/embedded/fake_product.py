"""A stand-in for the product's processes: small, quick to start, and it notes what it was given."""

import http.server
import json
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from service.processes import die_with_parent

HOME = Path(os.environ["REPLYDESK_HOME"])


def note(what: str) -> None:
    """Keep for the tests what this process was told."""
    told = {name: value for name, value in os.environ.items() if name.startswith("REPLYDESK_")}
    told |= {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    (HOME / f"{what}.json").write_text(json.dumps(told))
    with (HOME / "order").open("a") as order:
        order.write(f"{what}\n")


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers every GET with 200."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Quiet."""


def main(what: str) -> None:
    """Be that process."""
    if what == "pool":
        die_with_parent()  # as the worker's own pool does
    note(what)
    if os.environ.get("TEST_REPLYDESK_FAIL") == what:
        sys.exit("the stand-in was told to fail")
    match what:
        case "migrate":
            pass
        case "demo":
            Path(sys.argv[2]).write_text("demo-token\n")
        case "web":
            address = (os.environ["REPLYDESK_HOST"], int(os.environ["REPLYDESK_PORT"]))
            http.server.ThreadingHTTPServer(address, Handler).serve_forever()
        case "worker":
            subprocess.run([sys.executable, __file__, "pool"], check=False)
        case _:
            time.sleep(1000)


if __name__ == "__main__":
    main(sys.argv[1])
