"""What a run can come to by itself: how many messages until a cap, how many tries until a code is dead."""

from datetime import timedelta

from app.flow.paths.limits import SENT_IN_10_MINUTES, SENT_IN_A_DAY
from app.flow.spec import CodeSpec, SendPolicy
from app.store.codes import MOST_FAILURES
from app.store.sends import A_DAY, TEN_MINUTES

_LONGEST_LOGIN = timedelta(hours=12)  # `runner.logins`


def most_tries(spec: CodeSpec) -> int:
    """After how many wrong ones a code is dead: its own tries, or the failures an address has in a day."""
    return min(spec.tries or MOST_FAILURES[0][1], MOST_FAILURES[0][1])


def cap(policy: SendPolicy) -> tuple[str, int] | None:
    """The cap that one run alone can come to, and after how many messages; None: its pauses are too long."""
    spans = (
        (SENT_IN_10_MINUTES, policy.per_10_minutes, TEN_MINUTES),
        (SENT_IN_A_DAY, policy.per_day, A_DAY),
    )
    pauses = policy.resend_after or [timedelta()]
    for name, most, span in spans:
        waited = sum((pauses[min(n, len(pauses)) - 1] for n in range(1, most)), timedelta())
        if waited < span and most <= policy.per_day:
            return name, most
    return None


def outlives_login(spec: CodeSpec) -> bool:
    """Whether a code is good for longer than a login of the portal lasts."""
    return spec.valid is not None and spec.valid > _LONGEST_LOGIN


def outlives_failures(spec: CodeSpec) -> bool:
    """Whether a code is good for longer than the failures of its address count against the next ones."""
    return spec.valid is not None and spec.valid >= MOST_FAILURES[0][0]


def pause_window(policy: SendPolicy) -> timedelta:
    """After how long a message stands neither in the way of the next nor in the short cap."""
    return max([TEN_MINUTES, *policy.resend_after])
