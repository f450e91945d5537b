"""An operator's desk with something on it: letters that failed, a customer's request, a run under way."""

import html
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import text

from app.delivery.post import Carrier, Post
from app.gateways.outcome import Accepted, Failed, Outcome
from app.runner.house import House
from app.runner.portal import documents
from app.store import outbox, requests
from app.store.ids import ulid
from app.store.outbox import Letter
from app.store.requests import Message, Request
from tests.asking import PDF
from tests.conftest import Clock
from tests.desk import log_in, staffed
from tests.lodge import Guest, guest, open_lodge
from tests.walk import Walk


@dataclass
class Operating:
    """The desk: its application, house and clock, and the lodge's guest."""

    app: Flask
    house: House
    clock: Clock
    guest: Guest

    def browser(self, name: str, *roles: str, lang: str = "en") -> Walk:
        """Somebody new with these roles, logged in."""
        walk = Walk(self.app, lang=lang)
        log_in(walk, staffed(self.house, name, *roles))  # type: ignore[arg-type]
        return walk

    def letter(self, key: str, channel: str = "sms", run: str | None = None, **span: float) -> str:
        """A letter left now, of use for `span` (an hour unless told); its id."""
        span = span or {"hours": 1}
        put = Letter(
            key=key,
            channel=channel,
            lang="en",
            expires_at=self.clock() + timedelta(**span),
            recipient="+359888123456" if channel == "sms" else "hanna.lodge.demo@gmail.com",
            body="a text for one person",
            run=run,
        )
        with self.house.database.write() as connection:
            outbox.put(connection, self.house.vault, put, self.clock())
        with self.house.database.read() as connection:
            row = connection.execute(text("select id from outbox where key = :key"), {"key": key}).one()
        return str(row.id)

    def post(self, outcome: Callable[[Letter], Outcome]) -> Post:
        """A post office whose every gateway answers so, tries twice and has no breaker."""
        carrier = Carrier("twin", outcome, most_tries=2, breaker=False)
        carriers = {"sms": carrier, "mail": carrier}
        return Post(self.house.database, self.house.vault, carriers, self.clock, "one", chance=lambda: 0.5)

    def given_up(self, key: str = "r-1:1:1", **more: Any) -> str:
        """A letter that its gateway failed until it was given up; its id."""
        letter = self.letter(key, **more)
        post = self.post(lambda _: Failed("busy"))
        for _ in range(2):
            post.deliver()
            self.clock.pass_(seconds=10)
        return letter

    def sent(self, key: str) -> str:
        """A letter that was taken at once; its id."""
        letter = self.letter(key)
        self.post(lambda _: Accepted("v1")).deliver()
        return letter

    def request(self, reference: str = "7kqm-2xrd", subject: str = "The roof") -> str:
        """A request of the guest; its reference."""
        now = self.clock()
        asked = Request(
            ulid(now),
            reference,
            "lodge",
            self.guest.account,
            self.guest.customers[0],
            subject,
            "open",
            now,
            now,
        )
        said = Message(ulid(now), "customer", "It leaks.\n\nSince Monday.", now)
        with self.house.database.write() as connection:
            requests.add(connection, self.house.vault, asked)
            requests.append(connection, self.house.vault, asked, said, "open")
        return reference

    def document(self, title: str = "The invoice") -> str:
        """A document filed for the guest's customer; its id."""
        customer = documents.customer_of_id(self.house, self.guest.customers[0])[0]
        return documents.file_document(
            self.house, "lodge", customer.numbers, title, "letter.pdf", io.BytesIO(PDF)
        )


def post(walk: Walk, path: str, **fields: str) -> Walk:
    """Send what no form on the page may have, with the page's own token; what it leads to is shown."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', walk.text)
    assert token
    walk.page = walk._ask("POST", path, data={"csrf_token": html.unescape(token[1]), **fields})
    return walk.get(walk.page.location) if walk.status == 303 else walk


def operating(build: Callable[[House], Flask], house: House, clock: Clock) -> Operating:
    """The desk of a house that has the lodge."""
    opened = open_lodge(house)
    return Operating(build(opened), opened, clock, guest(replace(opened)))
