"""One conversation with another machine that is over, whatever happens, after a total time.

A socket's own time-out starts anew with every byte, so a neighbour that drips bytes could hold a worker
for hours, and looking up a name has no time-out at all. Both are bounded here.
"""

import ipaddress
import socket
import ssl
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Event, Thread
from types import TracebackType
from typing import Any, Self

# Look-ups that hang are left behind in their threads; this many at most, then new ones fail at once.
_LOOK_UPS = BoundedSemaphore(8)


def trusted_by(ca_file: str | None) -> ssl.SSLContext:
    """A client context that verifies name and chain, TLS 1.2 or later.

    With ``ca_file`` (PEM) only that authority is believed, else those of the system. Raises ValueError
    for a file that is missing or holds no certificate.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError:
        raise ValueError("ca_file: write the path of a readable file with certificates in PEM") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def trouble(error: Exception) -> str:
    """The reason code of an error of the network or of TLS."""
    for kind, reason in (
        (ssl.SSLCertVerificationError, "tls_untrusted"),
        (ssl.SSLEOFError, "connection_lost"),
        (ssl.SSLError, "tls_broken"),
        (TimeoutError, "timeout"),
        (socket.gaierror, "name_unknown"),
        (ConnectionRefusedError, "unreachable"),
    ):
        if isinstance(error, kind):
            return reason
    return "connection_lost"


class Wire:
    """A context manager around one connection: hangs up after ``seconds``, closes on the way out."""

    def __init__(self, seconds: float) -> None:
        self.sock: socket.socket | None = None
        """The connection in use; whoever wraps it anew (STARTTLS) stores the new one here."""
        self._end = time.monotonic() + seconds
        self._seconds = seconds
        self._over = Event()

    def __enter__(self) -> Self:
        Thread(target=self._hang_up, name="hang-up", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self.sock is not None:
            self.sock.close()

    @property
    def overdue(self) -> bool:
        """The time is over; an error seen now is the hanging up and means ``timeout``."""
        return time.monotonic() >= self._end

    def connect(self, host: str, port: int, context: ssl.SSLContext | None = None) -> socket.socket:
        """Look up, connect and, with a context, shake hands as a TLS client that expects ``host``.

        Every address of the name is tried, each with its share of the time left. Raises OSError.
        """
        addresses = self._look_up(host, port)
        for position, (family, kind, protocol, _, address) in enumerate(addresses, 1):
            sock = socket.socket(family, kind, protocol)
            self.sock = sock
            try:
                sock.settimeout(self._left() / (len(addresses) - position + 1))
                sock.connect(address)
                break
            except OSError:
                sock.close()
                if position == len(addresses):
                    raise
        sock.settimeout(self._left())
        if context is not None:
            self.sock = sock = context.wrap_socket(sock, server_hostname=host)
        return sock

    def _left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for this conversation is over")
        return left

    def _look_up(self, host: str, port: int) -> list[Any]:
        with suppress(ValueError):
            ipaddress.ip_address(host)
            return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        if not _LOOK_UPS.acquire(timeout=self._left()):
            raise TimeoutError("too many look-ups are under way")
        found: SimpleQueue[list[Any] | OSError] = SimpleQueue()
        Thread(target=_look_up, args=(host, port, found), name="look-up", daemon=True).start()
        try:
            answer = found.get(timeout=self._left())
        except Empty:
            raise TimeoutError("the look-up did not end in time") from None
        if isinstance(answer, OSError):
            raise answer
        return answer

    def _hang_up(self) -> None:
        self._over.wait(self._seconds)
        # More than once, because a connection may be about to be replaced by its TLS twin.
        while not self._over.wait(0.05):
            sock = self.sock
            if sock is not None:
                with suppress(OSError):
                    # The plain socket's method: the TLS one would pull its state from under the reader.
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _look_up(host: str, port: int, found: "SimpleQueue[list[Any] | OSError]") -> None:
    try:
        found.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
    except OSError as error:
        found.put(error)
    except UnicodeError:
        found.put(socket.gaierror("the name cannot be written in DNS"))
    finally:
        _LOOK_UPS.release()
