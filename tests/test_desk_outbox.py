"""The outbox at the desk: what failed is found and tried again while it is in time, and no letter is read."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app import wiring
from app.gateways.outcome import Accepted, Failed, Refused
from app.runner import letters, outside
from app.runner.letters import NotDone
from app.runner.outside import pace
from app.runner.staff.acts import acts_since
from app.runner.sweep import sweep
from app.store.deliveries import Left
from app.store.letters import Asked
from tests.apps import ready_app
from tests.asking import send
from tests.conftest import Clock, settings_for
from tests.operating import Operating, operating, post
from tests.walk import Walk


@pytest.fixture
def desk(demo_var: Path, tmp_path: Path) -> Iterator[Operating]:
    shutil.copytree(demo_var, tmp_path / "var")
    settings, clock = settings_for(tmp_path / "var"), Clock()
    house = wiring.open_house(settings, clock)
    yield operating(lambda opened: ready_app(settings, opened), house, clock)
    house.database.close()


def state(desk: Operating, letter: str) -> tuple[str, int]:
    found = letters.tell(desk.house, letter).letter
    return found.state, found.tries


def acts(desk: Operating) -> list[tuple[str, str, str, str]]:
    told = acts_since(desk.house, desk.clock() - timedelta(hours=3))
    return [(act.staff, act.act, act.subject, act.outcome) for act in told]


def test_a_letter_that_was_given_up_is_tried_again_as_often_as_a_new_one(desk: Operating) -> None:
    letter = desk.given_up()
    olga = desk.browser("olga", "operator")
    olga.get(f"/desk/outbox/{letter}")
    assert "Try again" in olga.text
    assert "08•• ••• •56" in olga.text
    assert "888123456" not in olga.text
    assert "a text for one person" not in olga.text
    send(olga, f"/desk/outbox/{letter}/retry")
    assert "waits to leave again" in olga.text
    assert state(desk, letter) == ("queued", 2)
    desk.post(lambda _: Failed("busy")).deliver()
    assert state(desk, letter) == ("queued", 3), "its second try is still to come"
    desk.clock.pass_(seconds=30)
    desk.post(lambda _: Accepted("v9")).deliver()
    assert state(desk, letter) == ("sent", 4)
    assert ("olga", "retry letter", letter, "done") in acts(desk)
    assert [each.number for each in letters.tell(desk.house, letter).attempts] == [1, 2, 3, 4]


def test_what_a_given_up_letter_says_is_erased_once_it_would_come_too_late(desk: Operating) -> None:
    letter = desk.given_up()
    desk.clock.pass_(minutes=30)
    sweep(desk.house)
    assert letters.tell(desk.house, letter).letter.kept
    desk.clock.pass_(hours=1)
    sweep(desk.house)
    assert not letters.tell(desk.house, letter).letter.kept
    with desk.house.database.read() as connection:
        row = connection.execute(
            text("select recipient, subject, body from outbox where key = 'r-1:1:1'")
        ).one()
    assert tuple(row) == (None, None, None)


def test_a_retry_is_refused_with_the_reason(desk: Operating) -> None:
    olga = desk.browser("olga", "operator")
    late, sent, replaced = desk.given_up("r-1:1:1"), desk.sent("r-2:1:1"), desk.given_up("r-3:1:1", run="r-3")
    desk.clock.pass_(seconds=1)
    desk.letter("r-3:2:1", run="r-3")
    for letter, words in ((sent, "was not given up"), (replaced, "sent a newer message since")):
        olga.get("/desk/outbox")
        assert words in post(olga, f"/desk/outbox/{letter}/retry").text
    desk.clock.pass_(hours=2)
    with pytest.raises(NotDone) as refused:
        letters.retry(desk.house, "olga", late)
    assert refused.value.why == "too_late"
    assert "retry letter" not in {act for _, act, _, _ in acts(desk)}


def test_a_waiting_letter_is_given_up_and_that_is_undone(desk: Operating) -> None:
    letter, olga = desk.letter("r-1:1:1"), desk.browser("olga", "operator")
    send(olga.get(f"/desk/outbox/{letter}"), f"/desk/outbox/{letter}/give-up")
    assert state(desk, letter)[0] == "given_up"
    assert desk.post(lambda _: Accepted()).deliver() == 0
    send(olga, f"/desk/outbox/{letter}/retry")
    assert desk.post(lambda _: Accepted()).deliver() == 1
    assert [act[1] for act in acts(desk) if act[0] == "olga" and "letter" in act[1]] == [
        "give up letter",
        "retry letter",
    ]


def test_a_letter_being_handed_over_is_given_up_by_nobody(desk: Operating) -> None:
    letter = desk.letter("r-1:1:1")
    seen = []

    def carry(_: object) -> Accepted:
        with pytest.raises(NotDone):
            letters.give_up(desk.house, "olga", letter)
        seen.append(letter)
        return Accepted()

    desk.post(carry).deliver()
    assert (seen, state(desk, letter)[0]) == ([letter], "sent")


def test_letters_are_found_by_state_channel_and_day_and_pages_go_on(desk: Operating) -> None:
    given_up = desk.given_up()
    mails = [desk.letter(f"m-{number}:1:1", "mail") for number in range(letters.PAGE + 1)]
    first = letters.search(desk.house, Asked(channel="mail"))
    assert [each.id for each in first] == sorted(mails, reverse=True)
    rest = letters.search(desk.house, Asked(channel="mail", before=first[letters.PAGE - 1].id))
    assert [each.id for each in rest] == [min(mails)]
    assert [each.id for each in letters.search(desk.house, Asked(state="given_up"))] == [given_up]
    tomorrow = desk.clock() + timedelta(days=1)
    assert letters.search(desk.house, Asked(since=tomorrow)) == []
    assert letters.search(desk.house, Asked(run="+359888123456")) == []
    olga = desk.browser("olga", "operator").get("/desk/outbox?state=given_up")
    assert f"/desk/outbox/{given_up}" in olga.text
    assert f"/desk/outbox/{mails[0]}" not in olga.text
    for odd in ("?before=%27;drop", "?since=2026-99-99", "?state=x&channel=y", "?run=" + "9" * 5000):
        assert desk.browser(f"o{abs(hash(odd)) % 9999}", "operator").get(f"/desk/outbox{odd}").status == 200


def test_the_auditor_looks_and_acts_on_nothing(desk: Operating) -> None:
    letter = desk.given_up()
    audit = desk.browser("audit", "auditor").get(f"/desk/outbox/{letter}")
    assert audit.status == 200
    assert (
        "56"
        not in audit.text.partition("<main")[2].partition("Calls made")[0].partition("How it stands")[2][:400]
    )
    assert "Try again</button>" not in audit.text
    assert audit._ask("POST", f"/desk/outbox/{letter}/retry").status_code == 403
    assert ("audit", "act", f"desk.letter_retry {letter}", "refused") in acts(desk)


def test_a_letter_refused_for_good_can_be_tried_once_the_gateway_is_mended(
    desk: Operating,
) -> None:
    letter = desk.letter("r-1:1:1")
    desk.post(lambda _: Refused("sender_unknown")).deliver()
    assert state(desk, letter) == ("given_up", 1)
    letters.retry(desk.house, "(console)", letter)
    desk.post(lambda _: Accepted("v1")).deliver()
    assert state(desk, letter) == ("sent", 2)


def test_the_share_in_time_counts_what_still_waits(clock: Clock) -> None:
    now = clock()
    ten = [
        Left("sms", "sent", now - timedelta(minutes=5), timedelta(seconds=number)) for number in range(1, 11)
    ]
    told = pace(ten, now)
    assert (told.letters, told.handed_over, told.p50, told.p95, told.in_time) == (10, 10, 5, 10, 1)
    assert told.as_promised
    late = Left("sms", "queued", now - timedelta(minutes=1), None)
    fresh = Left("sms", "queued", now - timedelta(seconds=3), None)
    told = pace([*ten, late, fresh], now)
    assert told.in_time == 10 / 11
    assert not told.as_promised
    assert pace([fresh], now).in_time is None


def test_gateways_are_told_by_name_and_what_they_last_answered(desk: Operating) -> None:
    desk.sent("r-1:1:1")
    desk.given_up("r-2:1:1")
    (sms,) = outside.doing(desk.house)
    assert (sms.channel, sms.hour.letters, sms.last.reason, sms.last.gateway) == ("sms", 2, "busy", "twin")
    page = desk.browser("audit", "auditor").get("/desk/gateways").text
    for told in ("Pass Type ID: pass.demo.narthex.card", "3649", "busy", "the demo’s inbox"):
        assert told in page
    assert "secret" not in page.replace("a secret is shown nowhere", "")


def test_a_call_centre_reads_where_a_run_stands_in_the_flows_words(desk: Operating) -> None:
    applicant = Walk(desk.app, lang="bg")
    answers = {"email": "maria.sineva.demo@gmail.com", "mobile": "0888123456", "device": "ios"}
    applicant.get("/ecard/form").post(national_id="9912310123", **answers)
    desk.post(lambda _: Refused("sender_unknown")).deliver()
    olga = desk.browser("olga", "operator")
    with desk.house.database.read() as connection:
        run, reference = connection.execute(text("select id, reference from runs where flow = 'ecard'")).one()
    olga.page = olga._ask("GET", f"/desk/runs?run={reference}")
    olga.get(olga.page.location)
    assert olga.at == f"/desk/runs/{run}"
    for told in ("Congratulations", "the link in the message is opened", "given up", "left", "Български"):
        assert told in olga.text, told
    for value in ("maria.sineva", "0888123456", "9912310123", "card_found"):
        assert value not in olga.text
    letter = olga.text.partition("/desk/outbox/")[2].partition('"')[0]
    assert "Try again</button>" in olga.get(f"/desk/outbox/{letter}").text
