"""A page of the past, shown anew without asking anything: what is still known of that moment."""

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
    channel, what was known of the newest message; `by_link`: the page was opened by a link."""

    sent: Mapping[str, tuple[datetime, int]] = field(default_factory=dict)
    delivery: Mapping[str, Delivery] = field(default_factory=dict)
    by_link: bool = False

    def pause(self, what: str, pauses: Sequence[timedelta], now: datetime) -> timedelta:
        """How long until `what` could be sent again at `now`; zero when it could be at once."""
        if what not in self.sent or not pauses:
            return timedelta(0)
        at, often = self.sent[what]
        return max(at + pauses[min(often, len(pauses)) - 1] - now, timedelta(0))


def _nobody(*_: Any) -> NoReturn:
    raise NothingKnown("a page of the past asks nothing")


@lru_cache(maxsize=1)
def bygone_world() -> World:
    """A world that answers nothing: whoever asks it gets NothingKnown."""
    nothing = Vault((b"a page of the past",))  # of no secret of ours: it opens nothing and finds nothing
    return World(read=_nobody, vault=nothing, mail_domain=_nobody, find=_nobody, link_url=_nobody)
