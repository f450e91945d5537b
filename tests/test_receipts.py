"""What vendors tell of messages afterwards: believed when proven, noted once, never taken back."""

import json
import logging
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha1
from hmac import HMAC
from itertools import count
from pathlib import Path
from typing import Any, Literal

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from app import wiring
from app.config import SettingProblem, Settings
from app.delivery.post import Post
from app.gateways.receipts import Callback, Forged, Receipt
from app.gateways.sms.receipts import HttpReceipts, TwilioReceipts
from app.gateways.sms.settings import HttpSmsSettings
from app.runner.house import House
from app.runner.sweep import sweep
from app.store import outbox, receipts
from app.store.crypto import Vault
from app.store.database import Database
from app.store.outbox import Letter
from tests.apps import ready_app
from tests.conftest import SECRET, Clock, settings_for
from tests.receivers import HttpSmsReceiver, SmtpReceiver
from tests.walk import PERSON, Walk

VAULT = Vault((SECRET.encode(),))
TOKEN = "f" * 32
PUBLIC = "https://card.sineva-demo.bg"
PATH = "/receipts/sms"
HTTP_TOKEN = "a secret the vendor was given"
DECLARED = {
    "id": "message.id",
    "status": "message.state",
    "delivered": ["DELIVRD"],
    "failed": ["UNDELIV", 9],
    "header": "X-Receipt-Token",
}

#: Where the database makes no difference.
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"])

_references = count(1)


def signed(fields: dict[str, str], url: str = PUBLIC + PATH, token: str = TOKEN) -> str:
    """As Twilio's documentation describes it."""
    text = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    return b64encode(HMAC(token.encode(), text.encode(), sha1).digest()).decode()


def tell(app: Flask, sid: str, status: str, **headers: str) -> TestResponse:
    fields = {"MessageSid": sid, "MessageStatus": status, "To": "+359888123456", "AccountSid": "AC1"}
    proof = {"X-Twilio-Signature": signed(fields), **headers}
    return app.test_client().post(PATH, data=fields, headers=proof)


def taken_over(database: Database, clock: Clock, reference: str, channel: str = "sms") -> str:
    """A letter that a vendor took over under this name; its run."""
    run = f"run {reference}"
    letter = Letter(reference, channel, "bg", clock() + timedelta(hours=1), "+359888123456", "text", run=run)
    with database.write() as connection:
        outbox.put(connection, VAULT, letter, clock())
        (claimed,) = outbox.claim(
            connection,
            VAULT,
            owner="test",
            now=clock(),
            lease=timedelta(seconds=60),
            channels=[channel],
            most=1,
        )
        outbox.finish(connection, claimed, "test", "sent", reference, clock())
    return run


def told(database: Database, reference: str, *words: receipts.Receipt) -> None:
    for word in words:
        with database.write() as connection:
            receipts.note(connection, reference, word, Clock()())


def known(database: Database, run: str, channel: str = "sms") -> str:
    with database.read() as connection:
        return outbox.newest_delivery(connection, run, channel)


# --- what is kept of them


@examples(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    words=st.lists(st.sampled_from(["delivered", "failed"]), max_size=5),
    early=st.integers(min_value=0, max_value=5),
)
def test_the_first_final_word_stays_whatever_comes_when(
    database: Database, words: list[Literal["delivered", "failed"]], early: int
) -> None:
    """However many come before the letter has its vendor's name, and however often they are repeated."""
    reference = f"SM{next(_references)}"
    told(database, reference, *words[:early])
    run = taken_over(database, Clock(), reference)
    told(database, reference, *words[early:])
    assert known(database, run) == (words[0] if words else "accepted")


def test_a_receipt_of_nobodys_message_changes_no_other_and_is_forgotten(house: House, clock: Clock) -> None:
    run = taken_over(house.database, clock, "SM-ours")
    mail = taken_over(house.database, clock, "SM-theirs", channel="mail")
    told(house.database, "SM-theirs", "failed")
    assert known(house.database, run) == "accepted"
    clock.pass_(days=9)
    sweep(house)
    assert receipts_waiting(house, clock) == 0
    told(house.database, "SM-theirs", "delivered")
    assert receipts_waiting(house, clock) == 1
    assert known(house.database, mail, "mail") == "accepted"


def receipts_waiting(house: House, clock: Clock) -> int:
    with house.database.write() as connection:
        return receipts.purge(connection, clock())


# --- how vendors prove themselves


def test_twilios_own_example_of_a_signature_is_believed() -> None:
    read = TwilioReceipts("12345", "https://mycompany.com/myapp.php")
    body = (
        b"CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212&Caller=%2B14158675309"
    )
    proof = {"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}
    assert read(Callback("foo=1&bar=2", proof, body)) is None
    assert read(Callback("foo=1&bar=3", proof, body)) == Forged()


@pytest.mark.parametrize("url", ["https://a.bg/r", "https://a.bg:443/r"])
@pytest.mark.parametrize("configured", ["https://a.bg/r", "https://a.bg:443/r"])
def test_twilio_may_write_the_usual_port_or_leave_it_out(url: str, configured: str) -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    call = Callback(
        "", {"x-twilio-signature": signed(fields, url)}, b"MessageSid=SM1&MessageStatus=delivered"
    )
    assert TwilioReceipts(TOKEN, configured)(call) == Receipt("SM1", "delivered")


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        *((early, None) for early in ("accepted", "queued", "sending", "sent", "news of tomorrow", "")),
        *(("delivered", "delivered"), ("read", "delivered"), ("undelivered", "failed"), ("failed", "failed")),
    ],
)
def test_only_twilios_final_words_are_receipts(status: str, meaning: str | None) -> None:
    fields = {"SmsSid": "SM1", "SmsStatus": status}
    call = Callback(
        "",
        {"x-twilio-signature": signed(fields)},
        f"SmsSid=SM1&SmsStatus={status.replace(' ', '+')}".encode(),
    )
    read = TwilioReceipts(TOKEN, PUBLIC + PATH)(call)
    assert (read.status if isinstance(read, Receipt) else read) == meaning


@given(body=st.binary(max_size=60), proof=st.text(max_size=30), query=st.text(max_size=10))
def test_whatever_is_sent_without_the_secret_is_forged(body: bytes, proof: str, query: str) -> None:
    call = Callback(query, {"x-twilio-signature": proof, "x-receipt-token": proof}, body)
    assert TwilioReceipts(TOKEN, PUBLIC + PATH)(call) == Forged()
    assert declared()(call) == Forged()


def declared(**changes: Any) -> HttpReceipts:
    rule = {**DECLARED, **changes}
    settings = {"url": "https://v.example/", "body": {"to": "{to}"}, "reference": "id", "receipts": rule}
    read = HttpSmsSettings.parse(settings, receipt_token=HTTP_TOKEN).receipts
    assert read is not None
    assert HTTP_TOKEN not in repr(read)
    return HttpReceipts(read)


@pytest.mark.parametrize(
    ("content", "body", "expected"),
    [
        ("json", {"message": {"id": "m-1", "state": "DELIVRD"}}, Receipt("m-1", "delivered")),
        ("json", {"message": {"id": 7, "state": 9}}, Receipt("7", "failed")),
        ("json", {"message": {"id": "m-1", "state": "ENROUTE"}}, None),
        ("json", {"message": {"id": ["m-1"], "state": "DELIVRD"}}, None),
        ("json", [], None),
        ("json", b"[" * 9_000, None),
        ("form", b"message.id=m-1&message.state=UNDELIV", Receipt("m-1", "failed")),
        ("form", b"message.id=m-1", None),
        ("form", b"\xff", None),
    ],
)
def test_a_declared_vendor_is_read_by_its_rule(content: str, body: Any, expected: Receipt | None) -> None:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    assert declared(content=content)(Callback("", {"x-receipt-token": HTTP_TOKEN}, sent)) == expected


@pytest.mark.parametrize(
    ("changes", "token", "cure"),
    [
        ({"header": "no header"}, HTTP_TOKEN, r"receipts\.header"),
        ({"deliverd": ["X"]}, HTTP_TOKEN, r"receipts\.deliverd.*delivered"),
        ({"failed": ["DELIVRD"]}, HTTP_TOKEN, r"receipts\.failed.*take it out of one"),
        ({"failed": "UNDELIV"}, HTTP_TOKEN, r"receipts\.failed.*list"),
        ({"id": None}, HTTP_TOKEN, r"receipts\.id: is missing"),
        ({"content": "xml"}, HTTP_TOKEN, r"receipts\.content"),
        ({}, "short", "NARTHEX_SMS_RECEIPT_TOKEN"),
    ],
)
@on_sqlite
def test_a_wrong_rule_is_told_with_file_and_cure(
    house: House, settings: Settings, tmp_path: Path, changes: dict[str, Any], token: str, cure: str
) -> None:
    ways = by_http(settings, tmp_path, {**DECLARED, **changes}, token)
    with pytest.raises(SettingProblem, match=rf"sms\.json: .*{cure}"):
        ready_app(ways, house)


@on_sqlite
def test_a_secret_without_a_rule_and_a_rule_without_references_are_told(
    settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(SettingProblem, match="receipts: is missing"):
        wiring.open_receipts(by_http(settings, tmp_path, None, HTTP_TOKEN))
    with pytest.raises(SettingProblem, match="reference: is missing"):
        wiring.open_receipts(by_http(settings, tmp_path, DECLARED, HTTP_TOKEN, reference=None))


def by_http(settings: Settings, folder: Path, rule: Any, token: str, url: str = "", **more: Any) -> Settings:
    declared = {
        "url": url or "https://v.example/",
        "body": {"to": "{to}", "key": "{key}"},
        "reference": "id",
        "receipts": rule,
        **more,
    }
    (folder / "sms.json").write_text(json.dumps(declared))
    return settings_for(
        settings.var,
        NARTHEX_SMS="http",
        NARTHEX_SMS_HTTP=str(folder / "sms.json"),
        NARTHEX_SMS_RECEIPT_TOKEN=token,
    )


# --- the door


@pytest.fixture
def vendor() -> Iterator[HttpSmsReceiver]:
    with HttpSmsReceiver() as receiver:
        receiver.answer = (201, {"sid": "SM1", "status": "queued"})
        yield receiver


@pytest.fixture
def twilio(settings: Settings, vendor: HttpSmsReceiver) -> Settings:
    return settings_for(
        settings.var,
        NARTHEX_BASE_URL=PUBLIC,
        NARTHEX_SMS="twilio",
        NARTHEX_TWILIO_ACCOUNT="AC" + "0" * 32,
        NARTHEX_TWILIO_TOKEN=TOKEN,
        NARTHEX_TWILIO_FROM="+359880000000",
        NARTHEX_TWILIO_URL=vendor.url,
        NARTHEX_POSTS_PER_MINUTE="20",
    )


@pytest.fixture
def asked(twilio: Settings, house: House) -> Walk:
    """Somebody who asked for a card; the SMS is not yet on its way."""
    return Walk(ready_app(twilio, house), lang="en").get("/ecard/").post(**PERSON)


@on_sqlite
def test_the_page_tells_accepted_from_delivered(
    asked: Walk, twilio: Settings, house: House, vendor: HttpSmsReceiver
) -> None:
    assert "on its way" in asked.text
    wiring.open_post(twilio, house).deliver()
    assert vendor.requests[0].form()["StatusCallback"] == PUBLIC + PATH
    assert "handed over" in asked.get(asked.at).text
    assert tell(asked.app, "SM1", "sent").status_code == 204
    assert "handed over" in asked.get(asked.at).text
    assert tell(asked.app, "SM1", "delivered").status_code == 204
    for late in ("sent", "undelivered", "delivered"):
        tell(asked.app, "SM1", late)
    assert "state-done" in asked.get(asked.at).text


@on_sqlite
def test_the_page_offers_the_way_out_when_the_message_could_not_be_delivered(
    asked: Walk, twilio: Settings, house: House
) -> None:
    wiring.open_post(twilio, house).deliver()
    tell(asked.app, "SM1", "undelivered")
    assert "not delivered" in asked.get(asked.at).text
    assert "Ask for a new one" in asked.text
    assert 'value="resend"' in asked.text


@on_sqlite
def test_a_receipt_that_overtakes_the_vendors_own_answer_counts(
    asked: Walk, twilio: Settings, house: House
) -> None:
    class Hasty(HttpSmsReceiver):
        def respond(self, request: Any) -> tuple[int, object]:
            assert tell(asked.app, "SM2", "failed").status_code == 204
            return 201, {"sid": "SM2", "status": "queued"}

    with Hasty() as vendor:
        hasty = twilio.model_copy(update={"twilio_url": vendor.url})
        wiring.open_post(hasty, house).deliver()
    assert "not delivered" in asked.get(asked.at).text


@on_sqlite
def test_known_unknown_and_repeated_are_answered_alike(asked: Walk, twilio: Settings, house: House) -> None:
    wiring.open_post(twilio, house).deliver()
    calls = [("SM1", "delivered"), ("SM1", "delivered"), ("SM-unknown", "delivered"), ("SM1", "queued")]
    answers = [tell(asked.app, *call) for call in calls]
    said = {(a.status_code, a.data, tuple(sorted(n for n, _ in a.headers))) for a in answers}
    assert len(said) == 1
    assert answers[0].status_code == 204
    assert "Set-Cookie" not in answers[0].headers


@on_sqlite
def test_a_forged_receipt_is_refused_noted_and_counted_at_the_door(
    asked: Walk, twilio: Settings, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    wiring.open_post(twilio, house).deliver()
    with caplog.at_level(logging.INFO):
        answers = [
            tell(asked.app, "SM1", "failed", **{"X-Twilio-Signature": "bm9wZQ=="}).status_code
            for _ in range(21)
        ]
    assert answers == [403] * 20 + [429]
    assert [r.__dict__.get("event") for r in caplog.records].count("receipt_forged") == 20
    assert "888123456" not in caplog.text
    assert "handed over" in asked.get(asked.at).text


@on_sqlite
def test_a_vendor_with_much_to_tell_is_not_held_back(asked: Walk) -> None:
    assert {tell(asked.app, f"SM{n}", "delivered").status_code for n in range(25)} == {204}


@on_sqlite
def test_too_large_a_call_is_not_read(asked: Walk) -> None:
    answer = asked.app.test_client().post(PATH, data={"MessageSid": "x" * 20_000})
    assert answer.status_code == 413


@on_sqlite
def test_without_a_vendor_that_tells_there_is_no_such_address(walk: Walk) -> None:
    assert walk._ask("POST", PATH).status_code == 404
    assert walk._ask("GET", PATH).status_code == 404


@on_sqlite
def test_a_declared_vendor_tells_through_the_same_door(
    house: House, settings: Settings, tmp_path: Path
) -> None:
    with HttpSmsReceiver() as vendor:
        ways = by_http(settings, tmp_path, DECLARED, HTTP_TOKEN, url=vendor.url)
        asked = Walk(ready_app(ways, house), lang="en").get("/ecard/").post(**PERSON)
        wiring.open_post(ways, house).deliver()
    client, body = asked.app.test_client(), {"message": {"id": "sms-1", "state": "UNDELIV"}}
    assert client.post(PATH, json=body).status_code == 403
    assert "not delivered" not in asked.get(asked.at).text
    assert client.post(PATH, json=body, headers={"X-Receipt-Token": HTTP_TOKEN}).status_code == 204
    assert "not delivered" in asked.get(asked.at).text


# --- refused for good


@pytest.mark.parametrize(
    ("mode", "becomes", "calls"), [("550", "failed", 1), ("450", "on_its_way", 1), ("ok", "accepted", 1)]
)
@on_sqlite
def test_a_mail_refused_for_good_is_failed_at_once_and_one_put_off_is_not(
    house: House, settings: Settings, clock: Clock, mode: Any, becomes: str, calls: int
) -> None:
    with SmtpReceiver(mode) as server:
        ways = settings_for(
            settings.var,
            NARTHEX_MAIL="smtp",
            NARTHEX_SMTP_HOST="127.0.0.1",
            NARTHEX_SMTP_PORT=str(server.port),
            NARTHEX_SMTP_TLS="none",
            NARTHEX_MAIL_FROM="talon@sineva-demo.bg",
        )
        post = wiring.open_post(ways, house)
        letter = Letter("r:1", "mail", "bg", clock() + timedelta(hours=1), "a@ok.bg", "text", "code", run="r")
        with house.database.write() as connection:
            outbox.put(connection, house.vault, letter, clock())
        delivered_by(post)
        assert len(server.connections) == calls
    assert known(house.database, "r", "mail") == becomes


def delivered_by(post: Post) -> None:
    while post.deliver():
        pass


def test_before_anything_was_sent_nothing_is_known(database: Database) -> None:
    assert known(database, "nobody") == "on_its_way"
