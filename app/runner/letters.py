"""Operators and the outbox: what waits, what failed and why, and trying or giving up one letter."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from app.kinds.masking import masked
from app.runner.house import House
from app.runner.staff.acts import note_within
from app.runner.staff.who import Staff
from app.store import letters
from app.store.letters import Asked, Attempt, Listed, Standing

#: Why a letter cannot be tried again: it was not given up; it would come too late by now (a code is out of
#: date by then); its run has left a newer one, whose code or link replaced this one's; nothing of it is left.
Refusal = Literal["not_given_up", "too_late", "replaced", "nothing_left"]

#: Letters that were closed are counted for so long.
COUNTED = timedelta(days=7)
PAGE = 50


class LetterMissing(Exception):
    """There is no letter with this id."""


class NotDone(Exception):
    """The letter stays as it is; `why` is a Refusal or, for giving up, `not_waiting`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Told:
    """A letter with its attempts, whom it is to with the middle masked, and why it cannot be tried again."""

    letter: Listed
    attempts: tuple[Attempt, ...]
    to: str | None = field(repr=False)
    refusal: Refusal | None


def standing(house: House) -> list[Standing]:
    """How many letters stand where: open and given up ones all, the others of the last seven days."""
    with house.database.read() as connection:
        return letters.standing(connection, house.clock() - COUNTED)


def search(house: House, asked: Asked) -> list[Listed]:
    """A page of letters and one more if there are more, the newest first."""
    with house.database.read() as connection:
        return letters.search(connection, asked, PAGE + 1)


def tell(house: House, letter: str) -> Told:
    """One letter; raises LetterMissing."""
    with house.database.read() as connection:
        found = letters.one(connection, letter)
        if found is None:
            raise LetterMissing(letter)
        to = letters.recipient(connection, house.vault, letter)
        tried = tuple(letters.attempts_of(connection, letter))
        replaced = letters.newer_of_run(connection, found)
    # Orders for machines are addressed to a realm or to nobody: there is nothing in them to mask.
    shown = to if found.channel in {"webhook", "google"} else masked(to) if to else None
    return Told(found, tried, shown, _refusal(house, found, replaced))


def _refusal(house: House, letter: Listed, replaced: bool) -> Refusal | None:
    if letter.state != "given_up":
        return "not_given_up"
    if letter.expires_at <= house.clock():
        return "too_late"
    if not letter.kept:
        return "nothing_left"
    return "replaced" if replaced else None


def retry(house: House, by: Staff | str, letter: str) -> None:
    """Have a letter that was given up tried again, as often as a new one. Raises LetterMissing, NotDone."""
    told = tell(house, letter)
    if told.refusal:
        raise NotDone(told.refusal)
    with house.database.write() as connection:
        now = house.clock()
        if letters.newer_of_run(connection, told.letter):
            raise NotDone("replaced")
        if not letters.retry(connection, letter, now):
            raise NotDone("too_late" if now >= told.letter.expires_at else "not_given_up")
        note_within(connection, now, by, "retry letter", letter)


def give_up(house: House, by: Staff | str, letter: str) -> None:
    """Let go of a letter that waits; until it would come too late it can be tried again.

    Raises LetterMissing, and NotDone for one that does not wait.
    """
    tell(house, letter)
    with house.database.write() as connection:
        now = house.clock()
        if not letters.give_up(connection, letter, now):
            raise NotDone("not_waiting")
        note_within(connection, now, by, "give up letter", letter)
