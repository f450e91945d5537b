"""Waivers: findings that somebody bears for a time, written in the flow's own file.

Errors of the machine itself (F000-F026, and ours) cannot be borne: such a flow does not work.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from app.flow.findings import Finding, Waiver, suggestion
from app.flow.phrases import Phrase
from app.flow.rules import RULES, finding
from app.flow.source import Source
from app.flow.spec import FlowSpec, WaiverSpec

#: What is seen only with the house around it; without it nobody can say that there is nothing to waive.
_FROM_OUTSIDE = ("F060", "F061", "F062", "F063")

_CODES = sorted({rule.partition(":")[0].rstrip("ab") for rule in RULES})


def waived(
    found: Sequence[Finding], spec: FlowSpec, source: Source, today: date, *, outside: bool
) -> list[Finding]:
    """What was found, with the waivers that hold today set, and what is wrong with waivers.

    `outside` says whether the rules F060-F063 had something to look at.
    """
    told = [_borne(each, spec.waivers, today) for each in found]
    for number, waiver in enumerate(spec.waivers):
        told += _faults(number, waiver, found, source, today, outside)
    return sorted(told)


def _borne(each: Finding, waivers: Sequence[WaiverSpec], today: date) -> Finding:
    for waiver in waivers:
        if _about(waiver, each) and can_be_borne(each) and waiver.until >= today:
            until = waiver.until.isoformat()
            return replace(each, waiver=Waiver(waiver.owner, waiver.reason, until))
    return each


def _about(waiver: WaiverSpec, each: Finding) -> bool:
    return (_code(each), each.id) == (waiver.rule, waiver.at)


def _code(each: Finding) -> str:
    return each.code.rstrip("ab")


def can_be_borne(each: Finding) -> bool:
    """Whether somebody may bear it: every warning, and errors of F030 and above."""
    return each.severity == "warning" or (each.severity == "error" and "F030" <= _code(each) < "G")


def _faults(
    number: int, waiver: WaiverSpec, found: Sequence[Finding], source: Source, today: date, outside: bool
) -> Iterator[Finding]:
    place = ("waivers", number)
    words = {"rule": waiver.rule, "at": waiver.at}
    about = [each for each in found if _about(waiver, each)]
    if waiver.rule not in _CODES:
        hint = suggestion(waiver.rule, _CODES)
        yield finding("N013", source, (*place, "rule"), rule=waiver.rule, hint=hint)
    elif any(not can_be_borne(each) and each.severity == "error" for each in about):
        yield finding("N012", source, (*place, "rule"), **words)
    elif waiver.until < today:
        until = waiver.until.isoformat()
        yield finding("N010", source, (*place, "until"), until=until, owner=waiver.owner, **words)
    elif not any(map(can_be_borne, about)) and (outside or waiver.rule not in _FROM_OUTSIDE):
        yield finding("N011", source, (*place, "at"), hint=_hint(waiver, found), **words)


def _hint(waiver: WaiverSpec, found: Sequence[Finding]) -> str:
    places = {each.id for each in found if _code(each) == waiver.rule}
    return suggestion(waiver.at, places) if places else Phrase("Remove the waiver.")
