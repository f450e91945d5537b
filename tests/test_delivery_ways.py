"""Every way a message can leave the house, through the real wiring."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from app import wiring
from app.config import ROOT, SettingProblem, Settings
from app.flow.loader import load, read_folder
from app.gateways.sms.length import plan
from app.runner.house import House
from app.store import outbox
from app.store.outbox import Letter
from tests.apps import ready_app
from tests.conftest import settings_for
from tests.receivers import HttpSmsReceiver, SmtpReceiver, certificate
from tests.server import Server, environment, serving
from tests.test_crash import form
from tests.walk import PERSON, Walk


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def with_settings(settings: Settings, **more: str) -> Settings:
    given = {"NARTHEX_DATABASE_URL": settings.resolved_database_url(), **more}
    return settings_for(settings.var, **given)


def leave(house: House, channel: str, recipient: str) -> None:
    letter = Letter(
        key=f"r-1:1:{channel}",
        channel=channel,
        lang="bg",
        expires_at=house.clock() + timedelta(hours=1),
        recipient=recipient,
        subject="Вашият талон",
        body="Здравейте",
    )
    with house.database.write() as connection:
        outbox.put(connection, house.vault, letter, house.clock())


def test_an_sms_leaves_by_twilio(house: House, settings: Settings) -> None:
    with HttpSmsReceiver("ok") as receiver:
        receiver.answer = {"sid": "SM1", "status": "queued"}
        ways = with_settings(
            settings,
            NARTHEX_SMS="twilio",
            NARTHEX_TWILIO_ACCOUNT="AC" + "0" * 32,
            NARTHEX_TWILIO_TOKEN="f" * 32,
            NARTHEX_TWILIO_FROM="+359880000000",
            NARTHEX_TWILIO_URL=receiver.url,
        )
        leave(house, "sms", "+359888123456")
        assert wiring.open_post(ways, house).deliver() == 1
        (request,) = receiver.requests
    assert request.form()["To"] == "+359888123456"
    assert request.form()["Body"] == "Здравейте"


def test_an_sms_leaves_by_a_declared_vendor_with_its_token_and_our_key(
    house: House, settings: Settings, tmp_path: Path
) -> None:
    with HttpSmsReceiver("ok") as receiver:
        declared = {
            "url": receiver.url,
            "headers": {"Authorization": "Bearer {token}", "Idempotency-Key": "{key}"},
            "body": {"to": "{to}", "text": "{text}"},
        }
        (tmp_path / "sms.json").write_text(json.dumps(declared))
        ways = with_settings(
            settings,
            NARTHEX_SMS="http",
            NARTHEX_SMS_HTTP=str(tmp_path / "sms.json"),
            NARTHEX_SMS_TOKEN="the-token",
        )
        leave(house, "sms", "+359888123456")
        assert wiring.open_post(ways, house).deliver() == 1
        (request,) = receiver.requests
    assert request.headers["Authorization"] == "Bearer the-token"
    assert request.key() == "r-1:1:sms"


def test_a_mail_leaves_by_smtp_with_tls_and_login(house: House, settings: Settings, tmp_path: Path) -> None:
    issued = certificate(tmp_path, "localhost", "127.0.0.1")
    with SmtpReceiver("ok", tls="starttls", certificate=issued, login=("narthex", "pass")) as receiver:
        ways = with_settings(
            settings,
            NARTHEX_MAIL="smtp",
            NARTHEX_SMTP_HOST="localhost",
            NARTHEX_SMTP_PORT=str(receiver.port),
            NARTHEX_SMTP_USERNAME="narthex",
            NARTHEX_SMTP_PASSWORD="pass",
            NARTHEX_SMTP_CA_FILE=issued.cert_file,
            NARTHEX_MAIL_FROM="talon@sineva-demo.bg",
        )
        leave(house, "mail", "maria.sineva.demo@gmail.com")
        assert wiring.open_post(ways, house).deliver() == 1
        (mail,) = receiver.mails.wait_for(1)
    assert mail.text().strip() == "Здравейте"
    assert mail.message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("content", ["{", '{"url": 1}', '{"uri": "https://x.example/"}'])
def test_a_wrongly_declared_vendor_is_named_with_its_file(
    house: House, settings: Settings, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "sms.json"
    file.write_text(content)
    ways = with_settings(settings, NARTHEX_SMS="http", NARTHEX_SMS_HTTP=str(file))
    with pytest.raises(SettingProblem, match=r"sms\.json"):
        wiring.open_post(ways, house)


def test_a_worker_of_its_own_delivers_what_the_server_leaves(tmp_path: Path) -> None:
    var = tmp_path / "var"
    with HttpSmsReceiver("ok") as receiver:
        (tmp_path / "sms.json").write_text(
            json.dumps({"url": receiver.url, "body": {"to": "{to}", "text": "{text}"}})
        )
        more = {
            "NARTHEX_DELIVERY": "worker",
            "NARTHEX_SMS": "http",
            "NARTHEX_SMS_HTTP": str(tmp_path / "sms.json"),
        }
        with serving(var, **more) as server:
            ask(server)
            worker = subprocess.Popen(
                [Path(sys.executable).parent / "narthex", "worker"],
                env=environment(var, 0, **more),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                receiver.requests.wait_for(1, seconds=30)
            finally:
                os.kill(worker.pid, signal.SIGINT)
                assert worker.wait(timeout=30) == 0


def ask(server: Server) -> None:
    session = requests.Session()
    answer = session.post(
        f"{server.url}/ecard/form",
        data={**form(session, server.url), **PERSON},
        allow_redirects=False,
        timeout=10,
    )
    assert answer.headers["Location"] == "/ecard/requested"


@pytest.mark.parametrize("lang", ["bg", "en"])
def test_the_sms_with_its_link_fits_two_parts(lang: str) -> None:
    loaded = load(read_folder(ROOT / "workflows" / "ecard"), wiring.catalogue())
    assert loaded.flow is not None
    link = "https://ecard.zdravenfond-sineva.bg/w/" + "x" * 57
    words = loaded.flow.text(lang, "messages.card_link.sms", link=link, brand=loaded.flow.theme.name[lang])
    assert plan(words).parts <= 2
    assert link in words.splitlines()


def test_in_generic_mode_the_card_is_at_google_before_the_sms_leaves(
    house: House, settings: Settings, browser: Callable[..., Walk]
) -> None:
    """The order of a card is a letter of its own that the SMS comes after."""
    requested = Walk(wired_generic(house, settings)).get("/ecard/").post(**PERSON)
    assert requested.at == "/ecard/requested"
    with house.database.write() as connection:
        taken = outbox.claim(
            connection,
            house.vault,
            owner="test",
            now=house.clock(),
            lease=timedelta(seconds=9),
            channels=["sms", "google"],
            most=10,
        )
    assert [claimed.letter.channel for claimed in taken] == ["google"]
    assert PERSON["national_id"] not in taken[0].letter.body


def wired_generic(house: House, settings: Settings):  # type: ignore[no-untyped-def]
    return ready_app(settings, replace(house, google_objects=True))


def test_the_owner_gets_the_link_behind_a_page_that_says_not_found(tmp_path: Path) -> None:
    """After five wrong tries the right data are refused like all others, and the SMS comes all the same."""
    with HttpSmsReceiver("ok") as receiver:
        (tmp_path / "sms.json").write_text(
            json.dumps({"url": receiver.url, "body": {"to": "{to}", "text": "{text}"}})
        )
        more = {"NARTHEX_SMS": "http", "NARTHEX_SMS_HTTP": str(tmp_path / "sms.json")}
        with serving(tmp_path / "var", **more) as server:
            for email in [*["wrong@sineva-demo.bg"] * 5, PERSON["email"]]:
                session = requests.Session()
                answer = session.post(
                    f"{server.url}/ecard/form",
                    data={**form(session, server.url), **PERSON, "email": email},
                    allow_redirects=False,
                    timeout=10,
                )
                assert answer.headers["Location"] == "/ecard/not_found"
            (request,) = receiver.requests.wait_for(1, seconds=30)
    assert request.json()["to"] == "+359888123456"
