"""What others do, or the same person in another browser, before a move so that it comes out as it shall."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.flow.definition import Flow
from app.flow.paths.model import Move
from app.forms import invent
from app.proof.staging import ways
from app.proof.staging.course import Course
from app.proof.staging.people import Person
from app.proof.staging.plan import BEGINNING, Asked, Forget, Plan, Typed, Visit
from app.proof.staging.registry import settle
from app.proof.staging.unfit import NotStaged

Moves = tuple[Move, ...]


def visit(of: Plan, moves: Sequence[Move], customer: Person, browser: int | None = None) -> Plan:
    """Somebody's own visit with these moves, yet to be settled."""
    number = of.story.another_browser() if browser is None else browser
    return Plan(of.story, Course(of.flow, moves), customer, of.story.people.somebody(), number)


def _settled(asked: Asked, other: Plan) -> Plan:
    try:
        return settle(other)
    except NotStaged as problem:
        raise asked.unfit(f"others, who have to come before, cannot: {problem.why}") from None


def be_refused(asked: Asked, person: Person, times: int) -> None:
    """Let the person be refused so often, in the browser of the visit itself, before it begins."""
    plan, guard = asked.plan, asked.use.name
    wanted = {"match": "contact_differs"}

    def refused(move: Move) -> bool:
        return any(name == guard and each.reason == "contact_differs" for name, each in move.outcomes)

    moves = ways.way(plan.flow, refused, wanted)
    if moves is None:
        raise asked.unfit("no way leads to a refusal")
    again = moves[-1].transition
    stays = again.source == again.dest and len(moves) == 1
    rounds: list[Moves] = [moves * times] if stays else [moves] * times
    for each in rounds:
        refusal = visit(plan, each, person, plan.browser)
        refusal.refuses_customer = True
        plan.before[BEGINNING].append(Visit(_settled(asked, refusal)))


def made_login(asked: Asked, account: str, customer: Person, *, confirmed: bool) -> Plan | None:
    """A visit in which the customer gets a login; None where no way leads there."""

    def made(move: Move) -> bool:
        effects = {"confirm_address"} if confirmed else {"create_account", "set_up_account"}
        return any(o.effect in effects and o.argument == account for o in move.transition.effects)

    moves = ways.way(asked.plan.flow, made)
    return _settled(asked, visit(asked.plan, moves, customer)) if moves else None


def renewed_password(asked: Asked, customer: Person, login: str | None) -> Plan | None:
    """A visit in which the customer sets the password anew, which ends every code sent before.

    `login` is the user name of a login that is there and must be, None where none is needed.
    """

    def renewed(move: Move) -> bool:
        return any(o.effect in {"renew_password", "set_up_account"} for o in move.transition.effects)

    wanted = {"has_login": "yes", "login_confirmed": "unconfirmed"} if login else {}
    moves = ways.way(asked.plan.flow, renewed, wanted)
    if moves is None:
        return None
    other = visit(asked.plan, moves, customer)
    other.login = (login, False) if login else None
    return _settled(asked, other)


def sets_up_at_once(flow: Flow) -> bool:
    """Whether one and the same way makes logins and renews their passwords."""
    orders = (o for ways_on in flow.transitions.values() for each in ways_on for o in each.effects)
    return any(order.effect == "set_up_account" for order in orders)


def username(plan: Plan, account: str) -> str:
    """The user name of the login that the visit makes or is about."""
    return plan.value(plan.flow.spec.accounts[account].username, len(plan.course.moves) - 1)


def forget(plan: Plan, at: int, name: str) -> None:
    """Let the operator erase a login just before the move."""
    plan.before[at].append(Forget(name))


def is_taken(plan: Plan, name: str, at: int) -> bool:
    """Whether the run has made a login by then whose user name is where the code or link `name` goes."""
    spec = plan.flow.spec.codes.get(name) or plan.flow.spec.links[name]
    names = {account.username for account in plan.flow.spec.accounts.values() if account.confirm}
    return spec.to in names and any(own < at for own in plan.course.orders("create_account"))


def flood(asked: Asked, name: str, at: int, number: int) -> None:
    """Have so many messages sent to this run's recipient just before the move."""
    plan, flow = asked.plan, asked.plan.flow
    spec = flow.spec.codes.get(name) or flow.spec.links[name]

    def sent(move: Move) -> bool:
        return bool(Course(flow, (move,)).sends(name))

    moves = ways.way(flow, sent)
    if moves is None:
        raise asked.unfit(f"no way leads to a message with '{name}'")
    _rounds(asked, at, spec.to, [moves] * number)
    plan.flooded[name] = at


def guess(asked: Asked, name: str, at: int, times: int) -> None:
    """Have so many wrong codes given just before the move, by others who have them sent to this address."""
    flow, guard = asked.plan.flow, asked.use.name
    tries = flow.spec.codes[name].tries or times
    rounds: list[Moves] = []
    for first in range(0, times, tries):
        wrong = _guesses(asked, guard, "wrong", min(tries, times - first))
        last = _guesses(asked, guard, "no_tries_left", 1)[-1]
        rounds.append((*wrong[:-1], last) if times - first >= tries else wrong)
    _rounds(asked, at, flow.spec.codes[name].to, rounds)


def _guesses(asked: Asked, guard: str, reason: str, times: int) -> Moves:
    def guessed(move: Move) -> bool:
        return any(name == guard and each.reason == reason for name, each in move.outcomes)

    moves = ways.way(asked.plan.flow, guessed, {guard: reason})
    if moves is None:
        raise asked.unfit("no way leads to a wrong code")
    last = moves[-1]
    here = tuple((name, replace(outcome, by="here")) for name, outcome in last.outcomes)
    return (*moves[:-1], *[replace(last, outcomes=here)] * times)


def _rounds(asked: Asked, at: int, to: str, rounds: Sequence[Moves]) -> None:
    """Visits just before the move that have messages sent to the address this run has in the field `to`.

    Where one makes a login with that address for its user name, another customer does, and the login is
    erased before the run makes one itself.
    """
    plan = asked.plan
    page = plan.course.typed_at(to, len(plan.course.moves) - 1)
    logs_in = any(move.transition.trigger == "log_in" for moves in rounds for move in moves)
    free = not [own for own in plan.course.orders("create_account") if own < at]
    if logs_in and not free:
        raise asked.unfit("nobody else can log in by a user name that is taken")
    made: str | None = None
    for moves in rounds:
        account = _makes(moves)
        person = plan.customer if account is None else plan.story.people.somebody()
        other = visit(plan, moves, person)
        if page is not None:
            _type_the_same(other, to, plan.typed[page])
        if made is not None and logs_in:  # whoever goes on to log in needs the login for themselves
            forget(plan, at, made)
            made = None
        if account is not None and (made is not None or not free):
            _only_told(other, account)
        plan.before[at].append(Visit(_settled(asked, other)))
        made = username(other, account) if account is not None and free else None
    if made is not None:
        forget(plan, at, made)


def _type_the_same(other: Plan, name: str, typed: Mapping[str, Typed]) -> None:
    boxes = invent.answer(other.flow, name, other.hand.seed)
    for at in other.course.pages(name):
        other.typed[at] |= {box: typed[box] for box in boxes}


def _only_told(other: Plan, account: str) -> None:
    """Its user name is taken: the owner is told so in the place of a code."""
    confirm = other.flow.spec.accounts[account].confirm
    other.unsent |= {(move, confirm) for move in other.course.orders("create_account") if confirm}


def _makes(moves: Moves) -> str | None:
    """The account whose login a visit makes, None where it makes none."""
    orders = (order for move in moves for order in move.transition.effects)
    return next((order.argument for order in orders if order.effect == "create_account"), None)
