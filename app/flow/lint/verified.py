"""F022, F024-F026: codes are sent before they are asked for, asked for before the end, and never in vain."""

from collections.abc import Iterator
from typing import Literal

from app.flow.definition import Transition
from app.flow.findings import Finding
from app.flow.lint.scene import Scene
from app.flow.lint.stepping import LOGGED_OUT, agreed, judged, kept, posted, sent
from app.flow.lint.trails import from_the_beginning

SPENT = "no_tries_left"

#: The reason by which a guard is known that asks whether the address of a login was confirmed.
_UNCONFIRMED = "unconfirmed"

_Fate = Literal["unsent", "sent", "changed", "right"]
_FIRST: _Fate = "unsent"
_VAIN: tuple[_Fate, ...] = ("unsent", "changed")


def check(scene: Scene) -> Iterator[Finding]:
    """What is proven by codes, and what people do who have no tries left."""
    for state in scene.spec.states:
        yield from _spent(scene, state)
        yield from _required(scene, state)
    for code in scene.spec.codes:
        yield from _asked_in_vain(scene, code)
        yield from _never_asked(scene, code)


def _spent(scene: Scene, state: str) -> Iterator[Finding]:
    """F022: the limit of tries has a transition of its own, and it leads on or to another code."""
    for trigger in scene.flow.triggers(state):
        ways = scene.flow.ways(state, trigger)
        for guard in dict.fromkeys(c.guard for way in ways for c in way.conditions):
            codes = judged(scene, guard)
            if not codes or SPENT not in scene.guard(guard).reasons:
                continue
            words = {"state": state, "code": ", ".join(sorted(codes)), "guard": guard}
            ends = [way for way in ways if _says_spent(way, guard)]
            if not ends:
                first = next(way for way in ways if any(c.guard == guard for c in way.conditions))
                yield scene.found("F022", scene.place(first), **words)
            for way in ends:
                if way.dest == state and not _sends_anew(scene, state, codes):
                    yield scene.found("F022:stuck", scene.place(way), way=way.id, **words)


def _says_spent(way: Transition, guard: str) -> bool:
    return any(c.guard == guard and c.wanted == SPENT and not c.negated for c in way.conditions)


def _sends_anew(scene: Scene, state: str, codes: set[str]) -> bool:
    return any(codes & set(sent(scene, way)) for way in scene.flow.transitions[state])


def _asks(scene: Scene, way: Transition, code: str) -> bool:
    return any(code in judged(scene, c.guard) for c in way.conditions)


def _fate_after(scene: Scene, code: str, way: Transition, fate: _Fate) -> _Fate:
    to = scene.spec.codes[code].to
    if code in set(sent(scene, way)):
        return "sent"
    if any(_proves(scene, name, code) for name in agreed(scene, way)):
        return "right"
    filled = {field for name in agreed(scene, way) for field in kept(scene, name)}
    if fate == "sent" and to in posted(scene, way) | filled:
        return "changed"
    return fate


def _proves(scene: Scene, guard: str, code: str) -> bool:
    """Whether its yes means that the code was given: just now, or before a login's address counted as its."""
    confirmed = _UNCONFIRMED in scene.guard(guard).reasons and any(
        scene.spec.accounts[name].confirm == code for name in scene.references("accounts")[guard]
    )
    return confirmed or code in judged(scene, guard)


def _asked_in_vain(scene: Scene, code: str) -> Iterator[Finding]:
    """F025: where a code is asked for it was sent, and to the address that is known now.

    Whoever is logged in as the login of this very run has got its code: it left when the login was made.
    """

    def then(way: Transition, fate: _Fate) -> _Fate:
        return _fate_after(scene, code, way, fate)

    trails = from_the_beginning(scene, _FIRST, then)
    for state, ways in scene.flow.transitions.items():
        asking = next((way for way in ways if _asks(scene, way, code)), None)
        if asking is None or _only_by_own_login(scene, asking, code):
            continue
        values = set(trails.values(state))
        words = {"state": state, "code": code, "field": scene.spec.codes[code].to}
        for fate in _VAIN:
            if fate in values:
                path = trails.told(state, fate)
                yield scene.found(f"F025:{fate}", scene.place(asking), path=path, **words)


def _only_by_own_login(scene: Scene, way: Transition, code: str) -> bool:
    own = {name for name, account in scene.spec.accounts.items() if account.confirm == code}
    accounts = scene.references("accounts")
    here = [name for name in agreed(scene, way) if LOGGED_OUT in scene.guard(name).reasons]
    return any(own & accounts[name] for name in here)


def _never_asked(scene: Scene, code: str) -> Iterator[Finding]:
    """F024: what was sent to prove something is asked for before it counts as done."""

    def then(way: Transition, fate: _Fate) -> _Fate:
        return _fate_after(scene, code, way, fate)

    trails = from_the_beginning(scene, _FIRST, then)
    for name, state in scene.spec.states.items():
        values = [each for each in trails.values(name) if each in {"sent", "changed"}]
        if state.end == "success" and values:
            path = min((trails.told(name, value) for value in values), key=len)
            yield scene.found("F024", ("states", name), code=code, end=name, path=path)


def _required(scene: Scene, state: str) -> Iterator[Finding]:
    """F026: every way to a state passes a yes of each guard it requires."""
    for number, guard in enumerate(scene.spec.states[state].requires):

        def then(way: Transition, passed: bool, guard: str = guard) -> bool:
            return passed or guard in agreed(scene, way)

        trails = from_the_beginning(scene, False, then)
        if False in trails.values(state):
            place = ("states", state, "requires", number)
            path = trails.told(state, False)
            yield scene.found("F026", place, state=state, guard=guard, path=path)
