"""What if this limit were another: asked for one version, answered from its recorded runs."""

from datetime import datetime

from app.flow.definition import Flow
from app.flow.limits import Limit, changed, direction, limit
from app.flow.lint.codes import possibilities
from app.flow.spec import CodeSpec
from app.runner.coverage import version
from app.runner.house import House
from app.runner.what_if import lifetimes
from app.runner.what_if.bounds import Bounds, Guessing
from app.runner.what_if.counting import Counted
from app.runner.what_if.judging import Judging
from app.store import replaying
from app.store.codes import MOST_FAILURES
from app.store.replaying import Chosen
from app.store.timed import Window

#: Limits on which depends how many messages go out.
_MESSAGES = {"resend_after", "per_10_minutes", "per_day"}


def what_if(
    house: House,
    flow: str,
    name: str,
    written: str,
    *,
    number: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Bounds:
    """What the limit called `name` would have meant with the value `written`, on the live version or another.

    Raises FlowMissing, limits.NoSuchLimit and limits.WrongValue.
    """
    before = version(house, flow, number)
    old = limit(before, name)
    after, new = changed(before, old, written)
    counted = _counted(house, before, after, old, new, since, until)
    section, of = old.of
    sends = old.part in _MESSAGES
    return Bounds(
        flow=flow,
        number=before.number,
        since=since,
        until=until,
        old=old,
        new=new,
        direction=direction(old, new),
        **counted.splits(),
        messages=counted.shown_messages() if sends else None,
        channel=getattr(before.spec, section)[of].channel if sends else None,
        right_at=counted.shown_tries() if old.part == "tries" else {},
        guessing=_guessing(before, after, of)
        if section == "codes" and old.part in {"tries", "per_day"}
        else None,
        left_out=counted.left_out,
    )


def _counted(
    house: House,
    before: Flow,
    after: Flow,
    old: Limit,
    new: Limit,
    since: datetime | None,
    until: datetime | None,
) -> Counted:
    with replaying.looking(house.database) as connection:
        if old.path[0] == "lifetime":
            window = Window(before.name, (before.number,), None, since, until)
            return lifetimes.counted(connection, before, old, new, window)
        chosen = Chosen(before.name, since, before.number, until)
        return Judging(house.catalogue, before, after, old).count(connection, chosen)


def _guessing(before: Flow, after: Flow, name: str) -> tuple[Guessing, Guessing]:
    return _chance(before.spec.codes[name]), _chance(after.spec.codes[name])


def _chance(code: CodeSpec) -> Guessing:
    """Codes and their tries in a day, as far as failures of one recipient end them all."""
    tries = code.tries or 1
    _, most = MOST_FAILURES[0]
    return Guessing(possibilities(code), tries, min(tries * code.per_day, most))
