"""Every name a definition uses must be declared somewhere: in the flow, or in the catalogue."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from app.flow.catalogue import Catalogue, Guard, References
from app.flow.definition import FORM_VALID
from app.flow.findings import Finding, suggestion
from app.flow.phrases import beginning
from app.flow.places import locate, owner, sort_of, words
from app.flow.rules import finding
from app.flow.source import Path, Source
from app.flow.spec import FlowSpec

#: What a budget may count beside the answers to a field.
OTHER_SUBJECTS = frozenset({"browser", "network"})

#: First parts of addresses that no flow can have: the wallet, the portal, the house's own pages and files.
RESERVED = frozenset({"w", "desk", "portal", "inbox", "receipts", "health", "static", "theme"})

#: Where staff logs in: a cookie and counters are called after it as they are after a realm's portal.
STAFFS_REALM = "desk"

#: What entries of a section name: (section, its key, the section named).
NAMED = (
    ("codes", "to", "fields"),
    ("links", "to", "fields"),
    ("links", "page", "states"),
    ("cards", "facts", "guards"),
    ("cards", "subject", "fields"),
    ("accounts", "username", "fields"),
    ("accounts", "password", "fields"),
    ("accounts", "taken", "notices"),
    ("accounts", "renewed", "notices"),
)


def bare(guard: Guard) -> bool:
    """Whether a guard can be asked by its own name, without options."""
    try:
        guard.options()
    except ValidationError:
        return False
    return True


@dataclass(frozen=True)
class Names:
    """The names of one flow and its catalogue, and where they are used."""

    spec: FlowSpec
    catalogue: Catalogue
    source: Source

    @property
    def guards(self) -> set[str]:
        """What a condition may name."""
        return {*self.spec.guards, *(name for name, guard in self.catalogue.guards.items() if bare(guard))}

    def guard(self, name: str) -> Guard | None:
        """The guard behind a name used in a condition; None if there is none."""
        use = self.spec.guards.get(name)
        return self.catalogue.guards.get(next(iter(use)) if use else name)

    def section(self, section: str) -> set[str]:
        """The names declared in a section of FlowSpec; dots lead inside: `registers.insured.columns`."""
        if section == "guards":
            return self.guards
        first, *rest = section.split(".")
        here: Any = getattr(self.spec, first)
        for part in rest:
            here = here.get(part, {}) if isinstance(here, dict) else getattr(here, part)
        return set(here)

    def unknown(
        self, rule: str, path: Path, sort: str, name: str, known: Iterable[str], *, at_key: bool = False
    ) -> Finding:
        """The finding that `name` at `path` is none of `known`: F005 or F013."""
        return finding(
            rule,
            self.source,
            path,
            at_key,
            where=self.where(path),
            sort=sort,
            name=name,
            hint=suggestion(name, known),
        )

    def where(self, path: Path) -> str:
        """The transition or entry around `path`, to begin a sentence with."""
        return beginning(words(owner(path), self.source.data))

    def declared(self, path: Path, section: str, name: str) -> Iterator[Finding]:
        """F005 unless `name` is declared in `section`."""
        known = self.section(section)
        if name not in known:
            yield self.unknown("F005", path, sort_of(section), name, known)

    def references(self, path: Path, hook: References | None, options: BaseModel) -> Iterator[Finding]:
        """F005 for everything that `options`, which stand at `path`, name and that is not declared."""
        for section, name in hook(options) if hook else ():
            yield from self.declared(locate(self.source.data, path, name), section, name)

    def reasons(self, name: str, fields: Iterable[str]) -> set[str]:
        """The codes with which the guard called `name` may refuse on a page that asks `fields`."""
        guard = self.guard(name)
        if guard is None:
            return set()
        if guard.name != FORM_VALID:
            return set(guard.reasons)
        asked = (self.spec.fields[field].type for field in fields if field in self.spec.fields)
        types = (self.catalogue.field_types.get(each) for each in asked)
        return {*guard.reasons, *(reason for each in types if each for reason in each.reasons)}


def check_sections(names: Names) -> Iterator[Finding]:
    """Names used by registers, budgets, codes, links and cards, and the first state."""
    spec = names.spec
    if spec.flow in RESERVED:
        yield finding("F008:reserved", names.source, ("flow",), name=spec.flow)
    if spec.realm == STAFFS_REALM:
        yield finding("F008:realm", names.source, ("realm",), name=spec.realm)
    if spec.initial not in spec.states:
        hint = suggestion(spec.initial, spec.states)
        yield finding("F008:initial", names.source, ("initial",), name=spec.initial, hint=hint)
    for section, part, of in NAMED:
        for name, entry in getattr(spec, section).items():
            yield from names.declared((section, name, part), of, getattr(entry, part))
    yield from _registers(names)
    yield from _budgets(names)
    yield from _accounts(names)


def _accounts(names: Names) -> Iterator[Finding]:
    for name, account in names.spec.accounts.items():
        path: Path = ("accounts", name)
        for number, field in account.customer.items():
            yield from names.declared((*path, "customer", number), "fields", field)
        for place, field in enumerate(account.consents):
            yield from names.declared((*path, "consents", place), "fields", field)
        if account.customer_name:
            yield from names.declared((*path, "customer_name"), "fields", account.customer_name)
        if account.confirm:
            yield from names.declared((*path, "confirm"), "codes", account.confirm)


def _registers(names: Names) -> Iterator[Finding]:
    for name, register in names.spec.registers.items():
        for part in ("key", "search", "may_be_empty"):
            for number, column in enumerate(getattr(register, part)):
                path = ("registers", name, part, number)
                yield from names.declared(path, f"registers.{name}.columns", column)


def _budgets(names: Names) -> Iterator[Finding]:
    known = {*names.spec.fields, *OTHER_SUBJECTS}
    for name, budget in names.spec.budgets.items():
        for subject in budget.per:
            if subject not in known:
                path = ("budgets", name, "per", subject)
                yield names.unknown("F005", path, sort_of("fields"), subject, known, at_key=True)
