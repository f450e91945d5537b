"""Why a recorded step went where it went, in sentences."""

from dataclasses import replace

from app.flow.replay.why import Why, answer_in_words, why
from app.flow.trace import Judged
from app.flow.verdict import Count, Verdict
from tests.recorded import Journal, recorded
from tests.test_decide import DOOR

BANNED = Verdict.no("banned")


def told(trigger: str = "submit", **verdicts: Verdict) -> Why:
    return why(DOOR, recorded(DOOR, "door", trigger, verdicts))


def test_each_way_was_taken_refused_or_not_tried_in_the_order_written() -> None:
    ways = told(known=BANNED).ways
    assert [(way.id, way.dest, way.fate) for way in ways] == [
        ("later", "wait", "refused"),
        ("locked", "street", "taken"),
        ("in", "hall", "not_tried"),
        ("stay", "door", "not_tried"),
    ]


def test_each_way_has_its_sentence() -> None:
    assert [way.sentence for way in told(known=BANNED).ways] == [
        "'later' was refused: known answered 'banned', wanted 'unavailable'",
        "'locked' was taken: known answered 'banned'",
        "'in' was not tried: 'locked' above it had won",
        "'stay' was not tried: 'locked' above it had won",
    ]


def test_what_no_answer_but_one_would_have_satisfied_says_so() -> None:
    ways = told(known=Verdict.yes(), late=Verdict.yes()).ways
    assert ways[2].sentence == "'in' was refused: late answered 'yes', wanted anything but 'yes'"
    assert ways[2].because is not None
    assert (ways[2].because.guard, ways[2].because.negated) == ("late", True)
    assert ways[3].sentence == "'stay' was taken: it asks for nothing, and none above it fitted"


def test_the_numbers_behind_an_answer_are_told_with_it() -> None:
    unused, used = Count("failures in a day", 0, 0, 10), Count("tries", 1, 2, 5)
    judged = told(known=Verdict("no", "wrong", counts=(unused, used))).asked[0]
    assert answer_in_words(judged) == "'wrong' (2 of 5 tries)"
    assert answer_in_words(Judged("dns", "unavailable", "dns_unknown")) == "'unavailable' (dns_unknown)"


def test_the_guards_asked_stand_in_the_order_asked() -> None:
    asked = told(known=Verdict.yes(), late=Verdict.no("early")).asked
    assert [(each.guard, each.answer, each.reason) for each in asked] == [
        ("known", "yes", None),
        ("late", "no", "early"),
    ]


def test_a_record_that_chose_nothing_has_no_ways() -> None:
    assert why(DOOR, Journal(DOOR).start()).ways == ()


def test_a_state_that_the_definition_lacks_has_no_ways() -> None:
    assert why(DOOR, replace(recorded(DOOR, "door", "submit", {"known": BANNED}), state="attic")).ways == ()


def test_a_record_that_contradicts_its_definition_is_said_to() -> None:
    step = recorded(DOOR, "door", "submit", {"known": BANNED}, chosen="stay")
    assert [way.fate for way in why(DOOR, step).ways] == ["refused", "refused", "refused", "taken"]
    assert "the record contradicts it" in why(DOOR, step).ways[1].sentence
