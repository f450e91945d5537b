"""Who is on file, who is not, who has asked too often."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from app.forms import invent
from app.guards.match import Contact, MatchOptions
from app.proof.staging import others
from app.proof.staging.people import Contradiction, Person, Row, refusals
from app.proof.staging.plan import Asked, Plan
from app.proof.staging.registry import settles, stages

_MINUTE = timedelta(minutes=1)
_OVER = frozenset({"over_budget", "match_over_budget"})
_LONG_AGO, _OVER_SINCE, _FAR_AWAY = "2020-01-01", "2020-12-31", "2099-12-31"


@dataclass(frozen=True)
class _Named:
    """Somebody was named on the page of one move and is judged at another."""

    asked: Asked
    page: int
    person: Person


@stages("match", turn=0)
def match(asked: Asked) -> None:
    """Decide who is named on the page: the customer of the story, or somebody made for this refusal."""
    plan = asked.plan
    if asked.outcome.answer == "unavailable":
        plan.silent.add(asked.at)
        return
    page = _page(asked)
    before = [each for each in _named(plan) if each.page == page and each.asked.use == asked.use]
    if before and before[0].asked.outcome != asked.outcome:
        raise asked.unfit("the same answers were judged otherwise before")
    person = before[0].person if before else _person(asked)
    if not before and person != plan.hand:
        plan.type_page(page, person)
        plan.typed[page] |= plan.story.people.pages.get(
            (person, plan.course.moves[page].transition.source), {}
        )
    named = _Named(asked, page, person)
    _named(plan).append(named)
    if asked.outcome.reason in {"contact_differs", "over_budget"}:
        _mistype(named)


@settles(turn=4)
def on_file(plan: Plan) -> None:
    """Put the rows of everybody named into the registers, once all that is typed is settled."""
    for named in _named(plan):
        row = None if named.asked.outcome.reason == "unknown" else _put(named)
        source = plan.course.moves[named.page].transition.source
        if named.asked.outcome.reason in {None, "match_over_budget"}:
            plain = {name: typed for name, typed in plan.typed[named.page].items() if isinstance(typed, str)}
            plan.story.people.pages.setdefault((named.person, source), plain)
        if named.asked.outcome.answer == "yes" and row is not None:
            for name, column in named.asked.options.keep.items():
                plan.kept[named.asked.at, name] = row[column]


@settles(turn=5)
def refused_before(plan: Plan) -> None:
    """Let those who have asked too often do so, from the same network and before the visit begins."""
    for named in _named(plan):
        if named.asked.outcome.reason in _OVER:
            _spend(named)


def _named(plan: Plan) -> list[_Named]:
    return cast("list[_Named]", plan.named)


def _page(asked: Asked) -> int:
    """The move at which the customer was named who is judged now."""
    names = {name for rule in asked.options.contact for name in rule.keys.values()}
    typed = [asked.plan.course.typed_at(name, asked.at) for name in names]
    pages = [page for page in typed if page is not None]
    if not pages:
        raise asked.unfit("nobody has been named by then")
    return max(pages)


def _person(asked: Asked) -> Person:
    """The customer where they are let in, else somebody else: a refusal counts against who is refused."""
    plan = asked.plan
    customer = asked.outcome.answer == "yes" or plan.refuses_customer
    return plan.customer if customer else plan.story.people.somebody()


def _deciding(options: MatchOptions) -> Contact:
    """The rule whose register is to know the person: the one that also says what is in force, if any does."""
    same = [rule for rule in options.contact if rule.register_name == options.in_force.register_name]
    return same[-1] if same else options.contact[0]


def _mistyped_field(named: _Named) -> tuple[str, str]:
    """The column that shall differ from what is typed, and its field."""
    rule = _deciding(named.asked.options)
    return next((column, name) for column, name in rule.equal.items() if column not in rule.keys)


def _mistype(named: _Named) -> None:
    """Type somebody else's contact."""
    _, name = _mistyped_field(named)
    other = named.asked.plan.story.people.somebody()
    named.asked.plan.typed[named.page] |= invent.answer(named.asked.plan.flow, name, other.seed)


def _put(named: _Named) -> Row | None:
    """The row in force or out of it; None where the person is known already, from another visit."""
    plan, options = named.asked.plan, named.asked.options
    people = plan.story.people
    there = people.known.get((named.person, options.in_force.register_name))
    if there is not None and named.asked.outcome.reason in {"contact_differs", "over_budget"}:
        return there
    values = plan.values(named.page)
    rule = _deciding(options)
    cells = people.cells(rule.register_name, {**rule.keys, **rule.equal}, values)
    if named.asked.outcome.reason in {"contact_differs", "over_budget"}:
        column, _ = _mistyped_field(named)
        cells[column] = invent.column(
            plan.flow.spec.registers[rule.register_name], column, people.somebody().seed
        )
    cells |= plan.story.people.agreed.get((named.person, rule.register_name), {})
    try:
        row = people.stands(rule.register_name, named.person, cells | _force(named))
        if rule.register_name != options.in_force.register_name:
            keys = people.cells(options.in_force.register_name, options.in_force.keys, values)
            row = people.stands(options.in_force.register_name, named.person, keys | _force(named))
    except Contradiction:
        raise named.asked.unfit("the same person would have to be on file in two ways") from None
    return row


def _force(named: _Named) -> Row:
    """The cells that say since when and until when, or whether at all."""
    force = named.asked.options.in_force
    holds = named.asked.outcome.reason != "not_in_force"
    until = _FAR_AWAY if holds else _OVER_SINCE
    begun = _LONG_AGO if holds or force.until else _FAR_AWAY
    cells: Mapping[str | None, str] = {
        force.from_: begun,
        force.until: until,
        force.flag: "true" if holds else "false",
    }
    return {column: cell for column, cell in cells.items() if column}


def _spend(named: _Named) -> None:
    """So many refusals of the person that the next answer is over the budget."""
    asked, plan = named.asked, named.asked.plan
    budget = plan.flow.spec.budgets[asked.options.budget]
    rule = _deciding(asked.options)
    values = plan.values(named.page)
    subjects = [name for name in rule.keys.values() if values.get(name)]
    if (spent := refusals(budget.per, subjects)) is None:
        raise asked.unfit("no budget counts the number that names the person")
    others.be_refused(asked, named.person, spent[1])
    asked.at_most(asked.at, -1, budget.within - _MINUTE, "by then the refusals are forgotten")
