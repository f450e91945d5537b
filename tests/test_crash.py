"""kill -9: what was acknowledged is there afterwards, what was promised goes out, in the same words."""

import html
import json
import random
import re
import socket
import sqlite3
import threading
import time
from pathlib import Path

import requests

from tests.receivers import HttpSmsReceiver
from tests.server import Server, free_port, start
from tests.walk import HIDDEN, PERSON

WORKERS = 4
KILLS = 4


def gateway(folder: Path, receiver: HttpSmsReceiver) -> dict[str, str]:
    """Settings that send SMS to the receiver."""
    declared = {
        "url": receiver.url,
        "headers": {"Idempotency-Key": "{key}"},
        "body": {"to": "{to}", "text": "{text}"},
        "timeout": 2,
    }
    file = folder / "sms.json"
    file.write_text(json.dumps(declared))
    return {"NARTHEX_SMS": "http", "NARTHEX_SMS_HTTP": str(file)}


def form(session: requests.Session, url: str) -> dict[str, str]:
    page = session.get(f"{url}/ecard/form", timeout=10).text
    return {n: html.unescape(v) for n, v in HIDDEN.findall(page) if n in {"csrf_token", "step"}}


def outbox(var: Path) -> list[tuple[str, str, int]]:
    connection = sqlite3.connect(f"file:{var / 'narthex.db'}?mode=ro", uri=True, timeout=10)
    try:
        return list(connection.execute("select key, state, tries from outbox order by created_at"))
    finally:
        connection.close()


def age_leases(var: Path) -> None:
    """Let the dead process's leases run out, as a minute and a half would."""
    connection = sqlite3.connect(var / "narthex.db", timeout=10)
    with connection:
        connection.execute("update outbox set lease = 0, due = 0 where state in ('queued', 'sending')")
    connection.close()


def until_sent(var: Path, most: float = 30) -> list[tuple[str, str, int]]:
    deadline = time.monotonic() + most
    while time.monotonic() < deadline:
        letters = outbox(var)
        if letters and all(state == "sent" for _, state, _ in letters):
            return letters
        time.sleep(0.1)
    raise AssertionError(outbox(var))


def test_a_letter_whose_sender_was_killed_goes_out_again_with_the_same_text_and_key(tmp_path: Path) -> None:
    with HttpSmsReceiver("hang") as receiver:
        settings = gateway(tmp_path, receiver)
        server = start(tmp_path / "var", **settings)
        try:
            session = requests.Session()
            answer = session.post(
                f"{server.url}/ecard/form",
                data={**form(session, server.url), **PERSON},
                allow_redirects=False,
                timeout=10,
            )
            assert answer.headers["Location"] == "/ecard/requested"
            receiver.requests.wait_for(1)
        finally:
            server.kill()
        age_leases(tmp_path / "var")
        receiver.mode = "ok"
        receiver.release()
        server = start(tmp_path / "var", **settings)
        try:
            until_sent(tmp_path / "var")
            page = session.get(f"{server.url}/ecard/requested", timeout=10)
        finally:
            assert server.stop() == 0
    first, *others = receiver.requests
    assert others
    assert all((each.json(), each.key()) == (first.json(), first.key()) for each in others)
    assert page.url.endswith("/ecard/requested") or page.status_code == 200


class Load:
    """Applicants who ask for their card again and again and remember what was acknowledged."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.acknowledged: list[requests.Session] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._run, args=(n,)) for n in range(WORKERS)]

    def __enter__(self) -> "Load":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(timeout=30)

    def _run(self, number: int) -> None:
        while not self.over.is_set():
            session = requests.Session()
            try:
                hidden = form(session, self.url)
                answer = session.post(
                    f"{self.url}/ecard/form",
                    data={**hidden, **PERSON, "device": "android"},
                    allow_redirects=False,
                    timeout=10,
                )
            except requests.RequestException:
                self.over.wait(0.05)
                continue
            if answer.status_code == 303:
                assert answer.headers["Location"] == "/ecard/requested"
                self.acknowledged.append(session)


def test_killed_at_any_moment_under_load_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    chance, port, var = random.Random(7), free_port(), tmp_path / "var"
    with HttpSmsReceiver("ok") as receiver:
        settings = gateway(tmp_path, receiver) | {
            "NARTHEX_POSTS_PER_MINUTE": "100000",
            "NARTHEX_GETS_PER_MINUTE": "100000",
        }
        server: Server = start(var, port, **settings)
        with Load(server.url) as load:
            for _ in range(KILLS):
                had = len(load.acknowledged)
                while len(load.acknowledged) < had + 3:
                    load.over.wait(0.02)
                load.over.wait(chance.random() * 0.3)
                server.kill()
                server = start(var, port, **settings)
        age_leases(var)
        try:
            letters = until_sent(var)
            for session in load.acknowledged:
                page = session.get(f"{server.url}/ecard/form", timeout=10)
                assert page.url.endswith("/ecard/requested")
        finally:
            server.stop()
    by_key: dict[str, set[str]] = {}
    for request in receiver.requests:
        by_key.setdefault(request.key() or "", set()).add(request.json()["text"])
    assert {key for key, _, _ in letters} == set(by_key)
    assert all(len(texts) == 1 for texts in by_key.values())
    connection = sqlite3.connect(var / "narthex.db")
    rows = connection.execute("select r.id, r.seq, r.state, r.head from runs r").fetchall()
    for run, seq, state, head in rows:
        steps = connection.execute("select record from journal where run = ? order by seq", (run,))
        records = [json.loads(record) for (record,) in steps]
        assert [record["seq"] for record in records] == list(range(seq + 1))
        assert (records[-1]["to"], records[-1]["hash"]) == (state, head)
    assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    connection.close()
    assert not re.search(r"9912310123|888123456|maria.sineva", server.log.read_text())


def test_who_is_killed_while_calling_has_not_called() -> None:
    with HttpSmsReceiver("ok") as receiver:
        with socket.create_connection(("127.0.0.1", receiver.port)) as half:
            half.sendall(b"POST /messages HTTP/1.1\r\nHost: vendor\r\nContent-Length: 10\r\n\r\n{")
            half.shutdown(socket.SHUT_WR)
            assert half.recv(100) == b""
        assert list(receiver.requests) == []
