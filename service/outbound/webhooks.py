"""Sends one signed message to a webhook."""

import time

from service.outbound.client import Rules, Sent, post
from service.outbound.message import Message, signed

_FINE = frozenset(range(200, 300))


async def deliver(message: Message, rules: Rules) -> None:
    """Send it; it arrived when the answer is 2xx, whatever it holds.

    Raises:
        NoAnswer: it did not; see `errors.py`. A redirect is not followed.
    """
    sent = Sent(
        url=message.url, body=message.body, content_type="application/json", expected=None,
        headers=signed(message, int(time.time())), statuses=_FINE,
    )  # fmt: skip
    await post(sent, rules)
