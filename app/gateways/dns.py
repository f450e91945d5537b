"""Whether a mail domain exists and takes mail, asked of DNS while the applicant waits.

Rules: MX, else an address (RFC 5321, 5.1); a null MX means no mail (RFC 7505). Only a certain no is a
reason on the page; where DNS gives no answer, or is not believed, the verdict is `MailDomain.UNKNOWN`.
"""

import ipaddress
import logging
import time
from enum import StrEnum
from typing import Any, Literal, Protocol

import dns.exception
import dns.name
import dns.resolver

log = logging.getLogger(__name__)

Nameserver = tuple[str, int]

_ROOT_WITNESSES = ("bg.", "com.")
_LONGEST_CACHED = 600.0
_LONGEST_DENIAL_CACHED = 60.0


class MailDomain(StrEnum):
    """What DNS says about the domain of an address."""

    TAKES_MAIL = "takes_mail"
    NO_SUCH_DOMAIN = "no_such_domain"
    TAKES_NO_MAIL = "takes_no_mail"
    UNKNOWN = "unknown"


class MailDomains(Protocol):
    """Whoever can tell about a mail domain: `DnsGateway` or `DnsOff`."""

    def ask(self, domain: str) -> MailDomain:
        """The verdict on the part after the @, Unicode or ASCII; never raises, returns in bounded time."""

    def trouble(self) -> str | None:
        """For the health page: why no answer can be had or believed, None if all is well."""


class DnsOff:
    """The variant of an installation that asks nobody: every domain is unknown, thus accepted."""

    def ask(self, domain: str) -> MailDomain:  # noqa: ARG002 - the Protocol's argument
        """Always unknown."""
        return MailDomain.UNKNOWN

    def trouble(self) -> str | None:
        """Off by choice is no trouble."""
        return None


class DnsGateway:
    """Asks ``nameserver`` (address and port), or the system's resolvers, with a short memory of answers.

    ``lifetime`` is the limit of one question in seconds; a verdict takes three times that at most. A
    denial is believed only of a resolver that knows ``bg.`` or ``com.``: in a closed network or behind
    a captive portal everything is denied. Safe to share between threads.
    """

    def __init__(self, nameserver: Nameserver | None = None, lifetime: float = 1.0) -> None:
        self._nameserver = nameserver
        self._lifetime = lifetime
        self._cache = _ShortMemory(1000)
        self._resolver: dns.resolver.Resolver | None = None

    def ask(self, domain: str) -> MailDomain:
        """The verdict on a domain; a name that cannot be written in DNS does not exist."""
        try:
            name = _in_dns(domain)
        except dns.exception.DNSException:
            return MailDomain.NO_SUCH_DOMAIN
        try:
            questions = self._questions()
            verdict = _verdict(questions, name)
            if verdict is not MailDomain.NO_SUCH_DOMAIN or questions.root_is_known():
                return verdict
            cause = "root_denied"
        except (dns.exception.DNSException, OSError) as error:
            cause = _cause(error)
        log.warning("mail domain not verified", extra={"cause": cause})
        return MailDomain.UNKNOWN

    def trouble(self) -> str | None:
        """None, ``root_denied``, ``timeout``, ``no_nameservers``, ``no_resolver`` or ``answer_garbled``."""
        try:
            return None if self._questions().root_is_known() else "root_denied"
        except (dns.exception.DNSException, OSError) as error:
            return _cause(error)

    def _questions(self) -> "_Questions":
        if self._resolver is None:
            resolver = dns.resolver.Resolver(configure=self._nameserver is None)
            if self._nameserver is not None:
                resolver.nameservers = [self._nameserver[0]]
                resolver.port = self._nameserver[1]
            # A dead first server must leave time for the second.
            resolver.timeout = self._lifetime / max(1, len(resolver.nameservers))
            resolver.cache = self._cache
            self._resolver = resolver
        return _Questions(self._resolver, self._lifetime)


class _Questions:
    """The questions of one verdict, which share one budget of time."""

    def __init__(self, resolver: dns.resolver.Resolver, lifetime: float) -> None:
        self._resolver = resolver
        self._lifetime = lifetime
        self._end = time.monotonic() + 3 * lifetime

    def records(self, name: dns.name.Name, kind: str) -> list[Any]:
        """The records of that kind, none if the name exists without any. Raises DNSException or OSError."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise dns.exception.Timeout
        try:
            answer = self._resolver.resolve(name, kind, lifetime=min(self._lifetime, left), search=False)
        except dns.resolver.NoAnswer:
            return []
        return list(answer)

    def root_is_known(self) -> bool:
        """The resolver knows a name server of one of the witnesses."""
        return any(self._exists(dns.name.from_text(witness)) for witness in _ROOT_WITNESSES)

    def _exists(self, name: dns.name.Name) -> bool:
        try:
            return bool(self.records(name, "NS"))
        except dns.resolver.NXDOMAIN:
            return False


class _ShortMemory(dns.resolver.LRUCache):
    """Forgets a denial within a minute and anything within ten.

    Left alone, a denial without an SOA record would be believed for decades, so that one minute behind
    a captive portal would outlast the process.
    """

    def put(self, key: Any, value: dns.resolver.Answer) -> None:
        longest = _LONGEST_CACHED if value.rrset is not None else _LONGEST_DENIAL_CACHED
        value.expiration = min(value.expiration, time.time() + longest)
        super().put(key, value)


def ascii_domain(domain: str) -> str:
    """The domain as DNS and SMTP write it: ``пощта.бг`` becomes ``xn--…`` (IDNA 2008). Raises ValueError."""
    try:
        return _in_dns(domain).to_text(omit_final_dot=True)
    except dns.exception.DNSException:
        raise ValueError("the domain cannot be written in DNS") from None


def parse_nameserver(text: str) -> Nameserver | Literal["off"] | None:
    """Reads ``address:port``, ``off`` (ask nobody) or the empty text (None: the system's resolvers).

    The port is 53 where it is left out; IPv6 stands in brackets, ``[::1]:53``. Raises ValueError.
    """
    text = text.strip()
    if not text:
        return None
    if text == "off":
        return "off"
    bare = text.startswith("[") and text.endswith("]")
    host, colon, port = (text, "", "") if bare else text.rpartition(":")
    host, port = (host, port) if colon else (text, "53")
    host = host.removeprefix("[").removesuffix("]")
    try:
        ipaddress.ip_address(host)
        if not 0 < int(port) < 65536:
            raise ValueError
    except ValueError:
        raise ValueError("nameserver: write address:port, such as 127.0.0.1:53, or off, or nothing") from None
    return host, int(port)


def mail_domains(nameserver: Nameserver | Literal["off"] | None, lifetime: float = 1.0) -> MailDomains:
    """The gateway that a parsed setting asks for."""
    return DnsOff() if nameserver == "off" else DnsGateway(nameserver, lifetime)


def _in_dns(domain: str) -> dns.name.Name:
    name = dns.name.from_text(domain.strip(), idna_codec=dns.name.IDNA_2008_UTS_46)
    if name == dns.name.root:
        raise dns.name.EmptyLabel
    return name


def _verdict(questions: _Questions, name: dns.name.Name) -> MailDomain:
    try:
        exchanges = questions.records(name, "MX")
        if exchanges:
            real = any(record.exchange != dns.name.root for record in exchanges)
            return MailDomain.TAKES_MAIL if real else MailDomain.TAKES_NO_MAIL
        for kind in ("A", "AAAA"):
            if any(_is_routable(record.address) for record in questions.records(name, kind)):
                return MailDomain.TAKES_MAIL
    except dns.resolver.NXDOMAIN:
        return MailDomain.NO_SUCH_DOMAIN
    return MailDomain.TAKES_NO_MAIL


def _is_routable(address: str) -> bool:
    return ipaddress.ip_address(address).is_global


def _cause(error: Exception) -> str:
    for kind, cause in (
        (dns.exception.Timeout, "timeout"),
        (dns.resolver.NoNameservers, "no_nameservers"),
        (dns.resolver.NoResolverConfiguration, "no_resolver"),
        (OSError, "no_nameservers"),
    ):
        if isinstance(error, kind):
            return cause
    return "answer_garbled"
