"""Whether the stored records of one run are all there, in order, unaltered, each chained to the one before.

Judged by the stored text, not by what it reads as: an older schema's records stay good for ever.
"""

from dataclasses import dataclass
from typing import Any, Literal

from app.flow.record import GENESIS, chain_text
from app.flow.trace import BadRecord, fold, parsed

FaultKind = Literal[
    "unreadable",
    "altered",
    "missing",
    "doubled",
    "order",
    "broken",
    "cut",
    "head",
    "fold",
    "gone",
    "statement",
]

_RESTORE = "Restore the run from a backup and trust neither this record nor what follows it."


@dataclass(frozen=True)
class Fault:
    """The first thing wrong with a run (`run`) or a statement (None): where, of which kind, what it is and
    what to do."""

    run: str | None
    where: str
    kind: FaultKind
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Chain:
    """Records of one run as they come out of the table; `noun` and `place` are what they and their key are
    called: (`record`, `seq`) counted from 0, (`aside`, `number`) from 1."""

    def __init__(self, run: str, noun: str = "record", place: str = "seq", first: int = 0) -> None:
        self.run, self._noun, self._place = run, noun, place
        self.next, self.head = first, GENESIS
        self.counted = first == 0  # the run's own row says which record is its last; of asides none does

    def add(self, at: int, text: str, stored_fold: str | None = None) -> Fault | None:
        """What is wrong with the record stored under the number `at`; add nothing after a fault."""
        try:
            record = parsed(text)
        except ValueError:
            return self._fault(at, "unreadable", f"its text is not JSON. {_RESTORE}")
        if not isinstance(record, dict):
            return self._fault(at, "unreadable", f"its text is no JSON object. {_RESTORE}")
        fault = self._out_of_place(at, record) or self._unlike(at, record, text)
        if fault is None and stored_fold is not None:
            fault = self._folded(at, record, stored_fold)
        self.next, self.head = at + 1, str(record.get("hash"))
        return fault

    def _out_of_place(self, at: int, record: dict[str, Any]) -> Fault | None:
        noun, own = self._noun, record.get(self._place)
        if at > self.next:
            return self._fault(self.next, "missing", f"it is missing; the next there is, is {at}. {_RESTORE}")
        if at < self.next:
            return self._fault(at, "doubled", f"it stands in the table twice. {_RESTORE}")
        if record.get("run") != self.run:
            return self._fault(at, "order", f"in its place stands a {noun} of another run. {_RESTORE}")
        if own == at:
            return None
        if isinstance(own, int) and own == at - 1:
            return self._fault(at, "doubled", f"in its place stands {noun} {own} once more. {_RESTORE}")
        return self._fault(at, "order", f"in its place stands {noun} {own!r}. {_RESTORE}")

    def _unlike(self, at: int, record: dict[str, Any], text: str) -> Fault | None:
        member = f'"hash":"{record.get("hash")}",'
        bare = text.replace(member, "", 1)
        if text.count(member) != 1 or chain_text(bare, str(record.get("prev"))) != record.get("hash"):
            return self._fault(at, "altered", f"its text was altered: its hash is another. {_RESTORE}")
        if record.get("prev") != self.head:
            before = f"{self._noun} {at - 1}" if self.head != GENESIS else "the beginning"
            return self._fault(
                at, "broken", f"it does not follow {before}: one of both was written anew. {_RESTORE}"
            )
        return None

    def _folded(self, at: int, record: dict[str, Any], stored: str) -> Fault | None:
        try:
            fits = fold(record) == stored
        except BadRecord as bad:
            return self._fault(at, "unreadable", f"{bad.what}.")
        except (KeyError, TypeError, AttributeError):
            return self._fault(at, "unreadable", f"it lacks what a record must have. {_RESTORE}")
        if fits:
            return None
        what = "it is sound, but the `fold` beside it is another's. Set journal.fold of this row to null."
        return self._fault(at, "fold", what)

    def end(self, seq: int | None, head: str | None) -> Fault | None:
        """After the last record: whether it is the one the run's own row names (None: there is no row)."""
        last = self.next - 1
        if not isinstance(seq, int) or head is None:
            what = "its row is gone, its records are there. Restore the row of `runs` from a backup."
            return Fault(self.run, f"run {self.run}", "gone", what)
        if seq > last:
            what = f"the journal was cut off here: the run is at record {seq}. {_RESTORE}"
            return self._fault(last + 1, "cut", what)
        if seq < last or head != self.head:
            what = f"it is not the newest that the run's own row names (record {seq}). {_RESTORE}"
            return self._fault(last, "head", what)
        return None

    def _fault(self, at: int, kind: FaultKind, what: str) -> Fault:
        return Fault(self.run, f"run {self.run}, {self._noun} {at}", kind, what)
