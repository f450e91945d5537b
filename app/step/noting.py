"""Noting what a step asks outside its run, so that the journal can tell and replay never has to ask again."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.flow.record import Check
from app.step import Unavailable, World

MAIL_DOMAIN = "mail_domain"
_REGISTER = "register "


def register_check(register: str) -> str:
    """What the journal calls a question to this register."""
    return _REGISTER + register


@dataclass
class Notes:
    """The questions of one step in their order, each with its answer as a code and how long it took.

    What was looked up and what was found are not among them: a register answers `none`, `one`, `several` or
    `unavailable`, DNS with `takes_mail`, `no_such_domain`, `takes_no_mail` or `unknown`.
    """

    checks: list[Check] = field(default_factory=list)

    def add(self, name: str, answer: str, since: float) -> None:
        """Note a question that was put at `since`, seconds of the process's own counter."""
        asked = sum(each.name == name for each in self.checks)
        self.checks.append(Check(name, asked + 1, answer, round((time.perf_counter() - since) * 1000)))


def noting(world: World, notes: Notes) -> World:
    """`world`, answering as before, its questions to registers and DNS written into `notes`."""
    return replace(world, find=_find(world, notes), mail_domain=_mail_domain(world, notes))


def _find(world: World, notes: Notes) -> Callable[[str, Mapping[str, str]], Sequence[Mapping[str, str]]]:
    def find(register: str, lookup: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
        name, since = register_check(register), time.perf_counter()
        try:
            rows = world.find(register, lookup)
        except Unavailable:
            notes.add(name, "unavailable", since)
            raise
        notes.add(name, ("none", "one")[len(rows)] if len(rows) < 2 else "several", since)
        return rows

    return find


def _mail_domain(world: World, notes: Notes) -> Callable[[str], str]:
    def mail_domain(domain: str) -> str:
        since = time.perf_counter()
        answer = world.mail_domain(domain)
        notes.add(MAIL_DOMAIN, answer, since)
        return answer

    return mail_domain
