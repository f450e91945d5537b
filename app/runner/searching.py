"""Finding runs by what is known of them and by the way they went. Looks and writes nothing.

Every run that is asked for is looked at, never a sample; memory does not grow with their number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from app.flow import trace
from app.flow.definition import Flow
from app.flow.findings import nearest
from app.flow.pattern import Letter, Matcher, PatternProblem, check, letters, parse, vocabulary
from app.flow.pattern.problems import N_
from app.flow.spec import End
from app.flow.trace import BadRecord
from app.runner.house import FlowMissing, House
from app.store import run_search
from app.store.run_search import NO_FOLD, Cursor, Folded, Listed
from app.store.versions import Version

#: How a run stands: `open`, `ended` in whatever way, or the sort of its end.
Ended = Literal["open", "ended", "success", "refused", "locked", "expired", "cancelled"]
ENDED: tuple[str, ...] = get_args(Ended)

PAGE = 50
_AT_ONCE = 500
_REMEMBERED = 100_000
_WAYS = 20_000


class WrongSearch(Exception):
    """Something asked for does not exist: in which `box`, what is wrong and what may have been meant.

    `what` and `fix` are sentences with `%(name)s` for what differs, which stands in `params`.
    """

    def __init__(self, box: str, what: str, fix: str, **params: str | int) -> None:
        self.box, self.what, self.fix, self.params = box, what, fix, params
        super().__init__(f"{what % params} {fix % params}".rstrip())


@dataclass(frozen=True)
class Criteria:
    """What a run must be; what is None is not asked. It started at `since` or later and before `until`."""

    pattern: str | None = None
    flow: str | None = None
    version: int | None = None
    state: str | None = None
    ended: Ended | None = None
    lang: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    named: str | None = None
    lasting: timedelta | None = None


@dataclass(frozen=True)
class Found:
    """Runs found, the newest first; how many were looked at for them; where to go on, None at the end.

    `unreadable` are runs with a damaged record, of which nobody can say whether the pattern fits.
    """

    runs: tuple[Listed, ...]
    looked: int
    further: Cursor | None
    unreadable: tuple[str, ...] = ()


def find(
    house: House,
    criteria: Criteria,
    *,
    before: Cursor | None = None,
    most: int = PAGE,
    looks: int | None = None,
) -> Found:
    """The next `most` runs that are so, behind `before`; after `looks` runs looked at it stops on the way.

    Raises PatternProblem and WrongSearch.
    """
    wanted = _wanted(house, criteria)
    if criteria.pattern is None:
        with house.database.read() as connection:
            found = run_search.newest(connection, wanted, before, most + 1)
        further = (found[most - 1].started_at, found[most - 1].id) if len(found) > most else None
        return Found(tuple(found[:most]), len(found[:most]), further)
    return _Reading(house, _matcher(house, criteria)).find(wanted, before, most, looks)


class _Reading:
    """Reads runs batch by batch; what a record does to the matcher is worked out once for each fold."""

    def __init__(self, house: House, matcher: Matcher) -> None:
        self._house, self._matcher = house, matcher
        self._letters: dict[str, Sequence[Letter]] = {}
        self._after: dict[tuple[int, str], int] = {}
        self._ways: dict[str, bool] = {}

    def find(self, wanted: dict[str, Any], before: Cursor | None, most: int, looks: int | None) -> Found:
        found: list[str] = []
        unreadable: list[str] = []
        looked, done = 0, False
        while not done and len(found) < most and (looks is None or looked < looks):
            batch, fits = self._batch(wanted, before, unreadable)
            for key in batch:
                looked, before = looked + 1, key
                if key[1] in fits:
                    found.append(key[1])
                if len(found) == most:
                    break
            done = len(batch) < _AT_ONCE and (not batch or before == batch[-1])
        with self._house.database.read() as connection:
            runs = run_search.listed(connection, found) if found else []
        return Found(tuple(runs), looked, None if done else before, tuple(unreadable))

    def _batch(
        self, wanted: dict[str, Any], before: Cursor | None, unreadable: list[str]
    ) -> tuple[list[Cursor], set[str]]:
        """The next runs, and the ids of those the pattern fits."""
        with self._house.database.read() as connection:
            batch = run_search.keys(connection, wanted, before, _AT_ONCE)
            kept = run_search.folds(connection, [run for _, run in batch]) if batch else []
        fits: set[str] = set()
        for each in kept:
            try:
                if self._goes_so(each):
                    fits.add(each.run)
            except BadRecord:
                unreadable.append(each.run)
        return batch, fits

    def _goes_so(self, kept: Folded) -> bool:
        """Whether the pattern fits; runs that went alike, fold by fold, are decided once."""
        known = self._ways.get(kept.folds)
        if known is None:
            known = self._fits(kept.run, kept.records())
            if len(self._ways) >= _WAYS:
                self._ways.clear()
            if NO_FOLD not in kept.folds:
                self._ways[kept.folds] = known
        return known

    def _fits(self, run: str, records: Iterable[tuple[int, str | None]]) -> bool:
        state = self._matcher.start
        for seq, kept in records:
            fold = kept or self._learned(run, seq)
            after = self._after.get((state, fold))
            if after is None:
                after = self._worked_out(state, fold, run, seq)
            state = after
            if self._matcher.is_certain(state):
                return True
        return self._matcher.found(state)

    def _worked_out(self, state: int, fold: str, run: str, seq: int) -> int:
        if fold not in self._letters:
            self._learned(run, seq, fold)
        after = state
        for letter in self._letters[fold]:
            after = self._matcher.after(after, letter)
        self._after[state, fold] = after
        return after

    def _learned(self, run: str, seq: int, fold: str | None = None) -> str:
        """Read the record and remember its letters under its fold, which older rows do not have yet."""
        if max(len(self._letters), len(self._after)) > _REMEMBERED:
            self._letters.clear()
            self._after.clear()
        with self._house.database.read() as connection:
            text = run_search.record_text(connection, run, seq)
        record = trace.read_text(run, seq, text)
        fold = fold or trace.fold(trace.parsed(text))
        self._letters[fold] = letters(record)
        return fold


def _wanted(house: House, criteria: Criteria) -> dict[str, Any]:
    """The criteria as the store asks them."""
    c = criteria
    asked: dict[str, Any] = {
        "flow": c.flow,
        "number": c.version,
        "state": c.state,
        "lang": c.lang,
        "since": c.since,
        "until": c.until,
        "named": c.named.strip().lower() if c.named else None,
        "lasting": c.lasting,
    }
    wanted = {name: value for name, value in asked.items() if value is not None}
    if c.flow or c.version or c.state:
        _check_names(house, c)
    if c.ended == "open":
        wanted["open"] = True
    elif c.ended is not None:
        wanted["ended"] = True
        if c.ended != "ended":
            wanted["ends"] = _ends(house, c, c.ended)
    return wanted


def _check_names(house: House, c: Criteria) -> None:
    known = _versions(house, Criteria())
    flows = {version.flow for version in known}
    if c.flow and c.flow not in flows:
        raise _no_such("flow", N_("There is no flow '%(name)s'."), c.flow, flows)
    if not (asked := _versions(house, c)):
        numbers = [version.number for version in known if version.flow == (c.flow or version.flow)]
        what, fix = N_("There is no version %(name)s."), N_("The newest is %(newest)s.") if numbers else ""
        raise WrongSearch("version", what, fix, name=str(c.version), newest=max(numbers, default=0))
    if c.state:
        states = {state for flow in _compiled(house, asked) for state in flow.spec.states}
        if c.state not in states:
            raise _no_such("state", N_("There is no state '%(name)s'."), c.state, states)


def _no_such(box: str, what: str, name: str, known: Iterable[str]) -> WrongSearch:
    near = nearest(name, known) or ""
    return WrongSearch(box, what, N_("Did you mean '%(near)s'?") if near else "", name=name, near=near)


def _versions(house: House, c: Criteria) -> list[Version]:
    with house.database.read() as connection:
        every = run_search.published(connection)
    return [v for v in every if c.flow in {None, v.flow} and c.version in {None, v.number}]


def _compiled(house: House, versions: Iterable[Version]) -> list[Flow]:
    """The definitions of these versions that still load."""
    found = []
    for version in versions:
        try:
            found.append(house.shelf.version(version.flow, version.number, version.digest))
        except FlowMissing:
            continue
    return found


def _ends(house: House, c: Criteria, end: End) -> list[tuple[str, int, str]]:
    """Where runs end in this way: (flow, number, state)."""
    return [
        (flow.name, flow.number, name)
        for flow in _compiled(house, _versions(house, c))
        for name, state in flow.spec.states.items()
        if state.end == end
    ]


def _matcher(house: House, criteria: Criteria) -> Matcher:
    """The pattern compiled, its names checked; a name that only an older version had is a name as well."""
    pattern = parse(criteria.pattern or "")
    matcher = Matcher(pattern)
    asked = _versions(house, criteria)
    newest = {version.flow: version for version in reversed(asked)}
    try:
        check(pattern, vocabulary(_compiled(house, newest.values()), house.catalogue))
    except PatternProblem as problem:
        try:
            check(pattern, vocabulary(_compiled(house, asked), house.catalogue))
        except PatternProblem:
            raise problem from None
    return matcher
