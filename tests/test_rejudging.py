"""What guards say a recorded answer would have been under other limits, from the numbers they told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.flow.definition import Flow
from app.flow.replay.strict import several
from app.flow.trace import Judged
from app.flow.verdict import Answer, Count
from app.wiring import catalogue
from tests.altered import altered, shipped

REGISTRATION, ECARD = shipped("registration"), shipped("ecard")


def again(flow: Flow, guard: str, judged: Judged) -> list[str | None] | None:
    """The answers the guard of this name may have given; None where nobody can know."""
    use = flow.guards[guard]
    hook = catalogue().guards[use.guard].rejudge
    assert hook is not None
    found = several(hook(flow, use.options, judged))
    return [each.reason or each.answer for each in found] or None


def judged(answer: Answer, reason: str | None, **numbers: tuple[int, int]) -> Judged:
    counts = tuple(
        Count(name.replace("_", " "), used, used, limit) for name, (used, limit) in numbers.items()
    )
    return Judged("guard", answer, reason, counts=counts)


@given(used=st.integers(0, 4), since=st.integers(0, 59).map(lambda n: n * 10))
def test_the_same_limits_give_the_same_answer(used: int, since: int) -> None:
    numbers = {"tries": (used, 5), "seconds_since_sent": (since, 600)}
    for reason in ("wrong", "replaced", "used"):
        expected = "no_tries_left" if used == 4 else reason
        found = again(REGISTRATION, "phone_code_right", judged("no", expected, **numbers))
        assert found is not None
        assert expected in found
    assert again(REGISTRATION, "phone_code_right", judged("yes", None, **numbers)) == ["yes"]
    assert again(REGISTRATION, "email_code_live", judged("yes", None, **numbers)) == ["yes"]


def test_a_dead_code_says_nothing_about_more_tries() -> None:
    """Nobody looked whether it was right, so nobody can know."""
    more = altered("registration", {"tries: 5": "tries: 9"})
    dead = judged("no", "no_tries_left", tries=(5, 5), seconds_since_sent=(10, 600))
    assert again(more, "phone_code_right", dead) is None
    assert again(REGISTRATION, "phone_code_right", dead) == ["no_tries_left"]


def test_failures_of_the_recipient_end_tries_whatever_the_flow_says() -> None:
    more = altered("registration", {"tries: 5": "tries: 9"})
    exhausted = Judged(
        "g",
        "no",
        "no_tries_left",
        counts=(
            Count("tries", 2, 2, 5),
            Count("seconds since sent", 0, 0, 600),
            Count("failures in a day", 10, 10, 10),
        ),
    )
    assert again(more, "phone_code_right", exhausted) == ["no_tries_left"]


@pytest.mark.parametrize(
    ("recorded", "minutes", "expected"),
    [
        (("yes", None, 60), 10, "yes"),
        (("yes", None, 300), 2, "expired"),
        (("no", "expired", 660), 20, "yes"),
        (("no", "expired", 660), 10, "expired"),
        (("no", "replaced", 300), 2, "replaced"),
    ],
)
def test_validity_is_judged_by_the_time_gone_by(
    recorded: tuple[Answer, str | None, int], minutes: int, expected: str
) -> None:
    answer, reason, since = recorded
    flow = altered("registration", {"valid: 10 min": f"valid: {minutes} min"})
    told = judged(answer, reason, tries=(0, 5), seconds_since_sent=(since, 600))
    assert again(flow, "phone_code_right", told) == [expected]


SENT = {"sent_in_ten_minutes": (1, 5), "sent_in_a_day": (1, 10), "other_recipients_in_the_run": (0, 3)}


@pytest.mark.parametrize(
    ("pauses", "since", "expected"),
    [
        ("30 s, 60 s, 120 s", (20, 30), ["too_soon"]),
        ("30 s, 60 s, 120 s", (40, 30), ["yes"]),
        ("10 s, 15 s", (20, 30), ["yes"]),
        ("90 s, 120 s", (40, 30), ["too_soon"]),
        ("10 s, 90 s", (40, 30), None),  # which of the two was to be kept is not recorded
    ],
)
def test_other_pauses_are_judged_as_far_as_the_record_tells(
    pauses: str, since: tuple[int, int], expected: list[str | None] | None
) -> None:
    flow = shipped("registration")
    if pauses != "30 s, 60 s, 120 s":
        flow = altered("registration", {"resend_after: [30 s, 60 s, 120 s]": f"resend_after: [{pauses}]"})
    answer: Answer = "yes" if since[0] >= since[1] else "no"
    reason = None if answer == "yes" else "too_soon"
    assert (
        again(flow, "phone_code_may_go", judged(answer, reason, **SENT, seconds_since_last=since)) == expected
    )


def test_a_lower_cap_is_judged_by_what_was_sent() -> None:
    capped = altered("registration", {"typed: last 5": "typed: last 5\n    per_10_minutes: 1"})
    assert again(capped, "phone_code_may_go", judged("yes", None, **SENT)) == ["capped"]
    full = judged("no", "capped", **{**SENT, "sent_in_ten_minutes": (5, 5)})
    more = altered("registration", {"typed: last 5": "typed: last 5\n    per_10_minutes: 9"})
    assert again(more, "phone_code_may_go", full) is None


@pytest.mark.parametrize(
    ("change", "used", "expected"),
    [
        ({}, (0, 10), ["yes"]),
        ({"opens: 10": "opens: 2"}, (2, 10), ["used_up"]),
        ({"opens: 10": "opens: 20"}, (10, 10), None),
        ({"    valid: 24 h": "    valid: 1 h"}, (0, 10), ["expired"]),
    ],
)
def test_a_link_is_judged_by_its_uses_and_its_age(
    change: dict[str, str], used: tuple[int, int], expected: list[str | None] | None
) -> None:
    flow = altered("ecard", change) if change else ECARD
    answer: Answer = "no" if used[0] >= used[1] else "yes"
    told = judged(answer, None, uses=used, seconds_since_sent=(3600, 86_400))
    assert again(flow, "link_live", told) == expected


@pytest.mark.parametrize(
    ("recorded", "allowed", "expected"),
    [
        (("yes", None, 2), 5, ["yes"]),
        (("yes", None, 2), 2, ["match_over_budget"]),
        (("no", "unknown", 3), 3, ["over_budget"]),
        (("no", "over_budget", 5), 5, ["over_budget"]),
        (("no", "over_budget", 5), 9, None),
        (("unavailable", "register_unavailable", 5), 1, ["register_unavailable"]),
    ],
)
def test_a_match_is_judged_by_the_refusals_counted(
    recorded: tuple[Answer, str | None, int], allowed: int, expected: list[str | None] | None
) -> None:
    answer, reason, used = recorded
    flow = altered("ecard", {"mobile: 5, email": f"mobile: {allowed}, email"})
    assert again(flow, "card_found", judged(answer, reason, refusals_mobile=(used, 5))) == expected


def test_an_answer_without_numbers_is_not_judged_again() -> None:
    for guard in ("phone_code_right", "email_code_live", "phone_code_may_go"):
        assert again(REGISTRATION, guard, Judged("g", "yes")) is None
    assert again(ECARD, "link_live", Judged("g", "yes")) is None
    assert again(REGISTRATION, "phone_code_right", Judged("g", "no", "no_code")) == ["no_code"]
