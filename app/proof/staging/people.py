"""The invented people of a scenario, and the register rows that make them known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.flow.definition import Flow
from app.flow.normal.column import normalise
from app.flow.normal.shape import ShapeProblem
from app.forms import invent

Row = dict[str, str]
#: So many people a scenario may have; the next seed's are others.
MOST_PEOPLE = 64


class Contradiction(Exception):
    """Two rows of one register would have to stand under the same key."""


@dataclass(frozen=True)
class Person:
    """Somebody nobody is: their own answers follow from `seed`."""

    seed: int


@dataclass
class People:
    """Everybody in a scenario, `seed` its own.

    `known` are their rows, by person and register; `agreed` what a row must say although it is typed on no
    page that names its person; `pages` what they have typed, by person and state.
    """

    flow: Flow
    seed: int
    known: dict[tuple[Person, str], Row] = field(default_factory=dict, repr=False)
    agreed: dict[tuple[Person, str], Row] = field(default_factory=dict, repr=False)
    pages: dict[tuple[Person, str], dict[str, str]] = field(default_factory=dict, repr=False)
    count: int = 0

    def somebody(self) -> Person:
        """A person not met yet."""
        self.count += 1
        return Person(self.seed * MOST_PEOPLE + self.count - 1)

    def stands(self, register: str, person: Person, cells: Mapping[str, str]) -> Row:
        """The person's row with these cells, the others invented; raises Contradiction if theirs differs."""
        spec = self.flow.spec.registers[register]
        row = {column: cells.get(column, invent.column(spec, column, person.seed)) for column in spec.columns}
        if self.known.setdefault((person, register), row) != row:
            raise Contradiction(register)
        return row

    def given(self) -> dict[str, list[Row]]:
        """The rows as a scenario's `given.also` has them."""
        rows: dict[str, list[Row]] = {}
        for (_, register), row in self.known.items():
            rows.setdefault(register, []).append(row)
        return rows

    def cells(self, register: str, columns: Mapping[str, str], values: Mapping[str, str]) -> Row:
        """By column the answer of its field in the column's normal form, of those that have one."""
        spec = self.flow.spec.registers[register]
        found = {}
        for column, name in columns.items():
            try:
                cell = normalise(spec.columns[column], values.get(name, ""), spec.region)
            except ShapeProblem:
                cell = ""
            if cell:
                found[column] = cell
        return found


def refusals(limits: Mapping[str, int], subjects: Sequence[str]) -> tuple[str, int] | None:
    """The subject whose budget is spent soonest, and after how many refusals; None if none of them counts."""
    counted = [(limits[name], name) for name in subjects if name in limits]
    return (min(counted)[1], min(counted)[0]) if counted else None
