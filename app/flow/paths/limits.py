"""The numbers whose limits are worth a path: what stands just below one, at it and just beyond it.

A guard tells its numbers as `Count`s, the same in the journal and in a model; only those named here have a
limit that somebody reaches step by step.
"""

from app.flow.verdict import Answer, Count

TRIES, USES = "tries", "uses"
SENT_IN_10_MINUTES, SENT_IN_A_DAY = "sent in ten minutes", "sent in a day"

#: Which answer takes one more: a wrong code costs a try, a message allowed is a message sent.
_COSTS: dict[str, Answer] = {TRIES: "no", USES: "yes", SENT_IN_10_MINUTES: "yes", SENT_IN_A_DAY: "yes"}

#: Where an attempt may stand: the last but one that is allowed, the last, the first that is not.
PLACES = ("limit-1", "limit", "limit+1")


def place(count: Count, answer: Answer) -> str | None:
    """Where the attempt judged by `count` stands; None for no attempt, or one far below the limit."""
    costs = _COSTS.get(count.name)
    if costs is None:
        return None
    if count.before >= count.limit:
        return "limit+1"
    if answer != costs:
        return None
    return {count.limit - 2: "limit-1", count.limit - 1: "limit"}.get(count.before)


def has_places(count: Count) -> bool:
    """Whether the number has a limit that attempts come up to."""
    return count.name in _COSTS
