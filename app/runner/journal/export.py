"""The journal for other programs: JSON Lines as stored, or CloudEvents 1.0, one event a line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.flow.record import canonical
from app.flow.trace import BadRecord, parsed, upcast
from app.runner.house import House
from app.store import chains

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_TYPES = {
    "run.started": "flow.run_started.v1",
    "transition": "flow.transition.v1",
    "note": "flow.note.v1",
    "run.ended": "flow.run_ended.v1",
    "aside": "flow.aside.v1",
}
_PERSONAL = {"personal", "sensitive", "secret"}


@dataclass(frozen=True)
class Selection:
    """Which records: of the runs named (none: of all), of one flow, made since then."""

    runs: Sequence[str] = ()
    flow: str | None = None
    since: datetime = _ALWAYS


def json_lines(house: House, selection: Selection) -> Iterator[str]:
    """Every record as it is stored, byte for byte, so that its chain can be checked elsewhere; a run's asides
    stand behind its records."""
    with house.database.read() as connection:
        yield from chains.told(connection, selection.runs, selection.flow, selection.since)


def cloud_events(house: House, selection: Selection) -> Iterator[str]:
    """Every record and aside as a CloudEvent in structured JSON; raises BadRecord.

    Extensions: `sequence` (ten digits, compared as text), `recordedtime`, `correlationid` (the run),
    `causationid` (what it follows from: the record before it, or a step of another run), and
    `dataclassification`.
    """
    run, before = "", None
    for text in json_lines(house, selection):
        record = _object(text)
        if record["run"] != run:
            run, before = record["run"], None
        event = aside_event(record) if record["type"] == "aside" else record_event(record, before)
        before = str(event["id"])
        yield canonical(event)


def _object(text: str) -> dict[str, Any]:
    try:
        record = parsed(text)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        raise BadRecord("?", -1, "a record is no JSON object; `narthex runs verify` says which")
    return record if record.get("type") == "aside" else upcast(record)


def record_event(record: dict[str, Any], before: str | None) -> dict[str, Any]:
    """The event of a journal record; `before` is the id of the one it follows, if known."""
    personal = any(each["class"] in _PERSONAL for each in record["input"])
    event = _event(record, record["id"], record["to"], record["at"]["occurred"], record["seq"])
    event["recordedtime"] = record["at"]["recorded"]
    event["dataclassification"] = "confidential" if personal else "internal"
    cause = record["cause"]["parent"] or before
    return {**event, "causationid": cause} if cause else event


def aside_event(record: dict[str, Any]) -> dict[str, Any]:
    """The event of an aside."""
    number = record["number"]
    event = _event(record, f"{record['run']}.aside.{number}", record["state"], record["at"], number)
    return {**event, "recordedtime": record["at"], "dataclassification": "internal"}


def _event(
    record: dict[str, Any], identity: str, state: str | None, occurred: str, number: int
) -> dict[str, Any]:
    subject = {"subject": state} if state else {}
    return subject | {
        "specversion": "1.0",
        "id": identity,
        "source": f"/flows/{record['flow']['id']}/runs/{record['run']}",
        "type": _TYPES[record["type"]],
        "time": occurred,
        "datacontenttype": "application/json",
        "sequence": f"{number:010}",
        "correlationid": record["run"],
        "data": record,
    }
