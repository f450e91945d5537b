"""What a single step makes known, proves and sends, by the words of its conditions and effects."""

from collections.abc import Iterator

from app.flow.definition import FORM_VALID, Condition, EffectOrder, Transition
from app.flow.lint.scene import Scene

#: The effect that leaves a message; others that name a link or code send nothing.
SEND = "send"

#: By these reasons of theirs guards are known: for judging what was typed, for asking whether there is an
#: answer at all, for asking whether somebody is logged in as the login of this very run.
WRONG, UNANSWERED, LOGGED_OUT = "wrong", "unanswered", "logged_out"


def agreed(scene: Scene, way: Transition) -> list[str]:
    """The guards that have said yes when `way` is taken: its own, and those whose refusal alone is enough
    for a way above it."""
    own = [c.guard for c in way.conditions if _is_yes(c)]
    above = (each for each in scene.flow.ways(way.source, way.trigger))
    passed: list[str] = []
    for each in above:
        if each is way:
            break
        if len(each.conditions) == 1 and _is_refusal(scene, each.conditions[0]):
            passed.append(each.conditions[0].guard)
    return [*passed, *own]


def _is_yes(condition: Condition) -> bool:
    return condition.wanted == "yes" and not condition.negated


def _is_refusal(scene: Scene, condition: Condition) -> bool:
    """Whether a way with this condition alone takes everything but a yes."""
    if condition.negated:
        return condition.wanted == "yes"
    return condition.wanted == "no" and not scene.guard(condition.guard).may_be_unavailable


def judged(scene: Scene, guard: str) -> set[str]:
    """The codes of which the guard judges what was typed."""
    return scene.references("codes")[guard] if WRONG in scene.guard(guard).reasons else set()


def proven(scene: Scene, way: Transition) -> bool:
    """Whether whoever takes `way` holds what was sent to the owner, or is logged in."""
    if way.trigger == "open_link":
        return True
    return any(judged(scene, name) or LOGGED_OUT in scene.guard(name).reasons for name in agreed(scene, way))


def posted(scene: Scene, way: Transition) -> set[str]:
    """The fields typed with the step: those of the page, if its own button is pressed, all in form."""
    malformed = any(c.guard == FORM_VALID and not _is_yes(c) for c in way.conditions)
    if malformed or way.trigger != scene.flow.triggers(way.source)[0]:
        return set()
    return set(scene.flow.state(way.source).fields)


def kept(scene: Scene, guard: str) -> set[str]:
    """The fields that the guard itself fills in when it says yes, out of a register say."""
    use = scene.flow.guards[guard]
    model = scene.guard(guard).model
    if model is None or use.guard == FORM_VALID:
        return set()
    outcomes = [each for each in model(use, scene.flow, scene.spec.initial, {}) if each.answer == "yes"]
    facts = {name: value for each in outcomes for name, value in each.facts.items() if value}
    return {name.removeprefix("field ") for name in facts if name.startswith("field ")}


def sent(scene: Scene, way: Transition) -> Iterator[str]:
    """The codes and links that leave with the step, those among them that make a login."""
    for order in way.effects:
        if order.effect == SEND and order.argument:
            yield order.argument
        else:
            yield from _sent_besides(scene, order)


def _sent_besides(scene: Scene, order: EffectOrder) -> Iterator[str]:
    model = scene.catalogue.effects[order.effect].model
    facts = model(order, scene.flow, {}) if model else {}
    for name, value in facts.items():
        if name.startswith("code ") and value in {"ordered", "there"}:
            yield name.removeprefix("code ")
