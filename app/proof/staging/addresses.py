"""What is typed as an e-mail address: at which domain, alike or another than the one on file."""

from collections.abc import Mapping

from app.forms.invented import people as invented
from app.forms.invented.seeds import one_of
from app.guards.match import MatchOptions
from app.proof.staging.plan import Asked
from app.proof.staging.registry import stages

#: By what DNS says: the domain that says so in every scenario.
_DOMAINS = {
    "no_such_domain": f"no-such-domain.{invented.DOMAIN}",
    "takes_no_mail": f"takes-no-mail.{invented.DOMAIN}",
    "unknown": f"nobody-knows.{invented.DOMAIN}",
}


@stages("mail_domain_exists", turn=1)
def mail_domain_exists(asked: Asked) -> None:
    """Type an address at a domain of which DNS says so."""
    if asked.outcome.answer == "yes":
        return
    told = "unknown" if asked.outcome.answer == "unavailable" else asked.outcome.reason or "no_such_domain"
    _retype(asked, _DOMAINS[told])
    asked.plan.story.domains[told].add(_DOMAINS[told])


@stages("mail_at", turn=1)
def mail_at(asked: Asked) -> None:
    """Type an address at one of the hosts; the invented ones are at none."""
    if asked.outcome.answer != "yes":
        return
    plan, page = asked.plan, _page(asked)
    host = one_of(asked.options.hosts, plan.hand.seed, "host")
    before = str(plan.typed[page][asked.options.field]).rpartition("@")[2]
    _retype(asked, host)
    told = next((answer for answer, domain in _DOMAINS.items() if domain == before), None)
    if told is not None:
        plan.story.domains[told].add(host)


@stages("same_address", turn=2)
def same_address(asked: Asked) -> None:
    """Have the address typed on file, or another one."""
    plan, field, other = asked.plan, asked.options.field, asked.options.other
    typed = plan.course.typed_at(field, asked.at)
    value = plan.value(field, asked.at) if typed is not None else ""
    if plan.course.typed_at(other, asked.at) is not None:
        raise asked.unfit(f"both '{field}' and '{other}' are typed, which nobody can settle yet")
    for use in plan.flow.guards.values():
        if isinstance(use.options, MatchOptions) and other in use.options.keep:
            register = use.options.in_force.register_name
            _agree(asked, register, use.options.keep[other], {field: value})


def _agree(asked: Asked, register: str, column: str, typed: Mapping[str, str]) -> None:
    """Settle what the row of the customer holds in the column, beside the address just typed."""
    people, customer = asked.plan.story.people, asked.plan.customer
    same = people.cells(register, dict.fromkeys([column], asked.options.field), typed).get(column, "")
    known = people.known.get((customer, register), {}) or people.agreed.get((customer, register), {})
    if asked.outcome.answer == "yes":
        fits, cell = known.get(column, same) == same, same
    else:
        fits, cell = known.get(column) != same, invented.address(customer.seed, "on file")
    if not fits:
        raise asked.unfit("the address on file would have to be two different ones")
    people.agreed.setdefault((customer, register), {}).setdefault(column, known.get(column, cell))


def _page(asked: Asked) -> int:
    page = asked.plan.course.typed_at(asked.options.field, asked.at)
    if page is None:
        raise asked.unfit("no address has been typed by then")
    return page


def _retype(asked: Asked, domain: str) -> None:
    plan, page, field = asked.plan, _page(asked), asked.options.field
    local = str(plan.typed[page][field]).rpartition("@")[0]
    plan.typed[page][field] = f"{local}@{domain}"
