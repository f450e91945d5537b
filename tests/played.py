"""Runs of the three shipped flows as people would make them, walked through the real application."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app import wiring
from app.delivery.post import Post
from app.runner.house import House
from app.runner.sweep import sweep
from tests.apps import ready_app
from tests.conftest import Clock, filled, settings_for
from tests.lodge import CHEAP
from tests.test_activation_walk import ELENA, LIPA, Colleague
from tests.test_registration_walk import BALAZS, BENCE, ESZTER, Applicant
from tests.walk import PERSON, Walk, link_in

WRONG = "2" * 5


@dataclass(frozen=True)
class Played:
    """A house in which runs were recorded, and the folder that is its `NARTHEX_VAR`."""

    house: House
    var: Path


@contextmanager
def played(var: Path) -> Iterator[Played]:
    """A demo under `var` in which the flows were gone through on many ways."""
    settings, clock = settings_for(var), Clock()
    if not (var / "narthex.db").exists():
        filled(settings)
    house = replace(wiring.open_house(settings, clock), passwords=CHEAP)
    stage = _Stage(house, wiring.open_post(settings, house), clock, ready_app(settings, house))
    _ecard(stage)
    _registration(stage)
    _activation(stage)
    clock.pass_(hours=25)
    sweep(house)
    yield Played(house, var)
    house.database.close()


@dataclass(frozen=True)
class _Stage:
    house: House
    post: Post
    clock: Clock
    app: object

    def walk(self, lang: str = "bg") -> Walk:
        return Walk(self.app, lang)  # type: ignore[arg-type]

    def applicant(self) -> Applicant:
        return Applicant(self.walk("hu"), self.post, self.clock)


def _ecard(stage: _Stage) -> None:
    walk = stage.walk()
    walk.get("/ecard/").post(**{**PERSON, "national_id": "1"}).post(trigger="back")
    walk.post(**{**PERSON, "email": "wrong@sineva-demo.bg"}).post(trigger="back").post(**PERSON)
    stage.post.deliver(100)
    walk.post(trigger="resend")  # too soon
    stage.clock.pass_(seconds=31)
    walk.post(trigger="resend")
    stage.post.deliver(100)
    walk.get(link_in(walk.messages()[-1])).post(follow=False, trigger="add", wallet="apple")
    stage.walk().get("/ecard/").post(**{**PERSON, "mobile": "0888"})  # and left there


def _registration(stage: _Stage) -> None:
    one = stage.applicant().identify(ESZTER)
    right = one.code("sms")
    for code in (WRONG, WRONG, WRONG, right):  # a fourth try that is right
        one.walk.post(code=code)
    one.walk.post(email="eszter.kohid.demo@gmail.com", marketing="accept", personalised="accept")
    one.walk.post(email="eszter.kohid.demo@gmail.com", **_CONSENTS)
    one.choose("short").choose()
    one.walk.post(trigger="log_in")
    one.log_in()
    one.walk.post(code=WRONG).post(code=one.code("mail"))
    _again(stage)
    locked = stage.applicant().identify(BALAZS)
    for _ in range(5):
        locked.walk.post(code=WRONG)
    stage.applicant().identify(BENCE, mobile_number="7654322")
    late = stage.applicant().identify(BENCE)
    late.walk.post(trigger="cancel")


def _again(stage: _Stage) -> None:
    """Whoever is registered already is told so, and renews the password."""
    known = stage.applicant().identify(ESZTER)
    known.walk.post(code=known.code("sms")).post(trigger="renew")
    known.choose("Zivatar52y")


_CONSENTS = {"marketing": "decline", "personalised": "accept", "contract": "on", "notice": "on"}


def _activation(stage: _Stage) -> None:
    one = Colleague(stage.walk(), stage.post, stage.clock).identify(eik="1")
    one.walk.post(eik=LIPA, email=ELENA)
    one.walk.post(trigger="check", pin=one.pin()).post(trigger="activate")
    one.choose("weak").choose()
    other = Colleague(stage.walk(), stage.post, stage.clock).identify(email="nobody@opora-demo.bg")
    other.walk.post(eik=LIPA, email=ELENA)
    for _ in range(3):
        other.walk.post(trigger="check", pin="000000")
