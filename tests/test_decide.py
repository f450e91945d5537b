"""Deciding, without app or database."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.flow.definition import Flow, compile_transitions
from app.flow.spec import FlowSpec
from app.flow.step import Decision, UnknownTrigger, decide, machine_for
from app.flow.theme import Palette, Theme
from app.flow.verdict import Verdict

COLOURS = Palette(brand="#000000", brand_ink="#ffffff")
THEME = Theme(
    name={"en": "N"},
    legal_name={"en": "N"},
    mark="M0 0",
    light=COLOURS,
    dark=COLOURS,
    help_phone="+35920000000",
    support_mail="a@sineva-demo.bg",
)


def flow_of(states: dict[str, object], everywhere: list[dict[str, object]] | None = None) -> Flow:
    spec = FlowSpec.model_validate(
        {
            "flow": "tiny",
            "realm": "tiny",
            "languages": ["en"],
            "initial": next(iter(states)),
            "lifetime": {"idle": "30 min", "absolute": "24 h"},
            "everywhere": everywhere or [],
            "states": states,
        }
    )
    return Flow(spec, compile_transitions(spec), {}, {}, {}, {"en": {}}, THEME, "sha256:tiny")


def way(name: str, dest: str, **more: object) -> dict[str, object]:
    return {"id": name, "trigger": "submit", "dest": dest, **more}


DOOR = flow_of(
    {
        "door": {
            "kind": "form",
            "back": {"to": "street"},
            "transitions": [
                {
                    "id": "later",
                    "trigger": "submit",
                    "dest": "wait",
                    "conditions": [{"known": "unavailable"}],
                },
                {"id": "locked", "trigger": "submit", "dest": "street", "conditions": [{"known": "banned"}]},
                {
                    "id": "in",
                    "trigger": "submit",
                    "dest": "hall",
                    "conditions": ["known"],
                    "unless": ["late"],
                },
                {"id": "stay", "trigger": "submit", "dest": "door", "say": "who"},
            ],
        },
        "wait": {"kind": "message", "back": "locked"},
        "hall": {"kind": "message", "end": "success"},
        "street": {"kind": "message", "end": "refused"},
    },
    everywhere=[{"id": "expire", "trigger": "expire", "dest": "street"}],
)
YES, NO, NOBODY = Verdict.yes(), Verdict.no("unknown"), Verdict.unavailable("down")


def taken(**verdicts: Verdict) -> Decision:
    return decide(DOOR, "door", "submit", lambda name: verdicts[name])


@pytest.mark.parametrize(
    ("verdicts", "way"),
    [
        ({"known": YES, "late": NO}, "in"),
        ({"known": YES, "late": YES}, "stay"),
        ({"known": NO}, "stay"),
        ({"known": Verdict.no("banned")}, "locked"),
        ({"known": NOBODY}, "later"),
        ({"known": YES, "late": NOBODY}, "in"),
    ],
)
def test_the_first_way_that_fits_is_taken(verdicts: dict[str, Verdict], way: str) -> None:
    assert taken(**verdicts).transition.id == way


def test_a_guard_is_asked_once_and_only_when_it_matters() -> None:
    asked: list[str] = []

    def ask(name: str) -> Verdict:
        asked.append(name)
        return NO

    decision = decide(DOOR, "door", "submit", ask)
    assert asked == ["known"]
    assert [name for name, _ in decision.verdicts] == ["known"]
    assert decision.stayed


def test_what_holds_everywhere_holds_in_every_state_but_the_ends() -> None:
    assert decide(DOOR, "wait", "expire", lambda _: NO).transition.dest == "street"
    with pytest.raises(UnknownTrigger):
        decide(DOOR, "hall", "expire", lambda _: NO)


def test_a_trigger_the_state_does_not_have_is_refused() -> None:
    with pytest.raises(UnknownTrigger):
        decide(DOOR, "door", "fly", lambda _: YES)


def test_a_fault_in_a_guard_reaches_the_caller_and_nothing_has_moved() -> None:
    def broken(_: str) -> Verdict:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        decide(DOOR, "door", "submit", broken)
    assert taken(known=YES, late=NO).transition.id == "in"


def test_a_form_that_says_nothing_of_its_shape_stays_on_its_page() -> None:
    flow = flow_of(
        {
            "ask": {
                "kind": "form",
                "fields": ["name"],
                "transitions": [{"id": "on", "trigger": "submit", "dest": "done"}],
            },
            "done": {"kind": "message", "end": "success"},
        }
    )
    assert decide(flow, "ask", "submit", lambda _: Verdict.no("required")).transition.id == "malformed"
    assert decide(flow, "ask", "submit", lambda _: YES).transition.id == "on"


def test_no_string_of_a_definition_is_ever_imported_or_run() -> None:
    flow = flow_of(
        {
            "a": {
                "kind": "form",
                "transitions": [
                    {"id": "x", "trigger": "submit", "dest": "a", "conditions": ["os_getpid"]},
                    {"id": "y", "trigger": "submit", "dest": "a"},
                ],
            }
        }
    )
    seen: list[str] = []
    decide(flow, "a", "submit", lambda name: (seen.append(name), NO)[1])
    assert seen == ["os_getpid"]


def test_one_machine_serves_every_run_and_keeps_none_of_them() -> None:
    assert machine_for(DOOR) is machine_for(DOOR)
    taken(known=YES, late=NO)
    assert machine_for(DOOR).models == []


def test_eight_threads_decide_on_one_machine_without_meeting() -> None:
    wrong: list[str] = []

    def run(verdict: Verdict, expected: str) -> None:
        for _ in range(300):
            if (way := taken(known=verdict, late=NO).transition.id) != expected:
                wrong.append(way)

    cases = [(YES, "in"), (NO, "stay"), (NOBODY, "later"), (Verdict.no("banned"), "locked")] * 2
    threads = [threading.Thread(target=run, args=case) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@given(st.sampled_from([YES, NO, NOBODY, Verdict.no("banned")]), st.sampled_from([YES, NO, NOBODY]))
def test_the_same_answers_always_lead_the_same_way(known: Verdict, late: Verdict) -> None:
    assert taken(known=known, late=late) == taken(known=known, late=late)
