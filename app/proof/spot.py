"""Where a run stands while it is looked at from all sides: its page, its row, its records."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.flow.definition import Flow
from app.flow.trace import Recorded, read
from app.proof.http import HttpWalk
from app.proof.page import Form, PageRead
from app.proof.visit import Visit
from app.runner.house import House
from app.scenarios.stage import StagedHouse
from app.store import journal
from app.store.runs import Run

_LINK = "/w/card"


def recorded(house: House, run: str) -> tuple[Recorded, ...]:
    """What the journal has of a run, in order."""
    with house.database.read() as connection:
        return tuple(read(each) for each in journal.records(connection, run))


@dataclass(frozen=True)
class Standing:
    """What must stay as it is when nothing moves: where the run stands and how many records it has."""

    run: str | None
    state: str
    seq: int
    records: int
    head: str


@dataclass(frozen=True)
class Spot:
    """A browser of `walk` that looks at the page of `state`, of a link where `path` says so.

    `state` is the one whose page is shown; before the first post there is no run.
    """

    walk: HttpWalk
    house: StagedHouse
    flow: Flow
    state: str
    path: str

    @classmethod
    def of(cls, walk: HttpWalk, house: StagedHouse, flow: Flow) -> "Spot":
        """Where the browser in use stands now."""
        run = walk.run
        state = run.state if run else flow.spec.initial
        return cls(walk, house, flow, state, _LINK if walk.at_link else f"/{flow.name}/{state}")

    @property
    def visit(self) -> Visit:
        """The browser."""
        return self.walk.visit

    @property
    def run(self) -> Run | None:
        """The run as it is stored now."""
        return self.walk.run

    @property
    def on_link(self) -> bool:
        """Whether it is a link's page."""
        return self.path == _LINK

    def now(self) -> "Spot":
        """Where the same browser stands by now."""
        return Spot.of(self.walk, self.house, self.flow)

    def standing(self) -> Standing:
        """What would tell that something moved."""
        run = self.run
        if run is None:
            return Standing(None, self.flow.spec.initial, 0, 0, "")
        return Standing(run.id, run.state, run.seq, len(recorded(self.house, run.id)), run.head)

    def look(self) -> PageRead:
        """The page, asked for anew."""
        return self.walk.show(self.path)

    def form(self, page: PageRead) -> Form | None:
        """The form to go on by, where the page in view is the state's own and has one."""
        return page.form(None) if self.visit.path == self.path else None

    def posted(self, page: PageRead) -> dict[str, str]:
        """What the page would post with nothing typed into it."""
        form = self.form(page)
        return form.posted() if form else dict(self.carried(page))

    def carried(self, page: PageRead) -> Mapping[str, str]:
        """What a form of this page carries, whether or not it has one: the tokens of session and step."""
        return self.walk.carried(page)
