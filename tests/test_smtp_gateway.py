"""Mail handed to real SMTP servers on loopback, good ones and bad ones."""

import logging
from datetime import UTC, datetime
from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.gateways.mail import SmtpGateway
from app.gateways.messages import Mail
from app.gateways.mime import Letter, compose
from app.gateways.outcome import Accepted, Failed, Refused
from tests.receivers import SmtpReceiver, certificate, closed_port

NOON = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
SENDER = "Застраховка „Нартекс“ <no-reply@narthex.bg>"
MAIL = Mail(
    to="ivan.petrov@ok.bg",
    subject="Вашият код за вход — 6 цифри",
    text="Вашият код е 417302.\n\n.точка в началото на ред\n",
    html="<p>Вашият код е <b>417302</b>.</p>",
    key="run-1:3:pin",
)
LOGIN = ("narthex", "s3cret")


@pytest.fixture(scope="module")
def identity(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


def gateway(server, **given):
    defaults = {"tls": "none", "username": None, "password": None, "sender": SENDER, "timeout": 10}
    return SmtpGateway("127.0.0.1", server.port, **{**defaults, "clock": lambda: NOON, **given})


def mail(**change):
    return Mail(**{**vars(MAIL), **change})


def test_a_mail_arrives_with_its_headers_and_plain_text_first():
    with SmtpReceiver() as server:
        outcome = gateway(server).send(MAIL)
        received = server.mails.wait_for(1)[0]
    message = received.message
    assert outcome == Accepted(message["Message-ID"])
    assert (received.sender, received.recipients) == ("no-reply@narthex.bg", ["ivan.petrov@ok.bg"])
    assert message["Subject"] == MAIL.subject
    assert message["To"] == MAIL.to
    assert message["From"].addresses == (Address("Застраховка „Нартекс“", "no-reply", "narthex.bg"),)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == NOON
    plain, rich = message.iter_parts()
    assert (plain.get_content_type(), rich.get_content_type()) == ("text/plain", "text/html")
    assert received.text() == MAIL.text
    assert received.text("html").strip() == MAIL.html
    assert received.raw.isascii()


def test_a_mail_without_html_is_plain_text_alone():
    with SmtpReceiver() as server:
        gateway(server).send(mail(html=None))
        received = server.mails[0]
    assert received.message.get_content_type() == "text/plain"
    assert received.text() == MAIL.text


def test_a_second_attempt_at_a_mail_is_the_same_message_byte_for_byte():
    with SmtpReceiver() as server:
        sender = gateway(server)
        assert sender.send(MAIL) == sender.send(MAIL) != sender.send(mail(key="run-1:4:pin"))
        first, second, other = server.mails
    assert first.raw == second.raw
    assert first.message["Message-ID"] != other.message["Message-ID"]
    assert "run-1" not in first.message["Message-ID"]


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_it_logs_in_over_verified_tls(identity, tls):
    with SmtpReceiver(tls=tls, certificate=identity, login=LOGIN) as server:
        sender = gateway(server, tls=tls, username="narthex", password="s3cret", ca_file=identity.cert_file)
        assert isinstance(sender.send(MAIL), Accepted)
        received = server.mails[0]
    assert (received.login, received.over_tls) == ("narthex", True)


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize(("username", "password"), [("narthex", "wrong"), (None, None)])
def test_a_wrong_or_missing_login_is_a_failure_called_credentials(identity, tls, username, password):
    with SmtpReceiver(tls=tls, certificate=identity, login=LOGIN) as server:
        sender = gateway(server, tls=tls, username=username, password=password, ca_file=identity.cert_file)
        assert sender.send(MAIL) == Failed("credentials")
        assert server.mails == []


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_certificate_of_an_unknown_authority_gets_neither_login_nor_mail(identity, tls):
    with SmtpReceiver(tls=tls, certificate=identity, login=LOGIN) as server:
        sender = gateway(server, tls=tls, username="narthex", password="s3cret")
        assert sender.send(MAIL) == Failed("tls_untrusted")
        assert server.mails == []


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_certificate_for_another_name_is_not_trusted(tmp_path, tls):
    other = certificate(tmp_path, "mail.example.bg")
    with SmtpReceiver(tls=tls, certificate=other) as server:
        assert gateway(server, tls=tls, ca_file=other.cert_file).send(MAIL) == Failed("tls_untrusted")
        assert server.mails == []


def test_a_server_without_starttls_gets_nothing_in_the_clear():
    with SmtpReceiver() as server:
        assert gateway(server, tls="starttls").send(MAIL) == Failed("server_lacks_tls_or_login")
        assert server.mails == []


def test_a_server_with_no_way_to_log_in_that_we_know_gets_nothing(identity):
    with SmtpReceiver(tls="tls", certificate=identity, login=LOGIN, mechanisms=False) as server:
        sender = gateway(server, tls="tls", username="narthex", password="s3cret", ca_file=identity.cert_file)
        assert sender.send(MAIL) == Failed("server_lacks_tls_or_login")
        assert server.mails == []


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [
        ("421", Failed("busy")),
        ("450", Failed("deferred")),
        ("550", Refused("mailbox_unknown")),
        ("drop-after-data", Failed("connection_lost")),
        ("hang", Failed("timeout")),
        ("hang-after-data", Failed("timeout")),
        ("drip", Failed("timeout")),
    ],
)
def test_a_server_on_a_bad_day_gives_an_outcome_within_the_time_out(mode, outcome):
    with SmtpReceiver(mode) as server:
        assert gateway(server, timeout=0.5).send(MAIL) == outcome


def test_a_server_that_cuts_the_line_or_is_not_there_is_a_failure():
    with SmtpReceiver() as server, closed_port() as port:
        server.mode = "refuse"
        assert gateway(server).send(MAIL) == Failed("connection_lost")
        server.port = port
        assert gateway(server).send(MAIL) == Failed("unreachable")


def test_a_mail_dropped_after_data_and_sent_again_is_at_most_a_duplicate_of_itself():
    with SmtpReceiver("drop-after-data") as server:
        sender = gateway(server)
        assert sender.send(MAIL) == Failed("connection_lost")
        server.mode = "ok"
        assert isinstance(sender.send(MAIL), Accepted)
        first, second = server.mails.wait_for(2)
    assert first.message["Message-ID"] == second.message["Message-ID"]


@pytest.mark.parametrize(
    ("command", "answer", "outcome"),
    [
        ("RCPT", "550 no such user", Refused("mailbox_unknown")),
        ("RCPT", "550 5.1.2 no such domain", Refused("domain_unknown")),
        ("RCPT", "552 5.2.2 over quota", Refused("mailbox_full")),
        ("RCPT", "553 bad name", Refused("address_invalid")),
        ("RCPT", "550 5.7.1 blocked", Refused("refused_by_policy")),
        ("RCPT", "554 no", Refused("recipient_refused")),
        ("RCPT", "530 5.7.0 log in first", Failed("credentials")),
        ("RCPT", "452 4.2.2 full for now", Failed("deferred")),
        ("RCPT", "421 4.7.0 too many", Failed("busy")),
        ("MAIL", "550 5.7.1 sender not yours", Failed("sender")),
        ("MAIL", "451 later", Failed("deferred")),
        ("DATA", "554 5.6.0 looks like spam", Refused("message_refused")),
        ("DATA", "451 4.3.0 later", Failed("deferred")),
        ("DATA", "421 4.3.2 shutting down", Failed("busy")),
    ],
)
def test_the_servers_answers_become_our_codes(command, answer, outcome):
    with SmtpReceiver() as server:
        server.answers[command] = answer
        assert gateway(server).send(MAIL) == outcome


@pytest.mark.parametrize("mode", ["ok", "421", "450", "550", "drop-after-data", "hang-after-data", "drip"])
def test_the_connection_is_closed_in_every_case(mode):
    with SmtpReceiver(mode) as server:
        gateway(server, timeout=0.5).send(MAIL)
        server.closings.wait_for(1)


@pytest.mark.parametrize(
    "address",
    [
        "ivan@ok.bg\r\nBcc: eve@evil.bg",
        "ivan@ok.bg\nX: y",
        "ivan@ok.bg\x00",
        "a@ok.bg, b@ok.bg",
        "Ivan <ivan@ok.bg>",
        "ivan ok@ok.bg",
        "ivan@",
        "@ok.bg",
        "ivan",
        "ivan@ok.bg> SIZE=1",
        "ivan@o k.bg",
        "\udc41@ok.bg",
    ],
)
def test_an_address_that_is_not_one_plain_address_is_refused(address):
    with SmtpReceiver() as server:
        assert gateway(server).send(mail(to=address)) == Refused("address_invalid")
        assert list(server.connections) == []


@pytest.mark.parametrize(
    "subject", ["Код\r\nBcc: eve@evil.bg", "Код\nX", "a\rb", "a\x00b", "a\u2028b", "\ud83d"]
)
def test_a_subject_with_a_line_break_or_control_character_is_refused(subject):
    with SmtpReceiver() as server:
        assert gateway(server).send(mail(subject=subject)) == Refused("subject_invalid")
        assert list(server.connections) == []


@given(
    subject=st.text(max_size=120),
    to=st.text(max_size=40),
    text=st.text(max_size=200),
    html=st.none() | st.text(max_size=100),
)
def test_no_input_adds_a_header_or_raises(subject, to, text, html):
    letter = compose(Mail(f"{to}@ok.bg", subject, text, html, "k"), Address("", "a", "b.bg"), NOON)
    if isinstance(letter, Letter):
        head = letter.as_bytes().split(b"\r\n\r\n")[0].decode()
        names = [line.split(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))]
        content = {"Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
        ours = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"]
        assert [name for name in names if name not in content] == ours


def test_a_cyrillic_domain_goes_out_in_its_ascii_form():
    with SmtpReceiver() as server:
        gateway(server).send(mail(to="ivan@пощта.бг"))
        assert server.mails[0].recipients == ["ivan@xn--80a1acn8a.xn--90ae"]


def test_a_cyrillic_local_part_needs_a_server_that_takes_it():
    with SmtpReceiver() as old, SmtpReceiver(utf8=True) as new:
        assert gateway(old).send(mail(to="иван@ok.bg")) == Refused("address_needs_smtputf8")
        assert isinstance(gateway(new).send(mail(to="иван@ok.bg")), Accepted)
        assert new.mails[0].recipients == ["иван@ok.bg"]
        assert "иван@ok.bg" in new.mails[0].raw.decode()


@pytest.mark.parametrize("mode", ["ok", "450", "550", "drop-after-data", "hang"])
def test_addresses_texts_and_passwords_stand_in_no_log_and_no_repr(identity, mode, caplog):
    with SmtpReceiver(mode, tls="starttls", certificate=identity, login=LOGIN) as server:
        sender = gateway(
            server,
            **{"tls": "starttls", "username": "narthex", "password": "s3cret", "timeout": 2},
            ca_file=identity.cert_file,
        )
        with caplog.at_level(logging.DEBUG, "app"):
            outcome = sender.send(MAIL)
    seen = [repr(MAIL), repr(sender), repr(outcome)]
    seen += [str(vars(record)) for record in caplog.records if record.name.startswith("app.")]
    for secret in ("ivan.petrov", "417302", "s3cret", "Вашият"):
        assert not [line for line in seen if secret in line]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"tls": "ssl"}, "tls"),
        ({"username": "a"}, "username"),
        ({"username": "a", "password": "b"}, "tls"),
        ({"tls": "tls", "username": "a", "password": "парола"}, "password"),
        ({"sender": "nobody"}, "sender"),
        ({"sender": "A <a@b.bg>\r\nBcc: c@d.bg"}, "sender"),
        ({"sender": "иван@ok.bg"}, "sender"),
        ({"timeout": 0}, "timeout"),
        ({"tls": "tls", "ca_file": "/nowhere/ca.pem"}, "ca_file"),
    ],
)
def test_a_wrong_setting_is_told_by_its_name(change, name):
    defaults = {"tls": "none", "username": None, "password": None, "sender": SENDER}
    with pytest.raises(ValueError, match=f"^{name}: "):
        SmtpGateway("127.0.0.1", 25, **{**defaults, **change})
