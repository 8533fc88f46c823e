"""The search itself finds what it is there to find."""

import base64
import hashlib
import json
from urllib.parse import quote

import pytest

from tests.leaks.markers import MARKERS, leaks


@pytest.mark.parametrize("address", MARKERS.values(), ids=MARKERS)
def test_every_shape_of_an_address_is_found(address: str) -> None:
    low = address.lower()
    raw = low.encode()
    shown = [
        raw,
        address.upper().encode(),
        quote(address, safe="").encode(),
        json.dumps({"to": address}).encode(),
        raw.hex().encode(),
        raw.hex().upper().encode(),
        low[::-1].encode(),
        hashlib.md5(raw).hexdigest().encode(),  # noqa: S324
        base64.b64encode(hashlib.sha256(raw).digest()),
        hashlib.sha512(raw).digest(),
        *(base64.b64encode(b"x" * n + raw + b"tail") for n in range(3)),
    ]
    for form in shown:
        assert leaks("here", b"before " + form + b" behind"), form
    assert leaks("here", b"nothing of it: reader.example, marker, q7x") == []
