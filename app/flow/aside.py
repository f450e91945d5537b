"""Asides: what was sent to a run and took no step. They stand beside the journal, in a chain of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from app.flow.record import chain, utc
from app.flow.trace import parsed

VERSION = 1

#: `duplicate`: the same post again, answered with its first result; `stale`: from a page of another step;
#: `late`: the run was resting or over; `refused`: a trigger, field or state the page has not; `continued`:
#: its owner went on with a run that rested.
AsideKind = Literal["duplicate", "stale", "late", "refused", "continued"]


@dataclass(frozen=True)
class Aside:
    """One such post: `number` counts from 1 in its run; `seq` is the run's newest record at that time,
    `form_seq` the one its page was shown for (None: the page was not this run's).

    `state` and `trigger` are names of the run's definition, None where something else was sent; `browser` is
    the keyed mark by which the journal knows it too.
    """

    run: str
    number: int
    at: datetime
    kind: AsideKind
    seq: int
    form_seq: int | None
    state: str | None
    trigger: str | None
    browser: str | None
    env: str


def build(aside: Aside, flow: tuple[str, int], previous: str) -> dict[str, Any]:
    """The record of `aside`, hash included; `flow` is name and number of the run's version."""
    record: dict[str, Any] = {
        "v": VERSION,
        "type": "aside",
        "run": aside.run,
        "number": aside.number,
        "at": utc(aside.at),
        "flow": {"id": flow[0], "version": flow[1]},
        "env": aside.env,
        "actor": {"kind": "applicant", "ref": aside.browser},
        "seq": aside.seq,
        "form_seq": aside.form_seq,
        "state": aside.state,
        "event": aside.trigger,
        "outcome": aside.kind,
        "prev": previous,
    }
    record["hash"] = chain(record, previous)
    return record


def read(record: Mapping[str, Any]) -> Aside:
    """The stored record as a value; raises KeyError, TypeError or ValueError for one that is not whole."""
    return Aside(
        run=record["run"],
        number=record["number"],
        at=datetime.fromisoformat(record["at"]),
        kind=record["outcome"],
        seq=record["seq"],
        form_seq=record["form_seq"],
        state=record["state"],
        trigger=record["event"],
        browser=record["actor"]["ref"],
        env=record["env"],
    )


def read_text(text: str) -> Aside:
    """The stored text as a value; raises like `read`."""
    return read(parsed(text))
