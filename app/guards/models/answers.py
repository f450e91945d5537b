"""What answers may say, and what the world may say of them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from app.flow.definition import Flow, GuardUse
from app.flow.normal.password import possible_faults
from app.flow.paths.facts import is_given, submits
from app.flow.paths.model import Facts, Outcome

if TYPE_CHECKING:
    from app.guards.answers import AnsweredOptions, MailAtOptions, SameAddressOptions
    from app.guards.mail_domain import MailDomainOptions
    from app.guards.match import MatchOptions
    from app.guards.passwords import PasswordGoodOptions


def form_valid(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:
    """Free where a page is submitted; nothing is read by any other button."""
    if not submits(flow, state, facts):
        yield Outcome("yes")
        return
    specs = {name: flow.spec.fields[name] for name in flow.state(state).fields}
    needed = [name for name, spec in specs.items() if not spec.optional and not spec.options.get("when")]
    yield Outcome("yes", facts={f"field {name}": "given" for name in needed})
    asked = {
        condition.wanted
        for way in flow.transitions[state]
        for condition in way.conditions
        if condition.guard == use.name
    }
    for reason in [None, *sorted(asked - {"yes", "no", "unavailable"})]:
        yield Outcome("no", reason)


def answered(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:  # noqa: ARG001
    """As pages and guards have left the field."""
    field = cast("AnsweredOptions", use.options).field
    known = is_given(facts, field)
    if known is not False:
        yield Outcome("yes", facts={f"field {field}": "given"})
    if not known:
        yield Outcome("no", "unanswered", {f"field {field}": ""})


def same_address(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:  # noqa: ARG001
    """Free where there are two addresses, and then the same until one is typed anew."""
    options = cast("SameAddressOptions", use.options)
    one, other = is_given(facts, options.field), is_given(facts, options.other)
    told = f"{use.name} of {options.field}"
    before = facts.get(told)
    if before != "no" and (one is not False or other is not True):
        yield Outcome("yes", facts={told: "yes"})
    if before != "yes" and other is not False:
        yield Outcome("no", "differs", {told: "no", f"field {options.other}": "given"})


def mail_at(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:  # noqa: ARG001
    """Free where there is an address, and then the same until it is typed anew."""
    field = cast("MailAtOptions", use.options).field
    told = f"{use.name} of {field}"
    before = facts.get(told)
    if before != "yes":
        yield Outcome("no", "elsewhere", {told: "no"})
    if before != "no" and is_given(facts, field) is not False:
        yield Outcome("yes", facts={told: "yes", f"field {field}": "given"})


def mail_domain_exists(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:  # noqa: ARG001
    """As DNS pleases; without an address there is no domain."""
    if is_given(facts, cast("MailDomainOptions", use.options).field) is not False:
        yield Outcome("yes")
        yield Outcome("no", "takes_no_mail")
        yield Outcome("unavailable", "dns_unknown")
    yield Outcome("no", "no_such_domain")


def match(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:  # noqa: ARG001
    """As the registers please; a budget may have been spent by others too."""
    options = cast("MatchOptions", use.options)
    register = flow.spec.registers[options.in_force.register_name]
    yield Outcome(
        "yes",
        facts={
            f"field {name}": "perhaps" if column in register.may_be_empty else "given"
            for name, column in options.keep.items()
        },
    )
    reasons = ["unknown", "contact_differs", "not_in_force"]
    for reason in [*reasons, *(["over_budget", "match_over_budget"] if options.budget else [])]:
        yield Outcome("no", reason, by="crowd" if "budget" in reason else "here")
    yield Outcome("unavailable", "register_unavailable")


def password_good(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:  # noqa: ARG001
    """Whatever people choose."""
    yield Outcome("yes")
    for reason in (*possible_faults(cast("PasswordGoodOptions", use.options).rules), "not_alike"):
        yield Outcome("no", reason)
