"""Who may stay when there are too many: those that are being answered, then those that came last."""

from dataclasses import dataclass, field
from ipaddress import ip_network

from service.web.open_connections import RESERVED_FILES, OpenConnections

PROXY = "10.0.0.1"


@dataclass(eq=False)
class Guest:
    gone: bool = field(default=False)

    def send_away(self) -> None:
        self.gone = True


def book(most: int, files: int = 10_000) -> OpenConnections:
    return OpenConnections(most, [ip_network("10.0.0.0/8")], files=lambda: files)


def admit(connections: OpenConnections, count: int, peer: str = PROXY) -> list[Guest]:
    guests = [Guest() for _ in range(count)]
    assert all(connections.admit(guest, peer) for guest in guests)
    return guests


def test_the_longest_waiting_one_makes_room() -> None:
    connections = book(3)
    first, second, third = admit(connections, 3)
    connections.is_busy(first)
    connections.is_idle(first)
    admit(connections, 1)
    assert (first.gone, second.gone, third.gone) == (False, True, False)
    assert len(connections) == 3


def test_one_that_is_being_answered_stays_and_the_new_one_is_refused() -> None:
    connections = book(2)
    for guest in admit(connections, 2):
        connections.is_busy(guest)
    assert not connections.admit(Guest(), PROXY)
    assert (len(connections), connections.refused) == (2, 1)


def test_a_place_is_free_again_when_someone_leaves_and_only_once() -> None:
    connections = book(2)
    first, second = admit(connections, 2)
    connections.is_busy(first)
    connections.is_busy(second)
    connections.leave(first)
    connections.leave(first)
    connections.is_idle(first)  # an answer that ends after its connection
    (third,) = admit(connections, 1)
    connections.is_busy(third)
    assert not connections.admit(Guest(), PROXY)


def test_a_network_has_half_of_the_places_and_loses_its_own_for_more() -> None:
    connections = book(8)
    (other,) = admit(connections, 1, "198.51.100.1")
    flood = admit(connections, 4, "192.0.2.1") + admit(connections, 3, "192.0.2.77")
    assert [guest.gone for guest in flood] == [True] * 3 + [False] * 4
    assert not other.gone
    for guest in flood[3:]:
        connections.is_busy(guest)
    assert not connections.admit(Guest(), "192.0.2.5")
    admit(connections, 1, "198.51.100.2")


def test_a_network_of_addresses_of_version_six_is_a_64() -> None:
    connections = book(4)
    flood = admit(connections, 2, "2001:db8::1") + admit(connections, 1, "2001:db8::ffff:1")
    assert [guest.gone for guest in flood] == [True, False, False]
    admit(connections, 1, "2001:db8:0:1::1")
    assert len(connections) == 3


def test_a_proxy_speaks_for_many_and_so_does_a_socket_without_an_address() -> None:
    connections = book(8)
    assert not any(guest.gone for guest in admit(connections, 8))
    connections = book(2)
    assert connections.admit(Guest(), None)
    assert connections.admit(Guest(), None)


def test_the_limit_of_open_files_counts_and_there_is_always_one_place() -> None:
    assert book(4096, files=RESERVED_FILES + 32).room == 32
    assert book(4096, files=10).room == 1
    assert book(16).room == 16


def test_nothing_is_kept_of_those_that_left() -> None:
    connections = book(8)
    for guest in admit(connections, 4, "192.0.2.1"):
        connections.leave(guest)
    assert not connections._per_network
    assert not connections._idle
    assert len(connections) == 0
