"""One recorded run gone through with stand-ins for what was typed: what answers alone decide, judged anew.

Answers are not recorded, so each is replaced by one of nobody's of the same shape; the same answer of the run
by the same one. A verdict that stand-ins do not bring about again is pinned: the recorded one stays.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from app.flow.catalogue import Catalogue
from app.flow.definition import FORM_VALID, Flow
from app.flow.replay.parts import references
from app.flow.trace import Judged, Recorded
from app.flow.verdict import Problem, Verdict
from app.forms import build, invent
from app.step import Step, World
from app.store.crypto import Vault

_SEEDS = 12  # tried in turn, until one makes the same choices as were made


class AskedOutside(Exception):
    """A guard that is said to judge by answers alone asked the world; there is none in replay."""


def _refuse(*_: object) -> AbstractContextManager[Connection]:
    raise AskedOutside("replay asks nothing outside")


def _refuse_words(*_: object) -> str:
    raise AskedOutside("replay asks nothing outside")


def _refuse_rows(*_: object) -> Sequence[Mapping[str, str]]:
    raise AskedOutside("replay asks nothing outside")


@lru_cache(maxsize=1)
def no_world() -> World:
    """A world in which every question is refused."""
    return World(
        read=_refuse,
        vault=Vault((b"replay keeps nothing secret",)),
        mail_domain=_refuse_words,
        find=_refuse_rows,
        link_url=_refuse_words,
        env="preview",
    )


@dataclass(frozen=True)
class Anew:
    """A verdict judged anew: `pinned` says why stand-ins cannot tell, None where they said the same."""

    recorded: Recorded
    judged: Judged
    pinned: str | None


@dataclass
class StandIns:
    """The stand-ins of one run: by field and keyed mark what is typed, by field what is known by now."""

    typed: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Page:
    """A page filled in with stand-ins, as the forms layer read it; `typed` by field, as posted."""

    step: Step
    values: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, dict[str, str]] = field(default_factory=dict)


def judged_anew(
    of: Callable[[Recorded], Flow], catalogue: Catalogue, steps: Sequence[Recorded]
) -> Iterator[Anew]:
    """Every verdict of a pure guard in the run, judged anew in order; `of` is the definition of a record."""
    here = StandIns()
    for recorded in steps:
        if recorded.type != "transition":
            continue
        flow = of(recorded)
        page = _filled(flow, recorded, here)
        for judged in recorded.judged:
            if _is_pure(flow, catalogue, judged.guard):
                yield Anew(recorded, judged, _pinned(flow, catalogue, judged, page))
        _keep(flow, recorded, here, page)


def _is_pure(flow: Flow, catalogue: Catalogue, guard: str) -> bool:
    use = flow.guards.get(guard)
    return use is not None and catalogue.guards[use.guard].pure


def _pinned(flow: Flow, catalogue: Catalogue, judged: Judged, page: _Page | None) -> str | None:
    """Why stand-ins cannot tell; None where they bring about the same answer."""
    if page is None:
        return "no stand-ins make the same choices on this page"
    use = flow.guards[judged.guard]
    asked = {name for state in flow.spec.states.values() for name in state.fields}
    refer = references(catalogue, use)
    if unseen := [name for section, name in refer if section == "fields" and name not in asked]:
        return f"{' and '.join(unseen)} was not typed: a guard found it"
    verdict: Verdict = catalogue.guards[use.guard].ask(page.step, use.options)
    problems = tuple((problem.field, problem.code) for problem in verdict.problems)
    if (verdict.answer, verdict.reason, problems) == (judged.answer, judged.reason, judged.problems):
        return None
    return f"a stand-in gets '{verdict.reason or verdict.answer}'"


def _filled(flow: Flow, recorded: Recorded, here: StandIns) -> _Page | None:
    """The page as it was posted, with stand-ins; None where none of them make the same choices."""
    if recorded.actor == "timer" or recorded.trigger != flow.triggers(recorded.state)[0]:
        return _Page(_step(flow, recorded, here.known, ()))
    wrong = dict(_wrong(flow, recorded))
    wanted = {each.field for each in recorded.answers if each.present} - set(wrong)
    form_class = build.form_class(flow, recorded.state)
    for seed in range(_SEEDS):
        typed = _typed(flow, recorded, wrong, seed, here)
        if typed is None:
            return None
        posted: Any = {name: [text] for boxes in typed.values() for name, text in boxes.items()}
        reading = build.read(form_class(formdata=MultiDict(posted), meta={"csrf": False}), _day(recorded))
        if set(reading.values) == wanted and {p.field: p.code for p in reading.problems} == wrong:
            values = {**here.known, **reading.values}
            return _Page(_step(flow, recorded, values, reading.problems), reading.values, typed)
    return None


def _day(recorded: Recorded) -> date:
    """The day by the only time that the step knew."""
    return recorded.now_used.date()


def _wrong(flow: Flow, recorded: Recorded) -> Iterator[tuple[str, str]]:
    """The fields that were not well-formed, each with the reason."""
    for judged in recorded.judged:
        if judged.guard in flow.guards and flow.guards[judged.guard].guard == FORM_VALID:
            yield from ((name, code) for name, code in judged.problems if name)


def _typed(
    flow: Flow, recorded: Recorded, wrong: Mapping[str, str], seed: int, here: StandIns
) -> dict[str, dict[str, str]] | None:
    typed: dict[str, dict[str, str]] = {}
    for each in recorded.answers:
        if each.field in wrong:
            spoilt = invent.spoilt(flow, each.field, wrong[each.field], seed)
            if spoilt is None:
                return None
            typed[each.field] = spoilt
        elif each.present:
            kept = here.typed.get((each.field, each.mark or ""))
            typed[each.field] = kept or invent.answer(flow, each.field, seed)
    return typed


def _step(flow: Flow, recorded: Recorded, values: Mapping[str, str], problems: tuple[Problem, ...]) -> Step:
    return Step(
        flow=flow,
        run=recorded.run,
        seq=recorded.seq,
        state=recorded.state,
        trigger=recorded.trigger,
        lang=recorded.lang,
        now=recorded.now_used,
        browser="",
        network="",
        world=no_world(),
        values=dict(values),
        problems=problems,
    )


def _keep(flow: Flow, recorded: Recorded, here: StandIns, page: _Page | None) -> None:
    """What later steps know: the answers of this page, unless the way let go of all."""
    ways = flow.ways(recorded.state, recorded.trigger) if recorded.state in flow.transitions else ()
    if any(way.id == recorded.chosen and way.keep == "nothing" for way in ways):
        here.known.clear()
        return
    if page is None or not page.typed:
        return
    for each in recorded.answers:
        here.known.pop(each.field, None)
        if each.field in page.values and each.mark:
            here.known[each.field] = page.values[each.field]
            here.typed[each.field, each.mark] = dict(page.typed[each.field])
