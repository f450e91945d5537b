"""The journal's record of one step: canonical JSON, hash-chained, verdicts with reasons, never a value.

`VERSION` is the schema's; readers bring older records up to it (`app.flow.trace`), stored bytes never change.
The form `j1`: keys sorted, no spaces, UTF-8, integers and strings only; the hash covers the tag, the previous
hash and the record without its own hash.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from app.flow.definition import Flow
from app.flow.spec import FieldSpec
from app.flow.step import Decision
from app.flow.verdict import Verdict

VERSION = 2
GENESIS = "0" * 64

#: The note of a run that goes on on another version: its record is of that version, `from` where it stood
#: before, `to` where it stands there.
MOVED = "moved"


@dataclass(frozen=True)
class Check:
    """One question a step asked outside its run: of a register, of DNS. `n` counts equal questions from 1.

    `answer` is a code (`none`, `one`, `several`, `unavailable`, `takes_mail`), `ms` how long it took.
    """

    name: str
    n: int
    answer: str
    ms: int


@dataclass(frozen=True)
class Happening:
    """What a record tells beside the decision.

    `type` is `run.started`, `transition`, `note` or `run.ended`; `actor` is `applicant`, `link`, `timer`,
    `house`, `staff`; `effects` are (name, key, status); `checks` what was asked outside the run, in order.
    """

    id: str
    run: str
    seq: int
    type: str
    occurred: datetime
    recorded: datetime
    now_used: datetime
    actor: str
    lang: str
    app: str
    guards: str
    env: str = "live"
    actor_ref: str | None = None
    form_seq: int | None = None
    parent: str | None = None
    effects: tuple[tuple[str, str, str], ...] = ()
    errors: tuple[str, ...] = ()
    note: str | None = None
    checks: tuple["Check", ...] = ()
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    problem_fields: frozenset[str] = frozenset()


def canonical(record: Mapping[str, Any]) -> str:
    """The one way to write `record`."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def chain(record: Mapping[str, Any], previous: str) -> str:
    """The hash of `record` behind `previous`: SHA-256 over `j1`, the previous hash, the canonical record."""
    return chain_text(canonical({key: value for key, value in record.items() if key != "hash"}), previous)


def chain_text(bare: str, previous: str) -> str:
    """The hash of a record whose text without its hash is `bare`."""
    return hashlib.sha256(f"j1\n{previous}\n{bare}".encode()).hexdigest()


def utc(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def build(
    flow: Flow,
    happening: Happening,
    previous: str,
    state: str,
    trigger: str,
    decision: Decision | None,
    fingerprint: Callable[[str], str],
    to: str | None = None,
) -> dict[str, Any]:
    """The whole record, hash included. `fingerprint` is keyed by the run: equality inside it, no more.

    `to` is where a note that moves the run leads; other notes leave it where it is.
    """
    h = happening
    dest = decision.transition.dest if decision else to or state
    record: dict[str, Any] = {
        "v": VERSION,
        "id": h.id,
        "run": h.run,
        "seq": h.seq,
        "type": h.type,
        "at": {
            "occurred": utc(h.occurred),
            "recorded": utc(h.recorded),
            "now_used": utc(h.now_used),
            "tz": "UTC",
        },
        "flow": {"id": flow.name, "version": flow.number, "digest": flow.digest},
        "code": {"app": h.app, "guards": h.guards},
        "env": h.env,
        "actor": {"kind": h.actor, "ref": h.actor_ref},
        "cause": {"form_seq": h.form_seq, "parent": h.parent},
        "from": state,
        "event": trigger,
        "input": _inputs(flow, state, h, fingerprint) if decision else [],
        "guards": _verdicts(decision.verdicts if decision else ()),
        "charges": _charges(decision.verdicts if decision else ()),
        "checks": [{"c": c.name, "n": c.n, "answer": c.answer, "ms": c.ms} for c in h.checks],
        "chosen": f"{state}.{decision.transition.id}" if decision else None,
        "to": dest,
        "outcome": ("stayed" if decision.stayed else "moved") if decision else "noted",
        "effects": [{"e": name, "key": key, "status": status} for name, key, status in h.effects],
        "page": _page(flow, h, dest),
        "note": h.note,
        "prev": previous,
    }
    record["hash"] = chain(record, previous)
    return record


def _inputs(
    flow: Flow, state: str, h: Happening, fingerprint: Callable[[str], str]
) -> list[dict[str, str | int | bool]]:
    entries: list[dict[str, str | int | bool]] = []
    for name in flow.state(state).fields:
        spec, value = flow.spec.fields[name], h.values.get(name)
        entry: dict[str, str | int | bool] = {
            "f": name,
            "class": spec.data_class,
            "present": value is not None,
        }
        entry["valid"] = value is not None and name not in h.problem_fields
        if value is not None and spec.data_class != "secret":
            entry |= {**_length(spec, value), "fp": fingerprint(f"{name}\0{value}")}
        entries.append(entry)
    return entries


#: Types whose answers are chosen from few: the length alone would tell which.
_CHOSEN = frozenset({"choice", "consent", "agreement"})


def _length(spec: FieldSpec, value: str) -> dict[str, int | str]:
    """How long an answer is, where that tells little of it: a national id's stands in a bucket."""
    if spec.type in _CHOSEN:
        return {}
    if spec.data_class == "sensitive":
        return {"len": "<=16" if len(value) <= 16 else ">16"}
    return {"len": len(value)}


def _verdicts(verdicts: Iterable[tuple[str, Verdict]]) -> list[dict[str, Any]]:
    return [
        {
            "g": name,
            "verdict": {"yes": True, "no": False, "unavailable": None}[verdict.answer],
            "answer": verdict.answer,
            "reason": verdict.reason,
            "problems": [{"f": problem.field, "code": problem.code} for problem in verdict.problems],
            "counts": {
                c.name: {"before": c.before, "after": c.after, "limit": c.limit} for c in verdict.counts
            },
        }
        for name, verdict in verdicts
    ]


def _charges(verdicts: Iterable[tuple[str, Verdict]]) -> dict[str, list[str]]:
    counted: dict[str, list[str]] = {}
    for _, verdict in verdicts:
        for charge in verdict.charges:
            counted.setdefault(charge.budget, []).append(charge.subject)
    return counted


def _page(flow: Flow, h: Happening, state: str) -> dict[str, Any]:
    return {
        "id": state,
        "kind": flow.state(state).kind,
        "lang": h.lang,
        "texts": texts_digest(flow, h.lang),
        "errors": list(h.errors),
    }


@lru_cache(maxsize=512)
def texts_digest(flow: Flow, lang: str) -> str:
    """SHA-256 of all the flow's words in `lang`: which of them a page was worded with."""
    return "sha256:" + hashlib.sha256(canonical(dict(flow.texts[lang])).encode()).hexdigest()
