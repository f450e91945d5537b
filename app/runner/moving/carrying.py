"""Moving runs under way to another version: each run in a short commit of its own, whole or not at all.

Breaking off is harmless: what was moved is moved, the rest can be carried out again. Moving back is moving,
with the mapping turned round.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.flow.moving import Course, Hindrance
from app.flow.verdict import Problem
from app.runner.house import House
from app.runner.moving.planning import hindrances, plan
from app.runner.staff.acts import note_within
from app.runner.staff.who import Staff
from app.step.notes import record_move
from app.store import moves, runs
from app.store.ids import ulid
from app.store.moves import Move, UnderWay
from app.store.runs import Run, StaleStep

#: So many runs are moved for one press of the button: a few seconds. Whoever wants more presses again, or
#: uses the command, which has no such bound.
MOST_AT_ONCE = 200


@dataclass
class Moved:
    """What came of it: `runs` moved, `left` not tried yet, `blocked` by reason; `id` of the order, if any."""

    runs: int = 0
    left: int = 0
    blocked: Counter[Hindrance] = field(default_factory=Counter)
    id: str | None = None

    @property
    def stay(self) -> int:
        """How many runs could not be moved."""
        return self.blocked.total()


def carry_out(
    house: House, staff: Staff | str, course: Course, reason: str, most: int | None = None
) -> Moved:
    """Move every run that can be moved, up to `most`, and say what hindered the others.

    A run that took a step meanwhile is left where it is, and told. Raises moving.WrongMapping.
    """
    planned = plan(house, course)
    course, done = planned.course, Moved()
    for each in planned.blocked:
        done.blocked[each.hindrance] += each.runs
    wanted = planned.moving if most is None else planned.moving[:most]
    done.left = len(planned.moving) - len(wanted)
    if not wanted:
        return done
    order = _order(house, staff, course, reason, len(wanted))
    done.id = order.id
    for run in wanted:
        hindrance = _move(house, course, order, run)
        if hindrance is None:
            done.runs += 1
        else:
            done.blocked[hindrance] += 1
    return done


def _order(house: House, staff: Staff | str, course: Course, reason: str, many: int) -> Move:
    now, name = house.clock(), staff if isinstance(staff, str) else staff.name
    flow, old, new = course.new.name, course.old.number, course.new.number
    told = {was: goes for was, goes in course.mapping.items() if was != goes}
    order = Move(ulid(now), flow, old, new, told, name, reason, now)
    with house.database.write() as connection:
        moves.put(connection, order)
        note_within(connection, now, staff, "move runs", f"{flow} {old} to {new}: {many}")
    return order


def _move(house: House, course: Course, order: Move, seen: UnderWay) -> Hindrance | None:
    """Move one run as it was seen; what hinders it, asked once more inside the commit."""
    try:
        with house.database.write() as connection:
            runs.lock(connection, seen.id)
            run, now = runs.by_id(connection, seen.id), house.clock()
            if run is None or (run.number, run.seq, run.ended_at) != (course.old.number, seen.seq, None):
                return Hindrance("moved_on")
            (hindrance,) = hindrances(connection, house, course, [seen])
            if hindrance is None:
                after = landed(course, run, now)
                record_move(connection, house.vault, course.new, run, after, now, house.env, order.id)
                moves.note_run(connection, order.id, run.id, run.seq + 1)
            return hindrance
    except StaleStep:
        return Hindrance("moved_on")


def landed(course: Course, run: Run, now: datetime) -> Run:
    """`run` as it stands in the new version; its page goes on saying what it said last, if that has words."""
    languages, state = course.new.spec.languages, course.leads(run.state)
    lang = run.lang if run.lang in languages else languages[0]

    def worded(part: str, code: str | None) -> bool:
        return code is not None and course.new.has_text(lang, f"states.{state}.{part}.{code}")

    return replace(
        run,
        state=state,
        lang=lang,
        expires_at=_expires(course, run, now),
        problems=tuple(each for each in run.problems if _is_worded(course, lang, state, each)),
        said=run.said if worded("say", run.said) else None,
        told=run.told if worded("tell", run.told) else None,
    )


def _is_worded(course: Course, lang: str, state: str, problem: Problem) -> bool:
    """Whether what is to be mended is still so, and there are words for it."""
    if problem.field is None:
        return course.new.has_text(lang, f"states.{state}.say.{problem.code}")
    if problem.field not in course.new.spec.fields or course.unlike_field(problem.field):
        return False
    return course.new.has_text(lang, f"fields.{problem.field}.errors.{problem.code}")


def _expires(course: Course, run: Run, now: datetime) -> datetime | None:
    """A time that is as long as before goes on. Another one of a state begins anew; the run's counts from
    its start as ever, but whoever is moved has at least as long as one may be idle."""
    old, new = course.old, course.new
    before, after = old.state(run.state).lifetime, new.state(course.leads(run.state)).lifetime
    if after == "none":
        return None
    if after is not None:
        return run.expires_at if before == after else now + after
    whole, idle = new.spec.lifetime.absolute, new.spec.lifetime.idle
    if before is None and old.spec.lifetime.absolute == whole:
        return run.expires_at
    return max(run.started_at + whole, now + idle)
