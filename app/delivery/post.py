"""Taking due letters under a lease, handing them to their gateways, recording what became of them."""

import logging
import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.gateways.breaker import Breaker
from app.gateways.outcome import Accepted, Failed, Outcome, Refused
from app.store import outbox
from app.store.crypto import Vault
from app.store.database import Database
from app.store.outbox import Claimed, Letter

log = logging.getLogger(__name__)

#: Longer than any gateway's time-out, so that a live worker never loses its lease.
LEASE = timedelta(seconds=90)
MOST_TRIES = 8
_LONGEST_PAUSE = 600.0


@dataclass(frozen=True)
class Carrier:
    """A gateway for one channel: its name for the record, and how a letter is handed over."""

    name: str
    carry: Callable[[Letter], Outcome]


@dataclass(frozen=True)
class Post:
    """The post office: `carriers` by channel; `owner` names this process in the leases."""

    database: Database
    vault: Vault
    carriers: Mapping[str, Carrier]
    clock: Callable[[], datetime]
    owner: str
    chance: Callable[[], float] = random.random
    breakers: Mapping[str, Breaker] = field(default_factory=lambda: defaultdict(Breaker))

    def deliver(self, most: int = 10) -> int:
        """Deliver what is due, at most `most` letters; how many were taken."""
        now = self.clock()
        # A vendor that is down is left alone for a while; its letters keep their tries for when it is back.
        channels = [channel for channel in self.carriers if self.breakers[channel].allows(now)]
        with self.database.write() as connection:
            claimed = outbox.claim(
                connection,
                self.vault,
                owner=self.owner,
                now=now,
                lease=LEASE,
                channels=channels,
                most=most,
            )
        for letter in claimed:
            self._deliver(letter)
        return len(claimed)

    def _deliver(self, claimed: Claimed) -> None:
        carrier = self.carriers[claimed.letter.channel]
        now = self.clock()
        if now >= claimed.letter.expires_at:
            self._close(claimed, "expired", None)
            return
        with self.database.write() as connection:
            outbox.begin_attempt(connection, claimed, carrier.name, now)
        outcome = self._carry(carrier, claimed)
        breaker, then = self.breakers[claimed.letter.channel], self.clock()
        breaker.failed(then) if isinstance(outcome, Failed) else breaker.succeeded(then)
        name = {Accepted: "accepted", Refused: "refused", Failed: "failed"}[type(outcome)]
        reason = None if isinstance(outcome, Accepted) else outcome.reason
        with self.database.write() as connection:
            outbox.end_attempt(connection, claimed, name, reason, self.clock())
        self._conclude(claimed, outcome)

    def _carry(self, carrier: Carrier, claimed: Claimed) -> Outcome:
        try:
            return carrier.carry(claimed.letter)
        except Exception as fault:
            # The text of a vendor's exception may quote the message, so only its type is logged.
            log.error("a gateway broke", extra={"letter": claimed.id, "fault": type(fault).__name__})
            return Failed("gateway_fault")

    def _conclude(self, claimed: Claimed, outcome: Outcome) -> None:
        if isinstance(outcome, Accepted):
            self._close(claimed, "sent", outcome.reference)
        elif isinstance(outcome, Refused) or claimed.attempt >= MOST_TRIES:
            self._close(claimed, "given_up", None)
        else:
            due = self.clock() + self._pause(claimed.attempt)
            with self.database.write() as connection:
                outbox.try_again(connection, claimed, self.owner, due)

    def _pause(self, attempt: int) -> timedelta:
        """Back-off with jitter: 2, 4, 8 ... seconds, each times 0.5 to 1.5, ten minutes at most."""
        return timedelta(seconds=min(_LONGEST_PAUSE, 2.0**attempt) * (0.5 + self.chance()))

    def _close(self, claimed: Claimed, state: outbox.State, reference: str | None) -> None:
        with self.database.write() as connection:
            kept = outbox.finish(connection, claimed, self.owner, state, reference, self.clock())
        level = logging.WARNING if state == "given_up" else logging.INFO
        log.log(
            level,
            "letter closed",
            extra={"letter": claimed.id, "state": state, "attempt": claimed.attempt, "ours": kept},
        )
