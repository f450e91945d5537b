"""How the page of a state may stand, every situation of it, found in the definition: nothing is provoked.

What may be wrong with an answer is told by its field type and by the guards that are asked on a way to the
page; what a page may say, by the ways that lead to it; in which moments it differs, by its kind.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from app.flow.catalogue import Catalogue
from app.flow.definition import FORM_VALID, Flow, Transition
from app.forms import invent
from app.step.then import Then

Sort = Literal["moment", "filled", "errors", "error", "said", "told", "end"]

#: The ends that people are led to against their will, wherever they stand.
_ENDS = ("locked", "expired")
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # which moments there are does not hang on it


@dataclass(frozen=True)
class Wrong:
    """Something to mend: a field, or a code of it, and which guard says so."""

    field: str
    code: str
    guard: str


@dataclass(frozen=True)
class Situation:
    """One picture of one page. `key` names it in addresses; `state` is the page shown.

    `moment` is its kind's; `wrong` is what is to be mended, `said` and `told` what the way here says;
    `chosen` are answers that questions depend on; `by` is the way that leads here, `state.id`.
    """

    key: str
    sort: Sort
    state: str
    moment: str
    filled: bool = False
    wrong: tuple[Wrong, ...] = ()
    said: str | None = None
    told: str | None = None
    chosen: tuple[tuple[str, str], ...] = ()
    by: str = ""


def situations(flow: Flow, state: str, catalogue: Catalogue) -> tuple[Situation, ...]:
    """Every situation of the page of `state`, the usual ones first; a state whose kind leads elsewhere
    has them too, and no page to be drawn in them."""
    usual = _usual(flow, state, catalogue)
    found = [
        *_moments(flow, state, catalogue),
        *_filled(flow, state, usual),
        *_errors(flow, state, catalogue, usual),
        *_words(flow, state, usual),
        *_ends(flow, state, catalogue),
    ]
    return tuple(
        {each.key: each for each in reversed(found)}[key] for key in dict.fromkeys(f.key for f in found)
    )


def moments_of(flow: Flow, state: str, catalogue: Catalogue, now: datetime) -> Mapping[str, Then]:
    """The moments of the state's kind by name, the usual one first."""
    kind = catalogue.kinds[flow.state(state).kind]
    told: Mapping[str, Then] = kind.moments(flow, flow.kind_options[state], now) if kind.moments else {}
    return told or {"plain": Then()}


def _usual(flow: Flow, state: str, catalogue: Catalogue) -> str:
    return next(iter(moments_of(flow, state, catalogue, _ANY_DAY)))


def _moments(flow: Flow, state: str, catalogue: Catalogue) -> Iterator[Situation]:
    if catalogue.kinds[flow.state(state).kind].name == "reasons":
        return  # such a page is made of problems alone
    for name in moments_of(flow, state, catalogue, _ANY_DAY):
        yield Situation(name, "moment", state, name)


def _filled(flow: Flow, state: str, moment: str) -> Iterator[Situation]:
    """Answered, once for each answer that decides what else is asked."""
    fields = flow.state(state).fields
    if not any(_is_shown_back(flow, field) for field in fields):
        return
    yield Situation("filled", "filled", state, moment, filled=True)
    deciding = {pair for field in fields for pair in invent.question_of(flow, field).when.items()}
    for field, answer in sorted(deciding):
        yield Situation(
            f"filled.{field}.{answer}", "filled", state, moment, filled=True, chosen=((field, answer),)
        )


def _is_shown_back(flow: Flow, field: str) -> bool:
    return flow.spec.fields[field].data_class != "secret" and not invent.question_of(flow, field).secret


def _errors(flow: Flow, state: str, catalogue: Catalogue, moment: str) -> Iterator[Situation]:
    ways = [(way, wrong) for way in _ways_to(flow, state) for wrong in _wrong_on(flow, way, catalogue)]
    shows_all = flow.state(state).kind == "reasons"
    here = flow.state(state).fields
    by_guard: dict[str, list[tuple[Transition, Wrong]]] = {}
    for way, wrong in ways:
        if shows_all or (wrong.field in here and way.say is None):
            by_guard.setdefault(wrong.guard, []).append((way, wrong))
    for guard, found in by_guard.items():
        together = tuple(_together(flow, guard, [wrong for _, wrong in found]))
        if len(together) > 1:
            way = found[0][0]
            key = "errors" if guard == FORM_VALID else f"errors.{guard}"
            yield _situation(flow, state, moment, way, together, key, "errors")
    for way, wrong in (pair for found in by_guard.values() for pair in found):
        yield _situation(flow, state, moment, way, (wrong,), f"error.{wrong.field}.{wrong.code}", "error")


def _situation(
    flow: Flow, state: str, moment: str, way: Transition, wrong: tuple[Wrong, ...], key: str, sort: Sort
) -> Situation:
    chosen = tuple(pair for each in wrong for pair in invent.question_of(flow, each.field).when.items())
    return Situation(
        key, sort, state, moment, filled=True, wrong=wrong, chosen=chosen, by=f"{way.source}.{way.id}"
    )


def _together(flow: Flow, guard: str, wrong: list[Wrong]) -> Iterator[Wrong]:
    """What one step can find wrong at once: one reason a field where the form says so, else all of a guard.

    Of fields that are asked by turns, those of the first turn; of an answer on which others depend, nothing.
    """
    if guard != FORM_VALID:
        yield from wrong
        return
    first = {each.field: each for each in reversed(wrong)}
    asked = dict.fromkeys(each.field for each in wrong)
    deciding = {name for field in asked for name in invent.question_of(flow, field).when}
    chosen: dict[str, str] = {}
    for field in asked:
        when = invent.question_of(flow, field).when
        if field not in deciding and all(
            chosen.setdefault(name, answer) == answer for name, answer in when.items()
        ):
            yield first[field]


def _ways_to(flow: Flow, state: str) -> list[Transition]:
    """The ways that lead to the state; Back forgets what was wrong."""
    return [
        way
        for ways in flow.transitions.values()
        for way in ways
        if way.dest == state and way.trigger != "back"
    ]


def _wrong_on(flow: Flow, way: Transition, catalogue: Catalogue) -> Iterator[Wrong]:
    """What the guards may have found wrong by the time this way is taken."""
    before: list[Transition] = []
    for other in flow.ways(way.source, way.trigger):
        before.append(other)
        if other is way:
            break
    asked = dict.fromkeys(condition.guard for each in before for condition in each.conditions)
    for guard in asked:
        for field, code in _problems(flow, way, guard, catalogue):
            if _may_be_no(before, guard, code):
                yield Wrong(field, code, guard)


def _may_be_no(tried: list[Transition], guard: str, code: str) -> bool:
    """Whether the guard may have said no with this code, and yet only the last of these ways fitted."""
    *earlier, last = tried
    if any(c.guard == guard and not c.fits("no", code) for c in last.conditions):
        return False
    return not any(
        way.conditions and all(c.guard == guard and c.fits("no", code) for c in way.conditions)
        for way in earlier
    )


def _problems(flow: Flow, way: Transition, guard: str, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    use = flow.guards[guard]
    if use.guard == FORM_VALID:
        for field in flow.state(way.source).fields:
            spec = flow.spec.fields[field]
            reasons = catalogue.field_types[spec.type].reasons
            yield from ((field, code) for code in reasons if not (spec.optional and code == "required"))
    elif told := catalogue.guards[use.guard].problems:
        yield from told(use.options)


def _words(flow: Flow, state: str, moment: str) -> Iterator[Situation]:
    """What the ways here say is wrong, or tell besides."""
    shown = bool(flow.state(state).fields)
    for way in _ways_to(flow, state):
        by = f"{way.source}.{way.id}"
        if way.say:
            yield Situation(f"say.{way.say}", "said", state, moment, filled=shown, said=way.say, by=by)
        if way.tell:
            yield Situation(f"tell.{way.tell}", "told", state, moment, told=way.tell, by=by)


def _ends(flow: Flow, state: str, catalogue: Catalogue) -> Iterator[Situation]:
    """The pages of people who are locked out here, or whose time is over."""
    for way in flow.transitions[state]:
        end = flow.state(way.dest).end
        if end in _ENDS and way.dest != state:
            moment = _usual(flow, way.dest, catalogue)
            yield Situation(f"end.{way.dest}", "end", way.dest, moment, by=f"{way.source}.{way.id}")
