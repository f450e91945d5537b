"""The demo's desk: an account for each role, passwords made up at first, kept in the data folder."""

import fcntl
import os
from pathlib import Path

from app.runner.house import House
from app.runner.staff import people
from app.runner.staff.who import Role

_FILE = "desk-passwords.txt"
_ACCOUNTS: tuple[Role, ...] = (
    "analyst",
    "approver",
    "qa",
    "operator",
    "auditor",
)  # their names, too


def staff_the_desk(house: House, var: Path) -> dict[str, str]:
    """Make the demo's accounts where they are missing; name and password of those whose password still holds.

    Of several processes that begin in one data folder the first one makes them.
    """
    descriptor = os.open(var / _FILE, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = dict(line.split(" ", 1) for line in file.read().splitlines() if " " in line)
        there = {member.name for member in people.everyone(house)}
        for name in _ACCOUNTS:
            if name not in there:
                known.setdefault(name, people.made_up_password(name))
                people.add(house, name, [name], known[name])
        file.seek(0)
        file.write("".join(f"{name} {password}\n" for name, password in known.items()))
        file.truncate()
    return {name: each for name, each in known.items() if people.is_password(house, name, each)}
