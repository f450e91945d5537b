"""Recorded steps on another definition: what holds, what is judged by its numbers, what nobody knows."""

from dataclasses import replace

import pytest

from app.flow.definition import Flow
from app.flow.replay.because import now
from app.flow.replay.bridge import Bridge
from app.flow.replay.changes import changes, reworded
from app.flow.replay.turns import SAME, End, class_of, followed, reached, turn
from app.flow.trace import Recorded
from app.flow.verdict import Count, Verdict
from tests.altered import OF_AGE, OF_AGE_FIELD, THREE_TRIES, WITHOUT_ALREADY_REGISTERED, altered, shipped
from tests.recorded import recorded

YES = Verdict.yes()
OLD = shipped("registration")


def tried(wrong: int, reason: str | None = "wrong", since: int = 30, of: int = 5) -> Verdict:
    """A phone code judged, `wrong` wrong ones before it having been counted."""
    after = wrong + (reason is not None)
    counts = (Count("tries", wrong, after, of), Count("seconds since sent", since, since, 600))
    return Verdict("no" if reason else "yes", reason, counts=counts)


def code(wrong: int, reason: str | None = "wrong", since: int = 30, of: int = 5) -> Recorded:
    verdicts = {
        "form_valid": YES,
        "phone_code_right": tried(wrong, reason, since, of),
        "has_a_login": Verdict.no("no_login"),
    }
    return recorded(OLD, "verify_phone", "submit", verdicts)


def on(new: Flow, step: Recorded, old: Flow = OLD) -> str:
    """What happens to the step on `new`, in words; empty where nothing is otherwise."""
    bridge = Bridge(old, new)
    found = turn(bridge, step)
    return "" if found is SAME else now(bridge, step, found)


def test_the_same_definition_by_another_name_changes_nothing() -> None:
    assert on(shipped("registration"), code(2)) == ""


def test_fewer_tries_lock_where_a_wrong_code_stayed() -> None:
    new = altered("registration", THREE_TRIES)
    assert [on(new, code(wrong)) for wrong in (0, 1)] == ["", ""]
    assert on(new, code(2)) == (
        "'locked' is taken and leads to locked, because phone_code_right answers no_tries_left "
        "(3 of 3 tries, was 3 of 5)"
    )
    assert changes(Bridge(OLD, new), "verify_phone", "submit") == ("tries of the code phone_code: 3, was 5",)


def test_more_tries_leave_open_what_the_last_one_hid_and_lead_alike() -> None:
    new = altered("registration", {"tries: 5": "tries: 7"})
    assert on(new, code(4, "no_tries_left")) == (
        "'wrong' or 'replaced' or 'used' is taken and stays there, because phone_code_right answers "
        "wrong or replaced or used (5 of 7 tries, was 5 of 5)"
    )


def test_a_code_right_in_time_is_out_of_date_by_a_shorter_validity() -> None:
    new = altered("registration", {"valid: 10 min": "valid: 2 min"})
    assert on(new, code(0, None, since=60)) == ""
    assert on(new, code(0, None, since=300)) == (
        "'expired' is taken and stays there, because phone_code_right answers expired "
        "(300 of 120 seconds since sent, was 300 of 600)"
    )


def test_a_record_without_numbers_leaves_every_answer_open() -> None:
    bare = Verdict.no("wrong")
    step = recorded(OLD, "verify_phone", "submit", {"form_valid": YES, "phone_code_right": bare})
    told = on(altered("registration", THREE_TRIES), step)
    assert told.startswith(
        "it depends on phone_code_right and has_a_login, of which the record does not tell"
    )
    assert "leads to locked" in told


def test_a_guard_by_another_name_keeps_its_verdicts() -> None:
    new = altered("registration", {"phone_code_right": "sms_code_right"})
    assert on(new, code(1)) == ""
    assert on(new, code(4, "no_tries_left")) == ""


def test_other_words_are_a_change_of_the_page_and_no_difference() -> None:
    new = altered("registration", {"Enter the last 5 characters": "Type the last 5 signs"}, "texts.en.yaml")
    assert on(new, code(1)) == ""
    assert reworded(OLD, new, "verify_phone")
    assert not reworded(OLD, new, "identify")


def test_another_kind_of_page_is_a_difference() -> None:
    old = shipped("ecard")
    new = altered("ecard", {"  try_later:\n    kind: message": "  try_later:\n    kind: reasons"})
    silent = {"form_valid": YES, "address_takes_mail": YES, "card_found": Verdict.unavailable("silent")}
    step = recorded(old, "form", "submit", silent)
    assert on(new, step, old).endswith("because the page try_later is of kind reasons, was message")


def test_a_removed_way_lets_the_next_one_win() -> None:
    new = altered("registration", WITHOUT_ALREADY_REGISTERED)
    verdicts = {"form_valid": YES, "phone_code_right": tried(0, None), "has_a_login": YES}
    step = recorded(OLD, "verify_phone", "submit", verdicts)
    assert on(new, step) == ("'right' is taken and leads to email, because there is no way 'known' any more")
    told = changes(Bridge(OLD, new), "verify_phone", "submit")
    assert {"the way 'known' of verify_phone was removed", "the state already_registered was removed"} <= {
        *told
    }


def test_a_removed_state_or_trigger_leaves_its_steps_stuck() -> None:
    new = altered("registration", WITHOUT_ALREADY_REGISTERED)
    step = recorded(OLD, "already_registered", "renew", {"login_to_renew": YES})
    assert on(new, step) == "they are stuck: there is no state already_registered"
    resend = recorded(OLD, "verify_phone", "resend", {"phone_code_may_go": YES})
    assert on(altered("registration", _NO_RESEND), resend) == (
        "they are stuck: verify_phone does not answer to resend"
    )


_NO_RESEND = {
    "      - {id: again, trigger: resend, dest: verify_phone, conditions: [phone_code_may_go], "
    "effects: [send phone_code], tell: sent_again}\n": "",
    "      - {id: not_yet, trigger: resend, dest: verify_phone, say: resend_later}\n": "",
}


def test_a_new_guard_is_not_guessed_and_its_field_is_named() -> None:
    step = recorded(OLD, "identify", "submit", {"form_valid": YES, "contract_on_file": YES})
    assert on(altered("registration", OF_AGE), step) == (
        "it depends on of_age, of which the record does not tell enough (needs the field birth, not asked "
        "there before): of_age 'yes' leads to verify_phone; of_age 'no' leads to identify"
    )


def test_a_new_guard_that_leads_alike_whatever_it_says_is_no_difference() -> None:
    step = recorded(OLD, "identify", "submit", {"form_valid": YES, "contract_on_file": Verdict.no("unknown")})
    assert on(altered("registration", OF_AGE), step) == ""


def test_a_field_that_was_never_asked_leaves_the_form_open() -> None:
    new = altered(
        "registration",
        {
            OF_AGE_FIELD: OF_AGE[OF_AGE_FIELD],
            "fields: [id_kind, policy_number": "fields: [birth, id_kind, policy_number",
        },
    )
    step = recorded(OLD, "identify", "submit", {"form_valid": YES, "contract_on_file": YES})
    assert "depends on form_valid" in on(new, step)
    assert "needs the field birth" in on(new, step)


def test_an_effect_no_longer_ordered_is_a_difference_to_the_same_end() -> None:
    new = altered("registration", {"conditions: [contract_on_file], effects: [send phone_code]": _SILENT})
    step = recorded(OLD, "identify", "submit", {"form_valid": YES, "contract_on_file": YES})
    assert on(new, step).endswith("because it orders nothing, ordered send phone_code")


_SILENT = "conditions: [contract_on_file]"


def test_ways_in_another_order_are_told_by_the_one_that_wins_now() -> None:
    wrong = "      - {id: wrong, trigger: submit, dest: verify_phone, say: wrong_code}\n"
    before = "      - {id: used, trigger: submit, dest: verify_phone, conditions: [{phone_code_right: used}]"
    new = altered("registration", {wrong: "", before: wrong + before})
    assert on(new, code(0, None)).endswith("because 'wrong' stands above 'right'")


@pytest.mark.parametrize(
    ("ends", "sort"),
    [
        ({End("active")}, "same end"),
        ({End("locked")}, "other end"),
        ({End("email", stuck=True)}, "stuck"),
        ({End("active"), End("locked")}, "starved"),
    ],
)
def test_the_class_of_a_run_follows_from_where_it_may_end(ends: set[End], sort: str) -> None:
    assert class_of(ends, "active") == sort


def test_after_a_first_difference_what_is_over_stays_over() -> None:
    bridge = Bridge(OLD, altered("registration", THREE_TRIES))
    later = [code(3), code(3, None)]
    steps = [lambda state, step=step: reached(bridge, step, state) for step in later]
    assert followed(("locked",), steps) == {End("locked")}


def test_a_limit_of_a_budget_is_judged_by_the_refusals_counted() -> None:
    refused = Verdict("no", "unknown", counts=(Count("refusals mobile", 3, 4, 5),))
    step = recorded(OLD, "identify", "submit", {"form_valid": YES, "contract_on_file": refused})
    new = altered("registration", {"mobile: 5, browser": "mobile: 3, browser"})
    bridge = Bridge(OLD, new)
    (judged,) = bridge.answers("contract_on_file", step, "identify")
    assert (judged.answer, judged.reason) == ("no", "over_budget")
    assert on(new, step) == ""  # its page looks the same


def test_a_budget_over_another_span_leaves_the_match_open() -> None:
    new = altered("registration", {"within: 1 h": "within: 2 h"})
    step = recorded(OLD, "identify", "submit", {"form_valid": YES, "contract_on_file": YES})
    assert "depends on contract_on_file" in on(new, step)
    assert "the budget contract_match is declared otherwise" in changes(
        Bridge(OLD, new), "identify", "submit"
    )


def test_runs_that_began_elsewhere_are_told_so() -> None:
    new = altered("registration", {"initial: identify": "initial: try_later"})
    start = replace(code(0), type="run.started", state="identify", to="identify", chosen=None)
    assert on(new, start) == "runs begin at try_later"
