"""Logins of the same customer that others make, confirm and lose; who is logged in to the portal here."""

from dataclasses import dataclass
from datetime import timedelta

from app.proof.staging import others
from app.proof.staging.plan import Asked, Plan, Visit
from app.proof.staging.registry import settles, stages

#: So long a login of the portal may surely be left alone; and so long it surely lives (`runner.logins`).
_AWAKE, _ASLEEP, _ALIVE = timedelta(minutes=25), timedelta(minutes=31), timedelta(hours=11)


@dataclass(frozen=True)
class _Needed:
    """What there shall be of a login at a move: `none`, `some`, `confirmed` or `unconfirmed`."""

    asked: Asked
    what: str


@stages("has_login", turn=5)
def has_login(asked: Asked) -> None:
    """Note whether there shall be a login by then."""
    there = asked.outcome.answer == "yes"
    _needs(asked.plan).append(_Needed(asked, "some" if there else "none"))
    if there and asked.options.keep:
        asked.plan.kept[asked.at, asked.options.keep] = "yes"


@stages("login_confirmed", turn=5)
def login_confirmed(asked: Asked) -> None:
    """Note whether the login there is shall be confirmed."""
    what = "confirmed" if asked.outcome.answer == "yes" else asked.outcome.reason or "unconfirmed"
    _needs(asked.plan).append(_Needed(asked, {"no_login": "none"}.get(what, what)))


@settles(turn=5)
def logins_of_others(plan: Plan) -> None:
    """Have logins made as early as nothing denies them, and erased where there shall be none."""
    there = plan.login
    free_since = 0
    for number, need in enumerate(_needs(plan)):
        own = [at for at in plan.course.orders("create_account") if at < need.asked.at]
        if own or _fits(there, need.what):
            free_since = need.asked.at + 1 if need.what == "none" else free_since
            continue
        if there is not None:
            others.forget(plan, need.asked.at, there[0])
            there, free_since = None, need.asked.at
        if need.what == "none":
            free_since = need.asked.at + 1
            continue
        there = _made(plan, need, _level(plan, number), free_since)
    plan.login = there


def _fits(there: tuple[str, bool] | None, what: str) -> bool:
    if there is None or what == "none":
        return there is None and what == "none"
    return what == "some" or there[1] is (what == "confirmed")


def _needs(plan: Plan) -> list[_Needed]:
    return plan.login_needs


def _level(plan: Plan, number: int) -> bool:
    """Whether the login about to be made must be confirmed: what is first asked of it."""
    for need in _needs(plan)[number:]:
        if need.what == "none":
            return False
        if need.what != "some":
            return need.what == "confirmed"
    return False


def _made(plan: Plan, need: _Needed, confirmed: bool, at: int) -> tuple[str, bool]:
    account = need.asked.options.account
    made = others.made_login(need.asked, account, plan.customer, confirmed=confirmed)
    if made is None:
        raise need.asked.unfit("no way through this flow makes such a login")
    plan.before[at].append(Visit(made))
    return others.username(made, account), confirmed


@stages("logged_in", turn=7)
def logged_in(asked: Asked) -> None:
    """Log in on the portal's page, or let the login go to sleep while the page is open."""
    plan, at = asked.plan, asked.at
    by_portal = plan.course.moves[at].transition.trigger == "log_in"
    since = max((move for move in plan.portal if move < at), default=None)
    open_still = since is not None and not any(since < move for move in plan.late if move < at)
    if asked.outcome.answer == "yes":
        if by_portal:
            plan.portal.add(at)
        elif since is None or not open_still:
            raise asked.unfit("nobody has logged in by then")
        else:
            _awake(asked, since)
    elif open_still:
        plan.late[at] = _ASLEEP
        asked.at_least(at, at - 1, _ASLEEP, "the login is asleep by then")
        asked.at_most(at, at - 1, _ASLEEP + _AWAKE, "the login is still open when the page is asked for")


def _awake(asked: Asked, since: int) -> None:
    for at in range(since + 1, asked.at + 1):
        asked.at_most(at, at - 1, _AWAKE, "the login would have ended by then, unused")
    asked.at_most(asked.at, since, _ALIVE, "the login would have ended by then")


def credentials(plan: Plan, at: int) -> tuple[str, str]:
    """User name and password of the login that the visit has made before the move; KeyError if none."""
    for name, spec in plan.flow.spec.accounts.items():
        makers = (*plan.course.orders("create_account", name), *plan.course.orders("set_up_account", name))
        made = sorted(move for move in makers if move <= at)
        if made:
            own = str(plan.typed[made[-1]][spec.password])
            renewed = [password for since, password in plan.renewed if since <= at]
            return plan.value(spec.username, made[-1]), [own, *renewed][-1]
    raise KeyError("login")
