"""Strict replay: a recorded step decided again by its own definition, shown beside it where it differs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.flow.replay.sides import Side, side_by_side
from app.flow.replay.strict import replayed
from app.flow.trace import BadRecord, Judged, fold
from app.flow.verdict import Verdict
from tests.recorded import Journal, recorded
from tests.test_decide import DOOR, flow_of, way

YES, NO, NOBODY = Verdict.yes(), Verdict.no("unknown"), Verdict.unavailable("down")


def differing(sides: tuple[Side, ...]) -> dict[str, tuple[str, str]]:
    return {side.what: (side.recorded, side.replayed) for side in sides if side.differs}


ANSWERS = st.sampled_from([YES, NO, NOBODY, Verdict.no("banned")])


@given(known=ANSWERS, late=ANSWERS)
def test_what_decide_recorded_comes_out_the_same(known: Verdict, late: Verdict) -> None:
    assert replayed(DOOR, recorded(DOOR, "door", "submit", {"known": known, "late": late})) == ()


@given(known=ANSWERS, late=ANSWERS, chosen=st.sampled_from(["later", "locked", "in", "stay"]))
def test_another_way_than_the_definition_takes_is_always_found(
    known: Verdict, late: Verdict, chosen: str
) -> None:
    verdicts = {"known": known, "late": late}
    right = recorded(DOOR, "door", "submit", verdicts).chosen
    sides = replayed(DOOR, recorded(DOOR, "door", "submit", verdicts, chosen=chosen))
    assert differing(sides).get("way") == (None if chosen == right else (chosen, right))


def test_the_differing_step_is_shown_side_by_side() -> None:
    lines = side_by_side(replayed(DOOR, recorded(DOOR, "door", "submit", {"known": NO}, chosen="locked")))
    assert [line.split() for line in lines] == [
        ["recorded", "replayed"],
        ["guards", "asked", "known", "'unknown'", "known", "'unknown'"],
        ["way", "locked", "stay", "<>"],
        ["leads", "to", "street", "door", "<>"],
        ["outcome", "moved", "stayed", "<>"],
        ["effects", "-", "-"],
        ["page", "street", "(message)", "door", "(form)", "<>"],
        ["page", "says", "-", "who", "<>"],
    ]


def test_what_is_too_wide_goes_on_below() -> None:
    lines = side_by_side([Side("guards asked", ", ".join(["contract_on_file 'yes'"] * 6), "-")])
    assert len(lines) == 4
    assert max(map(len, lines)) <= 12 + 2 + 60 + 2 + 60 + 4


def test_guards_asked_in_another_order_are_a_difference_though_the_same_ones() -> None:
    """A record sorted anew, as a set would be, is not the order in which guards were asked (pitfall 4)."""
    step = recorded(DOOR, "door", "submit", {"known": YES, "late": NO})
    sides = replayed(DOOR, replace(step, judged=step.judged[::-1]))
    assert differing(sides) == {
        "guards asked": ("late 'unknown', known 'yes'", "known 'yes', late 'unknown'")
    }


def test_unavailable_is_not_no() -> None:
    """A register that did not answer leads elsewhere than one that knows nobody (pitfall 9)."""
    step = recorded(DOOR, "door", "submit", {"known": NOBODY})
    assert (step.to, replayed(DOOR, step)) == ("wait", ())
    silent = replace(step, judged=(Judged("known", "no", "down"),))
    assert differing(replayed(DOOR, silent))["leads to"] == ("wait", "door")


def test_a_guard_that_was_never_asked_is_not_guessed() -> None:
    step = recorded(DOOR, "door", "submit", {"known": YES, "late": NO})
    sides = replayed(DOOR, replace(step, judged=step.judged[:1]))
    assert differing(sides)["way"] == ("in", "cannot be told without late")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"state": "attic"}, "none: there is no state attic"),
        ({"trigger": "fly"}, "none: door does not answer to fly"),
    ],
)
def test_a_state_or_trigger_the_definition_lacks_is_said(change: dict[str, str], says: str) -> None:
    step = replace(recorded(DOOR, "door", "submit", {"known": NO}), **change)  # type: ignore[arg-type]
    assert differing(replayed(DOOR, step))["way"] == ("stay", says)


@pytest.mark.parametrize(
    ("judged", "says"),
    [
        ((Judged("known", "error"),), "answered 'error', which is no answer"),  # type: ignore[arg-type]
        ((Judged("known", "no"), Judged("known", "yes")), "told twice"),
    ],
)
def test_a_verdict_that_cannot_be_one_is_a_bad_record(judged: tuple[Judged, ...], says: str) -> None:
    step = replace(recorded(DOOR, "door", "submit", {"known": NO}), judged=judged)
    with pytest.raises(BadRecord, match=says):
        replayed(DOOR, step)


def test_a_timer_fires_where_it_fired_whatever_the_clock_says_by_now() -> None:
    """An expiry is replayed from its record, never found by comparing with today (pitfalls 1 and 2)."""
    expired = recorded(DOOR, "wait", "expire", {})
    assert (expired.actor, expired.to, replayed(DOOR, expired)) == ("timer", "street", ())
    longer = flow_of(
        {"wait": {"kind": "message", "back": "locked", "lifetime": "30 days"}, "street": DOOR_STREET},
        everywhere=[{"id": "expire", "trigger": "expire", "dest": "street"}],
    )
    assert replayed(longer, expired) == ()


DOOR_STREET: dict[str, object] = {"kind": "message", "end": "refused"}


def test_timer_and_submit_of_the_same_instant_are_replayed_in_the_order_recorded() -> None:
    """Which of the two came first is in the record, not in their times (pitfall 3)."""
    first, second = Journal(DOOR, at="door"), Journal(DOOR, at="door")
    steps = [first.step("submit", {"known": NOBODY}), first.step("expire", {})]
    assert [replayed(DOOR, replace(step, now_used=steps[0].now_used)) for step in steps] == [(), ()]
    only = second.step("expire", {})
    assert replayed(DOOR, only) == ()
    assert differing(replayed(DOOR, replace(only, trigger="submit", judged=steps[0].judged)))["leads to"] == (
        "street",
        "wait",
    )


LOOP = flow_of(
    {"room": {"kind": "code", "back": "locked", "transitions": [way("again", "room", effects=["send key"])]}}
)


def test_an_effect_on_a_loop_is_told_apart_by_its_step_and_alike_in_its_fold() -> None:
    """Effects are keyed by run and step, so a loop orders each time anew (pitfall 14)."""
    journal = Journal(LOOP)
    journal.step("submit", {})
    journal.step("submit", {})
    keys = [record["effects"][0]["key"] for record in journal.records[1:]]
    assert keys == ["01RUN:1:1", "01RUN:2:1"]
    assert fold(journal.records[1]) == fold(journal.records[2])


def test_an_effect_that_was_suppressed_is_no_difference_and_a_missing_one_is() -> None:
    step = recorded(LOOP, "room", "submit", {})
    assert replayed(LOOP, replace(step, effects=(("send", "suppressed"),))) == ()
    assert differing(replayed(LOOP, replace(step, effects=())))["effects"] == ("-", "send")


def test_whatever_replay_looks_at_makes_another_fold() -> None:
    """Two records of one fold must be alike in all that decides, or folding would hide one (pitfall 22)."""
    journal = Journal(DOOR)
    journal.step("submit", {"known": YES, "late": NO})
    record = journal.records[1]
    guards = record["guards"]
    changes: list[dict[str, object]] = [
        {"flow": {**record["flow"], "digest": "sha256:other"}},
        {"type": "note"},
        {"from": "hall"},
        {"event": "back"},
        {"guards": guards[::-1]},
        {"guards": [{**guards[0], "answer": "unavailable"}, guards[1]]},
        {"guards": [{**guards[0], "reason": "other"}, guards[1]]},
        {"guards": [{**guards[0], "counts": {"tries": {"before": 1, "after": 2, "limit": 3}}}, guards[1]]},
        {"chosen": "door.stay"},
        {"to": "wait"},
        {"outcome": "stayed"},
        {"effects": [{"e": "send", "key": "r:1:1", "status": "requested"}]},
        {"input": [{"f": "email", "class": "personal", "present": True, "valid": False}]},
        {"page": {**record["page"], "kind": "form"}},
        {"page": {**record["page"], "errors": ["who"]}},
    ]
    folds = {fold({**record, **change}) for change in changes}
    assert len(folds | {fold(record)}) == len(changes) + 1
    assert fold({**record, "run": "other", "seq": 9, "hash": "x"}) == fold(record)


def test_the_same_check_asked_twice_is_told_as_two() -> None:
    """Answers are kept by check and number, and replay reads them there (pitfalls 7 and 8)."""
    step = replace(
        recorded(DOOR, "door", "submit", {"known": YES, "late": NO}),
        checks=(("register people", 1, "none", 3), ("register people", 2, "one", 2)),
    )
    assert len({(name, n) for name, n, *_ in step.checks}) == 2
    assert replayed(DOOR, step) == ()


def test_a_run_begins_where_its_definition_says() -> None:
    start = Journal(DOOR).start()
    assert replayed(DOOR, start) == ()
    sides = replayed(DOOR, replace(start, state="hall", to="hall", kind="message"))
    assert set(differing(sides)) == {"from", "leads to", "page"}
