"""A service that misbehaves in every way we know gives no answer, in time, and nothing of it is repeated."""

import asyncio
import resource
import ssl
import time
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_network

import pytest

from service.outbound.client import Rules, post_json
from service.outbound.errors import (
    AddressNotAllowed,
    AskedToWait,
    BadAnswer,
    KeyRefused,
    NoAnswer,
    NotJson,
    NotTrusted,
    TooLarge,
    TooSlow,
    Unreachable,
    WrongStatus,
    WrongType,
)
from tests.equipment.hostile_service import HostileService, Mode

OWN = Rules(networks=[ip_network("127.0.0.0/8")], deadline_s=5.0, max_bytes=64 * 1024)
HURRIED = replace(OWN, deadline_s=0.4)

FAILURES = {
    Mode.HANG: TooSlow,
    Mode.DRIP: TooLarge,  # it says how much would come
    Mode.DRIPPED_HEAD: TooSlow,
    Mode.SERVER_ERROR: WrongStatus,
    Mode.KEY_REFUSED: KeyRefused,
    Mode.BAD_GATEWAY_PAGE: WrongStatus,
    Mode.TOO_MANY: AskedToWait,
    Mode.GARBAGE_JSON: NotJson,
    Mode.NOT_UTF8: NotJson,
    Mode.WRONG_TYPE: WrongType,
    Mode.EMPTY: NotJson,
    Mode.HUGE: TooLarge,
    Mode.HUGE_CHUNKED: TooLarge,
    Mode.BOMB: WrongType,
    Mode.SAID_GZIPPED: WrongType,
    Mode.REDIRECT: WrongStatus,
    Mode.DEEP_JSON: TooLarge,
    Mode.DUPLICATE_KEYS: NotJson,
    Mode.RESET: Unreachable,
    Mode.RESET_INSIDE: BadAnswer,
    Mode.CUT_SHORT: BadAnswer,
    Mode.NOT_HTTP: BadAnswer,
    Mode.HEADER_FLOOD: BadAnswer,
}


async def test_a_good_answer_is_given_as_it_is() -> None:
    async with HostileService(answer={"verdict": "clean", "score": 0.25}) as service:
        assert await post_json(service.url, {"text": "ünïcode"}, OWN) == {"verdict": "clean", "score": 0.25}
    (request,) = service.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert body == b'{"text": "\\u00fcn\\u00efcode"}'
    assert b"POST /check HTTP/1.1" in head
    assert b"Accept-Encoding: identity" in head
    assert b"python" not in head.lower()
    assert b"aiohttp" not in head.lower()


async def test_json_of_another_shape_is_given_to_whoever_asked() -> None:
    async with HostileService(Mode.WRONG_SHAPE) as service:
        assert await post_json(service.url, {}, OWN) == [1, 2, 3]


def test_every_mode_is_expected() -> None:
    assert set(FAILURES) == set(Mode) - {Mode.FINE, Mode.WRONG_SHAPE}


@pytest.mark.parametrize("mode", FAILURES)
async def test_a_service_that_misbehaves_gives_no_answer(mode: Mode) -> None:
    is_slow = FAILURES[mode] is TooSlow
    async with HostileService(mode) as service:
        with pytest.raises(FAILURES[mode]) as failed:
            await post_json(service.url + "?key=s3cret", {"text": "hello"}, HURRIED if is_slow else OWN)
        assert service.seen == 1
        async with asyncio.timeout(5):  # and the connection is given up
            while service.open and mode is not Mode.HANG:  # noqa: ASYNC110  (nothing tells)
                await asyncio.sleep(0.01)
    said = f"{failed.value!r} {failed.value} {failed.value.__context__} {failed.value.__cause__}"
    assert "s3cret" not in repr(failed.value) + str(failed.value)
    assert "verdict" not in said
    assert failed.value.__suppress_context__ or failed.value.__context__ is None


async def test_a_body_that_drips_within_its_length_is_too_slow() -> None:
    async with HostileService(Mode.DRIP) as service:
        with pytest.raises(TooSlow):
            await post_json(service.url, {}, replace(HURRIED, max_bytes=10**7))


async def test_ten_megabytes_are_not_kept_in_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with HostileService(Mode.HUGE_CHUNKED) as service:
        for _ in range(3):
            with pytest.raises(TooLarge):
                await post_json(service.url, {}, OWN)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before + 9_000  # kilobytes


async def test_deep_json_that_is_short_enough_is_no_answer() -> None:
    async with HostileService(Mode.DEEP_JSON) as service:
        with pytest.raises(BadAnswer):
            await post_json(service.url, {}, replace(OWN, max_bytes=10**6))


async def test_a_redirect_is_not_followed() -> None:
    async with HostileService() as second, HostileService(Mode.REDIRECT) as first:
        first.location = second.url
        with pytest.raises(BadAnswer):
            await post_json(first.url, {}, OWN)
        assert (first.seen, second.seen) == (1, 0)


async def test_nobody_listens() -> None:
    async with HostileService() as service:
        url = service.url
    with pytest.raises(Unreachable):
        await post_json(url, {}, OWN)


async def test_without_a_network_of_our_own_the_loopback_is_never_connected_to() -> None:
    async with HostileService() as service:
        for url in (service.url, service.url.replace("http:", "https:")):
            with pytest.raises(AddressNotAllowed):
                await post_json(url, {}, Rules())
        assert service.seen == 0


class Rebinding:
    """A resolver that answers with a public address first and with this machine ever after."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, _host: str, _port: int) -> Sequence[str]:
        self.asked += 1
        return ["192.0.2.1" if self.asked == 1 else "127.0.0.1"]


async def test_a_name_that_changes_its_mind_is_asked_once() -> None:
    rebinding = Rebinding()
    rules = replace(HURRIED, networks=[ip_network("192.0.2.0/24")])  # stands for a public address
    async with HostileService() as service:
        with pytest.raises((Unreachable, TooSlow)):
            await post_json(f"http://rebinding.example:{service.port}/check", {}, rules, lookup=rebinding)
        assert (rebinding.asked, service.seen) == (1, 0)
        with pytest.raises(AddressNotAllowed):  # the second answer, looked at
            await post_json(f"http://rebinding.example:{service.port}/check", {}, rules, lookup=rebinding)
        assert service.seen == 0


async def test_the_deadline_covers_the_resolver() -> None:
    async def hangs(_host: str, _port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    started = time.monotonic()
    with pytest.raises(TooSlow):
        await post_json("https://slow.example/", {}, HURRIED, lookup=hangs)
    assert time.monotonic() - started < 3


async def here(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


async def test_a_certificate_that_nobody_signed_is_not_trusted() -> None:
    async with HostileService(tls=True) as service:
        with pytest.raises(NotTrusted):
            await post_json(service.url, {}, OWN)
        assert service.seen == 0


async def test_a_certificate_counts_for_its_own_name_alone() -> None:
    async with HostileService(tls=True) as service:
        assert service.certificate is not None
        rules = replace(OWN, tls=service.certificate.client_context())
        url = f"https://localhost:{service.port}/check"
        assert await post_json(url, {}, rules, lookup=here) == {"verdict": "clean"}
        with pytest.raises(NotTrusted):
            await post_json(url.replace("localhost", "other.example"), {}, rules, lookup=here)


async def test_plain_http_where_tls_is_expected_is_no_answer() -> None:
    async with HostileService() as service:
        with pytest.raises((NotTrusted, Unreachable, TooSlow)):
            await post_json(service.url.replace("http:", "https:"), {}, HURRIED)


async def test_proxies_and_credentials_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with HostileService() as proxy, HostileService() as service:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        await post_json(service.url, {}, OWN)
        assert (proxy.seen, service.seen) == (0, 1)


async def test_no_two_requests_share_a_connection_or_a_cookie() -> None:
    async with HostileService() as service:
        await asyncio.gather(*(post_json(service.url, {}, OWN) for _ in range(5)))
    assert not any(b"cookie" in request.lower() for request in service.requests)


def test_trust_is_on_by_default() -> None:
    assert Rules().tls is None
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED


def test_every_failure_is_no_answer_with_a_sentence_of_its_own() -> None:
    kinds = NoAnswer.__subclasses__()
    assert len({kind.reason for kind in kinds}) == len(kinds)
    assert all(str(kind()) == kind.reason for kind in kinds)
