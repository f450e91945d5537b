"""The desk's words for ways of a definition: when each is taken, what it orders, who names a state."""

from collections.abc import Callable

from flask_babel import gettext

from app.flow.about import Use
from app.flow.definition import FORM_VALID, Condition, Flow, Transition


def conditions(way: Transition) -> list[str]:
    """When the way is taken, a sentence for each condition; all of them must hold."""
    return [condition(each) for each in way.conditions]


def without_conditions(flow: Flow, way: Transition) -> str:
    """When a way without conditions is taken: always, or when none of those before it fits."""
    first = flow.ways(way.source, way.trigger)[0]
    return str(gettext("in any case") if first is way else gettext("otherwise"))


def condition(asked: Condition) -> str:
    """One condition."""
    if asked.guard == FORM_VALID and asked.wanted == "yes":
        return str(gettext("not all is well-formed") if asked.negated else gettext("all is well-formed"))
    said = {"guard": asked.guard, "answer": answer(asked.wanted)}
    if asked.negated:
        return str(gettext("%(guard)s does not answer “%(answer)s”", **said))
    return str(gettext("%(guard)s answers “%(answer)s”", **said))


def answer(wanted: str) -> str:
    """An answer of a guard: one of three, or a reason by its own name."""
    words: dict[str, str] = {
        "yes": gettext("yes"),
        "no": gettext("no"),
        "unavailable": gettext("nobody could be asked"),
    }
    return words.get(wanted, wanted)


def use(named: Use) -> str:
    """Who names a state besides the ways that lead to it."""
    words: dict[str, Callable[[], str]] = {
        "initial": lambda: gettext("Runs begin here."),
        "link": lambda: gettext("The link %(name)s opens this page.", name=named.name),
        "back": lambda: gettext("Back leads here from %(name)s.", name=named.name),
        "everywhere": lambda: gettext("The way %(name)s leads here from everywhere.", name=named.name),
    }
    return words[named.used_as]()


def raised_by(trigger: str) -> str:
    """Who sets off a trigger."""
    words: dict[str, str] = {"expire": gettext("the clock"), "open_link": gettext("an opened link")}
    return words.get(trigger) or str(gettext("a button"))
