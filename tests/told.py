"""A run of each flow, walked over HTTP with slips on the way, for whoever reads runs afterwards."""

from collections.abc import Callable
from dataclasses import dataclass

from app.delivery.post import Post
from app.runner.house import House
from tests.conftest import Clock
from tests.walk import PERSON, Walk, code_in, link_in

ESZTER = {
    "id_kind": "policy",
    "policy_number": "HU-20471183",
    "mobile_prefix": "20",
    "mobile_number": "1234567",
}
CONSENTS = {"marketing": "accept", "personalised": "decline", "contract": "on", "notice": "on"}
ELENA = {"eik": "203955619", "email": "elena.opora.demo@gmail.com"}
USER = "kanari.kohid.demo@gmail.com"
SECRET = "Kanarimadar73"

#: What these people typed, in every spelling somebody might show.
CANARIES = (
    *("maria.sineva", "0888123456", "+359888123456", "9912310123"),
    *("HU-20471183", "hu-20471183", "201234567", USER, USER.partition("@")[0], SECRET),
    *(ELENA["eik"], "elena.opora", "Kovács", "Липа Строй", "Мария"),
)


@dataclass(frozen=True)
class Told:
    """The ids of the runs walked."""

    ecard: str
    registration: str
    activation: str


class Walker:
    """Walks the flows of a house one after the other; `told` is what it left."""

    def __init__(self, house: House, clock: Clock, post: Post, browser: Callable[..., Walk]) -> None:
        self.house, self.clock, self.post, self.open = house, clock, post, browser
        self.codes: list[str] = []

    def walk_all(self) -> Told:
        return Told(self.card(), self.register(), self.activate())

    def card(self) -> str:
        """A mistyped number, an impatient second post, the card."""
        walk = self.open(lang="bg").get("/ecard/")
        self.clock.pass_(seconds=50)
        walk.post(**{**PERSON, "email": "maria"})
        self.clock.pass_(seconds=20)
        walk.post(trigger="back")
        self.clock.pass_(seconds=42)
        stale = walk.hidden()
        walk.post(**{**PERSON, "national_id": "9912310124"})
        walk._ask("POST", "/ecard/form", data={**stale, **PERSON})
        self.clock.pass_(minutes=3)
        walk.post(trigger="back").post(**PERSON)
        assert walk.at == "/ecard/requested", walk.at
        self.post.deliver(100)
        self.clock.pass_(minutes=25)
        by_link = self.open(lang="bg")
        by_link.get(link_in(walk.messages()[-1]))
        assert by_link.status == 200
        by_link.post(wallet="apple", trigger="add", follow=False)
        return self._newest()

    def register(self) -> str:
        """The wrong number, a wrong code, the login."""
        self.clock.pass_(minutes=2)
        walk = self.open(lang="hu").get("/registration/")
        walk.post(**{**ESZTER, "mobile_number": "1234560"})
        self.clock.pass_(minutes=1)
        walk.post(**ESZTER)
        self.clock.pass_(seconds=35)
        walk.post(code="22222")
        walk.post(code=self._code(walk, "sms")[-5:])
        self.clock.pass_(minutes=6)
        walk.post(email=USER, **CONSENTS)
        walk.post(password="kanari", password_again="Kanari")
        walk.post(password=SECRET, password_again=SECRET)
        assert walk.at == "/registration/registered", walk.at
        return self._newest()

    def activate(self) -> str:
        """A wrong code, the right one, a password."""
        self.clock.pass_(minutes=2)
        walk = self.open(lang="en").get("/activation/").post(**ELENA)
        self.clock.pass_(minutes=1)
        walk.post(pin="000000", trigger="check")
        walk.post(pin=self._code(walk, "mail"), trigger="check")
        walk.post(trigger="activate").post(password=SECRET, password_again=SECRET)
        return self._newest()

    def _code(self, walk: Walk, channel: str) -> str:
        self.post.deliver(100)
        came = [m for m in walk.messages() if m["channel"] == channel]
        self.codes.append(code_in(came[-1]))
        return self.codes[-1]

    def _newest(self) -> str:
        self.post.deliver(100)
        with self.house.database.read() as connection:
            statement = "select id from runs order by started_at desc limit 1"
            return str(connection.exec_driver_sql(statement).scalar_one())
