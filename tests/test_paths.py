"""Paths made from a definition: nothing that can be reached is missed, nothing that cannot is promised."""

from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.flow.definition import Flow, Transition
from app.flow.paths import limits
from app.flow.paths.cover import paths_to, select
from app.flow.paths.coverage import Coverage, Taken, of_paths
from app.flow.paths.explore import Space, explore
from app.flow.paths.goals import Goal, goals
from app.flow.paths.model import Path
from app.flow.paths.proof import why_not
from app.flow.paths.shrink import in_brief, shrink
from app.flow.paths.walking import edges_of, path_of, shortest
from app.flow.step import decide
from app.flow.verdict import Verdict
from app.guards.codes import TRIES
from app.guards.links import SENT_IN_10_MINUTES, SENT_IN_A_DAY, USES
from app.wiring import catalogue
from tests.spaces import ANSWERS, CATALOGUE, FLOWS, flows, shipped, space

EVERY = ("states", "transitions", "outcomes", "limits")

#: What no path of the shipped flows reaches, each checked by reading the flow.
OUT_OF_REACH = {
    # A code is used up by a step that leads away for good.
    "activation": {
        "transition pin.used",
        "pin, check: pin_right used",
        "pin_right: tries at limit+1",
    },
    # A link's button takes its two steps together, and none by a link that is dead.
    "ecard": {
        "transition requested.dead_link",
        "transition add_to_wallet.dead_link",
        "transition add_to_wallet.expire",
        "requested, open_link: link_live no",
        "add_to_wallet, add: link_live no",
        "link_live: uses at limit+1",
    },
    "registration": {
        "transition verify_phone.used",
        "transition verify_email.used",
        "verify_phone, submit: phone_code_right used",
        "verify_email, submit: email_code_right used",
        "phone_code_right: tries at limit+1",
    },
}


@cache
def selected(name: str) -> tuple[Path, ...]:
    """The paths of a shipped flow."""
    return select(shipped(name).flow, EVERY, space=shipped(name), catalogue=catalogue())


def brute_force(flow: Flow) -> set[Transition]:
    """Every transition that any combination of answers takes from where it leads."""
    reached, waiting, taken = {flow.spec.initial}, [flow.spec.initial], set()
    while waiting:
        state = waiting.pop()
        for trigger, answers in product(flow.triggers(state), product(*ANSWERS.values())):
            verdicts = {name: Verdict(*each) for name, each in zip(ANSWERS, answers, strict=True)}
            way = decide(flow, state, trigger, verdicts.__getitem__).transition
            taken.add(way)
            if way.dest not in reached:
                reached.add(way.dest)
                waiting.append(way.dest)
    return taken


@given(flows())
@settings(max_examples=40, deadline=None)
def test_the_space_has_every_step_that_deciding_may_take_and_no_other(flow: Flow) -> None:
    found = explore(flow, CATALOGUE)
    assert found.complete
    assert {edge.move.transition for edge in found.all_edges} == brute_force(flow)
    for edge in found.all_edges:
        answers = {name: Verdict(each.answer, each.reason) for name, each in edge.move.outcomes}
        decision = decide(flow, edge.source.state, edge.move.transition.trigger, answers.__getitem__)
        assert decision.transition == edge.move.transition
        assert [name for name, _ in decision.verdicts] == [name for name, _ in edge.move.outcomes]


@given(flows())
@settings(max_examples=25, deadline=None)
def test_paths_cover_what_can_be_reached_and_the_rest_cannot(flow: Flow) -> None:
    found = explore(flow, CATALOGUE)
    wanted = ("transitions", "outcomes", "pairs")
    paths = select(flow, wanted, space=found, catalogue=CATALOGUE)
    coverage = Coverage.of(found, of_paths(paths), wanted, CATALOGUE)
    assert not coverage.having("uncovered")
    assert not coverage.surprises
    taken = brute_force(flow)
    for goal in coverage.having("unreachable"):
        assert why_not(found, goal, CATALOGUE)
        if goal.criterion == "transitions":
            assert goal.place not in {(way.source, way.id) for way in taken}


@given(flows())
@settings(max_examples=15, deadline=None)
def test_a_search_that_was_cut_off_claims_nothing_to_be_unreachable(flow: Flow) -> None:
    cut = explore(flow, CATALOGUE, most=1)
    coverage = Coverage.of(cut, (), ("states",), CATALOGUE)
    assert cut.complete or not coverage.having("unreachable")
    assert set(coverage.times) == {*coverage.having("uncovered"), *coverage.having("unknown")} or cut.complete


@given(flows(), st.data())
@settings(max_examples=25, deadline=None)
def test_a_shrunk_path_is_legal_and_as_short_as_can_be(flow: Flow, data: st.DataObject) -> None:
    found = explore(flow, CATALOGUE)
    here, walked = found.initial, []
    for _ in range(data.draw(st.integers(1, 12))):
        edge = data.draw(st.sampled_from(found.edges[here]))
        walked.append(edge)
        here = edge.target
    wanted = data.draw(st.sampled_from(walked)).move.transition

    def fails(path: Path) -> bool:
        return any(move.transition == wanted for move in path.moves)

    small = shrink(path_of(walked), fails, flow, found)
    assert fails(small)
    assert edges_of(found, small)
    best = shortest(found, found.initial, lambda edge: edge.move.transition == wanted)
    assert best is not None
    assert len(small.moves) == len(best)


@pytest.mark.parametrize("name", FLOWS)
def test_paths_of_a_shipped_flow_reach_all_but_what_is_proven_out_of_reach(name: str) -> None:
    found = shipped(name)
    assert found.complete
    assert not found.stuck
    paths = selected(name)
    coverage = Coverage.of(found, of_paths(paths), EVERY, catalogue())
    assert not coverage.having("uncovered")
    assert not coverage.having("unknown")
    assert {str(goal) for goal in coverage.having("unreachable")} == OUT_OF_REACH[name]
    assert all(edges_of(found, path) for path in paths)


def test_the_same_definition_always_has_the_same_paths() -> None:
    again = select(space("activation").flow, EVERY, space=space("activation"), catalogue=catalogue())
    assert [path.in_words() for path in again] == [path.in_words() for path in selected("activation")]


def test_no_path_ends_between_a_link_and_its_button() -> None:
    last = [path.moves[-1].transition.trigger for path in selected("ecard")]
    assert "open_link" not in last


def test_a_proof_names_what_would_be_needed_and_where_it_comes_from() -> None:
    proof = why_not(shipped("registration"), Goal("transitions", ("verify_phone", "used")), catalogue())
    assert (
        "phone_code_right answers expired, no_code, no_tries_left, replaced, wrong, yes; wanted is used."
        in proof
    )
    assert "`code phone_code: used` comes with verify_phone.known, verify_phone.right" in proof
    assert proof.endswith("were looked at; none reaches it.")


def test_limits_are_reached_from_below_and_beyond() -> None:
    found = shipped("registration")
    wanted = [goal for goal in goals(found, ("limits",), catalogue()) if goal.place[0] == "email_code_right"]
    assert [goal.place[2] for goal in wanted] == ["limit-1", "limit", "limit+1"]
    (path,) = paths_to(found, wanted)
    told = [each.reason for move in path.moves for name, each in move.outcomes if name == "email_code_right"]
    assert told == ["wrong"] * 4 + ["no_tries_left"] * 2


def test_numbers_are_called_alike_in_the_journal_and_in_models() -> None:
    assert (limits.TRIES, limits.USES) == (TRIES, USES)
    assert (limits.SENT_IN_10_MINUTES, limits.SENT_IN_A_DAY) == (SENT_IN_10_MINUTES, SENT_IN_A_DAY)


def test_a_step_nobody_should_be_able_to_take_is_a_surprise() -> None:
    found = shipped("activation")
    steps = [Taken("r1", "pin", "check", "used"), Taken("r1", "pin", "flown", "away")]
    coverage = Coverage.of(found, steps, ("transitions",), catalogue())
    assert [str(goal) for goal in coverage.surprises] == ["transition pin.used"]
    assert coverage.foreign == 1


RIGHT = "conditions: [pin_right], effects: [use_code pin_code]"
STILL_DOWN = (
    "{id: still_down, trigger: retry, dest: try_later, conditions: [{customer_on_file: unavailable}]}"
)
SILENT = "customer_on_file register_unavailable"


@pytest.mark.parametrize(
    ("edit", "shortest_way"),
    [
        pytest.param((RIGHT, RIGHT.replace("conditions", "unless")), "submit, check", id="a guard inverted"),
        pytest.param(
            (f"      - {STILL_DOWN}\n", ""), f"submit: {SILENT}, retry: {SILENT}", id="a transition dropped"
        ),
    ],
)
def test_paths_find_a_seeded_fault_and_shrink_to_the_shortest(
    edit: tuple[str, str], shortest_way: str
) -> None:
    own, other = shipped("activation"), space("activation", edit)

    def fails(path: Path) -> bool:
        return _leads_elsewhere(other, path)

    failing = [path for path in selected("activation") if fails(path)]
    assert shortest_way in {in_brief(shrink(path, fails, own.flow, own)) for path in failing}


def _leads_elsewhere(other: Space, path: Path) -> bool:
    """Whether some move, its guards answering as told, takes another transition there."""
    for move in path.moves:
        way, told = move.transition, dict(move.outcomes)
        answers = {name: Verdict(each.answer, each.reason) for name, each in told.items()}
        try:
            decision = decide(other.flow, way.source, way.trigger, answers.__getitem__)
        except KeyError:  # it asks what was never asked before
            return True
        if (decision.transition.dest, decision.transition.id) != (way.dest, way.id):
            return True
    return False
