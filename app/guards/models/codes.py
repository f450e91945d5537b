"""How one-time codes may be judged."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from app.flow.definition import Flow, GuardUse
from app.flow.paths.facts import LOGGED_IN, TRIGGER, merged, number
from app.flow.paths.limits import TRIES
from app.flow.paths.model import Facts, Outcome
from app.flow.verdict import Count
from app.step.caps import most_tries, outlives_failures, pause_window

if TYPE_CHECKING:
    from app.guards.codes import CodeOptions

_OPEN = {"ordered", "there"}


def right(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:
    """`code_right`: what was typed is free, what became of the code follows the facts."""
    name = cast("CodeOptions", use.options).code
    if f"barred {name}" not in facts:
        yield from _judged(flow, state, name, facts)
        return
    yield Outcome("no", "no_tries_left")
    # The failures may be nearly a day old, and then they soon count no more.
    for each in _judged(flow, state, name, merged(facts, {f"barred {name}": ""})):
        yield replace(each, facts={**each.facts, f"barred {name}": ""}, by="crowd")


def _judged(flow: Flow, state: str, name: str, facts: Facts) -> Iterator[Outcome]:
    """What is answered as long as the address has tries left."""
    status, used = facts.get(f"code {name}"), number(facts, f"tries {name}")
    limit = most_tries(flow.spec.codes[name])
    if status is None:
        yield Outcome("no", "no_code")
        return
    if status == "dead":
        yield Outcome("no", "no_tries_left", counts=(Count(TRIES, limit, limit, limit),))
        return
    if status in _OPEN:
        yield Outcome("yes", facts=_there(name, status), counts=(Count(TRIES, used, used, limit),))
    counts = (Count(TRIES, used, used + 1, limit),)
    if used + 1 >= limit:
        dead = {f"code {name}": "dead", f"tries {name}": ""}
        yield Outcome("no", "no_tries_left", dead, counts=counts)
    else:
        yield from _wrong(flow, state, name, facts, counts)
    if _may_be_none(name, facts):
        yield Outcome("no", "no_code", _none(name), "crowd")


def _wrong(flow: Flow, state: str, name: str, facts: Facts, counts: tuple[Count, ...]) -> Iterator[Outcome]:
    """What a wrong code is answered with while another try is left."""
    status, used = facts[f"code {name}"], counts[0].after
    for reason, changed in _faults(flow, state, name, facts):
        told = {**_there(name, status), f"tries {name}": str(used), **changed}
        yield Outcome("no", reason, told, counts=counts)
    # Ten failures of an address in whatever runs end its tries for a day: those before this run's login.
    if f"lapsed {name}" not in facts:
        yield Outcome("no", "no_tries_left", {**_there(name, status), f"barred {name}": "yes"}, "crowd")
    # Whoever sets the password anew ends the code, and the login too by which the page is sent.
    if status in _OPEN and flow.spec.accounts and LOGGED_IN not in facts:
        told = {f"code {name}": "ended", f"tries {name}": str(used)}
        yield Outcome("no", "replaced", told, "others", counts)


def live(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:
    """`code_live`: nothing is typed, only time and others may have ended it."""
    name = cast("CodeOptions", use.options).code
    status = facts.get(f"code {name}")
    ended = {
        None: "no_code",
        "dead": "no_tries_left",
        "used": "used",
        "ended": "replaced",
        "expired": "expired",
    }
    if status in ended:
        yield Outcome("no", ended[status])
        return
    comes = {f"fresh {name}": ""} if facts.get(TRIGGER) == "log_in" else {}
    yield Outcome("yes", facts={f"code {name}": "there", **comes})
    if may_expire(flow, state, name):
        yield Outcome("no", "expired", _expired(flow, name))
    if flow.spec.accounts:
        yield Outcome("no", "replaced", {f"code {name}": "ended"}, "others")
    if _may_be_none(name, facts):
        yield Outcome("no", "no_code", _none(name), "crowd")


def may_expire(flow: Flow, state: str, name: str) -> bool:
    """Whether a run can wait in `state` until the code is out of date."""
    valid, lifetime = flow.spec.codes[name].valid, flow.state(state).lifetime
    return valid is not None and (lifetime is not None or valid < flow.spec.lifetime.absolute)


def _faults(flow: Flow, state: str, name: str, facts: Facts) -> Iterator[tuple[str, Facts]]:
    """What typing something else than the good code is answered with, and the facts it leaves."""
    status = facts[f"code {name}"]
    yield "wrong", {}
    # A code that outlives the login is out of date only for who logs in anew meanwhile.
    in_date = LOGGED_IN in facts and f"fresh {name}" in facts
    if status == "expired" or (status in _OPEN and may_expire(flow, state, name) and not in_date):
        yield "expired", _expired(flow, name)
    if status == "ended" or facts.get(f"older {name}"):
        yield "replaced", {}
    if status == "used" or facts.get(f"used {name}"):
        yield "used", {}


def _there(name: str, status: str) -> Facts:
    return {f"code {name}": "there"} if status == "ordered" else {}


def _may_be_none(name: str, facts: Facts) -> bool:
    """Whether the only code there is may not have left, as its recipient had enough messages from others."""
    return facts.get(f"code {name}") == "ordered" and f"older {name}" not in facts


def _none(name: str) -> Facts:
    gone = {f"{word} {name}": "" for word in ("code", "tries", "older", "used", "sent")}
    return {**gone, f"now sent {name}": "never", f"full {name}": "yes"}


def _expired(flow: Flow, name: str) -> Facts:
    """So much time has gone by that its message counts against no short cap any more."""
    spec = flow.spec.codes[name]
    over = spec.valid is not None and spec.valid >= pause_window(spec)
    gone = {f"sent {name}": "", f"now sent {name}": "long ago", f"full {name}": ""} if over else {}
    lapsed = {f"lapsed {name}": "yes", f"barred {name}": ""} if outlives_failures(spec) else {}
    return {f"code {name}": "expired", **gone, **lapsed}
