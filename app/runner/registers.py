"""The registers of the live flows as operators see them, and whether one that is asked live answers now."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from app.flow.spec import RegisterSpec
from app.gateways.registers import RegisterUnavailable
from app.runner.house import House
from app.runner.outside import live_flows
from app.runner.staff.acts import note_act
from app.runner.staff.who import Staff
from app.store import register_facts
from app.store.register_facts import Imported

#: What a live register is asked for when only its health is asked: a value of each kind that nobody has.
_NOBODYS: Mapping[str, str] = {
    "digits": "0000000000",
    "mobile": "+359880000000",
    "email": "nobody@narthex.invalid",
    "date": "1900-01-01",
    "boolean": "false",
}
_NOBODY = "NARTHEX-NOBODY"


class RegisterMissing(Exception):
    """No live flow declares a register of this name, or none that is asked live."""


@dataclass(frozen=True)
class Declared:
    """A register of live flows: its columns and source, the flows that declare it, the rows in use.

    `imported` is None for one that is asked live, and for one that was never imported.
    """

    name: str
    flows: tuple[str, ...]
    spec: RegisterSpec
    imported: Imported | None

    @property
    def source(self) -> str:
        """`imported`, `sql` or `http`."""
        return self.spec.source if isinstance(self.spec.source, str) else next(iter(self.spec.source))


@dataclass(frozen=True)
class Answered:
    """What came of asking: how long it took in milliseconds, how many rows, or why nobody answered."""

    milliseconds: int
    rows: int | None
    reason: str | None


def declared(house: House) -> dict[str, Declared]:
    """Every register of the live flows, by name; of two declarations the last holds, as for imports."""
    flows: dict[str, list[str]] = {}
    specs: dict[str, RegisterSpec] = {}
    for flow in live_flows(house):
        for name, spec in flow.spec.registers.items():
            flows.setdefault(name, []).append(flow.name)
            specs[name] = spec
    with house.database.read() as connection:
        rows = register_facts.imported(connection)
    return {
        name: Declared(name, tuple(flows[name]), spec, rows.get(name) if spec.source == "imported" else None)
        for name, spec in sorted(specs.items())
    }


def register(house: House, name: str) -> Declared:
    """The register of this name; raises RegisterMissing."""
    found = declared(house).get(name)
    if found is None:
        raise RegisterMissing(name)
    return found


def ask_now(house: House, by: Staff, name: str) -> Answered:
    """Ask a live register about nobody: that it answers is what is told. Raises RegisterMissing."""
    found = register(house, name)
    if found.source == "imported":
        raise RegisterMissing(name)
    column = found.spec.search[0]
    lookup = {column: _NOBODYS.get(found.spec.columns[column], _NOBODY)}
    note_act(house, by, "ask register", name)
    since = time.perf_counter()
    try:
        rows = len(house.sources.of(name, found.spec).find(lookup))
        return Answered(_since(since), rows, None)
    except RegisterUnavailable as unavailable:
        return Answered(_since(since), None, unavailable.code)
    except (OSError, ValueError):  # a setting that it names is missing, or a file of it
        return Answered(_since(since), None, "not_configured")


def _since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
