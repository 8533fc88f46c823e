"""The lock files pin every package by hash and name no address."""

import re

import pytest

from service.embedded.layout import PROJECT

LOCKS = sorted((PROJECT / "requirements").glob("*.lock"))


def test_there_is_one_lock_file_for_each_purpose() -> None:
    assert [path.stem for path in LOCKS] == ["audit", "dev", "embedded", "redis", "run", "train"]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_a_lock_file_pins_by_hash_and_names_no_address(path: object) -> None:
    text = path.read_text(encoding="ascii")  # type: ignore[attr-defined]
    assert "://" not in text
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+(\[[a-z,]+\])?==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_other_locks_agree_with_the_run_lock() -> None:
    pins = [
        dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", path.read_text(), flags=re.MULTILINE)) for path in LOCKS
    ]
    audit, dev, embedded, _redis, run, train = pins
    for other in (audit, dev, embedded, train):
        assert {name: other[name] for name in other.keys() & run} == {
            name: run[name] for name in other.keys() & run
        }
