"""What readers and moderators do through the edge, and what it keeps from the service."""

import gzip
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import quote

from desk import PAGE, SITE, Desk
from engine import Compose, must, say, wait_until


def walk(desk: Desk) -> None:
    """Submit, check, hold, approve, read; and what must be refused."""
    by_script, by_form = "A reply that a script sent.", "A reply that a form sent."
    answer = desk.submit(by_script, "Ann")
    must(answer.status == 202, f"JSON: {answer.status} {answer.body[:200]!r}")
    answer = desk.submit_form(by_form, "Ben")
    must(answer.status == 303, f"form: {answer.status} {answer.body[:200]!r}")
    receipt = "/receipts/" + answer.headers["location"].partition("/receipts/")[2]
    must(desk.ask("GET", receipt).status == 200, "the receipt is not to be read")
    for text in (by_script, by_form):
        found = wait_until("a decision of the checks", partial(desk.find, text))
        must(found["status"] == "held" and found["findings"], f"not held for review: {found['status']}")
        must(not any(one.get("text") == text for one in desk.published()), "a held reply is public")
        desk.approve(found)
        visible_after = desk.seconds_until_visible(text)
        must(visible_after <= 2, f"visible behind the edge only after {visible_after:.1f} s")
    for path in ("/metrics", "//metrics", "/%6detrics", "/x/../metrics"):
        must(desk.ask("GET", path).status == 404, f"the edge forwards {path}")
    for status, size in ((413, 1_000_000), (413, 200_000)):  # the edge's cap, and the site's own
        answer = desk.submit("x" * size, "Cleo")
        must(answer.status == status, f"{size} bytes: {answer.status}")
        must("problem+json" in answer.headers["content-type"], "413 is no problem document")
    say("submitted, checked, held, approved, read; /metrics hidden, large bodies refused")


def keep_encodings_apart(desk: Desk) -> None:
    """The edge's one-second memory gives each client the bytes that it asked for."""
    path = f"/sites/{SITE}/thread?page_url={quote(PAGE, safe='')}"
    plain = desk.ask("GET", path)
    for _ in range(4):  # the third is from memory, if they fall into one second
        coded = desk.ask("GET", path, headers={"Accept-Encoding": "br, gzip;q=0.8"})
        must(coded.headers.get("content-encoding") == "gzip", "gzip was asked for and not given")
        must(gzip.decompress(coded.body) == plain.body, "the coded page is another one")
        refused = desk.ask("GET", path, headers={"Accept-Encoding": "gzip;q=0"})
        must("content-encoding" not in refused.headers, "gzip was refused and given")
        must(refused.body == plain.body, "the page changed")
        known = desk.ask("GET", path, headers={"If-None-Match": plain.headers["etag"]})
        must(known.status == 304, f"If-None-Match answers {known.status}")


def hold_off_slow_clients(desk: Desk) -> None:
    """A client that stops in the middle is let go after ten seconds, and others are served meanwhile."""
    head = b"POST /api/v1/sites/paper/comments HTTP/1.1\r\nHost: edge\r\n"
    half_body = head + b"Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    with ThreadPoolExecutor() as clients:
        stuck = [clients.submit(_seconds_until_closed, desk.port, half) for half in (head, half_body)]
        must(desk.ask("GET", "/healthz").status == 200, "others are not served")
        for client in stuck:
            must(8 < client.result() < 14, f"a stuck client was let go after {client.result():.0f} s")
    say("slow clients are let go")


def _seconds_until_closed(port: int, sent: bytes) -> float:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(sent)
        began = time.monotonic()
        while connection.recv(1000):
            pass
        return time.monotonic() - began


def believe_no_client(compose: Compose, desk: Desk) -> None:
    """A setting reaches the service, and a client cannot name another address to escape its limit."""
    compose.environment["REPLYDESK_LIMIT_NETWORK"] = "3/60"
    compose("up", "--wait")
    sent = [
        desk.submit(f"Attempt {number}.", "Dora", **{"X-Forwarded-For": f"203.0.{number}.7"}).status
        for number in range(5)
    ]
    must(sent == [202, 202, 202, 429, 429], f"a limit of 3 with invented addresses: {sent}")
    say("invented addresses do not escape the limit")
