"""The timeline of a run: its records with the time between them, and what stood beside them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask_babel import gettext

from app.flow.aside import Aside
from app.flow.definition import Flow
from app.flow.trace import Recorded
from app.runner.story import Story
from app.store.run_letters import RunLetter
from app.web.desk import run_words
from app.web.desk.spans import span

#: A gap is drawn to scale up to so long, at so many pixels; a longer one is broken, and named like all.
LONGEST_DRAWN = timedelta(minutes=10)
PIXELS = 96
_NAMED_FROM = timedelta(seconds=1)
_BAD_ENDS = frozenset({"refused", "locked", "expired"})


@dataclass(frozen=True)
class Gap:
    """The time since the moment before: in words, its height in pixels, whether it is too long to draw."""

    words: str
    height: int
    broken: bool


@dataclass(frozen=True)
class Sent:
    """A letter: by which way, what became of it, how often it was tried, how long it took to be received."""

    channel: str
    became: str
    tries: int
    took: str | None


@dataclass(frozen=True)
class Fate:
    """What was not fine: a sort of `status`, and the word beside its shape."""

    sort: str
    words: str


@dataclass(frozen=True)
class Moment:
    """One entry: a record (`seq`) or something beside it, with its `words`; no `fate` where all was fine."""

    at: datetime
    gap: Gap | None
    seq: int | None = None
    recorded: Recorded | None = None
    fate: Fate | None = None
    words: str = ""
    sent: tuple[Sent, ...] = field(default_factory=tuple)


def timeline(story: Story) -> list[Moment]:
    """Everything that is known of the run, in the order in which it happened."""
    moments: list[tuple[datetime, int, Recorded | Aside | RunLetter]] = []
    moments += [(each.occurred, 0, each) for each in story.records]
    moments += [(each.at, 1, each) for each in story.asides]
    known = {record.seq for record in story.records}
    moments += [(each.created_at, 2, each) for each in story.letters if each.seq not in known]
    moments.sort(key=lambda moment: moment[:2])
    before = None
    entries = []
    for at, _, what in moments:
        entries.append(_entry(story, at, _gap(before, at), what))
        before = at
    return entries


def _entry(story: Story, at: datetime, gap: Gap | None, what: Recorded | Aside | RunLetter) -> Moment:
    if isinstance(what, Aside):
        return Moment(at, gap, words=run_words.aside(what.kind), fate=_fate_of_aside(what))
    if isinstance(what, RunLetter):
        return Moment(at, gap, words=run_words.channel(what.channel), sent=(_sent(what),))
    letters = tuple(_sent(letter) for letter in story.letters if letter.seq == what.seq)
    return Moment(at, gap, what.seq, what, fate(story, what), sent=letters)


def _gap(before: datetime | None, at: datetime) -> Gap | None:
    if before is None or at - before < _NAMED_FROM:
        return None
    length = at - before
    return Gap(span(length), max(round(min(length / LONGEST_DRAWN, 1) * PIXELS), 2), length > LONGEST_DRAWN)


def _sent(letter: RunLetter) -> Sent:
    last = letter.receipt_at or letter.done_at
    took = span(last - letter.created_at) if last else None
    return Sent(
        run_words.channel(letter.channel),
        run_words.letter_state(letter.state, letter.receipt),
        letter.tries,
        took,
    )


def _fate_of_aside(aside: Aside) -> Fate | None:
    if aside.kind not in {"stale", "late", "refused"}:
        return None
    return Fate("warning", run_words.aside(aside.kind))


def fate(story: Story, recorded: Recorded) -> Fate | None:
    """What was not fine about a step: something was refused or it led to a bad end, nobody could be asked, or
    a form came beside it that took no step. None where all was fine.
    """
    refused = recorded.errors and not recorded.moves
    if refused or recorded.charges or _ends_badly(story.flow_of(recorded), recorded):
        return Fate("refused", gettext("refused"))
    if any(judged.answer == "unavailable" for judged in recorded.judged):
        return Fate("warning", run_words.answer("unavailable"))
    if any(_fate_of_aside(aside) and aside.seq == recorded.seq for aside in story.asides):
        return Fate("warning", gettext("more came"))
    return None


def _ends_badly(flow: Flow | None, recorded: Recorded) -> bool:
    state = flow.spec.states.get(recorded.to) if flow else None
    return recorded.chosen is not None and state is not None and state.end in _BAD_ENDS


def neighbours(story: Story, seq: int) -> dict[str, int | None]:
    """Where the keys lead from a step: `first`, `last`, `before`, `after`, and the next step that was not
    fine on either side; None where there is none.
    """
    seqs = [record.seq for record in story.records]
    wrong = [record.seq for record in story.records if fate(story, record)]
    return {
        "first": seqs[0] if seq != seqs[0] else None,
        "before": _newest(each for each in seqs if each < seq),
        "wrong_before": _newest(each for each in wrong if each < seq),
        "wrong_after": next((each for each in wrong if each > seq), None),
        "after": next((each for each in seqs if each > seq), None),
        "last": seqs[-1] if seq != seqs[-1] else None,
    }


def _newest(seqs: Iterable[int]) -> int | None:
    return max(seqs, default=None)
