"""A DNS server with a zone table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import dnslib
from dnslib.server import BaseResolver, DNSLogger, DNSServer

from tests.receivers.received import HOST, Received

SERVFAIL = "SERVFAIL"
SLOW = "SLOW"
ROOT: Mapping[str, list[str]] = {
    "bg": ["NS ns.bg."],
    "com": ["NS ns.com."],
}


@dataclass
class DnsReceiver:
    """A DNS server. ``zone`` maps names to records ("MX 10 mx.ok.bg."), to SERVFAIL or to SLOW.

    A name not in the zone is NXDOMAIN, unless ``elsewhere`` says SERVFAIL or SLOW for all of them.
    ``bg`` and ``com`` exist unless ``root`` is False, as behind a captive portal. SLOW is never answered.
    """

    zone: Mapping[str, list[str] | str] = field(default_factory=dict)
    root: bool = True
    elsewhere: str | None = None
    port: int = 0
    questions: Received[tuple[str, str]] = field(default_factory=Received)

    def __post_init__(self) -> None:
        self._closing = Event()

    @property
    def nameserver(self) -> tuple[str, int]:
        return HOST, self.port

    def __enter__(self) -> "DnsReceiver":
        resolver = _Zone(self)
        self._server = DNSServer(resolver, address=HOST, port=0, logger=DNSLogger(logf=lambda _: None))
        self.port = self._server.server.server_address[1]
        serve = self._server.server.serve_forever
        self._thread = Thread(target=lambda: serve(0.02), name="dns-receiver", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.server.shutdown()
        self._server.server.server_close()
        self._thread.join(10)

    def records(self, name: str) -> list[str] | str | None:
        known = {**(ROOT if self.root else {}), **self.zone}
        return known.get(name, self.elsewhere)

    def never(self) -> None:
        """Hold a question until the test is over."""
        self._closing.wait(30)


class _Zone(BaseResolver):
    def __init__(self, receiver: DnsReceiver) -> None:
        self._receiver = receiver

    def resolve(self, request: Any, handler: Any) -> Any:
        name, kind = str(request.q.qname).rstrip(".").lower(), dnslib.QTYPE[request.q.qtype]
        self._receiver.questions.append((name, kind))
        reply, records = request.reply(), self._receiver.records(name)
        if records == SLOW:
            self._receiver.never()
        elif records == SERVFAIL:
            reply.header.rcode = dnslib.RCODE.SERVFAIL
        elif records is None:
            reply.header.rcode = dnslib.RCODE.NXDOMAIN
        else:
            for record in records:
                if record.startswith(f"{kind} "):
                    reply.add_answer(*dnslib.RR.fromZone(f"{name}. 60 IN {record}"))
        return reply
