"""Ids that are in the order of time."""

import os
import time
from uuid import UUID


def new_comment_id(now_s: float | None = None) -> UUID:
    """A UUID of version 7 (RFC 9562 5.7): random, and in the order of time."""
    milliseconds = round((time.time() if now_s is None else now_s) * 1000)
    raw = milliseconds.to_bytes(6, "big") + os.urandom(10)
    value = int.from_bytes(raw, "big") & ~(0xF << 76) & ~(0x3 << 62)
    return UUID(int=value | (0x7 << 76) | (0x2 << 62))
