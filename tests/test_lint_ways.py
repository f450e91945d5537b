"""What lint proves about the ways through a flow: what is known, sent, proven and done on each of them.

The sound flow breaks none of these rules (tests.test_lint); here it is broken, one rule at a time.
"""

from dataclasses import replace

import pytest

from app import wiring
from app.flow.catalogue import Catalogue
from app.flow.findings import Finding
from app.flow.lint import lint
from app.flow.lint.sources import check_sources
from app.flow.loader import load
from tests.altered import shipped
from tests.flows import CATALOGUE, Edit, all_findings, codes, flow, only, sound

BY_LINK = "id: by_link, trigger: submit, dest: later, conditions: [link_live]"
LOCKED = "{id: locked, trigger: submit, dest: locked, conditions: [{door_code_right: no_tries_left}]}"
AGAIN = "{id: again, trigger: resend, dest: prove, conditions: [code_may_go], effects: [send door_code]}"
LINK_AGAIN = "{id: again, trigger: resend, dest: sent, conditions: [link_may_go], effects: [send badge_link]}"
SENT = "    kind: message\n    back: locked\n    lifetime"


def way(line: str, above: str) -> Edit:
    """A transition above the one that begins so."""
    old = f"      - {{id: {above},"
    return flow(old, f"      - {{{line}}}\n{old}")


def without(line: str) -> Edit:
    """A transition taken away."""
    return flow(f"      - {line}\n", "")


def of(code: str, *edits: Edit) -> list[Finding]:
    return [each for each in all_findings(*edits) if each.code == code and not each.waived]


def one(code: str, *edits: Edit) -> str:
    (finding,) = of(code, *edits)
    return str(finding)


def test_f012_two_ways_that_fit_at_once_and_lead_apart():
    told = only("F012", way(BY_LINK, "unknown"))
    assert "Both 'found' and 'by_link' fit when 'is_member' is true and 'link_live' is true" in told
    assert codes(way(f"{BY_LINK}, ordered: true", "unknown")) == set()


@pytest.mark.parametrize(
    ("line", "above"),
    [
        ("id: same, trigger: submit, dest: later, conditions: [link_live], unless: [is_member]", "unknown"),
        ("id: special, trigger: submit, dest: later, conditions: [is_member, link_live]", "found"),
        ("id: refused, trigger: submit, dest: prove, unless: [link_live]", "locked"),
    ],
)
def test_f012_no_doubt_about_the_order(line, above):
    """They exclude each other, are case and special case, or the first keeps people on its page."""
    assert "F012" not in codes(way(line, above))


def test_f012_not_where_another_way_wins_anyhow():
    first = "id: first, trigger: submit, dest: later, conditions: [is_member, link_live]"
    assert of("F012", way(first, "found"), way(BY_LINK, "unknown")) == []


def test_f015_a_guard_that_looks_at_the_clock_itself():
    assert list(check_sources(wiring.catalogue())) == []
    guards = {"late": replace(CATALOGUE.guards["known"], name="late", ask=_late)}
    told = [str(each) for each in check_sources(Catalogue(guards=guards))]
    assert any("F015 '_late' reads the clock itself (datetime.datetime.now)." in each for each in told)


def _late() -> bool:
    from datetime import UTC, datetime

    return datetime.now(UTC).hour > 20


def test_f016_what_is_read_and_was_never_asked():
    told = of("F016", flow("fields: [number, phone]\n    t", "fields: [number]\n    t"))
    assert {(each.words["reader"], each.words["field"]) for each in told} >= {
        ("is_member", "phone"),
        ("send door_code", "phone"),
        ("send badge_link", "phone"),
    }
    assert any("but on the way ask.found → prove it is not asked." in str(each) for each in told)


def test_f016_back_that_keeps_nothing():
    lost = flow("    back: {to: ask}", "    back: {to: later, keep: nothing}")
    on = flow("    back: {to: ask, keep: all}\n", "    back: {to: prove, keep: all}\n")
    assert {each.words["field"] for each in of("F016", lost, on)} == {"number", "phone"}


def test_f016_a_secret_lasts_for_its_own_step_only():
    elsewhere = flow("[number, phone]\n    t", "[number, phone, pin]\n    t")
    assert "'door_code_right' needs 'pin'" in one("F016", flow("    fields: [pin]\n", ""), elsewhere)


def test_f016_what_a_match_looks_up_and_who_is_asked_whether_there_is_an_answer():
    def told(old: str, new: str) -> list[str]:
        files = shipped("registration").files
        loaded = load({**files, "flow.yaml": files["flow.yaml"].replace(old, new)}, wiring.catalogue())
        assert loaded.flow is not None
        found = lint(loaded.flow, wiring.catalogue(), loaded.sources)
        return [str(each) for each in found if each.code == "F016"]

    assert told("", "") == []
    unasked = told("unless: [gave_address], tell", "unless: [wants_renewal], tell")
    assert any("'create_account portal_login' needs 'email'" in each for each in unasked)


def test_f016_a_card_whose_facts_nobody_has_found():
    told = only("F016", flow("facts: door_code_right", "facts: is_member"))
    assert "'right' makes out 'badge' without asking 'is_member'" in told


def test_f022_no_tries_left_and_no_word_of_it():
    told = one("F022", without(LOCKED))
    assert "'prove' does not say what happens when no tries of 'door_code' are left." in told
    assert "{door_code_right: no_tries_left}" in told


def test_f022_no_tries_left_and_no_way_on():
    stays = flow("dest: locked, conditions", "dest: prove, conditions")
    assert of("F022", stays) == []
    assert "no tries of 'door_code' left stays in 'prove'" in one("F022", stays, without(AGAIN))


def test_f024_a_code_that_is_sent_and_never_asked_for():
    skip = "id: skip, trigger: submit, dest: sent, effects: [send badge_link], unless: [link_live]"
    told = one("F024", way(skip, "locked"))
    assert "'door_code' is sent, but 'added' is reached without asking for it: ask.found → prove.skip" in told


def test_f025_a_code_that_is_asked_for_and_never_sent():
    unsent = flow("conditions: [is_member], effects: [send door_code]", "conditions: [is_member]")
    told = str(of("F025", unsent))
    assert "ask.found → prove 'prove' asks for the code 'door_code', which was never sent." in told


def test_f025_a_code_that_went_to_another_address():
    away = way("id: away, trigger: resend, dest: later, conditions: [link_live]", "again")
    asked = flow("  later:\n    kind: message\n", "  later:\n    kind: message\n    fields: [phone]\n")
    on = "    back: {to: ask}\n    transitions: [{id: on, trigger: submit, dest: prove}]\n"
    told = of("F025", away, asked, flow("    back: {to: ask, keep: all}\n", on))
    assert any("'phone' was typed anew since then." in str(each) for each in told)


def test_f026_a_state_that_can_be_reached_without_what_it_requires():
    needs = flow(SENT, SENT.replace("back", "requires: [door_code_right]\n    back"))
    assert of("F026", needs) == []
    past = "id: past, trigger: submit, dest: sent, conditions: [{is_member: spent}]"
    told = one("F026", needs, way(past, "unknown"))
    assert "'sent' needs a yes of 'door_code_right', but ask.past → sent gets there without it." in told


def test_f026_a_guard_that_is_not_there():
    missing = flow("    lifetime: 24 h", "    requires: [door_code_wrong]\n    lifetime: 24 h")
    assert [each.code for each in load(sound(missing), CATALOGUE).findings] == ["F005"]


@pytest.mark.parametrize(
    ("old", "new", "hours"),
    [("absolute: 24 h", "absolute: 2 h", "2"), ("lifetime: 24 h", "lifetime: 90 min", "1.5")],
)
def test_f027_answers_that_are_gone_within_the_day(old, new, hours):
    assert f"People lose their answers after {hours} h without being warned." in one("F027", flow(old, new))


def test_f030_back_before_what_cannot_be_done_twice():
    told = one("F030", flow(SENT, SENT.replace("back: locked", "back: {to: ask}")))
    assert (
        "'issue badge' would happen twice if people go Back to 'prove': sent.back → ask.found → prove" in told
    )


def test_f031_a_message_that_cannot_be_had_again():
    told = one("F031", without(LINK_AGAIN))
    assert "If the message with 'badge_link' gets lost, people cannot ask for another one." in told


def test_f032_messages_to_any_address_for_whoever_asks():
    told = of("F032", flow("browser: 20, network: 60", "browser: 20"))
    assert "send 'door_code' to any address from 'ask': ask.found → prove." in str(told[0])
    assert {each.words["name"] for each in told} == {"door_code", "badge_link"}


def test_f042_a_card_before_anybody_has_proven_anything():
    told = of("F042", way("id: show, trigger: submit, dest: fetch, conditions: [link_live]", "unknown"))
    assert [each.id for each in told] == ["fetch", "added"]
    assert "'fetch' shows what is on file ('badge') before we know who is looking: ask.show" in str(told[0])


def test_f044_a_stranger_learns_who_is_known():
    (told,) = [each for each in all_findings() if each.code == "F044"]
    assert (told.id, told.severity, told.waived) == ("ask.unknown", "warning", True)
    unlimited = all_findings(flow(", budget: tries}", "}"))
    (told,) = [each for each in unlimited if each.code == "F044"]
    assert told.severity == "error" and "tell a stranger what 'is_member' knows" in told.text


def test_f044_not_where_both_look_alike():
    alike = "{id: unknown, trigger: submit, dest: prove, effects: [send door_code]}"
    told = all_findings(flow("{id: unknown, trigger: submit, dest: ask, say: unknown}", alike))
    assert [each.code for each in told if each.code in {"F044", "N011"}] == ["N011"]
