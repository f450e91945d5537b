"""Small flows made at random, and the shipped ones with their spaces."""

from dataclasses import replace
from functools import cache

from hypothesis import strategies as st

from app.config import ROOT
from app.flow.catalogue import Catalogue, Guard, NoOptions
from app.flow.definition import Flow, GuardUse
from app.flow.loader import load, read_folder
from app.flow.paths.explore import Space, explore
from app.wiring import catalogue
from tests.test_decide import flow_of

FLOWS = ("activation", "ecard", "registration")


def _nothing(*given: object) -> None:
    """What the catalogue would call; paths never do."""


def guard(name: str, reasons: tuple[str, ...] = (), unavailable: bool = False) -> Guard:
    return Guard(name, _nothing, reasons, unavailable, NoOptions, f"Whether {name}.")


#: Every answer of every guard of the random flows.
ANSWERS: dict[str, list[tuple[str, str | None]]] = {
    "known": [("yes", None), ("no", "stranger"), ("no", "spent"), ("unavailable", None)],
    "late": [("yes", None), ("no", None)],
}
CATALOGUE = Catalogue(guards={"known": guard("known", ("stranger", "spent"), True), "late": guard("late")})

_conditions = st.sampled_from(
    ["known", "late", {"known": "no"}, {"known": "spent"}, {"known": "unavailable"}, {"late": "no"}]
)
_NAMES = ("a", "b", "c", "d")


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Up to four states, two triggers each, the last way of every trigger always open."""
    names = _NAMES[: draw(st.integers(2, 4))]
    states: dict[str, object] = {}
    for name in names:
        ways = []
        for trigger in ("submit", "again")[: draw(st.integers(1, 2))]:
            for number in range(draw(st.integers(1, 3))):
                way: dict[str, object] = {"id": f"{trigger}_{number}", "trigger": trigger}
                way["dest"] = draw(st.sampled_from(names))
                way["conditions"] = draw(st.lists(_conditions, min_size=1, max_size=2))
                ways.append(way)
            ways.append({"id": f"{trigger}_else", "trigger": trigger, "dest": draw(st.sampled_from(names))})
        states[name] = {"kind": "message", "back": "locked", "transitions": ways}
    uses = {name: GuardUse(name, name, NoOptions()) for name in ANSWERS}
    return replace(flow_of(states), guards=uses)


@cache
def shipped(name: str) -> Space:
    """The space of a flow that ships."""
    return space(name)


def space(name: str, *edits: tuple[str, str]) -> Space:
    """The space of a shipped flow with places of its flow.yaml rewritten; each must be there once."""
    files = read_folder(ROOT / "workflows" / name)
    for old, new in edits:
        assert files["flow.yaml"].count(old) == 1, old
        files["flow.yaml"] = files["flow.yaml"].replace(old, new)
    loaded = load(files, catalogue(), name)
    assert loaded.flow is not None, [str(each) for each in loaded.findings]
    return explore(loaded.flow, catalogue())
