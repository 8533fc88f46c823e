"""Key lists as operators write them, and what is derived from a key."""

import base64
import hashlib
import hmac

import pytest

from service.keyring import Keyring, KeyringError


def encoded(seed: int) -> str:
    return base64.b64encode(hashlib.sha256(bytes([seed])).digest()).decode()


def test_the_first_key_is_for_new_values_whatever_its_number() -> None:
    keyring = Keyring.parse(f"7:{encoded(1)},3:{encoded(2)}")
    assert keyring.newest == 7
    assert set(keyring.keys) == {3, 7}
    assert keyring.derive("purpose") == keyring.derive("purpose", 7)


@pytest.mark.parametrize("between", [",", "\n", " , ", "\r\n", ",\n\n", "\t"])
def test_entries_are_parted_by_commas_or_lines(between: str) -> None:
    assert set(Keyring.parse(f"\n1:{encoded(1)}{between}2:{encoded(2)}\n").keys) == {1, 2}


@pytest.mark.parametrize(
    "written",
    [
        "",
        " \n,",
        encoded(1),
        f":{encoded(1)}",
        f"0:{encoded(1)}",
        f"01:{encoded(1)}",
        f"256:{encoded(1)}",
        f"-1:{encoded(1)}",
        f"1٣:{encoded(1)}",
        f"a:{encoded(1)}",
        f"1:{encoded(1)},1:{encoded(2)}",
        f"1:{encoded(1)[:-4]}",
        f"1:{encoded(1)}AAAA",
        f"1:{encoded(1)[:-1]}",
        f"1:!{encoded(1)[1:]}",
        f"1:{encoded(1)[:-2]}é=",
        "1:" + base64.b64encode(bytes(32)).decode(),
        "1:" + base64.b64encode(b"abcdabcd" * 4).decode(),
        "1:",
    ],
)
def test_a_list_that_cannot_be_used_is_refused_without_quoting_a_key(written: str) -> None:
    with pytest.raises(KeyringError) as caught:
        Keyring.parse(written)
    assert encoded(1)[:12] not in str(caught.value)


def test_a_keyring_prints_its_numbers_only() -> None:
    keyring = Keyring.parse(f"2:{encoded(1)},1:{encoded(2)}")
    assert repr(keyring) == str(keyring) == "Keyring([1, 2])"


def test_purposes_and_keys_give_different_derived_keys_by_hkdf_expand() -> None:
    keyring = Keyring.parse(f"1:{encoded(1)},2:{encoded(2)}")
    assert len({keyring.derive(purpose, key) for purpose in ("a", "b", "a\x01") for key in (1, 2)}) == 6
    # RFC 5869 2.3: T(1) = HMAC(PRK, info | 0x01)
    expected = hmac.digest(base64.b64decode(encoded(2)), b"receipt\x01", "sha256")
    assert keyring.derive("receipt", 2) == expected


def test_a_key_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        Keyring.parse(f"1:{encoded(1)}").derive("receipt", 2)
