"""What of a definition a guard's verdict depends on: the parts its options refer to, limits told apart.

Two parts that are equal let a recorded verdict stand; where only limits differ, the guard itself can say
what the numbers it recorded would have meant.
"""

from collections.abc import Iterable
from typing import Any

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow, GuardUse

#: Numbers that a guard's `rejudge` hook takes from the definition, by section.
LIMITS = {
    "codes": ("tries", "valid", "resend_after", "per_10_minutes", "per_day"),
    "links": ("valid", "opens", "resend_after", "per_10_minutes", "per_day"),
    "budgets": ("per",),
}
#: What else of a section's entry decides about a verdict; of sections not named here, everything.
_DECIDING = {
    "codes": ("channel", "to"),
    "links": ("channel", "to"),
    "budgets": ("within", "same_network"),
    "registers": ("region", "source"),
    "accounts": ("username", "customer", "sole"),
    "fields": ("type", "optional"),
}

Reference = tuple[str, str]


def references(catalogue: Catalogue, use: GuardUse) -> tuple[Reference, ...]:
    """What the options of a guard name elsewhere in its definition: (section, name) pairs."""
    refer = catalogue.guards[use.guard].references
    return tuple(refer(use.options)) if refer else ()


def deciding(flow: Flow, reference: Reference) -> Any:
    """What of the entry referred to decides about verdicts, comparable; None if there is no such entry."""
    section, name = reference
    if section.startswith("registers."):
        register = flow.spec.registers.get(section.split(".")[1])
        return register.columns.get(name) if register else None
    entry = _entry(flow, section, name)
    if entry is None or section not in _DECIDING:
        return entry
    own = tuple(getattr(entry, part) for part in _DECIDING[section])
    if section == "fields":
        return (*own, flow.field_options.get(name))
    # Another number is another limit; another subject is another budget.
    return (*own, frozenset(entry.per)) if section == "budgets" else own


def limits(flow: Flow, reference: Reference) -> tuple[tuple[str, Any], ...]:
    """The numbers of the entry referred to that guards judge by, by name."""
    section, name = reference
    entry = _entry(flow, section, name)
    return tuple((each, getattr(entry, each)) for each in LIMITS.get(section, ())) if entry else ()


def _entry(flow: Flow, section: str, name: str) -> Any:
    return getattr(flow.spec, section, {}).get(name)


def all_equal(old: Flow, new: Flow, refer: Iterable[Reference]) -> bool:
    """Whether everything referred to decides alike in both definitions, limits aside."""
    return all(deciding(old, each) == deciding(new, each) for each in refer)
