"""Whether a mail domain exists, asked of a real DNS server on loopback."""

import logging

import dns.resolver
import pytest

from app.gateways.dns import DnsGateway, DnsOff, MailDomain, ascii_domain, mail_domains, parse_nameserver
from tests.receivers import SERVFAIL, SLOW, DnsReceiver, closed_port

ZONE = {
    "ok.bg": ["MX 10 mx.ok.bg."],
    "null.bg": ["MX 0 ."],
    "address.bg": ["A 198.41.0.4"],
    "spf.bg": ["A 198.41.0.4", 'TXT "v=spf1 -all"'],
    "address6.bg": ["AAAA 2001:503:ba3e::2:30"],
    "inside.bg": ["A 10.0.0.1", "AAAA fd00::1"],
    "empty.bg": ["TXT hello"],
    "broken.bg": SERVFAIL,
    "slow.bg": SLOW,
    "xn--80a1acn8a.xn--90ae": ["MX 10 mx.ok.bg."],
}


@pytest.fixture
def server():
    with DnsReceiver(ZONE) as receiver:
        yield receiver


@pytest.mark.parametrize(
    ("domain", "verdict"),
    [
        ("ok.bg", MailDomain.TAKES_MAIL),
        ("OK.bg", MailDomain.TAKES_MAIL),
        ("ok.bg.", MailDomain.TAKES_MAIL),
        ("address.bg", MailDomain.TAKES_MAIL),
        ("spf.bg", MailDomain.TAKES_MAIL),
        ("address6.bg", MailDomain.TAKES_MAIL),
        ("пощта.бг", MailDomain.TAKES_MAIL),
        ("ПОЩТА.БГ", MailDomain.TAKES_MAIL),
        ("xn--80a1acn8a.xn--90ae", MailDomain.TAKES_MAIL),
        ("gmail.bg", MailDomain.NO_SUCH_DOMAIN),
        ("няма.бг", MailDomain.NO_SUCH_DOMAIN),
        ("null.bg", MailDomain.TAKES_NO_MAIL),
        ("inside.bg", MailDomain.TAKES_NO_MAIL),
        ("empty.bg", MailDomain.TAKES_NO_MAIL),
        ("broken.bg", MailDomain.UNKNOWN),
        ("slow.bg", MailDomain.UNKNOWN),
    ],
)
def test_the_verdict_follows_the_zone(server, domain, verdict):
    assert DnsGateway(server.nameserver, lifetime=0.5).ask(domain) is verdict


@pytest.mark.parametrize(
    "domain", ["", ".", "a..bg", "-.бг", "x" * 64 + ".bg", ".".join(["abcdefgh"] * 40), "\udc41.bg"]
)
def test_a_name_that_cannot_stand_in_dns_does_not_exist_and_is_not_asked(server, domain):
    assert DnsGateway(server.nameserver).ask(domain) is MailDomain.NO_SUCH_DOMAIN
    assert server.questions == []


def test_a_resolver_that_denies_the_root_of_things_is_not_believed(caplog):
    with DnsReceiver(ZONE, root=False) as portal:
        gateway = DnsGateway(portal.nameserver)
        assert gateway.ask("gmail.com") is MailDomain.UNKNOWN
        assert gateway.trouble() == "root_denied"
        assert ("bg", "NS") in portal.questions
        assert ("com", "NS") in portal.questions
    assert [vars(record)["cause"] for record in caplog.records] == ["root_denied"]


@pytest.mark.parametrize("witness", ["bg", "com"])
def test_one_witness_is_enough_to_believe_a_denial(witness):
    with DnsReceiver({witness: ["NS a.nic.example."]}, root=False) as server:
        assert DnsGateway(server.nameserver).ask("gmail.xyz") is MailDomain.NO_SUCH_DOMAIN


@pytest.mark.parametrize(("elsewhere", "cause"), [(SERVFAIL, "no_nameservers"), (SLOW, "timeout")])
def test_a_resolver_without_an_answer_makes_every_domain_unknown(elsewhere, cause):
    with DnsReceiver(root=False, elsewhere=elsewhere) as server:
        gateway = DnsGateway(server.nameserver, lifetime=0.3)
        assert gateway.ask("ok.bg") is MailDomain.UNKNOWN
        assert gateway.trouble() == cause


def test_a_denial_whose_witnesses_are_silent_is_unknown():
    with DnsReceiver({"bg": SLOW, "com": SLOW}) as server:
        assert DnsGateway(server.nameserver, lifetime=0.3).ask("gmail.bg") is MailDomain.UNKNOWN


def test_no_server_at_all_is_unknown():
    with closed_port() as port:
        gateway = DnsGateway(("127.0.0.1", port), lifetime=0.3)
        assert gateway.ask("ok.bg") is MailDomain.UNKNOWN
        assert gateway.trouble() in ("timeout", "no_nameservers")


def test_a_machine_without_resolvers_is_unknown_and_says_so(monkeypatch, tmp_path):
    def unconfigured(*args, **kwargs):
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver.Resolver, "read_resolv_conf", unconfigured)
    assert DnsGateway().ask("ok.bg") is MailDomain.UNKNOWN
    assert DnsGateway().trouble() == "no_resolver"


def test_answers_are_remembered_for_a_while(server):
    gateway = DnsGateway(server.nameserver)
    for _ in range(3):
        assert gateway.ask("ok.bg") is MailDomain.TAKES_MAIL
        assert gateway.ask("gmail.bg") is MailDomain.NO_SUCH_DOMAIN
    assert server.questions == [("ok.bg", "MX"), ("gmail.bg", "MX"), ("bg", "NS")]


def test_a_denial_without_a_life_of_its_own_is_forgotten_within_a_minute(server, monkeypatch):
    gateway = DnsGateway(server.nameserver)
    gateway.ask("gmail.bg")
    asked = len(server.questions)
    now = dns.resolver.time.time()
    monkeypatch.setattr(dns.resolver.time, "time", lambda: now + 61)
    gateway.ask("gmail.bg")
    assert server.questions[asked:] == [("gmail.bg", "MX"), ("bg", "NS")]


def test_a_domain_stands_in_no_log(server, caplog):
    caplog.set_level(logging.DEBUG)
    gateway = DnsGateway(server.nameserver, lifetime=0.3)
    for domain in ("broken.bg", "slow.bg", "gmail.bg"):
        gateway.ask(domain)
    assert not [record for record in caplog.records if ".bg" in str(vars(record))]


def test_off_asks_nobody():
    assert DnsOff().ask("gmail.bg") is MailDomain.UNKNOWN
    assert DnsOff().trouble() is None
    assert isinstance(mail_domains("off"), DnsOff)
    assert isinstance(mail_domains(None), DnsGateway)


@pytest.mark.parametrize(
    ("text", "nameserver"),
    [
        ("", None),
        ("  ", None),
        ("off", "off"),
        ("127.0.0.1:15353", ("127.0.0.1", 15353)),
        ("9.9.9.9", ("9.9.9.9", 53)),
        ("[::1]:5353", ("::1", 5353)),
        ("[::1]", ("::1", 53)),
    ],
)
def test_a_nameserver_is_read_from_its_setting(text, nameserver):
    assert parse_nameserver(text) == nameserver


@pytest.mark.parametrize(
    "text", ["dns", "localhost:53", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:x", "on", ":53", "1.2.3:53"]
)
def test_a_nameserver_that_cannot_be_read_is_told_with_the_cure(text):
    with pytest.raises(ValueError, match="write address:port"):
        parse_nameserver(text)


def test_a_domain_is_written_in_ascii_or_refused():
    assert ascii_domain("Пощта.бг") == "xn--80a1acn8a.xn--90ae"
    with pytest.raises(ValueError, match="cannot be written"):
        ascii_domain("a..bg")
