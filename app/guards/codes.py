"""One-time codes: whether the one given is right, whether one is still good."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from app.flow.catalogue import guard
from app.flow.definition import Flow
from app.flow.spec import Name
from app.flow.trace import Judged
from app.flow.verdict import Count, Verdict
from app.guards.models import codes as models
from app.step import Step
from app.step.sending import purpose_of, tries
from app.store import codes
from app.store.codes import MOST_FAILURES, Fate, Purpose, Standing

log = logging.getLogger(__name__)

#: The numbers a code is judged by, as the journal calls them: of the newest code sent in the run,
TRIES, SINCE_SENT = "tries", "seconds since sent"
#: and of its recipient, wherever those codes were typed; one for each span of `MOST_FAILURES`.
FAILURES = ("failures in a day", "failures in thirty days")

_Judged = Fate | Literal["wrong", "no_code"]


class CodeOptions(BaseModel):
    """Which code is asked about."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: Name


class GivenOptions(CodeOptions):
    """Which code is asked for, and the field it is typed into."""

    field: Name


def _code(options: CodeOptions) -> list[tuple[str, str]]:
    return [("codes", options.code)]


def _code_and_field(options: GivenOptions) -> list[tuple[str, str]]:
    return [("codes", options.code), ("fields", options.field)]


def _a_try(step: Step, options: GivenOptions) -> Callable[[Connection], None]:
    """One try of the newest code, right or wrong, as long as it has any (S19)."""
    purpose = purpose_of(step.flow, options.code, step.run, step.values)
    most = tries(step.flow.spec.codes[options.code])

    def cost(connection: Connection) -> None:
        codes.hold(connection, step.world.vault, purpose)
        standing = codes.standing(connection, step.world.vault, purpose, step.now)
        newest = standing.newest
        if newest is None or newest.fate(step.now, most) != "live" or standing.exhausted(most):
            return
        codes.fail(connection, step.world.vault, purpose, newest.id, step.now)

    return cost


def _given_again(flow: Flow, options: GivenOptions, judged: Judged) -> tuple[Judged, ...] | None:
    """What a recorded code_right would have answered with this flow's tries and validity."""
    numbers = {count.name: count for count in judged.counts}
    if judged.reason == "no_code":
        return (judged,)
    if TRIES not in numbers or SINCE_SENT not in numbers:
        return None
    most, life = _limits(flow, options)
    used, since = numbers[TRIES], numbers[SINCE_SENT]
    failures = [numbers[name] for name in FAILURES if name in numbers]
    if used.before >= most or any(count.before >= count.limit for count in failures):
        return (_judged_by(judged, "no_tries_left", used, most, 0, since, life),)
    if used.before >= used.limit:
        return None  # the code was dead, so nobody looked whether it was right
    last = used.before + 1 >= most or any(count.before + 1 >= count.limit for count in failures)
    possible = ("no_tries_left" if last and fate != "live" else fate for fate in _fates(judged, since, life))
    return tuple(_judged_by(judged, fate, used, most, 1, since, life) for fate in dict.fromkeys(possible))


def _limits(flow: Flow, options: CodeOptions) -> tuple[int, int]:
    """How many tries a code has, and how many seconds it is valid."""
    spec = flow.spec.codes[options.code]
    return tries(spec), int(spec.valid.total_seconds()) if spec.valid else 0


def _fates(judged: Judged, since: Count, life: int) -> tuple[str, ...]:
    """What may have been true of the code typed, tries aside, if codes are valid for `life` seconds.

    The verdict that ended the tries hides it: then it was anything but right, by the validity of its day.
    """
    fate = "live" if judged.answer == "yes" else judged.reason or ""
    if fate in {"live", "expired"}:
        return ("expired" if since.before >= life else "live",)
    if fate != "no_tries_left":
        return (fate,)
    outdated = "expired" if since.before >= life else "live"
    return ("wrong", "replaced", "used", *([outdated] if since.before >= since.limit else []))


def _judged_by(
    judged: Judged, fate: str, used: Count, most: int, more: int, since: Count, life: int
) -> Judged:
    """`judged` as it is told with other limits; the failures of the recipient are not the flow's to limit."""
    renewed = {
        TRIES: Count.used(TRIES, used.before, most, 0 if fate == "live" else more),
        SINCE_SENT: replace(since, limit=life),
    }
    counts = tuple(renewed.get(count.name, count) for count in judged.counts)
    if fate == "live":
        return replace(judged, answer="yes", reason=None, counts=counts)
    return replace(judged, answer="no", reason=fate, counts=counts)


def _live_again(flow: Flow, options: CodeOptions, judged: Judged) -> Judged | None:
    """What a recorded code_live would have answered with this flow's tries and validity."""
    numbers = {count.name: count for count in judged.counts}
    if judged.reason in {"no_code", "replaced", "used"}:
        return judged
    if TRIES not in numbers or SINCE_SENT not in numbers:
        return None
    most, life = _limits(flow, options)
    used, since = numbers[TRIES], numbers[SINCE_SENT]
    fate = "no_tries_left" if used.before >= most else "expired" if since.before >= life else "live"
    return _judged_by(judged, fate, used, most, 0, since, life)


@guard(
    reasons=("wrong", "expired", "replaced", "used", "no_code", "no_tries_left"),
    options=GivenOptions,
    references=_code_and_field,
    unjudged=_a_try,
    rejudge=_given_again,
    model=models.right,
)
def code_right(step: Step, options: GivenOptions) -> Verdict:
    """The code typed, whole or its typed part, is the newest one sent to this address in this run, in date
    and not used.

    Whatever else is typed costs a try, codes out of date and older ones too; the last try is answered with
    `no_tries_left`, and so is everything after it. Ten failures of an address within a day, or a hundred
    within thirty, end its tries in all runs; they are forgotten once a code of it is right (S19, S20).
    """
    spec, vault = step.flow.spec.codes[options.code], step.world.vault
    purpose = purpose_of(step.flow, options.code, step.run, step.values)
    with step.world.read() as connection:
        standing = codes.standing(connection, vault, purpose, step.now)
    given = step.values.get(options.field, "")
    # A list, not a generator: every code of the run is compared, whichever agrees (S26).
    agreeing = [code for code in standing.codes if codes.agrees(vault, purpose, code, given)]
    fate: _Judged = agreeing[0].fate(step.now, tries(spec)) if agreeing else "wrong"
    verdict = _verdict(step, purpose, standing, fate, tries(spec))
    more = 1 if verdict.count else 0
    counts = (*_numbers(step, standing, tries(spec), more), *_failures(standing, more))

    def still(connection: Connection) -> bool:
        codes.hold(connection, vault, purpose)
        return codes.standing(connection, vault, purpose, step.now) == standing

    return replace(verdict, still=still, counts=counts)


def _numbers(step: Step, standing: Standing, most_tries: int, more: int = 0) -> tuple[Count, ...]:
    newest = standing.newest
    if newest is None:
        return ()
    return (
        Count.used(TRIES, newest.tries, most_tries, more),
        Count.elapsed(SINCE_SENT, step.now - newest.sent_at, newest.expires_at - newest.sent_at),
    )


def _failures(standing: Standing, more: int) -> tuple[Count, ...]:
    spans = zip(FAILURES, standing.failures, MOST_FAILURES, strict=True)
    return tuple(Count.used(name, failures, most, more) for name, failures, (_, most) in spans)


def _verdict(step: Step, purpose: Purpose, standing: Standing, fate: _Judged, most_tries: int) -> Verdict:
    newest = standing.newest
    if newest is None:
        return Verdict.no("no_code")
    if standing.exhausted(most_tries):
        return Verdict.no("no_tries_left")
    if fate == "live":
        return Verdict.yes(found={"code": purpose.name, "code_id": newest.id})
    last = standing.exhausted(most_tries, more=1)

    def count(connection: Connection) -> None:
        codes.fail(connection, step.world.vault, purpose, newest.id, step.now)
        if last:
            log.warning("no tries of a code are left", extra={"flow": step.flow.name, "run": step.run})

    return replace(Verdict.no("no_tries_left" if last else fate), count=count)


@guard(
    reasons=("expired", "replaced", "used", "no_code", "no_tries_left"),
    options=CodeOptions,
    references=_code,
    rejudge=_live_again,
    model=models.live,
)
def code_live(step: Step, options: CodeOptions) -> Verdict:
    """A code was sent to this address in this run, and it can still be given."""
    purpose = purpose_of(step.flow, options.code, step.run, step.values)
    with step.world.read() as connection:
        standing = codes.standing(connection, step.world.vault, purpose, step.now)
    if standing.newest is None:
        return Verdict.no("no_code")
    most = tries(step.flow.spec.codes[options.code])
    fate = standing.newest.fate(step.now, most)
    verdict = Verdict.yes() if fate == "live" else Verdict.no(fate)
    return replace(verdict, counts=_numbers(step, standing, most))
