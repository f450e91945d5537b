"""The sockets `narthex serve` listens on, bound before anything else: links need the port's number."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from app.config import SettingProblem


@contextmanager
def bound(host: str, port: int) -> Iterator[list[socket.socket]]:
    """TCP sockets bound to every address of `host`, not yet listening; with port 0, all to one free port.

    Raises SettingProblem naming NARTHEX_HOST or PORT.
    """
    with ExitStack() as stack:
        sockets: list[socket.socket] = []
        for family, address in _addresses(host, port):
            each = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                each.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            free = sockets[0].getsockname()[1] if sockets else port
            try:
                each.bind((address, free))
            except OSError as problem:
                raise not_to_be_had(host, free, problem) from None
            sockets.append(each)
        yield sockets


def _addresses(host: str, port: int) -> list[tuple[int, str]]:
    try:
        found = socket.getaddrinfo(
            None if host == "*" else host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except OSError as problem:
        raise SettingProblem(f"NARTHEX_HOST: {host}: {problem.strerror}; name an address of ours") from None
    return list(dict.fromkeys((int(family), str(address[0])) for family, _, _, _, address in found))


def not_to_be_had(host: str, port: int, problem: OSError) -> SettingProblem:
    """What to say of an address that cannot be listened on."""
    reason = problem.strerror or type(problem).__name__
    return SettingProblem(f"PORT, NARTHEX_HOST: {host}:{port}: {reason}; stop who uses it or choose another")
