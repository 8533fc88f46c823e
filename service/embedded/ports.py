"""Free and taken TCP ports of this machine."""

import socket

from service.embedded.console import StartError

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def require_free(host: str, port: int) -> None:
    """Find out before anything is started that the web process would not get its port.

    Raises:
        StartError: another process listens there, or the address is not one of this machine.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        raise StartError(f"REPLYDESK_HOST={host} is not an address") from None
    for family, kind, protocol, _name, address in found:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
                probe.listen(1)
            except OSError as error:
                reason = error.strerror.lower() if error.strerror else "refused"
                raise StartError(
                    f"{host}:{port} cannot be used ({reason}): set REPLYDESK_PORT to another port"
                ) from None
