"""Noting that staff opens what is personal: once for each time, by the thing's id."""

from flask import session

from app.runner.staff.acts import note_act
from app.runner.staff.who import Staff
from app.web.house import house

_READ = "desk_read"
_REMEMBERED = 20


def noted(staff: Staff, act: str, subject: str) -> None:
    """Note `act` upon the id `subject`, unless this login has just done so for the same."""
    read = list(session.get(_READ, ()))
    mark = f"{staff.id} {act} {subject}"
    if mark not in read:
        note_act(house(), staff, act, subject)
        session[_READ] = [*read, mark][-_REMEMBERED:]
