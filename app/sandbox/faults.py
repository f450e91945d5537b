"""Faults as data: what a register, DNS or a guard of the flow is to answer, the next time or from now on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow, GuardUse
from app.flow.verdict import Answer

RegisterAnswer = Literal["answers", "silent", "slow", "malformed", "knows_nobody", "random"]
DnsAnswer = Literal["takes_mail", "no_such_domain", "takes_no_mail", "unknown"]

REGISTER_ANSWERS: tuple[RegisterAnswer, ...] = (
    *("answers", "silent", "slow", "malformed", "knows_nobody"),
    "random",  # any of those before, drawn anew for each question
)
DNS_ANSWERS: tuple[DnsAnswer, ...] = ("takes_mail", "no_such_domain", "takes_no_mail", "unknown")

DNS = "dns"

#: How long a slow register takes, in seconds: less than any time-out, long enough to be felt.
SLOW = 3.0

#: Guards whose "yes" carries what it found (a card's facts, the code to use up): nobody can say it for them.
_FINDING = frozenset({"match", "code_right"})


class Fault(BaseModel):
    """One answer chosen in advance; `once`: the next time only. `reason` is a guard's reason code."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    answer: str
    reason: str | None = None
    once: bool = False


#: By name of the check: `register insured`, `dns`, `guard card_found`.
Faults = Mapping[str, Fault]


def register_check(register: str) -> str:
    """The name under which a register's fault is kept."""
    return f"register {register}"


def guard_check(guard: str) -> str:
    """The name under which a guard's verdict is kept."""
    return f"guard {guard}"


@dataclass(frozen=True)
class Choice:
    """One verdict that QA may put into a guard's mouth."""

    answer: Answer
    reason: str | None = None

    @property
    def code(self) -> str:
        """How it is written in a form or a command: `yes`, `unavailable`, or the reason of a no."""
        return self.reason or self.answer


def choices(use: GuardUse, catalogue: Catalogue) -> list[Choice]:
    """What the guard may be made to say: only what its declaration says it can, and what needs no finding."""
    guard = catalogue.guards[use.guard]
    yes = [] if guard.name in _FINDING else [Choice("yes")]
    plain = [] if guard.reasons else [Choice("no")]
    noes = [Choice("no", reason) for reason in guard.reasons]
    unsure = [Choice("unavailable")] if guard.may_be_unavailable else []
    return [*yes, *plain, *noes, *unsure]


def guards_of(flow: Flow) -> Iterator[GuardUse]:
    """The guards a transition of the flow asks, in document order, each once; form shape is not chosen."""
    asked = (c.guard for ways in flow.transitions.values() for way in ways for c in way.conditions)
    for name in dict.fromkeys(asked):
        if name != "form_valid":
            yield flow.guards[name]


def chosen(flow: Flow, catalogue: Catalogue, guard: str, code: str) -> Choice:
    """The verdict meant by `code`; `no` is the guard's first reason. LookupError names what there is."""
    use = flow.guards.get(guard)
    if use is None or use.name not in {each.name for each in guards_of(flow)}:
        names = ", ".join(each.name for each in guards_of(flow))
        raise LookupError(f"The flow asks no guard '{guard}'; it asks {names}.")
    offered = choices(use, catalogue)
    fitting = [each for each in offered if code in (each.code, each.answer)]
    if not fitting:
        words = ", ".join(each.code for each in offered)
        raise LookupError(f"'{guard}' cannot be made to say '{code}'; it can say {words}.")
    return fitting[0]
