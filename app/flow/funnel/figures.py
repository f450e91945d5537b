"""The funnel of one version as it may be shown: nothing that points at fewer than five people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.flow.definition import Flow, Transition
from app.flow.funnel.hiding import FEW, MANY, SMALLEST, Shown, sealed, share, shown
from app.flow.funnel.spans import Spans, spans
from app.flow.funnel.tally import Tally

#: How a run stands: what the definition calls its end, or under way, or left for another run.
ENDS = ("success", "refused", "locked", "expired", "cancelled", "gone", "still")

#: The trigger of the clock.
EXPIRE = "expire"


@dataclass(frozen=True)
class WayFigures:
    """One transition: how many took it, in how many steps, what part of those who stood in its state.

    `left` is how many left the state by it for good, None for a way that stays. `spans` is the time in the
    state before it, from reaching the state on.
    """

    way: Transition
    runs: Shown
    steps: int | None
    share: float | None
    left: Shown | None
    spans: Spans | None

    @property
    def name(self) -> str:
        """`state.id`, as path patterns call it."""
        return f"{self.way.source}.{self.way.id}"


@dataclass(frozen=True)
class StateFigures:
    """One state: how many reached it; of them left by `ways` for good, stand there, ended there, are gone.

    `lost` are those whom the clock took or who began anew; None where that would tell a hidden number.
    """

    name: str
    end: str | None
    reached: Shown
    ways: tuple[WayFigures, ...]
    still: Shown
    ended: Shown
    gone: Shown
    lost: int | None


@dataclass(frozen=True)
class Refused:
    """How many people a guard did not let on for this reason, and in how many steps."""

    guard: str
    reason: str
    runs: Shown
    steps: int | None


@dataclass(frozen=True)
class FieldErrors:
    """How many people filled in a field wrongly so, and in which part of the forms sent with it."""

    field: str
    code: str
    lang: str
    runs: Shown
    steps: int | None
    asked: int | None
    rate: float | None


@dataclass(frozen=True)
class Figures:
    """All there is to show of one version; `left_out` counts runs that could not be counted."""

    flow: Flow
    runs: Shown
    ends: Mapping[str, Shown]
    success: float | None
    to_success: Spans | None
    states: tuple[StateFigures, ...]
    refused: tuple[Refused, ...]
    fields: tuple[FieldErrors, ...]
    left_out: int

    def way(self, name: str) -> WayFigures | None:
        """The way called `state.id`; None where this version has none."""
        return next((way for state in self.states for way in state.ways if way.name == name), None)


def figures(tally: Tally, left_out: int = 0) -> Figures:
    """What was counted, as it may be shown."""
    runs, parts = sealed([tally.ends[end] for end in ENDS])
    ends = dict(zip(ENDS, parts, strict=True))
    enough = tally.ends["success"] >= SMALLEST
    return Figures(
        flow=tally.flow,
        runs=runs,
        ends=ends,
        success=share(ends["success"], runs),
        to_success=spans(tally.to_success) if enough else None,
        states=tuple(_state(tally, name) for name in tally.flow.spec.states),
        refused=_refused(tally),
        fields=_fields(tally),
        left_out=left_out + tally.broken,
    )


def _state(tally: Tally, name: str) -> StateFigures:
    ways = tally.flow.transitions[name]
    leaving = [way for way in ways if way.dest != name]
    told = [tally.left[name, f"{name}.{way.id}"] for way in leaving]
    told += [tally.left[name, how] for how in ("still", "ended", "gone")]
    reached, parts = sealed(told)
    left = dict(zip([way.id for way in leaving], parts, strict=False))
    still, ended, gone = parts[-3:]
    lost = [gone, *(left[way.id] for way in leaving if way.trigger == EXPIRE)]
    return StateFigures(
        name=name,
        end=tally.flow.state(name).end,
        reached=reached,
        ways=tuple(_way(tally, way, reached, left.get(way.id)) for way in ways),
        still=still,
        ended=ended,
        gone=gone,
        lost=_added(lost),
    )


def _added(parts: list[Shown]) -> int | None:
    numbers = [part.number for part in parts if part.number is not None]
    return sum(numbers) if len(numbers) == len(parts) else None


def _way(tally: Tally, way: Transition, reached: Shown, left: Shown | None) -> WayFigures:
    name = f"{way.source}.{way.id}"
    runs = tally.taken[name]
    # Who left by it took it: the one number must not tell what the other hides.
    told = MANY if runs >= SMALLEST and MANY in {left, reached} else FEW if reached == FEW else shown(runs)
    return WayFigures(
        way=way,
        runs=told,
        steps=tally.taken_steps[name] if told.number is not None else None,
        share=share(told, reached),
        left=left,
        spans=spans(tally.spans[name]) if runs >= SMALLEST else None,
    )


def _refused(tally: Tally) -> tuple[Refused, ...]:
    told = [
        Refused(guard, reason, shown(runs), tally.refused_steps[guard, reason] if runs >= SMALLEST else None)
        for (guard, reason), runs in tally.refused.items()
    ]
    return tuple(sorted(told, key=lambda each: (each.guard, -(each.runs.number or 0), each.reason)))


def _fields(tally: Tally) -> tuple[FieldErrors, ...]:
    told = [_errors(tally, *key) for key in tally.wrong]
    return tuple(sorted(told, key=lambda each: (each.field, each.lang, -(each.rate or 0), each.code)))


def _errors(tally: Tally, lang: str, field: str, code: str) -> FieldErrors:
    runs = tally.wrong[lang, field, code]
    # A post that could not be read whole may be wrong in a field it was not seen to ask for.
    asked = tally.asked_steps[lang, field] if tally.asked[lang, field] >= SMALLEST else None
    steps = tally.wrong_steps[lang, field, code] if runs >= SMALLEST else None
    rate = steps / asked if steps is not None and asked else None
    return FieldErrors(field, code, lang, shown(runs), steps, asked, rate)


def plain(told: Figures) -> dict[str, Any]:
    """The same for programs; a hidden number is told as it is shown."""
    return {
        "flow": told.flow.name,
        "version": told.flow.number,
        "runs": _number(told.runs),
        "ends": {end: _number(number) for end, number in told.ends.items()},
        "success": told.success,
        "seconds_to_success": _seconds(told.to_success),
        "states": [
            {
                "state": state.name,
                "reached": _number(state.reached),
                "still": _number(state.still),
                "ended": _number(state.ended),
                "gone": _number(state.gone),
                "lost": state.lost,
                "ways": [
                    {
                        "way": way.name,
                        "to": way.way.dest,
                        "runs": _number(way.runs),
                        "steps": way.steps,
                        "share": way.share,
                        "left": _number(way.left) if way.left else None,
                        "seconds": _seconds(way.spans),
                    }
                    for way in state.ways
                ],
            }
            for state in told.states
        ],
        "refused": [
            {"guard": each.guard, "reason": each.reason, "runs": _number(each.runs), "steps": each.steps}
            for each in told.refused
        ],
        "fields": [
            {
                "field": each.field,
                "code": each.code,
                "lang": each.lang,
                "runs": _number(each.runs),
                "wrong": each.steps,
                "asked": each.asked,
                "rate": each.rate,
            }
            for each in told.fields
        ],
        "left_out": told.left_out,
    }


def _number(told: Shown) -> int | str:
    return str(told) if told.number is None else told.number


def _seconds(told: Spans | None) -> dict[str, int] | None:
    if told is None:
        return None
    return {"median": int(told.median.total_seconds()), "p90": int(told.most.total_seconds())}
