"""What a run's page at the desk tells: its records, what was sent to it beside them, what it sent out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.flow import trace
from app.flow.aside import Aside
from app.flow.definition import Flow
from app.flow.trace import BadRecord, Recorded
from app.runner.house import FlowMissing, House
from app.store import asides, run_letters, run_search, runs
from app.store.run_letters import RunLetter


@dataclass(frozen=True)
class Story:
    """A run as it is recorded. `flow` is the version it stands on, None once that does not load any more.

    `flows` are the versions its records were made by, by number: more than one where it was moved.
    `broken` is the first record that cannot be read; `records` are those before it.
    """

    run: str
    reference: str
    name: str
    number: int
    state: str
    ended: bool
    flow: Flow | None
    records: tuple[Recorded, ...]
    asides: tuple[Aside, ...]
    letters: tuple[RunLetter, ...]
    broken: BadRecord | None = None
    expires_at: datetime | None = None
    flows: Mapping[int, Flow | None] = field(default_factory=dict)

    @property
    def since(self) -> datetime | None:
        """Since when it stands in its state, staying steps aside; None where its records do not tell."""
        came = None
        for record in reversed(self.records):
            if record.to != self.state:
                break
            came = record.occurred
        return came

    @property
    def lang(self) -> str | None:
        """The language of its newest page."""
        return self.records[-1].lang if self.records else None

    def flow_of(self, record: Recorded) -> Flow | None:
        """The version that a record was made by."""
        return self.flows.get(record.number)

    @property
    def moved_at(self) -> int | None:
        """The first record from which on the run was on another version than it began on."""
        return next((each.seq for each in self.records if each.moves), None)


def story(house: House, run: str) -> Story | None:
    """The run of this id, None if there is none. Answers are not read, whatever key is still there."""
    with house.database.read() as connection:
        found = runs.by_id(connection, run)
        if found is None:
            return None
        texts = run_search.record_texts(connection, run)
        beside = tuple(asides.of_run(connection, run))
        letters = tuple(run_letters.of_run(connection, run))
    records: list[Recorded] = []
    broken = None
    for seq, text in texts:
        try:
            records.append(trace.read_text(run, seq, text))
        except BadRecord as problem:
            broken = problem
            break
    return Story(
        run=found.id,
        reference=found.reference,
        name=found.flow,
        number=found.number,
        state=found.state,
        ended=found.ended_at is not None,
        flow=_version(house, found.flow, found.number, found.digest),
        records=tuple(records),
        asides=beside,
        letters=letters,
        broken=broken,
        expires_at=found.expires_at,
        flows={
            number: _version(house, found.flow, number, digest)
            for number, digest in {record.number: record.digest for record in records}.items()
        },
    )


def _version(house: House, name: str, number: int, digest: str) -> Flow | None:
    try:
        return house.shelf.version(name, number, digest)
    except FlowMissing:
        return None
