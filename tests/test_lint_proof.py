"""What lint proves about guards, against every answer tried one by one with decide()."""

import itertools
import json
from collections.abc import Iterator, Mapping

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.flow.catalogue import Catalogue, Guard, Kind, NoOptions
from app.flow.definition import Flow
from app.flow.lint import lint
from app.flow.lint.scene import Scene
from app.flow.lint.table import domains, missed
from app.flow.loader import load
from app.flow.step import NothingFits, decide
from app.flow.verdict import Verdict
from tests.flows import sound

REASONS: Mapping[str, tuple[str, ...]] = {"a": ("late", "lost"), "b": ("wrong",), "c": ()}
UNAVAILABLE = {"a", "c"}
CATALOGUE = Catalogue(
    guards={n: Guard(n, print, REASONS[n], n in UNAVAILABLE, NoOptions, "A guard.") for n in REASONS},
    kinds={"message": Kind("message", print, (), (), NoOptions, "A page.")},
)


def answers(guard: str) -> list[Verdict]:
    """Everything the guard may answer, each reason it declares and one it does not among it."""
    refusals = [Verdict.no(reason) for reason in (*REASONS[guard], "undeclared")]
    silent = [Verdict.unavailable("asleep")] if guard in UNAVAILABLE else []
    return [Verdict.yes(), *refusals, *silent]


def wanted(guard: str) -> list[str]:
    return ["yes", "no", *REASONS[guard], *(["unavailable"] if guard in UNAVAILABLE else [])]


ATOMS = [guard if word == "yes" else {guard: word} for guard in REASONS for word in wanted(guard)]
CONDITIONS = st.lists(st.sampled_from(ATOMS), max_size=2)
WAYS = st.lists(
    st.fixed_dictionaries({"conditions": CONDITIONS, "unless": CONDITIONS}), min_size=1, max_size=6
)


def definition(ways: list[dict[str, object]]) -> dict[str, str]:
    """The files of a flow whose state `here` has these ways on `go`, w0, w1 and so on."""
    written = [{"id": f"w{n}", "trigger": "go", "dest": "over", **way} for n, way in enumerate(ways)]
    flow = {
        "flow": "small",
        "realm": "small",
        "languages": ["en"],
        "initial": "here",
        "lifetime": {"idle": "1 h", "absolute": "2 h"},
        "everywhere": [{"id": "expire", "trigger": "expire", "dest": "over"}],
        "states": {
            "here": {"kind": "message", "transitions": written},
            "over": {"kind": "message", "end": "success"},
        },
    }
    return {"flow.yaml": json.dumps(flow, indent=0), "theme.yaml": sound()["theme.yaml"]}


def machine(ways: list[dict[str, object]]) -> tuple[Flow, set[tuple[str, int]]]:
    """The flow made of these ways, and lint's findings by code and number of the way."""
    loaded = load(definition(ways), CATALOGUE)
    assert loaded.flow is not None, loaded.findings
    source = loaded.sources["flow.yaml"]
    lines = {source.mark(("states", "here", "transitions", n))[0]: n for n in range(len(ways))}
    found = lint(loaded.flow, CATALOGUE, loaded.sources)
    return loaded.flow, {(f.code, lines.get(f.line, -1)) for f in found}


def every_answer() -> Iterator[dict[str, Verdict]]:
    for verdicts in itertools.product(*map(answers, REASONS)):
        yield dict(zip(REASONS, verdicts, strict=True))


def taken(flow: Flow, given_: Mapping[str, Verdict]) -> str | None:
    try:
        return decide(flow, "here", "go", given_.__getitem__).transition.id
    except NothingFits:
        return None


@settings(deadline=None)
@given(WAYS)
@example([{"conditions": [], "unless": []}])
@example([{"conditions": ["a"], "unless": []}, {"conditions": [], "unless": ["a"]}])
@example([{"conditions": [{"a": "no"}], "unless": [{"a": "late"}, {"a": "lost"}]}])
@example([{"conditions": ["b"], "unless": ["b"]}, {"conditions": [], "unless": []}])
def test_what_lint_says_of_guards_is_what_happens(ways):
    flow, found = machine(ways)
    outcomes = [taken(flow, verdicts) for verdicts in every_answer()]
    assert ("F010" in {code for code, _ in found}) == (None in outcomes)
    for number in range(len(ways)):
        never = f"w{number}" not in outcomes
        assert (bool({("F011", number), ("F013", number)} & found)) == never
        alone, _ = machine([ways[number]])
        contradictory = all(taken(alone, verdicts) is None for verdicts in every_answer())
        assert (("F013", number) in found) == contradictory


@settings(deadline=None)
@given(WAYS)
def test_the_example_of_a_gap_is_one(ways):
    flow, found = machine(ways)
    transitions = flow.ways("here", "go")
    gap = missed([way.conditions for way in transitions], domains(Scene(flow, CATALOGUE, {}), transitions))
    assert (gap is not None) == any(code == "F010" for code, _ in found)
    if gap is not None:
        verdicts = {guard: Verdict(*gap.get(guard, ("yes", None))) for guard in REASONS}
        assert taken(flow, verdicts) is None


def test_twelve_guards_are_proven_without_writing_out_their_table():
    """Their table has 4 ** 12 rows; what is searched depends on the ways written."""
    names = [f"g{n}" for n in range(12)]
    guards = {name: Guard(name, print, ("late",), True, NoOptions, "A guard.") for name in names}
    catalogue = Catalogue(guards=guards, kinds=CATALOGUE.kinds)
    single = [{"conditions": [{name: answer}]} for name in names[:-1] for answer in ("yes", "no")]
    pairs = itertools.combinations(names, 2)
    both = [{"conditions": [{one: "unavailable"}, {other: "unavailable"}]} for one, other in pairs]
    loaded = load(definition([*single, *both]), catalogue)
    assert loaded.flow is not None
    assert "F010" not in {f.code for f in lint(loaded.flow, catalogue, loaded.sources)}
    loaded = load(definition([*single, *both[-1:]]), catalogue)
    assert loaded.flow is not None
    assert "F010" in {f.code for f in lint(loaded.flow, catalogue, loaded.sources)}
