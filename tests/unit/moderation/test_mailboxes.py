"""Addresses are taken out of whatever leaves the house, and nothing else is."""

import pytest

from service.moderation.mailboxes import without_mailboxes, without_mailboxes_in_url


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("", ""),
        ("No address @home or @ the mill, and 3@4.", "No address @home or @ the mill, and 3@4."),
        ("Write to mara@mail.example.", "Write to […]."),
        ("a@b.example and c+d@e.f.example, twice", "[…] and […], twice"),
        ("MARA@MAIL.EXAMPLE", "[…]"),
        ("ｍａｒａ＠mail.example!", "[…]!"),
        ("ma\u200bra@ma\u00adil.example", "[…]"),
        ("märker@bücher.example", "[…]"),
        ("@mara on the other page", "@mara on the other page"),
    ],
)
def test_an_address_in_a_text_is_masked(text: str, left: str) -> None:
    assert without_mailboxes(text) == left


@pytest.mark.parametrize(
    ("url", "left"),
    [
        ("https://paper.example/mill?page=2#top", "https://paper.example/mill?page=2#top"),
        ("https://paper.example/mill?email=mara@mail.example", "https://paper.example/mill"),
        ("https://paper.example/mill?e=mara%40mail.example&x=1", "https://paper.example/mill"),
        ("https://paper.example/mill#mara@mail.example", "https://paper.example/mill"),
        ("https://paper.example/mara@mail.example/", ""),
        ("https://paper.example/@mara", "https://paper.example/@mara"),
        ("", ""),
    ],
)
def test_an_address_in_a_url_takes_its_query_with_it(url: str, left: str) -> None:
    assert without_mailboxes_in_url(url) == left
