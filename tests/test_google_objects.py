"""The REST client for Google's objects, against a Wallet API and a token endpoint on loopback."""

import json
import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.gateways.outcome import Accepted, Failed, Refused
from app.gateways.wallet.demo_keys import DemoKeys, make_demo_keys
from app.gateways.wallet.google import GoogleSigner
from app.gateways.wallet.google_body import generic_class, generic_object
from app.gateways.wallet.google_objects import GoogleObjects
from tests.wallet_samples import BRAND, CANARY_ID, ENGLISH, HOLDER, NOW, TEXTS, new_card

ISSUER, CLASS = "3388000000012345678", "health_card"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> DemoKeys:
    return make_demo_keys(tmp_path_factory.mktemp("wallet") / "keys", NOW)


@pytest.fixture(scope="module")
def signer(keys: DemoKeys) -> GoogleSigner:
    return GoogleSigner.load(keys.service_account)


@pytest.fixture(scope="module")
def public_key(keys: DemoKeys) -> RSAPublicKey:
    entries = json.loads(keys.service_account.read_text())
    return load_pem_private_key(entries["private_key"].encode(), None).public_key()


def the_object(**changes: Any) -> dict[str, Any]:
    return generic_object(new_card(**changes), BRAND, TEXTS, issuer_id=ISSUER, class_suffix=CLASS)


def test_the_object_is_whole_and_in_every_language():
    made = the_object()
    assert made["state"] == "ACTIVE"
    assert made["validTimeInterval"] == {"end": {"date": "2027-12-31T23:59:59+02:00"}}
    assert made["cardTitle"]["translatedValues"][0]["value"] == ENGLISH["title"]
    assert made["linksModuleData"]["uris"][0] == {"uri": "tel:070010100", "description": "0700 10 100"}
    days = next(row for row in made["textModulesData"] if row["id"] == "valid_until")["localizedBody"]
    assert days["translatedValues"] == [{"language": "en", "value": "31 December 2027"}]
    assert CANARY_ID not in json.dumps(made)


def test_an_update_says_what_is_gone():
    made = the_object(valid_until=None, phones=(), support_mail="", voided=True)
    assert made["state"] == "INACTIVE"
    assert made["validTimeInterval"] is made["linksModuleData"] is None
    assert [row["id"] for row in made["textModulesData"]] == ["number", "insurer"]


class FakeGoogle:
    """A token endpoint and the two wallet collections; ``answers`` are statuses to give before behaving."""

    def __init__(self, public_key: RSAPublicKey) -> None:
        self.public_key = public_key
        self.token = "ya29.first"
        self.kept: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.answers: list[int] = []
        self.token_answers: list[int] = []
        self.let_go = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                fake.answer(self)

            def do_PATCH(self) -> None:
                fake.answer(self)

            def log_message(self, *args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = False
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def close(self) -> None:
        self.let_go.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        content = request.rfile.read(int(request.headers["Content-Length"]))
        self.asked.append(f"{request.command} {request.path}")
        if request.path == "/token":
            self.reply(request, *self.exchange(parse_qs(content.decode())))
        elif self.answers:
            status = self.answers.pop(0)
            if status == 0:  # say nothing until the test is over
                self.let_go.wait()
                request.close_connection = True
                return
            self.reply(request, status, {"error": {"message": f"not today, {HOLDER}"}})
        elif request.headers["Authorization"] != f"Bearer {self.token}":
            self.reply(request, 401, {})
        else:
            self.keep(request, json.loads(content))

    def exchange(self, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        if self.token_answers:
            return self.token_answers.pop(0), {"error": "invalid_grant"}
        assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        # google-auth names Google's own endpoint as audience, whatever address it asks.
        audience = "https://oauth2.googleapis.com/token"
        granted = jwt.decode(form["assertion"][0], self.public_key, ["RS256"], audience=audience)
        assert granted["scope"] == "https://www.googleapis.com/auth/wallet_object.issuer"
        return 200, {"access_token": self.token, "expires_in": 3600, "token_type": "Bearer"}

    def keep(self, request: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        collection = request.path.split("/")[1]
        name = f"{collection}/{body['id']}"
        if request.command == "POST" and name in self.kept:
            return self.reply(request, 409, {})
        if request.command == "PATCH":
            assert request.path == f"/{name}"
        self.kept[name] = self.kept.get(name, {}) | body
        return self.reply(request, 200, body)

    def reply(self, request: BaseHTTPRequestHandler, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        request.send_response(status)
        if status == 302:
            request.send_header("Location", f"{self.url}/elsewhere")
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)


@pytest.fixture
def fake(public_key: RSAPublicKey) -> Iterator[FakeGoogle]:
    with closing(FakeGoogle(public_key)) as running:
        yield running


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def objects(signer: GoogleSigner, fake: FakeGoogle, slept: list[float]) -> GoogleObjects:
    return GoogleObjects(
        signer,
        base_url=fake.url,
        token_uri=f"{fake.url}/token",
        sleep=slept.append,
        chance=lambda: 0.5,
    )


def test_an_object_is_made_with_a_token_exchanged_for_a_signed_assertion(objects, fake):
    body = the_object()
    assert objects.put_object(body) == Accepted(body["id"])
    assert fake.asked == ["POST /token", "POST /genericObject"]
    assert fake.kept[f"genericObject/{body['id']}"] == body


def test_an_object_that_exists_is_brought_up_to_date_with_the_same_token(objects, fake):
    card = new_card()
    names = {"issuer_id": ISSUER, "class_suffix": CLASS}
    objects.put_object(generic_object(card, BRAND, TEXTS, **names))
    ended = generic_object(new_card(serial=card.serial, voided=True), BRAND, TEXTS, **names)
    assert objects.put_object(ended) == Accepted(ended["id"])
    assert fake.asked.count("POST /token") == 1
    assert fake.asked[-1] == f"PATCH /genericObject/{ended['id']}"
    assert fake.kept[f"genericObject/{ended['id']}"]["state"] == "INACTIVE"


def test_the_class_is_made_the_same_way(objects, fake):
    body = generic_class(issuer_id=ISSUER, class_suffix=CLASS)
    assert objects.put_class(body) == objects.put_class(body) == Accepted(f"{ISSUER}.{CLASS}")
    assert list(fake.kept) == [f"genericClass/{ISSUER}.{CLASS}"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_google_is_asked_again_after_growing_pauses(objects, fake, slept, status):
    fake.answers = [status, status]
    assert isinstance(objects.put_object(the_object()), Accepted)
    assert slept == [0.5, 2.0]


def test_a_google_that_stays_busy_is_left_for_later(objects, fake, slept):
    fake.answers = [503] * 9
    assert objects.put_object(the_object()) == Failed("http_503")
    assert fake.asked.count("POST /genericObject") == 3
    assert len(slept) == 2


def test_create_and_update_share_the_tries(objects, fake):
    body = the_object()
    objects.put_object(body)
    fake.answers = [503, 409, 503, 503, 503]
    assert objects.put_object(body) == Failed("http_503")
    assert fake.asked[-4:] == ["POST /genericObject"] * 2 + [f"PATCH /genericObject/{body['id']}"] * 2


@pytest.mark.parametrize(("status", "code"), [(400, "http_400"), (404, "http_404"), (302, "http_302")])
def test_what_google_will_not_have_is_refused_at_once_and_no_redirect_followed(
    objects, fake, slept, status, code
):
    fake.answers = [status]
    assert objects.put_object(the_object()) == Refused(code)
    assert fake.asked == ["POST /token", "POST /genericObject"]
    assert slept == []


def test_an_account_without_permission_is_no_fault_of_the_card(objects, fake, slept):
    fake.answers = [403]
    assert objects.put_object(the_object()) == Failed("not_authorised")
    assert slept == []


def test_an_account_google_does_not_know_is_no_fault_of_the_card(objects, fake):
    fake.token_answers = [400]
    assert objects.put_object(the_object()) == Failed("not_authorised")
    assert fake.asked == ["POST /token"]


def test_a_token_endpoint_out_of_order_is_left_for_later(objects, fake, monkeypatch):
    monkeypatch.setattr("google.auth._exponential_backoff.time.sleep", lambda seconds: None)
    fake.token_answers = [503] * 9
    assert objects.put_object(the_object()) == Failed("no_token")
    assert fake.asked == ["POST /token"] * 3


def test_threads_may_share_one_client(objects, fake):
    bodies = [the_object() for _ in range(24)]
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(objects.put_object, bodies))
    assert outcomes == [Accepted(body["id"]) for body in bodies]
    assert {name.removeprefix("genericObject/") for name in fake.kept} == {body["id"] for body in bodies}


def test_the_token_is_asked_for_at_its_address_only(objects, fake):
    fake.token_answers = [302] * 3
    assert objects.put_object(the_object()) == Failed("no_answer")
    assert set(fake.asked) == {"POST /token"}


def test_a_token_withdrawn_early_is_fetched_anew(objects, fake):
    objects.put_object(the_object())
    fake.token = "ya29.second"
    assert isinstance(objects.put_object(the_object()), Accepted)
    assert fake.asked.count("POST /token") == 2


def test_silence_ends_after_the_time_out(signer, fake, slept):
    fake.answers = [0, 0, 0]
    objects = GoogleObjects(
        signer, base_url=fake.url, token_uri=f"{fake.url}/token", timeout=0.2, sleep=slept.append
    )
    assert objects.put_object(the_object()) == Failed("no_answer")
    assert len(slept) == 2


def test_an_unreachable_google_is_left_for_later(signer, slept):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}"
    objects = GoogleObjects(signer, base_url=closed, token_uri=f"{closed}/token", sleep=slept.append)
    assert objects.put_object(the_object()) == Failed("no_answer")


def test_nobody_but_the_two_configured_addresses_is_asked(objects, monkeypatch):
    asked, real = set(), socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **more: asked.add(host) or real(host, *rest, **more)
    )
    before = set(threading.enumerate())
    objects.put_object(the_object())
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=30)
    assert asked == {"127.0.0.1"}


def test_the_environment_names_no_proxy(objects, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert isinstance(objects.put_object(the_object()), Accepted)


def test_a_configured_proxy_is_gone_through(signer, fake):
    objects = GoogleObjects(signer, base_url="http://w.invalid", token_uri="http://t.invalid", proxy=fake.url)
    fake.token_answers = [400]
    assert objects.put_object(the_object()) == Failed("not_authorised")
    assert fake.asked == ["POST http://t.invalid/"]


def test_people_are_in_no_log_line_and_no_reason(objects, fake, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "google")
    monkeypatch.setattr(logging.getLogger("google"), "propagate", True)
    fake.answers = [400]
    outcome = objects.put_object(the_object())
    told = repr(outcome) + " ".join(repr(vars(record)) for record in caplog.records)
    for person in (HOLDER, json.dumps(HOLDER)[1:-1], "0012345678", "support@insurer", fake.token):
        assert person not in told
    assert [record.reason for record in caplog.records if record.name.startswith("app.")] == ["http_400"]
