"""Text messages handed to vendors over real HTTP on loopback."""

import json
import logging
import re
import socket
import threading
from base64 import b64encode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.gateways.messages import Sms
from app.gateways.outcome import Accepted, Failed, Refused
from app.gateways.sms.http import HttpSmsGateway
from app.gateways.sms.settings import HttpSmsSettings
from app.gateways.sms.twilio import TwilioGateway
from tests.receivers import HttpSmsReceiver, certificate, closed_port

PHONE = "+359888123456"
TEXT = 'Код K7M2QX — "кавички", {to} \\ \n@narthex.bg #K7M2QX'
SMS = Sms(PHONE, TEXT, "run-1:3:code")
ACCOUNT = "AC" + "0" * 32
SERVICE = "MG" + "0" * 32
BODY = {"to": "{to}", "message": {"text": "{text}", "parts": [1, True, None]}, "key": "{key}"}


@pytest.fixture
def vendor():
    with HttpSmsReceiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def shared_vendor():
    with HttpSmsReceiver() as receiver:
        yield receiver


def gateway(vendor, path="/send", **given):
    return HttpSmsGateway(
        HttpSmsSettings.parse({"url": vendor.url + path, "body": BODY, "reference": "id", **given})
    )


def twilio(vendor, **given):
    return TwilioGateway(ACCOUNT, "s3cret", **{"sender": "Narthex", "base_url": vendor.url, **given})


def test_a_message_taken_over_is_accepted_with_the_vendors_reference(vendor):
    assert gateway(vendor).send(SMS) == Accepted("sms-1")
    request = vendor.requests[0]
    assert (request.method, request.path) == ("POST", "/send")
    assert request.headers["Content-Type"] == "application/json"
    assert request.json() == {
        "to": PHONE,
        "message": {"text": TEXT, "parts": [1, True, None]},
        "key": SMS.key,
    }


@pytest.mark.parametrize("content", ["json", "form"])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_arrives_intact(shared_vendor, content, text):
    sender = gateway(shared_vendor, content=content, body={"to": "{to}", "text": "{text}"})
    assert isinstance(sender.send(Sms(PHONE, text, "k")), Accepted)
    request = shared_vendor.requests[-1]
    assert (request.json() if content == "json" else request.form()) == {"to": PHONE, "text": text}


def test_a_get_vendor_finds_number_and_text_in_the_query(vendor):
    sender = gateway(vendor, "/send?to={digits}&text={text}&key={key}", body=None, method="GET")
    assert sender.send(SMS) == Accepted("sms-1")
    assert vendor.requests[0].query == {"to": PHONE[1:], "text": TEXT, "key": SMS.key}


def test_headers_carry_the_secret_and_the_idempotency_key(vendor):
    headers = {"Authorization": "Bearer t0ken", "Idempotency-Key": "{key}"}
    gateway(vendor, headers=headers).send(Sms(PHONE, "x", "a\r\nX-Evil: 1"))
    received = vendor.requests[0].headers
    assert received["Authorization"] == "Bearer t0ken"
    assert received["Idempotency-Key"] == "a%0D%0AX-Evil:%201"
    assert "X-Evil" not in received


def test_the_token_stands_in_headers_and_body_as_the_vendor_gave_it(vendor):
    token = "t0k/en==+{to}"
    given = {"url": vendor.url, "headers": {"X-Auth": "Bearer {token}"}, "body": {"pass": "{token}"}}
    HttpSmsGateway(HttpSmsSettings.parse(given, token)).send(SMS)
    assert vendor.requests[0].headers["X-Auth"] == f"Bearer {token}"
    assert vendor.requests[0].json() == {"pass": token}
    assert token not in repr(HttpSmsSettings.parse(given, token))


@pytest.mark.parametrize(
    ("headers", "token", "cure"),
    [
        ({"X-Auth": "{token}"}, "", "give the vendor's secret"),
        ({}, "t0ken", "used nowhere"),
        ({"X-Auth": "{token}"}, "a\r\nb", "one line of ASCII"),
        ({"X-Auth": "{token}"}, "ключ", "one line of ASCII"),
    ],
)
def test_a_token_that_is_missing_unused_or_mistyped_is_told_with_the_cure(headers, token, cure):
    with pytest.raises(ValueError, match=f"^token: .*{cure}"):
        HttpSmsSettings.parse({"url": "https://vendor.bg/", "body": BODY, "headers": headers}, token)


def test_a_second_attempt_at_a_message_names_the_same_key_and_reaches_the_phone_once(vendor):
    sender = gateway(vendor)
    assert sender.send(SMS) == sender.send(SMS) == Accepted("sms-1")
    assert len(vendor.requests) == 2
    assert len(vendor.delivered) == 1


def test_a_vendor_that_delivers_twice_still_means_accepted(vendor):
    vendor.mode = "dup"
    assert gateway(vendor).send(SMS) == Accepted("sms-1")
    assert len(vendor.delivered) == 2


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((200, {"state": "QUEUED", "id": 17}), Accepted("17")),
        ((200, {"state": "queued"}), Failed("not_confirmed")),
        ((200, b"<html>OK</html>"), Failed("not_confirmed")),
        ((200, b"[" * 100_000), Failed("not_confirmed")),
        ((200, {"state": "QUEUED", "id": "x" * 500}), Accepted(None)),
        ((200, {"state": "NO", "error": {"code": 1007}}), Refused("number_invalid")),
        ((418, {}), Refused("vendor_refused")),
        ((401, {}), Failed("credentials")),
        ((403, {}), Failed("credentials")),
        ((404, {}), Failed("request_wrong")),
        ((429, {}), Failed("busy")),
        ((500, {}), Failed("vendor_error")),
    ],
)
def test_the_answer_is_judged_by_the_declared_rules(vendor, answer, outcome):
    vendor.answer = answer
    sender = gateway(
        vendor,
        success={"statuses": [200], "path": "state", "equals": ["QUEUED", "SENT"]},
        refused={"statuses": [418], "path": "error.code", "codes": {"1007": "number_invalid"}},
    )
    assert sender.send(SMS) == outcome


def test_values_are_found_in_lists_and_numbers_equal_their_text(vendor):
    vendor.answer = (202, {"messages": [{"status": 0, "ref": "m-9"}]})
    rule = {"path": "messages.0.status", "equals": "0"}
    assert gateway(vendor, success=rule, reference="messages.0.ref").send(SMS) == Accepted("m-9")


@pytest.mark.parametrize("mode", ["5xx", "429", "timeout", "hang", "drip", "refuse", "redirect"])
@pytest.mark.parametrize("vendor_kind", ["http", "twilio"])
def test_a_vendor_in_trouble_means_failed_within_the_time_out(vendor, mode, vendor_kind):
    vendor.mode = mode
    make = gateway if vendor_kind == "http" else twilio
    reasons = {"5xx": "vendor_error", "429": "busy", "refuse": "connection_lost", "redirect": "redirected"}
    assert make(vendor, timeout=0.4).send(SMS) == Failed(reasons.get(mode, "timeout"))


def test_a_redirect_is_not_followed(vendor):
    vendor.mode = "redirect"
    gateway(vendor).send(SMS)
    assert [request.path for request in vendor.requests] == ["/send"]


def test_a_late_success_after_a_time_out_is_no_second_message(vendor):
    vendor.mode = "timeout"
    sender = gateway(vendor, timeout=0.4)
    assert sender.send(SMS) == Failed("timeout")
    vendor.mode = "ok"
    vendor.release()
    assert sender.send(SMS) == Accepted("sms-1")
    assert len(vendor.delivered) == 1


def test_a_closed_port_means_unreachable():
    with closed_port() as port:
        settings = HttpSmsSettings.parse({"url": f"http://127.0.0.1:{port}/", "body": BODY})
        assert HttpSmsGateway(settings).send(SMS) == Failed("unreachable")


def test_a_name_unknown_to_dns_is_a_failure_not_an_exception():
    settings = HttpSmsSettings.parse({"url": "https://no-such-vendor.invalid/", "body": BODY, "timeout": 5})
    assert HttpSmsGateway(settings).send(SMS) in (Failed("name_unknown"), Failed("timeout"))


def test_a_look_up_that_hangs_ends_with_the_time_out_and_blocks_nobody(monkeypatch, vendor):
    answer = threading.Event()

    def silent_resolver(*args, **kwargs):
        answer.wait(30)
        raise socket.gaierror

    settings = HttpSmsSettings.parse({"url": "https://vendor.bg/", "body": BODY, "timeout": 0.1})
    try:
        with monkeypatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", silent_resolver)
            # More calls than look-ups may hang at a time.
            assert {HttpSmsGateway(settings).send(SMS) for _ in range(10)} == {Failed("timeout")}
        assert gateway(vendor).send(SMS) == Accepted("sms-1")
    finally:
        answer.set()


def test_tls_is_verified_against_the_private_authority(tmp_path):
    identity = certificate(tmp_path)
    with HttpSmsReceiver(certificate=identity) as vendor:
        assert gateway(vendor, ca_file=identity.cert_file).send(SMS) == Accepted("sms-1")


def test_a_certificate_of_an_unknown_authority_is_refused_before_anything_is_said(tmp_path):
    with HttpSmsReceiver(certificate=certificate(tmp_path)) as vendor:
        assert gateway(vendor).send(SMS) == Failed("tls_untrusted")
        assert twilio(vendor).send(SMS) == Failed("tls_untrusted")
        assert vendor.requests == []


def test_a_certificate_for_another_name_is_refused(tmp_path):
    identity = certificate(tmp_path, "vendor.example.bg")
    with HttpSmsReceiver(certificate=identity) as vendor:
        assert gateway(vendor, ca_file=identity.cert_file).send(SMS) == Failed("tls_untrusted")
        assert vendor.requests == []


def test_the_environments_proxy_is_not_asked(vendor, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert gateway(vendor).send(SMS) == Accepted("sms-1")


@pytest.mark.parametrize("number", ["0888123456", "+0", "", "+359888123456\r\n", "+359 888"])
def test_a_number_that_is_not_e164_never_reaches_a_vendor(vendor, number):
    assert gateway(vendor).send(Sms(number, "x", "k")) == Refused("number_invalid")
    assert twilio(vendor).send(Sms(number, "x", "k")) == Refused("number_invalid")
    assert vendor.requests == []


def test_half_a_surrogate_pair_is_refused_instead_of_raising_with_the_text(vendor):
    broken = Sms(PHONE, "code \ud83d", "k")
    assert gateway(vendor).send(broken) == twilio(vendor).send(broken) == Refused("text_invalid")


def test_no_thread_stays_behind_a_conversation(vendor):
    sender = gateway(vendor)
    for _ in range(20):
        sender.send(SMS)
    for thread in threading.enumerate():
        if thread.name == "hang-up":
            thread.join(5)
            assert not thread.is_alive()


@pytest.mark.parametrize("mode", ["ok", "5xx", "hang", "redirect", "refuse"])
def test_number_text_and_secrets_stand_in_no_log_and_no_repr(vendor, mode, caplog):
    caplog.set_level(logging.DEBUG)
    vendor.mode = mode
    given = {"url": vendor.url + "/?to={to}", "body": BODY, "headers": {"X-Key": "s3cret"}, "timeout": 0.4}
    parsed = HttpSmsSettings.parse(given)
    senders = (HttpSmsGateway(parsed), twilio(vendor, timeout=0.4))
    seen = [repr(item) for item in (parsed, SMS, *senders, *(sender.send(SMS) for sender in senders))]
    seen += [str(vars(record)) for record in caplog.records]
    for secret in (PHONE, PHONE[1:], "K7M2QX", "s3cret"):
        assert not [line for line in seen if secret in line]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"url": None}, "url: is missing"),
        ({"url": "http://vendor.bg/"}, "url: must begin with https://"),
        ({"url": "https://u:p@vendor.bg/"}, "url: take user and password out"),
        ({"url": "https://{to}.vendor.bg/"}, "url (host): {to} cannot stand here"),
        ({"url": "https://vendor.bg:70000/"}, "url: is no URL"),
        ({"url": "https://vendor.bg/{phone}"}, "url: {phone} cannot stand here; allowed are to, digits"),
        ({"url": "https://vendor.bg/{token}"}, "url: {token} cannot stand here"),
        ({"urls": "x"}, "urls: is no setting; did you mean url?"),
        ({"body": {"to": "{number}"}}, "body.to: {number} cannot stand here"),
        ({"body": None}, "body: write the vendor's JSON"),
        ({"body": {1: "{to}"}}, "body: every key of the JSON is text"),
        ({"body": {"to": {"x": 1}}, "content": "form"}, "body.to: a form's field is one text"),
        ({"method": "GET"}, "body: a GET has none"),
        ({"method": "DELETE"}, "method: write POST, PUT or GET"),
        ({"content": "xml"}, "content: write json or form"),
        ({"headers": {"X-To": "{to}"}}, "headers.X-To: {to} cannot stand here"),
        ({"headers": {"X-A": "a\r\nb"}}, "headers.X-A: write one line of text"),
        ({"headers": {"X A": "b"}}, "headers: a header's name"),
        ({"headers": {"X-A": "ключ"}}, "headers.X-A: write ASCII"),
        ({"success": {"status": [200]}}, "success.status: is no setting; did you mean statuses?"),
        ({"success": {"statuses": 200}}, "success.statuses: write a list"),
        ({"success": {"path": "a"}}, "success: path and equals go together"),
        ({"refused": {"path": "a"}}, "refused: path and codes go together"),
        ({"refused": {"path": "a", "codes": {"1": "Bad Number"}}}, "refused.codes: write a mapping"),
        ({"refused": {"statuses": [200]}}, "refused.statuses: a status cannot mean"),
        ({"reference": "a..b"}, "reference: write names joined by dots"),
        ({"timeout": 6}, "timeout: write the total in seconds"),
        ({"timeout": True}, "timeout: write the total in seconds"),
    ],
)
def test_a_wrong_setting_is_told_by_its_name_with_the_cure(change, message):
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        HttpSmsSettings.parse({"url": "https://vendor.bg/", "body": BODY, **change})


def test_twilio_gets_its_form_and_basic_authentication(vendor):
    vendor.answer = (201, {"sid": "SM1", "status": "queued", "error_code": None})
    sender = twilio(vendor, status_callback="https://narthex.bg/receipts/twilio")
    assert sender.send(SMS) == Accepted("SM1")
    request = vendor.requests[0]
    assert (request.method, request.path) == ("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
    assert request.headers["Authorization"] == "Basic " + b64encode(f"{ACCOUNT}:s3cret".encode()).decode()
    assert request.form() == {
        "To": PHONE,
        "Body": TEXT,
        "From": "Narthex",
        "StatusCallback": "https://narthex.bg/receipts/twilio",
    }


def test_twilio_sends_by_a_messaging_service_and_an_api_key(vendor):
    vendor.answer = (201, {"sid": "SM1"})
    twilio(vendor, sender=SERVICE, api_key="SK1").send(SMS)
    assert vendor.requests[0].form() == {"To": PHONE, "Body": TEXT, "MessagingServiceSid": SERVICE}
    assert vendor.requests[0].headers["Authorization"] == "Basic " + b64encode(b"SK1:s3cret").decode()


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (400, {"code": 21211, "message": f"The number {PHONE} is not valid"}, Refused("number_invalid")),
        (400, {"code": 21614}, Refused("number_invalid")),
        (400, {"code": 21610}, Refused("opted_out")),
        (400, {"code": 21408}, Refused("country_not_served")),
        (400, {"code": 21606}, Failed("sender")),
        (401, {"code": 20003}, Failed("credentials")),
        (401, b"", Failed("credentials")),
        (429, {"code": 20429}, Failed("busy")),
        (429, b"", Failed("busy")),
        (503, b"", Failed("vendor_error")),
        (400, {"code": 99999}, Failed("request_wrong")),
        (201, {"sid": "SM1", "error_code": 21610}, Refused("opted_out")),
        (201, {"status": "queued"}, Failed("not_confirmed")),
        (400, {"code": {"nested": 1}}, Failed("request_wrong")),
    ],
)
def test_twilios_codes_become_ours(vendor, status, body, outcome):
    vendor.answer = (status, body)
    assert twilio(vendor).send(SMS) == outcome


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"account": "me"}, "account"),
        ({"token": ""}, "token"),
        ({"sender": ""}, "sender"),
        ({"base_url": "http://api.twilio.com"}, "base_url"),
        ({"status_callback": "http://narthex.bg/"}, "status_callback"),
        ({"timeout": 30}, "timeout"),
    ],
)
def test_a_wrong_setting_of_twilio_is_told_by_its_name(change, name):
    given = {"account": ACCOUNT, "token": "s3cret", "sender": "Narthex", **change}
    with pytest.raises(ValueError, match=f"^{name}: "):
        TwilioGateway(**given)


def test_the_template_itself_is_not_changed_by_sending(vendor):
    before = json.dumps(BODY)
    gateway(vendor).send(SMS)
    assert json.dumps(BODY) == before
