"""One-time codes: typed right or wrong, too late, after another one; guessed at and ended by others."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from app.proof.staging import others
from app.proof.staging.logins import credentials
from app.proof.staging.plan import BEGINNING, Asked, CodeOf, Plan, Visit, Wrong
from app.proof.staging.registry import settles, stages
from app.proof.staging.schedule import SECOND
from app.proof.staging.unfit import NotStaged
from app.store.codes import MOST_FAILURES

_A_WHILE = timedelta(hours=23)  # after a day the sweep forgets a code that is out of date
_TEN_MINUTES, _A_DAY = timedelta(minutes=10), timedelta(days=1)


@stages("code_right", turn=6)
def code_right(asked: Asked) -> None:
    """Type what is answered so."""
    reason = "yes" if asked.outcome.answer == "yes" else asked.outcome.reason or "wrong"
    barred = asked.plan.barred.get(asked.options.code)
    if barred is not None and reason != "no_tries_left":
        asked.at_least(asked.at, barred, MOST_FAILURES[0][0], "the others' guesses are forgotten by then")
    asked.plan.typed[asked.at][asked.options.field] = _TYPED[reason](asked)


@stages("code_live", turn=6)
def code_live(asked: Asked) -> None:
    """Ask while the code is good, or when it is not any more."""
    reason = "yes" if asked.outcome.answer == "yes" else asked.outcome.reason or "expired"
    if reason == "yes":
        _in_time(asked, _newest(asked))
    elif reason == "expired":
        _too_late(asked, _newest(asked))
    elif reason == "replaced":
        _ended(asked)
    elif reason == "no_code":
        _nothing_sent(asked)
    elif reason == "used":
        raise asked.unfit("nobody comes back to a page whose code was used")


def _right(asked: Asked) -> CodeOf:
    newest = _newest(asked)
    _in_time(asked, newest)
    return CodeOf(asked.plan, asked.options.code, newest)


def _wrong(asked: Asked) -> Wrong:  # noqa: ARG001
    return Wrong()


def _expired(asked: Asked) -> CodeOf:
    newest = _newest(asked)
    _too_late(asked, newest)
    return CodeOf(asked.plan, asked.options.code, newest)


def _replaced(asked: Asked) -> CodeOf:
    """An older one of this run's, or the newest after others have ended it."""
    plan, name = asked.plan, asked.options.code
    sends = plan.sends(name, asked.at)
    if asked.outcome.by != "others" and len(sends) > 1 and not _ended_since(plan, name, asked.at):
        return CodeOf(plan, name, sends[-2])
    return CodeOf(plan, name, _ended(asked))


def _used(asked: Asked) -> CodeOf:
    plan, name = asked.plan, asked.options.code
    uses = [at for at in plan.course.orders("use_code", name) if at < asked.at]
    if not uses:
        raise asked.unfit("no code has been used by then")
    return CodeOf(plan, name, plan.sends(name, uses[-1])[-1])


def _no_code(asked: Asked) -> Wrong:
    _nothing_sent(asked)
    return Wrong()


def _no_tries_left(asked: Asked) -> Wrong:
    if not _dead_anyway(asked):
        _guessed_by_others(asked)
    return Wrong()


def _dead_anyway(asked: Asked) -> bool:
    """Whether its own wrong codes end the newest one, now or before, or others have guessed too often."""
    plan, name = asked.plan, asked.options.code
    sends = plan.sends(name, asked.at)
    wrong = _wrong_since(asked, sends[-1] if sends else -1)
    tries = plan.flow.spec.codes[name].tries or 1
    return name in plan.barred or "no_tries_left" in wrong or len(wrong) + 1 >= tries


def _wrong_since(asked: Asked, sent: int) -> list[str]:
    """The reasons for which codes of this name were refused after the move, each of which cost a try."""
    return [
        outcome.reason or ""
        for move in asked.plan.course.moves[max(sent + 1, 0) : asked.at]
        for guard, outcome in move.outcomes
        if (use := asked.plan.flow.guards[guard]).guard == "code_right"
        and getattr(use.options, "code", None) == asked.options.code
        and outcome.answer == "no"
        and outcome.reason != "no_code"
    ]


_TYPED: Mapping[str, Callable[[Asked], CodeOf | Wrong]] = {
    "yes": _right,
    "wrong": _wrong,
    "expired": _expired,
    "replaced": _replaced,
    "used": _used,
    "no_code": _no_code,
    "no_tries_left": _no_tries_left,
}


def _newest(asked: Asked) -> int:
    sends = asked.plan.sends(asked.options.code, asked.at)
    if not sends:
        raise asked.unfit("no code has been sent by then")
    return sends[-1]


def _valid(asked: Asked) -> timedelta:
    valid = asked.plan.flow.spec.codes[asked.options.code].valid
    assert valid is not None, "a published code goes out of date (F023)"
    return valid


def _in_time(asked: Asked, sent: int) -> None:
    asked.at_most(asked.at, sent, _valid(asked) - SECOND, "the code would be out of date by then")


def _too_late(asked: Asked, sent: int) -> None:
    asked.at_least(asked.at, sent, _valid(asked), "the code is out of date by then")
    asked.at_most(asked.at, sent, _valid(asked) + _A_WHILE, "the code would be forgotten by then")


def _ended_since(plan: Plan, name: str, at: int) -> bool:
    sends = plan.sends(name, at)
    return any(sends[-1] < ended <= at for ended in plan.ended[name]) if sends else False


def _ended(asked: Asked) -> int:
    """The newest code, ended by somebody who has set a password anew with another code."""
    plan, name, newest = asked.plan, asked.options.code, _newest(asked)
    if _ended_since(plan, name, asked.at):
        return newest
    if _stays_logged_in(asked):
        raise asked.unfit("whoever sets the password anew ends this login too")
    _renew(asked, newest)
    plan.ended[name].append(asked.at)
    return newest


def _renew(asked: Asked, newest: int) -> None:
    """Somebody sets the password of this customer's login anew; they have one first, where that needs one."""
    plan = asked.plan
    own = any(at < asked.at for at in plan.course.orders("create_account"))
    login = None
    if not others.sets_up_at_once(plan.flow):
        login = credentials(plan, asked.at)[0] if own else _login_of_others(asked, newest)
    renewed = others.renewed_password(asked, plan.customer, login)
    if renewed is None:
        raise asked.unfit("no way through this flow sets a password anew")
    plan.before[asked.at].append(Visit(renewed))
    if own:
        spec = next(iter(plan.flow.spec.accounts.values()))
        last = max(renewed.course.pages(spec.password))
        plan.renewed.append((asked.at, str(renewed.typed[last][spec.password])))


def _stays_logged_in(asked: Asked) -> bool:
    """Whether the same move asks for a login that was opened before it."""
    plan, move = asked.plan, asked.plan.course.moves[asked.at]
    return move.transition.trigger != "log_in" and any(
        plan.flow.guards[name].guard == "logged_in" and each.answer == "yes" for name, each in move.outcomes
    )


def _login_of_others(asked: Asked, at: int) -> str:
    """The user name of the customer's login, made before the move if there is none."""
    plan = asked.plan
    if plan.login is None:
        account = next(iter(plan.flow.spec.accounts))
        made = others.made_login(asked, account, plan.customer, confirmed=False)
        if made is None:
            raise asked.unfit("no way through this flow makes a login")
        # Before the code is sent, so that its message stays the newest but one.
        plan.before[at].append(Visit(made))
        plan.login = others.username(made, account), False
    return plan.login[0]


def _nothing_sent(asked: Asked) -> None:
    """Before the only code is sent, its recipient has had as many messages as are allowed."""
    plan, name = asked.plan, asked.options.code
    sends = plan.course.sends(name)
    before = [at for at in sends if at < asked.at]
    if not plan.sends(name, asked.at):
        return
    if len(before) > 1:
        raise asked.unfit("a code has been sent by then")
    (sent,) = before
    come = BEGINNING if plan.story.come == "first" else sent
    others.flood(asked, name, come, plan.flow.spec.codes[name].per_10_minutes)
    asked.at_most(sent, come, _TEN_MINUTES - SECOND, "the others' messages would not count by then")
    plan.unsent.add((sent, name))


def _guessed_by_others(asked: Asked) -> None:
    """So many wrong codes in others' hands that the next one is the last a recipient has within a day."""
    plan, name = asked.plan, asked.options.code
    span, most = MOST_FAILURES[0]
    sends = plan.sends(name, asked.at)
    if not sends:
        raise asked.unfit("no code has been sent by then")
    # A right code makes failures forgotten.
    used = max((at for at in plan.course.orders("use_code", name) if at < asked.at), default=BEGINNING - 1)
    come = {"first": used + 1, "before": max(sends[0], used + 1), "late": asked.at}[plan.story.come]
    others.guess(asked, name, come, most - 1 - len(_wrong_since(asked, used)))
    plan.barred[name] = come
    asked.at_most(asked.at, come, span - SECOND, "the others' guesses would be forgotten by then")


@settles(turn=6)
def one_by_one(plan: Plan) -> None:
    """Wait for the pause before every further code or link, so that it is really sent."""
    for name, spec in (*plan.flow.spec.codes.items(), *plan.flow.spec.links.items()):
        sends = plan.sends(name, len(plan.course.moves))
        for number, at in enumerate(sends):
            apart(plan, name, sends, number, at)
            for most, span in ((spec.per_10_minutes, _TEN_MINUTES), (spec.per_day, _A_DAY)):
                if number >= most:
                    _wait(plan, at, sends[number - most], span, name)


def apart(plan: Plan, name: str, sends: list[int], number: int, at: int) -> None:
    """Let `at` be after the pause that follows the `number`th message."""
    pauses = (plan.flow.spec.codes.get(name) or plan.flow.spec.links[name]).resend_after
    if number and pauses:
        _wait(plan, at, sends[number - 1], pauses[min(number, len(pauses)) - 1], name)


def _wait(plan: Plan, later: int, earlier: int, span: timedelta, name: str) -> None:
    plan.schedule.at_least(
        later, earlier, span, lambda: NotStaged(later, "", "", f"another '{name}' cannot be sent by then")
    )
