"""Comparing what came of a step with what the scenario says."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from app.flow.verdict import Problem
from app.scenarios.came import Came
from app.scenarios.codes import is_for
from app.scenarios.failed import Failed
from app.scenarios.spec import EXPECTATIONS, Message, Step
from app.store.inbox import Message as Sent


def compare(step: Step, came: Came) -> None:
    """Raises Failed at the first expectation that did not come true."""
    for key in EXPECTATIONS:
        expected = getattr(step, key)
        if expected is not None and (what := _COMPARED[key](expected, came)):
            raise Failed(key, what)


def _state(expected: str, came: Came) -> str | None:
    if came.state == expected:
        return None
    why = f"; reasons: {came.reasons}" if came.reasons else ""
    begun = "" if came.run else " (nothing has begun)"
    return f"stands at {came.state}{begun}, expected {expected}{why}"


def _says(expected: str, came: Came) -> str | None:
    return _said("says", expected, came.run.said if came.run else None, came)


def _tells(expected: str, came: Came) -> str | None:
    return _said("tells", expected, came.run.told if came.run else None, came)


def _said(verb: str, expected: str, said: str | None, came: Came) -> str | None:
    return None if said == expected else f"{came.state} {verb} {said or 'nothing'}, expected {expected}"


def _problems(expected: Mapping[str, str | list[str]], came: Came) -> str | None:
    found: tuple[Problem, ...] = came.run.problems if came.run else ()
    there = sorted((str(each.field), each.code) for each in found)
    wanted = sorted((name, code) for name, given in expected.items() for code in _each(given))
    return None if there == wanted else f"problems are {_list(there)}, expected {_list(wanted)}"


def _each(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else given


def _list(problems: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{field}: {code}" for field, code in problems) or "none"


def _message(expected: Message | list[Message], came: Came) -> str | None:
    for each in expected if isinstance(expected, list) else [expected]:
        lacking = [list(_lacking(each, sent, came)) for sent in came.messages]
        if [] not in lacking:
            nearest = min(lacking, key=len, default=None)
            if nearest is None:
                return f"no message went out, expected one by {each.channel}"
            return f"no message as expected; the nearest {', '.join(nearest)}"
    return None


def _lacking(expected: Message, sent: Sent, came: Came) -> Iterator[str]:
    if sent.channel != expected.channel:
        yield f"went by {sent.channel}, expected {expected.channel}"
    if expected.to is not None and not is_for(came.flow, sent, expected.to):
        yield f"went to {sent.to}, expected {expected.to}"
    if expected.subject is not None and expected.subject not in sent.subject:
        yield f"has the subject '{sent.subject}', expected '{expected.subject}' in it"
    for words in _each(expected.contains):
        if words not in sent.text:
            yield f"reads '{' '.join(sent.text.split())}', expected '{words}' in it"


def _no_message(_expected: bool, came: Came) -> str | None:
    sent = ", ".join(f"{each.channel} to {each.to}" for each in came.messages)
    return f"there went {sent}, expected no message" if sent else None


def _ended(expected: str, came: Came) -> str | None:
    end = came.flow.state(came.state).end
    if end == expected:
        return None
    return f"{came.state} {f'ends as {end}' if end else 'is no end'}, expected to end as {expected}"


def _resting(expected: bool, came: Came) -> str | None:
    if came.resting is expected:
        return None
    return f"the page {'offers' if came.resting else 'does not offer'} to continue"


def _link(expected: str, came: Came) -> str | None:
    return None if came.fate == expected else f"the link is {came.fate or 'not open'}, expected {expected}"


def _handed_over(expected: bool, came: Came) -> str | None:
    if came.handed_over is expected:
        return None
    return f"the card was {'' if came.handed_over else 'not '}handed over"


def _portal(expected: str, came: Came) -> str | None:
    return None if came.portal == expected else f"the portal is '{came.portal}', expected '{expected}'"


_COMPARED: Mapping[str, Callable[[Any, Came], str | None]] = {
    "then": _state,
    "says": _says,
    "tells": _tells,
    "problems": _problems,
    "message": _message,
    "no_message": _no_message,
    "ended": _ended,
    "resting": _resting,
    "link": _link,
    "handed_over": _handed_over,
    "portal": _portal,
}
