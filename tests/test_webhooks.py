"""Events of logins reach the organisation's own machine: signed, retried, each taken over once."""

import json
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import config, wiring
from app.config import ROOT, SettingProblem, Settings
from app.delivery.carriers import webhook_carrier
from app.delivery.post import Post
from app.effects.webhooks import letter
from app.gateways.outcome import Accepted, Failed, Outcome, Refused
from app.gateways.webhook import Event, WebhookGateway, read_secret, signature
from app.runner.house import House
from app.store import outbox
from app.store.accounts import Account
from tests.conftest import Clock, settings_for
from tests.receivers import certificate, closed_port
from tests.receivers.webhook import TOLERANCE, WebhookMode, WebhookReceiver, verified

SECRET = "whsec_" + b64encode(b"a secret of the webhook's tests.").decode()
NEWER = "whsec_" + b64encode(b"the one that comes after that...").decode()
VARIABLE = "NARTHEX_WEBHOOK_SECRET_CRM"
REALM = "registration"
EVENT = Event("r-1:7:account", '{"type": "account.created", "data": {"username": "Ő"}}')


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def receiver(clock: Clock) -> Iterator[WebhookReceiver]:
    with WebhookReceiver(SECRET, now=lambda: clock().timestamp()) as running:
        yield running


def gateway(receiver: WebhookReceiver, clock: Clock, **more: Any) -> WebhookGateway:
    return WebhookGateway(receiver.url, [read_secret(receiver.secret)], clock=clock, **more)


def configured(settings: Settings, webhooks: object, **more: str) -> Settings:
    file = settings.var / "webhooks.json"
    file.write_text(webhooks if isinstance(webhooks, str) else json.dumps(webhooks))
    return settings_for(settings.var, NARTHEX_WEBHOOKS=str(file), **more)


@pytest.fixture
def post(
    settings: Settings,
    house: House,
    receiver: WebhookReceiver,
    monkeypatch: pytest.MonkeyPatch,
) -> Post:
    """A post office that tells the receiver of the realm's logins."""
    monkeypatch.setenv(VARIABLE, SECRET)
    webhooks = {REALM: {"url": receiver.url, "secret_from": VARIABLE}}
    return replace(wiring.open_post(configured(settings, webhooks), house), chance=lambda: 0.5)


def happened(house: House, clock: Clock, key: str = "r-1:7:account", realm: str = REALM) -> None:
    """An account was made, as the effect writes it down."""
    account = Account(
        id="a-1",
        realm=realm,
        address="eszter.kohid.demo@gmail.com",
        letters_to=None,
        password="encoded",
        password_at=clock(),
        lang="hu",
        flow="registration",
        run=None,
        created_at=clock(),
        confirmed_at=None,
    )
    told = letter("account.created", account, {"realm": realm, "account": "a-1"}, key, clock())
    with house.database.write() as connection:
        outbox.put(connection, house.vault, told, clock())


def pass_until_done(house: House, post: Post, clock: Clock) -> None:
    """Deliver whenever something is due, until the channel has no open letter."""
    for _ in range(200):
        post.deliver()
        with house.database.read() as connection:
            if not outbox.waiting(connection).get("webhook"):
                return
        clock.pass_(seconds=60)
    raise AssertionError("the event never came to its end")


# --- an event's way


def test_an_event_that_meets_5xx_twice_arrives_exactly_once_under_one_id(
    house: House, post: Post, receiver: WebhookReceiver, clock: Clock
) -> None:
    receiver.modes = ["5xx", "5xx"]
    happened(house, clock)
    pass_until_done(house, post, clock)
    post.deliver()
    assert len(receiver.calls) == 3
    assert len({headers["webhook-id"] for headers, _ in receiver.calls}) == 1
    assert len({body for _, body in receiver.calls}) == 1
    for headers, body in receiver.calls:
        assert verified(SECRET, headers, body, float(headers["webhook-timestamp"]))
    (event,) = receiver.ledger.events
    assert event == {
        "type": "account.created",
        "timestamp": "2026-11-23T09:00:00.000000Z",
        "data": {"realm": REALM, "account": "a-1"},
    }


def test_what_was_told_twice_is_taken_over_once(
    house: House, post: Post, receiver: WebhookReceiver, clock: Clock
) -> None:
    """The worker dies after the receiver has said yes; another one tells the same once more."""
    happened(house, clock)
    deaf = replace(post.carriers["webhook"], carry=lambda told: deafly(post, told))
    replace(post, carriers={"webhook": deaf}).deliver()
    clock.pass_(minutes=5)
    pass_until_done(house, post, clock)
    assert len(receiver.calls) == 2
    assert len(receiver.ledger.events) == 1


def deafly(post: Post, told: outbox.Letter) -> Outcome:
    assert post.carriers["webhook"].carry(told) == Accepted()
    return Failed("timeout")


def test_a_receiver_that_is_away_for_two_days_hears_all_the_same(
    house: House, post: Post, receiver: WebhookReceiver, clock: Clock
) -> None:
    receiver.mode = "5xx"
    happened(house, clock)
    back = clock() + timedelta(days=2)
    while clock() < back:
        post.deliver()
        clock.pass_(minutes=30)
    assert 15 < len(receiver.calls) < 40
    receiver.mode = "ok"
    for _ in range(8):
        clock.pass_(hours=1)
        post.deliver()
    assert len(receiver.ledger.events) == 1


def test_after_three_days_an_event_is_closed(
    house: House, post: Post, receiver: WebhookReceiver, clock: Clock
) -> None:
    receiver.mode = "5xx"
    happened(house, clock)
    clock.pass_(days=3)
    post.deliver()
    assert not receiver.calls
    with house.database.read() as connection:
        assert outbox.waiting(connection) == {}


def test_gone_is_given_up_at_once(house: House, post: Post, receiver: WebhookReceiver, clock: Clock) -> None:
    receiver.mode = "gone"
    happened(house, clock)
    pass_until_done(house, post, clock)
    assert len(receiver.calls) == 1


def test_events_of_a_webhook_that_was_taken_out_are_told_at_the_start(
    house: House, settings: Settings, post: Post, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    happened(house, clock)
    wiring.open_post(settings, house)
    (record,) = [r for r in caplog.records if "nobody carries" in r.message]
    assert (record.__dict__["channel"], record.__dict__["letters"]) == ("webhook", 1)
    caplog.clear()
    happened(house, clock, "r-2:1:account", realm="activation")
    post.deliver()
    assert [r.__dict__["realm"] for r in caplog.records if "without a webhook" in r.message] == ["activation"]


def test_a_realms_dead_receiver_does_not_hold_up_anothers(
    house: House, post: Post, receiver: WebhookReceiver, clock: Clock
) -> None:
    with closed_port() as port:
        dead = WebhookGateway(f"http://127.0.0.1:{port}/", [b"x" * 24], clock=clock)
        both = webhook_carrier({"activation": dead, REALM: gateway(receiver, clock)}, clock)
        office = replace(post, carriers={"webhook": both})
        for number in range(7):
            happened(house, clock, f"r-{number}:1:account", realm="activation")
        happened(house, clock)
        office.deliver()
    assert len(receiver.ledger.events) == 1
    assert reasons(house) == {"unreachable": 5, "left_alone": 2, None: 1}


def reasons(house: House) -> Counter[str | None]:
    with house.database.read() as connection:
        return Counter(connection.exec_driver_sql("select reason from attempts").scalars())


# --- a call


def test_the_standards_own_example_of_a_signature() -> None:
    secret = "whsec_plJ3nmyCDGBKInavdOK15jsl"
    body, stamp = b'{"event_type":"ping","data":{"success":true}}', "1731705121"
    expected = "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
    assert signature(b64decode(secret[6:]), "msg_loFOjxBNrRLzqYUf", stamp, body) == expected
    headers = {
        "webhook-id": "msg_loFOjxBNrRLzqYUf",
        "webhook-timestamp": stamp,
        "webhook-signature": expected,
    }
    assert verified(secret, headers, body, float(stamp))


@given(body=st.text(st.characters(exclude_categories=["Cs"]), max_size=60), change=st.integers(0, 3))
def test_whatever_is_changed_on_the_way_is_noticed(body: str, change: int) -> None:
    sent = body.encode()
    headers = {"webhook-id": EVENT.id, "webhook-timestamp": "1800000000"}
    headers["webhook-signature"] = signature(read_secret(SECRET), EVENT.id, "1800000000", sent)
    assert verified(SECRET, headers, sent, 1_800_000_000 + TOLERANCE)
    assert not verified(SECRET, headers, sent, 1_800_000_001 + TOLERANCE)
    assert not verified(NEWER, headers, sent, 1_800_000_000)
    changed = [
        ({**headers, "webhook-id": "msg_0"}, sent),
        ({**headers, "webhook-timestamp": "1800000001"}, sent),
        ({**headers, "webhook-signature": "v1,bm90aGluZw=="}, sent),
        (headers, sent + b" "),
    ][change]
    assert not verified(SECRET, *changed, 1_800_000_000)


def test_while_the_secret_changes_old_and_new_are_both_good(receiver: WebhookReceiver, clock: Clock) -> None:
    sender = WebhookGateway(receiver.url, [read_secret(NEWER), read_secret(SECRET)], clock=clock)
    assert sender.send(EVENT) == Accepted()
    receiver.secret = NEWER
    assert sender.send(EVENT) == Accepted()
    receiver.secret = "whsec_" + b64encode(b"y" * 24).decode()
    assert sender.send(EVENT) == Refused("receiver_refused")
    assert len(receiver.calls[0][0]["webhook-signature"].split(" ")) == 2


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [
        ("5xx", Failed("receiver_error")),
        ("hang", Failed("timeout")),
        ("gone", Refused("gone")),
        ("redirect", Failed("redirected")),
    ],
)
def test_a_receiver_in_trouble(
    receiver: WebhookReceiver, clock: Clock, mode: WebhookMode, outcome: Outcome
) -> None:
    receiver.mode = mode
    assert gateway(receiver, clock, timeout=0.4).send(EVENT) == outcome
    assert set(receiver.paths) == {"/events"}


def test_a_certificate_nobody_trusts_gets_no_event(tmp_path: Path, clock: Clock) -> None:
    issued = certificate(tmp_path)
    with WebhookReceiver(SECRET, certificate=issued, now=lambda: clock().timestamp()) as receiver:
        assert gateway(receiver, clock).send(EVENT) == Failed("tls_untrusted")
        assert gateway(receiver, clock, ca_file=issued.cert_file).send(EVENT) == Accepted()
    assert len(receiver.calls) == 1


# --- settings


def test_the_house_knows_which_realms_want_to_hear(
    settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, f"{NEWER}, {SECRET}")
    webhooks = {REALM: {"url": "https://crm.example/", "secret_from": VARIABLE}}
    house = wiring.open_house(configured(settings, webhooks), clock)
    assert house.webhooks == {REALM}
    house.database.close()


def test_the_variables_of_secrets_are_known_and_kept_from_registers() -> None:
    assert config.load({VARIABLE: SECRET}).demo
    assert config.environment_secrets({VARIABLE: SECRET}) == {}
    with pytest.raises(SettingProblem, match="NARTHEX_WEBHOOK_COLOUR"):
        config.load({"NARTHEX_WEBHOOK_COLOUR": "red"})


@pytest.mark.parametrize(
    ("webhooks", "secret", "told"),
    [
        ("{\n\n}}", SECRET, r"webhooks\.json:3: .*valid JSON"),
        ([], SECRET, "mapping of realms"),
        ({REALM: {"url": "http://crm.example/"}}, SECRET, "registration: secret_from: name a variable"),
        ({REALM: {"url": "http://crm.example/", "secret_from": VARIABLE}}, SECRET, "url: must begin with"),
        ({REALM: {"secret_from": VARIABLE}}, SECRET, "url: is missing"),
        ({REALM: {"uri": "https://crm.example/"}}, SECRET, "uri: is no setting; did you mean url"),
        ({REALM: {"url": "https://crm.example/", "secret_from": VARIABLE}}, "", f"{VARIABLE} is not set"),
        ({REALM: {"url": "https://crm.example/", "secret_from": VARIABLE}}, "whsec_c2hvcnQ=", "24 to 64"),
        ({REALM: {"url": "https://crm.example/", "secret_from": VARIABLE}}, SECRET[6:], "write whsec_"),
        (
            {REALM: {"url": "https://crm.example/", "secret_from": VARIABLE, "ca_file": "/nowhere.pem"}},
            SECRET,
            "ca_file",
        ),
    ],
)
def test_a_wrong_file_is_told_with_place_and_cure_and_without_the_secret(
    settings: Settings,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    webhooks: object,
    secret: str,
    told: str,
) -> None:
    monkeypatch.setenv(VARIABLE, secret)
    with pytest.raises(SettingProblem, match=told) as problem:
        wiring.open_house(configured(settings, webhooks), clock)
    assert str(problem.value).startswith("NARTHEX_WEBHOOKS: ")
    assert not secret or secret not in str(problem.value)


def test_production_tells_nobody_in_the_clear(
    settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)
    webhooks = {REALM: {"url": "http://127.0.0.1:9/", "secret_from": VARIABLE}}
    production = configured(settings, webhooks).model_copy(update={"profile": "production"})
    with pytest.raises(SettingProblem, match="production needs an https address"):
        wiring.open_house(production, clock)


def test_the_documented_example_is_the_code_that_the_tests_send_to() -> None:
    example = (ROOT / "docs" / "webhooks.md").read_text().split("```python\n")[1].split("```")[0]
    assert "def verified(" in example
    assert example in Path(__file__).with_name("receivers").joinpath("webhook.py").read_text()
