"""The trail of what staff does: written by whoever lets them do it, read at `/desk/acts` and by `narthex
staff acts`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Literal

from sqlalchemy import Connection

from app.flow.record import GENESIS
from app.runner.house import House
from app.runner.staff.who import Staff
from app.store import staff_acts
from app.store.staff_acts import Chosen, StoredAct

#: Who acts when nobody is logged in to the desk; no member of staff can be named like these.
AT_THE_CONSOLE, NOBODY = "(console)", "(nobody)"

ActOutcome = Literal["done", "refused"]


def note_act(
    house: House, staff: Staff | str, act: str, subject: str = "", outcome: ActOutcome = "done"
) -> None:
    """Note in a commit of its own that `staff` did `act`, an order of two words or so (`export run`).

    `subject` is the id or name of what it was done to, never what somebody typed; 120 signs are kept.
    """
    with house.database.write() as connection:
        note_within(connection, house.clock(), staff, act, subject, outcome)


def note_within(
    connection: Connection,
    now: datetime,
    staff: Staff | str,
    act: str,
    subject: str = "",
    outcome: ActOutcome = "done",
) -> None:
    """The same inside the commit of the act itself: neither is there without the other.

    The last thing in it: until the commit nobody else can note anything, and who then waits for a row of
    somebody that waits to note would wait for ever.
    """
    name = staff if isinstance(staff, str) else staff.name
    staff_acts.note(connection, StoredAct(now, name, act, subject, outcome))


def acts_since(house: House, since: datetime) -> list[StoredAct]:
    """What was done and refused from then on, the oldest first."""
    with house.database.read() as connection:
        return list(staff_acts.since(connection, since))


@dataclass(frozen=True)
class Checked:
    """What became of a look at the whole chain: how many acts it has up to its end or to the first bad one,
    the link of the last good one, how many acts are older than the chain, what is wrong if anything is."""

    acts: int
    head: str
    older: int
    fault: str | None = None


def check_chain(house: House, kept: str | None = None) -> Checked:
    """Look at every act and its link. `kept`: a link that was written down earlier and must still be there.

    The chain by itself cannot know that its newest acts were taken away; only a link kept elsewhere does.
    """
    with house.database.read() as connection:
        acts = staff_acts.chain(connection)
        first = next(acts, None)
        begun = first.at if first else None
        number, head, found = 0, GENESIS, kept in {None, GENESIS}
        fault = None
        for act in chain([first] if first else [], acts):
            fault = _fault(act, number + 1, head)
            if fault:
                break
            number, head = number + 1, str(act.link)
            found = found or head == kept
        loose = list(staff_acts.outside(connection))
    late = [act for act in loose if begun is not None and act.at > begun]
    if fault is None and late:
        fault = f"An act of {late[0].at:%Y-%m-%d %H:%M:%S} UTC is newer than the chain and stands outside it."
    if fault is None and not found:
        fault = f"No act has the link {kept}; acts after it were taken away, or all were made anew."
    return Checked(number, head, len(loose) - len(late), fault)


def _fault(act: StoredAct, expected: int, before: str) -> str | None:
    if act.number != expected:
        return f"Act {expected} is missing; the next there is, is {act.number}."
    if act.link != staff_acts.link(act, before):
        return f"Act {expected} is not what was noted, or does not follow the one before."
    return None


@dataclass(frozen=True)
class Folded:
    """Equal acts of one person that followed each other, the newest first."""

    acts: tuple[StoredAct, ...]

    @property
    def newest(self) -> StoredAct:
        """The last of them that was done."""
        return self.acts[0]

    @property
    def oldest(self) -> StoredAct:
        """The first of them that was done."""
        return self.acts[-1]


def folded(acts: Iterator[StoredAct]) -> Iterator[Folded]:
    """The acts, those put together that follow each other on one day (UTC) and differ by subject alone."""
    together: list[StoredAct] = []
    for act in acts:
        if together and _sort(act) != _sort(together[-1]):
            yield Folded(tuple(together))
            together = []
        together.append(act)
    if together:
        yield Folded(tuple(together))


def _sort(act: StoredAct) -> tuple[object, ...]:
    return act.staff, act.act, act.outcome, act.at.date()


@dataclass(frozen=True)
class Page:
    """A page of the trail, and the id of its last act if there are older ones."""

    acts: list[StoredAct]
    further: str | None


def page(house: House, chosen: Chosen, most: int, before: str | None = None) -> Page:
    """At most so many of the chosen acts, the newest first."""
    with house.database.read() as connection:
        found = list(staff_acts.newest(connection, chosen, most + 1, before))
    return Page(found[:most], found[most - 1].id if len(found) > most else None)


def vocabulary(house: House) -> tuple[list[str], list[str]]:
    """Whose acts are noted, and which sorts of acts."""
    with house.database.read() as connection:
        return staff_acts.members(connection), staff_acts.kinds(connection)
