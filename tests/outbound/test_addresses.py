"""Which addresses may be connected to, and which texts are URLs that may be asked at all."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

import pytest

from service.outbound.addresses import is_public, is_within
from service.outbound.errors import AddressNotAllowed, Unreachable
from service.outbound.target import Lookup, Target

PRIVATE = [
    "0.0.0.0",  # noqa: S104
    "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.0.1", "169.254.169.254", "172.16.0.1",
    "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:0",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1",
    "2001:0:7f00:1::", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "2001:db8::1", "100::1",
    "::ffff:0:7f00:1", "3fff::1", "4000::1", "5f00::1", "64:ff9b:1::808:808", "64:ff9b:1:a00:0:100:808:808",
]  # fmt: skip
PUBLIC = [
    "8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:4001::1", "64:ff9b::808:808",
]  # fmt: skip


@pytest.mark.parametrize("text", PRIVATE)
def test_an_address_that_is_not_of_the_public_internet_is_none(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_an_address_of_the_public_internet_is_one(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize(
    ("text", "network", "inside"),
    [
        ("10.1.2.3", "10.0.0.0/8", True),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("::ffff:10.1.2.3", "10.0.0.0/8", True),
        ("::ffff:11.1.2.3", "10.0.0.0/8", False),
        ("::1", "::1/128", True),
        ("::1", "127.0.0.0/8", False),
        ("127.0.0.1", "::1/128", False),
        ("64:ff9b::a01:203", "10.0.0.0/8", True),
        ("2001:0:a01:203::", "10.0.0.0/8", False),  # its other half leads elsewhere
    ],
)
def test_a_network_of_our_own_has_its_addresses_in_every_spelling(
    text: str, network: str, inside: bool
) -> None:
    assert is_within(ip_address(text), [ip_network(network)]) is inside


@pytest.mark.parametrize(
    "url",
    [
        "", "/check", "//check.example/", "check.example", "ftp://check.example/", "file:///etc/passwd",
        "gopher://check.example/", "https://", "https:///check", "https://user@check.example/",
        "https://user:secret@check.example/", "https://:secret@check.example/", "https://check.example:0/",
        "https://check.example:99999/", "https://check.example\\@evil.example/", "https://check.example/ x",
        "https://check.example/\r\nX: y", "https://check.example/\x00", "https://bücher.example/",
        "https://check.example/" + "x" * 2000, "https://[::1", "https://[fe80::1%25eth0]/",
        "javascript:alert(1)",
    ],
)  # fmt: skip
async def test_what_is_no_plain_url_is_not_asked(url: str) -> None:
    with pytest.raises(AddressNotAllowed) as refused:
        await Target.parse(url).addresses([], knows("93.184.215.14"))
    assert "secret" not in repr(refused.value)


def test_a_host_that_is_not_listed_is_not_asked() -> None:
    hosts = {"check.example"}
    assert Target.parse("https://CHECK.example./x", hosts).host == "check.example"
    for other in (
        "evil.example",
        "check.example.evil.example",
        "xcheck.example",
        "x.check.example",
        "1.1.1.1",
    ):
        with pytest.raises(AddressNotAllowed):
            Target.parse(f"https://{other}/", hosts)


def test_a_target_prints_no_url() -> None:
    assert "s3cret" not in repr(Target.parse("https://check.example/x?key=s3cret"))


def knows(*addresses: str) -> Lookup:
    async def look_up(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return look_up


@pytest.mark.parametrize("text", [*PRIVATE[:6], *PRIVATE[-6:], "169.254.169.254", "::ffff:169.254.169.254"])
async def test_one_address_that_may_not_be_asked_refuses_them_all(text: str) -> None:
    target = Target.parse("https://check.example/")
    for found in ([text], ["93.184.215.14", text], [text, "93.184.215.14"]):
        with pytest.raises(AddressNotAllowed):
            await target.addresses([], knows(*found))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]"]
)
async def test_this_machine_is_not_asked_however_it_is_spelt(host: str) -> None:
    async def as_the_system_does(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    with pytest.raises(AddressNotAllowed):
        await Target.parse(f"https://{host}/").addresses([], as_the_system_does)


async def test_plain_http_is_for_networks_of_our_own() -> None:
    own = [ip_network("10.0.0.0/8")]
    target = Target.parse("http://check.example/")
    assert await target.addresses(own, knows("10.1.2.3")) == ["10.1.2.3"]
    with pytest.raises(AddressNotAllowed):
        await target.addresses(own, knows("93.184.215.14"))
    with pytest.raises(AddressNotAllowed):
        await target.addresses(own, knows("10.1.2.3", "93.184.215.14"))


async def test_a_name_without_an_address_cannot_be_reached() -> None:
    async def unknown(_host: str, _port: int) -> Sequence[str]:
        raise OSError

    for lookup in (unknown, knows()):
        with pytest.raises(Unreachable):
            await Target.parse("https://check.example/").addresses([], lookup)


async def test_a_name_is_looked_up_once_and_something_that_is_no_address_refused() -> None:
    with pytest.raises(AddressNotAllowed):
        await Target.parse("https://check.example/").addresses([], knows("fe80::1%eth0"))
