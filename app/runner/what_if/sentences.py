"""Bounds in whole sentences: what is known, of how many runs, and what nobody can know."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.flow.pattern.problems import N_
from app.runner.what_if.bounds import Bounds, Split


@dataclass(frozen=True)
class Said:
    """A sentence with `%(name)s` for what differs, for pages to translate; `params` stand in it."""

    words: str
    params: dict[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.words % self.params


def sentences(bounds: Bounds) -> list[Said]:
    """The whole answer."""
    return list(_told(bounds))


def _told(b: Bounds) -> Iterator[Said]:
    if b.every.told == 0:
        yield Said(N_("No run was begun in this time, so nothing can be said."))
    elif b.every.told is None:
        yield Said(N_("Too few runs were begun in this time: nothing can be said."))
    else:
        yield Said(
            N_("Looked at: %(runs)s runs of version %(number)s, none of them left out."),
            {"runs": b.every.told, "number": b.number},
        )
        yield from _of_runs(b)
    if b.left_out:
        yield Said(
            N_(
                "%(count)s runs are not counted: they cannot be read (narthex runs verify names them) or "
                "were moved from another version."
            ),
            {"count": b.left_out},
        )
    yield from _guessing(b)


def _of_runs(b: Bounds) -> Iterator[Said]:
    if b.direction == "same":
        yield Said(N_("That is the value it has, so nothing would be otherwise."))
    if b.looser:
        yield from _looser(b)
    if b.tighter:
        yield from _tighter(b)
    if b.messages is not None and b.direction != "same":
        yield from _messages(b)


def _looser(b: Bounds) -> Iterator[Said]:
    if b.stopped.told is None:
        yield Said(N_("Too few runs were stopped at this limit: nothing can be said of them."))
        return
    if b.stopped.told == 0:
        yield Said(N_("No run was stopped at this limit, so none would have gone on by it."))
        return
    yield Said(_STOPPED.get(b.old.name, _STOPPED_BY_GUARD), _of(b.stopped, most=b.stopped.most("could")))
    if b.old.name != "lifetime.idle" and (well := b.anyway.least("well")) and b.anyway.told:
        yield Said(
            N_("At least %(well)s of the runs stopped there ended well later on, as it is."), {"well": well}
        )


_STOPPED_BY_GUARD = N_(
    "Of %(whole)s runs stopped at this limit at most %(most)s could have gone on with the other value. "
    "Whether they would have succeeded, nobody can know."
)
_STOPPED = {
    "lifetime.absolute": N_(
        "Of %(whole)s runs that the clock ended at most %(most)s had taken a step shortly before and could "
        "have gone on at once; the others rested, and nobody can know whether their people would have come "
        "back."
    ),
    "lifetime.idle": N_(
        "Of %(whole)s runs that rested and went on afterwards at most %(most)s would not have rested. Of "
        "those that nobody came back to, nothing can be known."
    ),
}

#: What is said of runs that ended well, and of all: between two numbers, or where both are the same.
_BETWEEN = (
    N_(
        "Of %(whole)s runs that ended well at least %(least)s and at most %(most)s would have been stopped "
        "at this limit. What their people would have done then, nobody can know."
    ),
    N_("Of all %(whole)s runs it would have stopped at least %(least)s and at most %(most)s."),
)
_EXACTLY = (
    N_(
        "Of %(whole)s runs that ended well %(most)s would have been stopped at this limit. What their people "
        "would have done then, nobody can know."
    ),
    N_("Of all %(whole)s runs it would have stopped %(most)s."),
)
_RESTED = (
    N_(
        "Of %(whole)s runs that ended well at most %(most)s would have rested on the way. Answers stay, "
        "passwords and codes are typed anew."
    ),
    N_("Of all %(whole)s runs at most %(most)s would have rested where they did not."),
)


def _tighter(b: Bounds) -> Iterator[Said]:
    if b.through.told:
        yield _stopped(b, b.through, 0)
    elif b.through.told == 0:
        yield Said(N_("No run ended well, so none of those would have been stopped."))
    else:
        yield Said(N_("Too few runs ended well: nothing can be said of them."))
    yield _stopped(b, b.every, 1)


def _stopped(b: Bounds, split: Split, of: int) -> Said:
    least, most = split.least("certainly"), split.most("certainly", "perhaps")
    words = _RESTED if b.old.name == "lifetime.idle" else _EXACTLY if least == most else _BETWEEN
    return Said(words[of], {"whole": split.told or 0, "least": least, "most": most})


def _of(split: Split, **more: str | int) -> dict[str, str | int]:
    return {"whole": split.told or 0, **more}


def _messages(b: Bounds) -> Iterator[Said]:
    words = {
        "looser": N_(
            "At most %(count)s more messages would have gone out by %(channel)s, each at its price."
        ),
        "tighter": N_("At most %(count)s messages by %(channel)s would not have gone out."),
        "mixed": N_("For at most %(count)s messages by %(channel)s it would have been decided otherwise."),
    }
    assert b.direction != "same"
    yield Said(words[b.direction], {"count": b.messages or 0, "channel": b.channel or ""})


def _guessing(b: Bounds) -> Iterator[Said]:
    if b.guessing is None:
        return
    before, after = b.guessing
    yield Said(
        N_(
            "Whoever guesses has %(before)s tries for each code sent, with the other value %(after)s, of "
            "%(possible)s possible codes: a chance of 1 in %(chance_before)s, with the other value 1 in "
            "%(chance_after)s."
        ),
        {
            "before": before.by_code,
            "after": after.by_code,
            "possible": f"{before.possible:,}",
            "chance_before": f"{before.possible // before.by_code:,}",
            "chance_after": f"{after.possible // after.by_code:,}",
        },
    )
    yield Said(
        N_("In a day it is at most %(before)s tries for one recipient: a chance of 1 in %(chance_before)s.")
        if before.by_day == after.by_day
        else N_(
            "In a day it is at most %(before)s tries for one recipient, with the other value %(after)s: a "
            "chance of 1 in %(chance_before)s, with the other value 1 in %(chance_after)s."
        ),
        {
            "before": before.by_day,
            "after": after.by_day,
            "chance_before": f"{before.possible // before.by_day:,}",
            "chance_after": f"{after.possible // after.by_day:,}",
        },
    )
