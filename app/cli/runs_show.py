"""`narthex runs show`: one run step by step, and on request why each step went where it went."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import click

from app.cli import common
from app.flow.aside import Aside
from app.flow.definition import Flow
from app.flow.replay.why import Tried, answer_in_words, why
from app.flow.trace import Recorded
from app.runner.house import House
from app.runner.replaying.replay import NoSuchRun, run_named
from app.runner.story import Story, story
from app.store.replaying import looking

_IN_WORDS = {
    "duplicate": "the same post came again",
    "stale": "a post of an earlier page came",
    "late": "a post came too late",
    "refused": "something else was posted",
    "continued": "its owner went on with it",
}


@click.command()
@click.argument("run")
@click.option("--why", "with_why", is_flag=True, help="Tell of every way whether it was taken, and why not.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(run: str, with_why: bool, as_json: bool) -> None:
    """Show RUN: its id, the beginning of it, or the reference that applicants read out, like 7kqm-2xrd.

    Ends with 0: shown, 2: there is no such run, or one of its records cannot be read.
    """
    house = common.looking_house()
    try:
        told = _story(house, run)
    except NoSuchRun as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    finally:
        house.database.close()
    if as_json:
        click.echo(json.dumps(_plain(told, with_why), ensure_ascii=False, indent=2))
    else:
        common.say("\n".join(_lines(told, with_why)))
    if told.broken is not None:
        common.say(f"{told.broken}; `narthex runs verify {told.run}` says more.", err=True)
    sys.exit(2 if told.broken else 0)


def _story(house: House, named: str) -> Story:
    with looking(house.database) as connection:
        run = run_named(connection, named)
    told = story(house, run)
    assert told is not None, "it was just found"
    return told


def _lines(told: Story, with_why: bool) -> Iterator[str]:
    how = "ended" if told.ended else "open"
    yield f"{told.run}  {told.reference}  {told.name} {told.number}  {told.state} ({how})"
    if told.flow is None:
        yield "Its definition does not load with this program, so nothing can be told of the ways not taken."
    before: datetime | None = None
    for recorded in told.records:
        yield _head(recorded, before)
        yield from (f"       {line}" for line in _below(recorded, told.flow_of(recorded), with_why))
        yield from (f"       {_aside(each)}" for each in told.asides if each.seq == recorded.seq)
        before = recorded.occurred


def _head(r: Recorded, before: datetime | None) -> str:
    gap = f"+{_span(r.occurred - before)}" if before else f"{r.occurred:%Y-%m-%d %H:%M:%S} UTC"
    what = f"{r.state}  {r.trigger}" + (f"  '{r.chosen}'" if r.chosen else "")
    if r.moves:
        what = f"{r.state}  moved to version {r.number}"
    leads = f"stays: {r.to}" if r.to == r.state else f"-> {r.to}"
    by = "" if r.actor == "applicant" else f", by the {r.actor}"
    return f"{r.seq:>4}  {gap:<10} {what}  {leads}  (page {r.kind}, {r.lang}{by})"


def _below(r: Recorded, flow: Flow | None, with_why: bool) -> Iterator[str]:
    yield from (f"{each.guard} answered {answer_in_words(each)}" for each in r.judged)
    yield from (f"asked {name} ({n}): '{answer}' after {ms} ms" for name, n, answer, ms in r.checks)
    if r.effects:
        yield "ordered " + ", ".join(f"{name} ({status})" for name, status in r.effects)
    if r.errors:
        yield "the page said " + ", ".join(r.errors)
    if with_why and flow is not None:
        yield from (f"- {way.sentence}" for way in why(flow, r).ways)


def _aside(aside: Aside) -> str:
    trigger = f" ({aside.trigger})" if aside.trigger else ""
    return f"beside it, {aside.at:%H:%M:%S}: {_IN_WORDS[aside.kind]}{trigger}"


def _span(span: timedelta) -> str:
    """`340 ms`, `12.4 s`, `5 min 3 s`, `25 h 1 min`."""
    seconds = span.total_seconds()
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _plain(told: Story, with_why: bool) -> dict[str, Any]:
    return {
        "run": told.run,
        "reference": told.reference,
        "flow": told.name,
        "version": told.number,
        "state": told.state,
        "ended": told.ended,
        "steps": [_step(each, told.flow_of(each) if with_why else None) for each in told.records],
        "asides": [
            {"kind": each.kind, "at": each.at.isoformat(), "seq": each.seq, "trigger": each.trigger}
            for each in told.asides
        ],
    }


def _step(r: Recorded, flow: Flow | None) -> dict[str, Any]:
    step: dict[str, Any] = {
        "seq": r.seq,
        "type": r.type,
        "at": r.occurred.isoformat(),
        "actor": r.actor,
        "state": r.state,
        "trigger": r.trigger,
        "version": r.number,
        "chosen": r.chosen,
        "to": r.to,
        "outcome": r.outcome,
        "page": {"kind": r.kind, "lang": r.lang, "errors": list(r.errors)},
        "guards": [{"guard": each.guard, "answer": each.answer, "reason": each.reason} for each in r.judged],
        "effects": [{"effect": name, "status": status} for name, status in r.effects],
    }
    return {**step, "ways": [_way(way) for way in why(flow, r).ways]} if flow is not None else step


def _way(way: Tried) -> dict[str, str]:
    return {"id": way.id, "dest": way.dest, "fate": way.fate, "sentence": way.sentence}
