"""The names of facts: what guards' and effects' models tell each other about a way.

- `field NAME`: `given`, or `perhaps` where nobody has looked yet; unanswered fields have no fact.
- `code NAME`: `ordered` (perhaps none was sent), `there`, `expired`, `ended` (closed by another run), `dead`
  (no tries left), `used`. `tries NAME`: wrong ones given of it. `older NAME`, `used NAME`: `yes` when the
  run has an older code that was replaced, or one that was used. `fresh NAME`: `yes` when it was sent to who
  is logged in, and outlives the login. `barred NAME`: `yes` when its address has no tries left in any run;
  `lapsed NAME`: when a code went out of date that outlives such failures.
- `link NAME`: `ordered`; `uses NAME`: how often its button was pressed.
- `sent NAME`: messages with the code or link within the span that caps them; `full NAME`: `yes` when others
  have used the cap up.
- `login NAME`: `made` by this run, `confirmed`. `known NAME`: `there` or `gone`, as last seen.
  `in NAME`: `yes` while logged in to the portal by it.
- `WORD of FIELD` is forgotten when FIELD is typed anew; `now WORD` holds for one step only.
- `problem FIELD`, in a path that was recorded: the code with which the field's answer was refused.
- `now trigger`: the trigger being decided. `by link`: the next step belongs to the same press of a link.
"""

from collections.abc import Iterable

from app.flow.definition import Flow
from app.flow.paths.model import Facts

TRIGGER = "now trigger"
LOGGED_IN = "now logged in"
PROBLEM = "problem "
BY_LINK = "by link"
OPEN_LINK = "open_link"


def merged(facts: Facts, newer: Facts) -> dict[str, str]:
    """`facts` with `newer` ones over them; an empty text takes a fact away."""
    return {name: value for name, value in {**facts, **newer}.items() if value}


def learnt(facts: Facts, newer: Facts) -> dict[str, str]:
    """What an answer makes known within its own step: what was open before, and what holds just now."""
    at_once = {
        name: value
        for name, value in newer.items()
        if name.startswith("now ") or facts.get(name) == "perhaps"
    }
    return merged(facts, at_once)


def lasting(facts: Facts) -> dict[str, str]:
    """The facts that outlive a step."""
    return {name: value for name, value in facts.items() if not name.startswith("now ")}


def number(facts: Facts, name: str) -> int:
    """The number that a fact holds, 0 without it."""
    return int(facts.get(name, "0"))


def typed_anew(facts: Facts, fields: Iterable[str]) -> dict[str, str]:
    """The facts when a page's fields have just been posted: each may hold an answer or not."""
    names = set(fields)
    kept = {
        name: value
        for name, value in facts.items()
        if name.rpartition(" of ")[2] not in names or " of " not in name
    }
    return {**kept, **{f"field {name}": "perhaps" for name in fields}}


def nothing_kept(facts: Facts) -> dict[str, str]:
    """The facts once all answers are let go of."""
    return {
        name: value for name, value in facts.items() if not name.startswith("field ") and " of " not in name
    }


def is_given(facts: Facts, field: str) -> bool | None:
    """Whether the field has an answer; None while nobody knows."""
    return {None: False, "given": True, "perhaps": None}[facts.get(f"field {field}")]


def submits(flow: Flow, state: str, facts: Facts) -> bool:
    """Whether the step posts the page's answers: only its first trigger does."""
    return bool(flow.state(state).fields) and facts.get(TRIGGER) == flow.triggers(state)[0]
