"""Drafts for tests: staff of each role, a draft of a shipped flow, a version that went live from one."""

from app.config import ROOT
from app.flow.edit import Place, RemoveFile, SetValue, find
from app.flow.source import read
from app.gate.checker import carry_out
from app.runner.drafting.changing import change
from app.runner.drafting.drafts import Draft, open_draft
from app.runner.drafting.saving import Saved
from app.runner.house import House
from app.runner.releasing import agreeing, checking, going_live
from app.runner.staff.who import Role, Staff
from app.store.versions import Version

WORKFLOWS = ROOT / "workflows"


def member(name: str, *roles: Role) -> Staff:
    """Somebody who works at the desk, as the use cases see them."""
    return Staff(name, name, frozenset(roles or ("analyst",)))


ANNA, BELA, CHIEF = member("anna"), member("bela"), member("chief", "approver")


def drafted(house: House, flow: str = "activation", staff: Staff = ANNA) -> Draft:
    """The draft of a flow, scenarios and rules with it."""
    return open_draft(house, staff, flow, WORKFLOWS)


def bare(house: House, flow: str = "activation") -> Draft:
    """A draft without scenarios and rules, which the gate would try one by one."""
    drafted(house, flow)
    saved = change(house, ANNA, flow, [RemoveFile("scenarios.yaml"), RemoveFile("safety.yaml")])
    assert isinstance(saved, Saved)
    return saved.draft


def set_value(draft: Draft, place: Place, value: object, file: str = "flow.yaml") -> SetValue:
    """The edit that puts `value` in the place of what the draft has there."""
    return SetValue(file, place, value, find(read(draft.files[file], file).data, place))


def changed(house: House, flow: str, place: Place, value: object, staff: Staff = ANNA) -> Draft:
    """The draft after one edit."""
    draft = drafted(house, flow, staff)
    saved = change(house, staff, flow, [set_value(draft, place, value)], draft.revision)
    assert isinstance(saved, Saved)
    return saved.draft


def checked(house: House, flow: str) -> bool:
    """Let the gate look at the draft; whether it passed."""
    checking.ask_check(house, ANNA, flow)
    assert carry_out(house, ROOT)
    report = checking.newest(house, drafted(house, flow))
    assert report is not None and report.passed is not None
    return report.passed


def agreed(house: House, flow: str, draft: Draft) -> None:
    """Let a second person agree to it."""
    agreeing.ask(house, ANNA, flow, draft.digest, "please look")
    agreeing.decide(house, CHIEF, flow, draft.digest, True, "fine")


def gone_live(house: House, flow: str, place: Place, value: object) -> Version:
    """A version that differs from the one before by one edit, by all steps there are."""
    bare(house, flow)
    draft = changed(house, flow, place, value)
    assert checked(house, flow)
    agreed(house, flow, draft)
    return going_live.publish_draft(house, ANNA, flow, draft.digest, "because")
