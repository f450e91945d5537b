"""Whether the organisation knows this customer by what was typed, and the customer is entitled today."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from sqlalchemy import Connection

from app.flow.catalogue import guard
from app.flow.definition import Flow
from app.flow.normal.column import normalise
from app.flow.normal.shape import ShapeProblem
from app.flow.spec import Name, RegisterSpec
from app.flow.trace import Judged
from app.flow.verdict import Charge, Count, Verdict
from app.guards.models import answers as models
from app.step import Step, Unavailable
from app.store import budgets

Row = Mapping[str, str]
_NO_END = "9999-12-31"

#: What the journal calls the refusals a subject of the budget has had: `refusals national_id`.
REFUSALS = "refusals "


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AnyOf(_Part):
    """Columns of which those are looked up whose field was answered."""

    any_of: dict[Name, Name] = Field(min_length=1)


class _Asked(_Part):
    """A register and how its rows are found: column to field."""

    register_name: Name = Field(alias="register")
    by: AnyOf | dict[Name, Name]

    @property
    def keys(self) -> dict[str, str]:
        """Column to field, whether all or any of them."""
        return dict(self.by.any_of if isinstance(self.by, AnyOf) else self.by)

    @model_validator(mode="after")
    def _found_by_something(self) -> "_Asked":
        if not self.keys:
            raise ValueError(f"say under `by` which column of '{self.register_name}' is looked up")
        return self


class Contact(_Asked):
    """What must agree with the row of a person who is known: column to field."""

    equal: dict[Name, Name]

    @model_validator(mode="after")
    def _never_by_the_key_alone(self) -> "Contact":
        if not set(self.equal) - set(self.keys):
            raise ValueError(
                f"a key alone proves nobody's identity: say under `equal` which contact on file in "
                f"'{self.register_name}' must agree, e.g. `equal: {{email: email}}`"
            )
        return self


class InForce(_Asked):
    """Which rows count today: between two dates, both included, or by a flag."""

    from_: Name | None = Field(default=None, alias="from")
    until: Name | None = None
    flag: Name | None = None

    @model_validator(mode="after")
    def _dates_or_flag(self) -> "InForce":
        if bool(self.flag) == bool(self.from_ or self.until):
            raise ValueError("say what is in force: either `from` and `until`, or `flag`")
        return self

    @property
    def columns(self) -> list[str]:
        """The columns that decide."""
        return [column for column in (self.from_, self.until, self.flag) if column]

    def covers(self, row: Row, today: date) -> bool:
        """Whether this row is in force; an empty end is an open one."""
        if self.flag:
            return row.get(self.flag) == "true"
        day = today.isoformat()
        begun = not self.from_ or row.get(self.from_, _NO_END) <= day
        return begun and self.end(row) >= day

    def end(self, row: Row) -> str:
        """The last day, far away where it is open."""
        return (row.get(self.until, "") if self.until else "") or _NO_END


class MatchOptions(_Part):
    """Whom the match asks, what must agree, what must be in force, what is handed on."""

    contact: tuple[Contact, ...] = Field(json_schema_extra={"minItems": 1})
    in_force: InForce
    budget: Name | None = None
    facts: dict[Name, Name] = {}
    keep: dict[Name, Name] = Field(
        default={}, description="Facts that later steps need: the field that keeps it, and its column."
    )
    timezone: str = Field(default="Europe/Sofia", description="Whose today it is, e.g. Europe/Budapest.")

    @field_validator("contact")
    @classmethod
    def _some_contact(cls, contact: tuple[Contact, ...]) -> tuple[Contact, ...]:
        if not contact:
            raise ValueError("say under `contact` which register knows the person, and what must agree")
        return contact

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"no such time zone: '{name}'; write e.g. Europe/Sofia") from None
        return name


def _references(options: MatchOptions) -> Iterator[tuple[str, str]]:
    for rule in (*options.contact, options.in_force):
        yield "registers", rule.register_name
        for column, name in rule.keys.items():
            yield f"registers.{rule.register_name}.search", column
            yield "fields", name
    for contact in options.contact:
        for column, name in contact.equal.items():
            yield f"registers.{contact.register_name}.columns", column
            yield "fields", name
    for name in options.keep:
        yield "fields", name
    for read in (*options.in_force.columns, *options.facts.values(), *options.keep.values()):
        yield f"registers.{options.in_force.register_name}.columns", read
    if options.budget:
        yield "budgets", options.budget


@dataclass(frozen=True)
class _Found:
    """What the registers said; `current` is the row in force longest."""

    cause: str | None
    current: Row = field(repr=False)


_CAUSES = ("unknown", "contact_differs", "not_in_force")


def _matched_again(flow: Flow, options: MatchOptions, judged: Judged) -> tuple[Judged, ...] | None:
    """What a recorded match would have answered with this flow's numbers of refusals.

    A subject without a count was not there to be counted. What the budget hid then is left open.
    """
    if judged.answer == "unavailable" or options.budget is None:
        return (judged,)
    allowed = flow.spec.budgets[options.budget].per
    refused = {count.name.removeprefix(REFUSALS): count for count in judged.counts}
    if not refused or not set(refused) <= set(allowed):
        return None
    spent = any(count.before >= allowed[subject] for subject, count in refused.items())
    if not spent and any(c.limit <= c.before < allowed[subject] for subject, c in refused.items()):
        return None  # nobody counted beyond the limit of its day
    counts = tuple(replace(count, limit=allowed[subject]) for subject, count in refused.items())
    found = judged.answer == "yes" or judged.reason == "match_over_budget"
    reasons = _FOUND[spent] if found else (("over_budget",) if spent else _causes(judged))
    return tuple(
        replace(judged, answer="no" if reason else "yes", reason=reason, counts=counts) for reason in reasons
    )


_FOUND: Mapping[bool, tuple[str | None, ...]] = {True: ("match_over_budget",), False: (None,)}


def _causes(judged: Judged) -> tuple[str | None, ...]:
    return (judged.reason,) if judged.reason in _CAUSES else _CAUSES


@guard(
    reasons=("unknown", "contact_differs", "not_in_force", "over_budget", "match_over_budget"),
    unavailable=True,
    options=MatchOptions,
    references=_references,
    rejudge=_matched_again,
    model=models.match,
)
def match(step: Step, options: MatchOptions) -> Verdict:
    """The registers know this person by the answers given, the contact on file agrees, and it is in force.

    The first register that knows the person decides about the contact. All registers are asked and all
    counters read whatever the outcome, so that the causes cost the same. Refused: `unknown`,
    `contact_differs`, `not_in_force`; once the budget is spent `over_budget`, or `match_over_budget` for
    the right person, whose page looks refused and who gets the message all the same. Every refusal is
    counted, those over the budget and that last one too: what is counted can be seen by who guesses.
    """
    try:
        found = _ask(step, options)
    except Unavailable:
        return Verdict.unavailable("register_unavailable")
    charges = _charges(step, options)
    with step.world.read() as connection:
        refused = _refused(connection, step, options, charges)
    spent = _is_spent(step, options, refused)
    verdict = replace(_verdict(options, found, spent, charges), still=_still(step, options, charges, spent))
    return replace(verdict, counts=_counts(step, options, refused, more=len(verdict.charges[:1])))


def _verdict(options: MatchOptions, found: _Found, spent: bool, charges: tuple[Charge, ...]) -> Verdict:
    if found.cause:
        return Verdict.no("over_budget" if spent else found.cause, charges=charges)
    facts = {fact: found.current.get(column, "") for fact, column in options.facts.items()}
    if spent:
        return Verdict.no("match_over_budget", found=facts, charges=charges)
    keeps = {name: found.current.get(column, "") for name, column in options.keep.items()}
    return replace(Verdict.yes(found=facts), keeps=keeps)


def _counts(step: Step, options: MatchOptions, refused: Mapping[str, int], more: int) -> tuple[Count, ...]:
    if options.budget is None:
        return ()
    allowed = step.flow.spec.budgets[options.budget].per
    return tuple(
        Count.used(REFUSALS + subject, number, allowed[subject], more) for subject, number in refused.items()
    )


def _ask(step: Step, options: MatchOptions) -> _Found:
    # One question is asked once, though two rules may need its answer.
    @cache
    def ask(register: str, *lookup: tuple[str, str]) -> Sequence[Row]:
        return step.world.find(register, dict(lookup))

    def rows_of(rule: _Asked) -> list[Row]:
        return _rows(ask, rule, _answers(step, rule.register_name, rule.keys))

    known = [(rule, rows_of(rule)) for rule in options.contact]
    valid = rows_of(options.in_force)
    today = step.now.astimezone(ZoneInfo(options.timezone)).date()
    current = max(
        (row for row in valid if options.in_force.covers(row, today)), key=options.in_force.end, default=None
    )
    cause = _differs(step, known) or (None if current is not None else "not_in_force")
    return _Found(cause, current or {})


def _rows(ask: Callable[..., Sequence[Row]], rule: _Asked, answers: Row) -> list[Row]:
    """The rows that agree with every key answered; with `any_of` each is looked up alone."""
    lookup = {column: value for column, value in answers.items() if value}
    if isinstance(rule.by, AnyOf):
        found = [ask(rule.register_name, (column, value)) for column, value in lookup.items()]
        rows = found[0] if found else []
        return [row for row in rows if all(row.get(column) == value for column, value in lookup.items())]
    return list(ask(rule.register_name, *lookup.items())) if len(lookup) == len(answers) else []


def _differs(step: Step, known: Sequence[tuple[Contact, Sequence[Row]]]) -> str | None:
    deciding = next(((rule, rows) for rule, rows in known if rows), None)
    if deciding is None:
        return "unknown"
    rule, rows = deciding
    answers = _answers(step, rule.register_name, rule.equal)
    # A list, not a generator: every row is compared, whichever agrees.
    agree = [all([value and row.get(column) == value for column, value in answers.items()]) for row in rows]
    return None if any(agree) else "contact_differs"


def _answers(step: Step, register: str, columns: Mapping[str, str]) -> dict[str, str]:
    """By column, the answer of its field in the column's own normal form; empty where it has none."""
    spec = step.flow.spec.registers[register]
    return {column: _as_column(spec, column, step.values.get(name, "")) for column, name in columns.items()}


def _as_column(spec: RegisterSpec, column: str, answer: str) -> str:
    try:
        return normalise(spec.columns[column], answer, spec.region)
    except ShapeProblem:
        return ""  # nothing on file can look like this


def _charges(step: Step, options: MatchOptions) -> tuple[Charge, ...]:
    if options.budget is None:
        return ()
    counted = dict(step.values)
    for rule in options.contact:
        # Two spellings of one address share one budget.
        for columns in (rule.keys, rule.equal):
            answers = _answers(step, rule.register_name, columns)
            counted |= {columns[column]: value for column, value in answers.items() if value}
    spec = step.flow.spec.budgets[options.budget]
    return budgets.charges_for(options.budget, spec, counted, step.browser, step.network)


def _refused(
    connection: Connection, step: Step, options: MatchOptions, charges: Sequence[Charge]
) -> Mapping[str, int]:
    """How many refusals each subject of the budget has had; nothing where there is no budget."""
    if options.budget is None:
        return {}
    spec = step.flow.spec.budgets[options.budget]
    return budgets.recent(connection, step.world.vault, options.budget, spec, _subjects(charges), step.now)


def _is_spent(step: Step, options: MatchOptions, refused: Mapping[str, int]) -> bool:
    if options.budget is None:
        return False
    allowed = step.flow.spec.budgets[options.budget].per
    return any(number >= allowed[subject] for subject, number in refused.items())


def _still(
    step: Step, options: MatchOptions, charges: Sequence[Charge], spent: bool
) -> Callable[[Connection], bool]:
    """Whether, inside the commit, the budget stands as it did: guessing in parallel gains nothing."""

    def still(connection: Connection) -> bool:
        if options.budget is not None:
            budgets.hold(connection, step.world.vault, options.budget, _subjects(charges))
        return _is_spent(step, options, _refused(connection, step, options, charges)) == spent

    return still


def _subjects(charges: Sequence[Charge]) -> dict[str, str]:
    return {charge.subject: charge.value for charge in charges}
