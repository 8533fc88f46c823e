"""Addresses sealed for one comment, indexed for one site, and nothing that gives one away."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag

from service.domain.email import EmailAddress
from service.vault import NONCE_BYTES, SealedEmail, Vault, body_mac, network_hash
from tests.factories import make_keyring, make_vault

ADDRESS = EmailAddress.parse("Mara.Quist@paper.example")
COMMENT = UUID(int=7)


def test_a_sealed_address_opens_for_its_comment() -> None:
    vault = make_vault()
    sealed = vault.seal(ADDRESS, 3, COMMENT)
    assert vault.open(sealed, 3, COMMENT).reveal() == "Mara.Quist@paper.example"
    assert b"mara" not in sealed.sealed.lower()


def test_the_same_address_is_never_sealed_to_the_same_bytes() -> None:
    vault = make_vault()
    sealed = {vault.seal(ADDRESS, 3, COMMENT).sealed for _ in range(50)}
    assert len({one[:NONCE_BYTES] for one in sealed}) == len(sealed) == 50


@pytest.mark.parametrize(("site", "comment"), [(4, COMMENT), (3, uuid4()), (37, UUID(int=0))])
def test_moved_to_another_row_it_does_not_open(site: int, comment: UUID) -> None:
    vault = make_vault()
    with pytest.raises(InvalidTag):
        vault.open(vault.seal(ADDRESS, 3, COMMENT), site, comment)


def test_no_byte_of_it_can_be_changed() -> None:
    vault = make_vault()
    sealed = vault.seal(ADDRESS, 3, COMMENT)
    for place in range(len(sealed.sealed)):
        forged = bytearray(sealed.sealed)
        forged[place] ^= 1
        with pytest.raises(InvalidTag):
            vault.open(SealedEmail(sealed.key_id, bytes(forged)), 3, COMMENT)


@pytest.mark.parametrize("length", [0, 1, NONCE_BYTES, NONCE_BYTES + 15])
def test_a_cut_one_is_refused(length: int) -> None:
    vault = make_vault()
    sealed = vault.seal(ADDRESS, 3, COMMENT)
    with pytest.raises((InvalidTag, ValueError)):
        vault.open(SealedEmail(sealed.key_id, sealed.sealed[:length]), 3, COMMENT)


def test_after_a_rotation_new_ones_use_the_new_key_and_old_ones_still_open() -> None:
    before, after = make_vault(email=(1,)), make_vault(email=(2, 1))
    old, new = before.seal(ADDRESS, 3, COMMENT), after.seal(ADDRESS, 3, COMMENT)
    assert (old.key_id, new.key_id) == (1, 2)
    assert after.open(old, 3, COMMENT) == after.open(new, 3, COMMENT) == ADDRESS
    with pytest.raises(KeyError):
        before.open(new, 3, COMMENT)


def test_the_number_of_the_key_cannot_be_exchanged() -> None:
    vault = make_vault(email=(1, 2))
    sealed = vault.seal(ADDRESS, 3, COMMENT)
    with pytest.raises(InvalidTag):
        vault.open(SealedEmail(2, sealed.sealed), 3, COMMENT)


def test_the_index_is_the_same_for_one_mailbox_at_one_site_and_no_other() -> None:
    vault = make_vault()
    other_spelling = EmailAddress.parse("mara.quist@PAPER.example")
    assert vault.indexes(ADDRESS, 3) == vault.indexes(other_spelling, 3)
    assert vault.indexes(ADDRESS, 3) != vault.indexes(ADDRESS, 4)
    assert vault.indexes(ADDRESS, 3) != vault.indexes(EmailAddress.parse("maraquist@paper.example"), 3)


def test_the_index_does_not_depend_on_the_keys_that_seal() -> None:
    assert make_vault(email=(1,)).indexes(ADDRESS, 3) == make_vault(email=(2,)).indexes(ADDRESS, 3)
    assert make_vault(index=(11,)).indexes(ADDRESS, 3) != make_vault(index=(12,)).indexes(ADDRESS, 3)


def test_a_network_has_another_hash_tomorrow_and_under_another_key() -> None:
    today, tomorrow = date(2026, 1, 1), date(2026, 1, 2)
    hashes = {
        network_hash(make_keyring(key), network, day)
        for key in (1, 2)
        for network in ("192.0.2.0/24", "192.0.3.0/24")
        for day in (today, tomorrow)
    }
    assert len(hashes) == 8
    assert {len(one) for one in hashes} == {16}


def test_moving_a_letter_between_the_parts_of_a_body_changes_its_digest() -> None:
    keys = make_keyring(1)
    bodies = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("", "abc"), ("a", "b", "c")]
    assert len({body_mac(keys, *parts) for parts in bodies}) == len(bodies)
    assert body_mac(keys, "ab", "c") == body_mac(keys, "ab", "c")
    assert body_mac(make_keyring(2), "ab", "c") != body_mac(keys, "ab", "c")


def test_a_vault_prints_no_key() -> None:
    vault: Vault = make_vault()
    for key in (*vault.email_keys.keys.values(), *vault.index_keys.keys.values()):
        assert key.hex() not in repr(vault)
        assert repr(key) not in repr(vault)
