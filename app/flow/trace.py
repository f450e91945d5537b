"""Reading the journal back: a stored record, of whatever schema, as replay, search and QA's pages see it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.flow.record import MOVED, VERSION, canonical
from app.flow.verdict import Answer, Count


class BadRecord(Exception):
    """A stored record cannot be read; `run` and `seq` say which, the text what is wrong with it."""

    def __init__(self, run: str, seq: int, what: str) -> None:
        super().__init__(f"run {run}, record {seq}: {what}")
        self.run, self.seq, self.what = run, seq, what


@dataclass(frozen=True)
class Judged:
    """A guard that was asked, what it answered and by which numbers. `problems` are (field, code)."""

    guard: str
    answer: Answer
    reason: str | None = None
    problems: tuple[tuple[str | None, str], ...] = ()
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True)
class Answered:
    """What the journal knows of a field's answer: its class, shape and keyed mark, never the answer."""

    field: str
    data_class: str
    present: bool
    valid: bool
    length: str
    mark: str | None


@dataclass(frozen=True)
class Recorded:
    """One record of a run, upcast to today's schema.

    `type` is `run.started`, `transition`, `note` or `run.ended`; `chosen` the id of the transition taken,
    None where none was; `effects` are (name, status); `checks` (name, n, answer, milliseconds); `errors` the
    codes the page showed; `guards_code` and `app` say which code decided.
    """

    run: str
    seq: int
    type: str
    occurred: datetime
    now_used: datetime
    flow: str
    number: int
    digest: str
    app: str
    guards_code: str
    actor: str
    actor_ref: str | None
    parent: str | None
    state: str
    trigger: str
    chosen: str | None
    to: str
    outcome: str
    judged: tuple[Judged, ...]
    effects: tuple[tuple[str, str], ...]
    checks: tuple[tuple[str, int, str, int], ...]
    charges: Mapping[str, tuple[str, ...]]
    answers: tuple[Answered, ...]
    kind: str
    lang: str
    texts: str
    errors: tuple[str, ...]
    note: str | None

    @property
    def moves(self) -> bool:
        """Whether staff moved the run here to another version, the record's own."""
        return self.type == "note" and self.note == MOVED


def upcast(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record in today's schema; the given one stays as it is. Raises BadRecord for a newer schema."""
    version = record.get("v")
    if version == VERSION:
        return dict(record)
    if version == 1:
        return _from_1(record)
    raise _bad(record, f"its schema is {version!r}, this program reads up to {VERSION}; upgrade it")


def _from_1(record: Mapping[str, Any]) -> dict[str, Any]:
    """Schema 1 called charges `counters` and told neither numbers behind verdicts nor checks."""
    newer = {key: value for key, value in record.items() if key != "counters"}
    newer["charges"] = record["counters"]
    newer["checks"] = []
    newer["guards"] = [{**judged, "counts": {}} for judged in record["guards"]]
    newer["v"] = 2
    return newer


def read(record: Mapping[str, Any]) -> Recorded:
    """The record as a value; raises BadRecord for one that lacks what a record must have."""
    try:
        return _read(upcast(record))
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise _bad(record, f"it cannot be read ({type(problem).__name__}: {problem})") from None


def parsed(text: str) -> Any:
    """What a stored text says as JSON; raises ValueError for one that is none, whatever is wrong with it.

    Whoever writes into the database may nest brackets without end, give bytes for text, or name characters
    that UTF-8 has not.
    """
    if not isinstance(text, str):
        raise ValueError("no text")
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if "\\ud" in text or "\\uD" in text:  # half a character, perhaps
        json.dumps(found, ensure_ascii=False).encode()
    return found


def read_text(run: str, seq: int, text: str) -> Recorded:
    """The stored text of record `seq` of `run` as a value; raises BadRecord."""
    try:
        record = parsed(text)
    except ValueError:
        raise BadRecord(run, seq, "it is not JSON") from None
    if not isinstance(record, dict):
        raise BadRecord(run, seq, "it is no object")
    return read(record)


def _bad(record: Mapping[str, Any], what: str) -> BadRecord:
    seq = record.get("seq")
    return BadRecord(str(record.get("run", "?")), seq if isinstance(seq, int) else -1, what)


def _read(r: Mapping[str, Any]) -> Recorded:
    chosen = r["chosen"]
    return Recorded(
        run=r["run"],
        seq=r["seq"],
        type=r["type"],
        occurred=datetime.fromisoformat(r["at"]["occurred"]),
        now_used=datetime.fromisoformat(r["at"]["now_used"]),
        flow=r["flow"]["id"],
        number=r["flow"]["version"],
        digest=r["flow"]["digest"],
        app=r["code"]["app"],
        guards_code=r["code"]["guards"],
        actor=r["actor"]["kind"],
        actor_ref=r["actor"]["ref"],
        parent=r["cause"]["parent"],
        state=r["from"],
        trigger=r["event"],
        chosen=chosen.partition(".")[2] if chosen else None,
        to=r["to"],
        outcome=r["outcome"],
        judged=tuple(_judged(each) for each in r["guards"]),
        effects=tuple((each["e"], each["status"]) for each in r["effects"]),
        checks=tuple((each["c"], each["n"], each["answer"], each["ms"]) for each in r["checks"]),
        charges={budget: tuple(subjects) for budget, subjects in r["charges"].items()},
        answers=tuple(_answered(each) for each in r["input"]),
        kind=r["page"]["kind"],
        lang=r["page"]["lang"],
        texts=r["page"]["texts"],
        errors=tuple(r["page"]["errors"]),
        note=r["note"],
    )


def _judged(each: Mapping[str, Any]) -> Judged:
    counts = tuple(Count(name, n["before"], n["after"], n["limit"]) for name, n in each["counts"].items())
    problems = tuple((problem["f"], problem["code"]) for problem in each["problems"])
    return Judged(each["g"], each["answer"], each["reason"], problems, counts)


def _answered(each: Mapping[str, Any]) -> Answered:
    return Answered(
        each["f"], each["class"], each["present"], each["valid"], str(each.get("len", "")), each.get("fp")
    )


def fold(record: Mapping[str, Any]) -> str:
    """32 hex digits that are equal for two records exactly when replay must treat them alike.

    Covered: the definition, where the step came from, what was asked and answered with the numbers behind it,
    which transition won, what it ordered and showed. Not covered: run, times, hashes, marks of answers.
    """
    r = upcast(record)
    alike = {
        "flow": r["flow"],
        "type": r["type"],
        "from": r["from"],
        "event": r["event"],
        "guards": r["guards"],
        "chosen": r["chosen"],
        "to": r["to"],
        "outcome": r["outcome"],
        "effects": [[each["e"], each["status"], each["key"].rpartition(":")[2]] for each in r["effects"]],
        "asked": [[each["f"], each["present"], each["valid"]] for each in r["input"]],
        "page": [r["page"]["id"], r["page"]["kind"], r["page"]["errors"]],
        "note": r["note"],
    }
    return hashlib.sha256(canonical(alike).encode()).hexdigest()[:32]
