"""A page of another moment, of the past or invented, drawn without asking anything: what is told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NoReturn

from app.step import World
from app.store.crypto import Vault
from app.store.outbox import Delivery

DOTS = "••••••••"


class NothingKnown(LookupError):
    """A page of the past asked for what nobody knows any more."""


@dataclass(frozen=True)
class Then:
    """The moment: `sent` tells of each code and link when it was sent last and how often; `delivery`, by
    channel, what was known of the newest message; `by_link`: the page was opened by a link.

    What nobody knows of the past can be told of a moment that is invented: `capped` codes and links, of which
    no more go out; the `first` signs of a code; the `facts` of a card; the masked `user_name`; why the link
    is `dead`; the `device` in hand.
    """

    sent: Mapping[str, tuple[datetime, int]] = field(default_factory=dict)
    delivery: Mapping[str, Delivery] = field(default_factory=dict)
    by_link: bool = False
    capped: frozenset[str] = frozenset()
    first: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=lambda: {"holder": DOTS, "number": DOTS})
    user_name: str = DOTS
    dead: str | None = None
    device: str = "other"

    def pause(self, what: str, pauses: Sequence[timedelta], now: datetime) -> timedelta:
        """How long until `what` could be sent again at `now`; zero when it could be at once."""
        if what not in self.sent or not pauses:
            return timedelta(0)
        at, often = self.sent[what]
        return max(at + pauses[min(often, len(pauses)) - 1] - now, timedelta(0))


def moments_of_sending(what: str, channel: str, now: datetime) -> dict[str, Then]:
    """How a page that waits for a code or link may stand, by name, the usual one first."""
    just_now, long_ago = {what: (now, 1)}, {what: (now - timedelta(days=1), 1)}
    return {
        "sent": Then(sent=just_now, delivery={channel: "on_its_way"}),
        "may_ask_again": Then(sent=long_ago, delivery={channel: "delivered"}),
        "undelivered": Then(sent=long_ago, delivery={channel: "failed"}),
        "capped": Then(sent=long_ago, delivery={channel: "accepted"}, capped=frozenset({what})),
    }


def _nobody(*_: Any) -> NoReturn:
    raise NothingKnown("a page of the past asks nothing")


@lru_cache(maxsize=1)
def bygone_world() -> World:
    """A world that answers nothing: whoever asks it gets NothingKnown."""
    nothing = Vault((b"a page of the past",))  # of no secret of ours: it opens nothing and finds nothing
    return World(read=_nobody, vault=nothing, mail_domain=_nobody, find=_nobody, link_url=_nobody)
