"""What a browser keeps on its way to the provider opens for us alone, and for ten minutes."""

import base64

import pytest

from service.web.oidc_state import LASTS_S, SignInState, seal, unseal
from tests.factories import make_keyring

NOW = 1_800_000_000.0
SIGNING = make_keyring(1, 2)


def test_it_is_what_was_sealed_until_its_time_is_over() -> None:
    state = SignInState.new(NOW)
    kept = seal(SIGNING, state)
    assert unseal(SIGNING, kept, NOW) == state
    assert unseal(SIGNING, kept, NOW + LASTS_S - 1) == state
    assert unseal(SIGNING, kept, NOW + LASTS_S) is None


def test_a_key_that_is_not_the_newest_opens_it_still_and_a_foreign_one_does_not() -> None:
    state = SignInState.new(NOW)
    assert unseal(SIGNING, seal(make_keyring(1), state), NOW) == state
    assert unseal(make_keyring(1), seal(make_keyring(2), state), NOW) is None


def test_no_changed_byte_opens() -> None:
    raw = bytearray(base64.urlsafe_b64decode(seal(SIGNING, SignInState.new(NOW))))
    for place in range(len(raw)):
        changed = bytes(raw[:place]) + bytes([raw[place] ^ 1]) + bytes(raw[place + 1 :])
        assert unseal(SIGNING, base64.urlsafe_b64encode(changed).decode(), NOW) is None, place


@pytest.mark.parametrize("text", ["", "x", "ü", "=" * 8, "A" * 1001, "AAAA", "AQ=="])
def test_what_is_none_of_ours_is_nothing(text: str) -> None:
    assert unseal(SIGNING, text, NOW) is None


def test_it_prints_as_nothing_and_its_values_do_not_stand_in_it() -> None:
    state = SignInState.new(NOW)
    shown = repr(state) + str(state) + seal(SIGNING, state)
    assert not any(value in shown for value in (state.state, state.nonce, state.verifier))
