"""JSON with one meaning, or 400."""

import base64
import gzip
import json
import time
from itertools import count
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.web.body import BodyError, parse_body

CORPUS = Path(__file__).parents[4] / "shared/data/corpora/json_jsontestsuite.jsonl.gz"
JSON = "application/json"


def fields(content_type: str, raw: bytes) -> dict[str, object]:
    return parse_body([content_type], raw).fields


def refusal(content_type: str, raw: bytes) -> int:
    with pytest.raises(BodyError) as refused:
        parse_body([content_type], raw)
    return refused.value.status


def nested(levels: int) -> bytes:
    return b'{"a":' * (levels - 1) + b"{}" + b"}" * (levels - 1)


def test_an_object_is_read_as_it_is() -> None:
    raw = b' {"a": "\\u00e9\\ud83d\\ude00", "b": null, "c": [1, 2.5, true], "d": "\\ud800\\u0000"} '
    assert fields(JSON, raw) == {"a": "é😀", "b": None, "c": [1, 2.5, True], "d": "\ud800\0"}
    assert fields(JSON, nested(8))
    assert fields(JSON, b'{"n": ' + b"9" * 100 + b"}")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"null",
        b"1",
        b'"a"',
        b"[]",
        b"[{}]",
        b"{",
        b"{}{}",
        b"{'a': 1}",
        b'{"a": 1,}',
        b"{}\x00",
        b"\x0c{}",
        b'{"a": 1, "a": 1}',
        b'{"a": {"b": 1, "b": 2}}',
        b'{"a": 1, "\\u0061": 2}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": -1e999}',
        b'{"a": ' + b"9" * 101 + b"}",
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": "\n"}',
        b'{"a": "\\x"}',
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b"{\x00}\x00",
        b'{"a": "\xff"}',
        b'{"a": "\xed\xa0\x80"}',
        b'{"a": "\xc0\x80"}',
        b'{"a": "\xf4\x90\x80\x80"}',
        nested(9),
        b'{"a":' + b"[" * 8 + b"]" * 8 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
    ],
    ids=count(),
)
def test_json_with_two_meanings_or_none_is_400(raw: bytes) -> None:
    assert refusal(JSON, raw) == 400


@pytest.mark.corpora
@pytest.mark.skipif(not CORPUS.exists(), reason="the hostile inputs are not here")
def test_the_json_test_suite_is_read_or_refused_as_it_says() -> None:
    with gzip.open(CORPUS, "rt") as rows:
        for row in map(json.loads, rows):
            packed = row.get("input_b64_gz")
            raw = gzip.decompress(base64.b64decode(packed)) if packed else base64.b64decode(row["input_b64"])
            started = time.process_time()
            try:
                parse_body([JSON], raw)
                read = True
            except BodyError as refused:
                read = refused.status != 400
            assert time.process_time() - started < 2.0, row["name"]
            assert not (read and row["expect"] == "reject"), row["name"]
            an_object = raw.lstrip().startswith(b"{") and "duplicated" not in row["name"]
            assert read or row["expect"] != "parse" or not an_object, row["name"]


@given(st.binary(max_size=200) | st.text('{}[]":,\\u0123456789eEtrufalsn NaI-.', max_size=60).map(str.encode))
@example(b'{"a": "\\ud800"}')
def test_any_bytes_as_json_are_an_object_or_400(raw: bytes) -> None:
    try:
        assert isinstance(fields(JSON, raw), dict)
    except BodyError as refused:
        assert refused.status == 400  # noqa: PT017
