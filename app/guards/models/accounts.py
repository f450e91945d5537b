"""Whether there is a login: others register and delete theirs at any time."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from app.flow.definition import Flow, GuardUse
from app.flow.paths.facts import LOGGED_IN, TRIGGER
from app.flow.paths.model import Facts, Outcome

if TYPE_CHECKING:
    from app.guards.accounts import AccountOptions, HasLoginOptions


def has_login(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:  # noqa: ARG001
    """Free: somebody may register the same customer, or a login be deleted, just before the step."""
    options = cast("HasLoginOptions", use.options)
    name, kept = options.account, {f"field {options.keep}": "given"} if options.keep else {}
    gone = Outcome("no", "no_login", {f"now login {name}": "gone", f"known {name}": "gone"})
    there = Outcome("yes", facts={f"now login {name}": "there", f"known {name}": "there", **kept})
    yield from {
        None: (gone, there),
        "gone": (gone, replace(there, by="others")),
        "there": (there, replace(gone, by="others")),
    }[facts.get(f"known {name}")]


def login_confirmed(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:  # noqa: ARG001
    """What another guard of the same step saw of the login is still so; the run's own is as it was left:
    whoever logs in by it takes this very run over."""
    name = cast("AccountOptions", use.options).account
    own, seen = facts.get(f"login {name}"), facts.get(f"now login {name}")
    if own != "made" and seen != "gone":
        yield Outcome("yes")
    if own == "made" or (own is None and seen != "gone"):
        yield Outcome("no", "unconfirmed")
    if own is None and not (seen == "there" and flow.spec.accounts[name].sole):
        yield Outcome("no", "no_login")


def logged_in(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:  # noqa: ARG001
    """Only as the login that this run made: who comes in is told to the run (`log_in`), who leaves is not."""
    name = cast("AccountOptions", use.options).account
    comes, here = facts.get(TRIGGER) == "log_in", f"in {name}"
    if facts.get(f"login {name}") and (comes or facts.get(here)):
        yield Outcome("yes", facts={LOGGED_IN: "yes", here: "yes"})
    yield Outcome("no", "logged_out", {here: ""})
