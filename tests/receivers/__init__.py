"""Loopback receivers for tests: an SMTP server, an HTTP SMS vendor and a DNS server, all real.

Each is a context manager on 127.0.0.1 and a free port, keeps what it received and has a ``mode`` that may
be changed while it runs (``refuse`` from the start is a closed port, later a connection cut at once).
Wait with ``wait_for(count)`` on what is received; never sleep. `certificate` makes a TLS identity.
"""

from tests.receivers.dns import SERVFAIL, SLOW, DnsReceiver
from tests.receivers.http import HttpSmsReceiver, ReceivedRequest
from tests.receivers.received import HOST, Received, closed_port
from tests.receivers.smtp import ReceivedMail, SmtpReceiver
from tests.receivers.tls import Certificate, certificate

__all__ = [
    "HOST",
    "SERVFAIL",
    "SLOW",
    "Certificate",
    "DnsReceiver",
    "HttpSmsReceiver",
    "Received",
    "ReceivedMail",
    "ReceivedRequest",
    "SmtpReceiver",
    "certificate",
    "closed_port",
]
