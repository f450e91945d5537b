"""F020, F021, F023, N002, N005: codes cannot be tried, sent or guessed without end, and work once."""

from collections.abc import Iterator
from datetime import timedelta

from app.flow.definition import Transition
from app.flow.findings import Finding
from app.flow.lint.scene import Scene
from app.flow.lint.stepping import SEND
from app.flow.spec import CodeSpec, SendPolicy

#: The guard that judges a code, and the effect after which it is never right again.
RIGHT, USE = "code_right", "use_code"

#: Six digits (C10), or four of 32 letters and digits.
FEWEST_CODES = 1_000_000
_ALPHABETS = {"digits": 10, "letters and digits": 32}


def check(scene: Scene) -> Iterator[Finding]:
    """What a stranger, or a person pressing a button again and again, could do with codes and links."""
    for name, code in scene.spec.codes.items():
        yield from _code(scene, name, code)
    for ways in scene.flow.transitions.values():
        for way in ways:
            yield from _sent_again(scene, way)
            yield from _used_once(scene, way)


def _code(scene: Scene, name: str, code: CodeSpec) -> Iterator[Finding]:
    place = ("codes", name)
    if code.tries is None:
        yield scene.found("F020", place, code=name)
    if code.valid is None:
        yield scene.found("F023:missing", place, code=name)
    elif not any(span is None or code.valid <= span for span in _spans(scene)):
        yield scene.found("F023:longer", (*place, "valid"), code=name)
    count = possibilities(code)
    if count < FEWEST_CODES:
        yield scene.found("N002", place, code=name, count=count)


def possibilities(code: CodeSpec) -> int:
    """How many different inputs the typed part of a code has."""
    return int(_ALPHABETS[code.alphabet] ** code.typed_length)


def _spans(scene: Scene) -> Iterator[timedelta | None]:
    """How long a run may wait, in all and in each state; None is for ever."""
    yield scene.spec.lifetime.absolute
    for state in scene.spec.states.values():
        if isinstance(state.lifetime, timedelta) or state.lifetime == "none":
            yield state.lifetime if isinstance(state.lifetime, timedelta) else None


def _sent_again(scene: Scene, way: Transition) -> Iterator[Finding]:
    """F021: a step that sends and stays may be repeated at once, unless a guard asks whether it is time."""
    policies: dict[str, SendPolicy] = {**scene.spec.codes, **scene.spec.links}
    sent = [order.argument for order in way.effects if order.effect == SEND and order.argument in policies]
    if way.dest != way.source:
        return
    for name in sent:
        assert name is not None
        if not policies[name].resend_after:
            yield scene.found("F021:pause", scene.place(way), name=name, state=way.source)
        elif name not in _asked_about(scene, way):
            yield scene.found("F021:asks", scene.place(way), way=way.id, name=name)


def _asked_about(scene: Scene, way: Transition) -> set[str]:
    """The codes and links that the guards which must say yes ask about."""
    about = [scene.references("codes"), scene.references("links")]
    agreed = [c.guard for c in way.conditions if c.wanted == "yes" and not c.negated]
    return {name for each in about for guard in agreed for name in each[guard]}


def _used_once(scene: Scene, way: Transition) -> Iterator[Finding]:
    """N005 (S22): whoever gives the right code uses it up, and nothing else does."""
    about = scene.references("codes")
    right = [c.guard for c in way.conditions if c.wanted == "yes" and not c.negated]
    judged = {name for guard in right if scene.guard(guard).name == RIGHT for name in about[guard]}
    used = {order.argument or "" for order in way.effects if order.effect == USE}
    for rule, names in (("N005:again", judged - used), ("N005:unasked", used - judged)):
        for name in sorted(names):
            yield scene.found(rule, scene.place(way), way=way.id, code=name)
