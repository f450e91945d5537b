"""Strict replay in which guards that judge by answers alone judge anew, on stand-ins (replay mode 2)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from app.flow.replay.why import answer_word
from app.flow.trace import read_text
from app.runner.replaying.definitions import Definitions
from app.runner.replaying.passages import Passage
from app.runner.replaying.report import Report, many
from app.runner.replaying.standing_in import Anew, judged_anew
from app.runner.replaying.strict import Sides, Strict
from app.store import replaying as store

_MOST_WAYS = 20_000  # whose verdicts are kept; runs on any further way are judged one by one


@dataclass
class _Pinned:
    """Verdicts that stand-ins did not bring about again, of one guard at one place, for one reason."""

    sentence: str
    example: str
    verdicts: int = 0


class Reguard(Strict):
    """Strict replay, and every verdict of a pure guard judged anew; runs that went alike once."""

    def __init__(self, definitions: Definitions, report: Report, connection: Connection) -> None:
        super().__init__(definitions, report)
        self._connection = connection
        self._judged: dict[tuple[str, ...], tuple[int, tuple[str, ...]]] = {}
        self._pinned: dict[str, _Pinned] = {}
        self._again = 0

    def count_all(self, passages: Iterable[Passage[Sides]]) -> None:
        """Count every run, and tell which verdicts were pinned."""
        super().count_all(passages)
        pinned = sum(each.verdicts for each in self._pinned.values())
        self._report.notes += [
            f"{each.sentence} So in {many(each.verdicts, 'verdict')}, for example of {each.example}."
            for each in sorted(self._pinned.values(), key=lambda each: -each.verdicts)
        ]
        told = (
            f"{many(self._again, 'verdict')} judged anew on stand-ins came out the same, {pinned:,} pinned."
        )
        self._report.notes.append(told)

    def count(self, passage: Passage[Sides]) -> None:
        """Count the runs of one passage; those that differ are not judged anew."""
        super().count(passage)
        if any(step.finding for step in passage.steps):
            return
        way = tuple([step.fold for step in passage.steps])
        found = self._judged.get(way) or self._judge(passage)
        if len(self._judged) < _MOST_WAYS:
            self._judged[way] = found
        again, pinned = found
        self._again += again * passage.runs
        for sentence in pinned:
            self._pinned.setdefault(sentence, _Pinned(sentence, passage.run)).verdicts += passage.runs

    def _judge(self, passage: Passage[Sides]) -> tuple[int, tuple[str, ...]]:
        texts = store.texts(self._connection, passage.run)
        steps = [read_text(passage.run, seq, text) for seq, _, text in texts]
        anew = list(judged_anew(self._definitions.by, self._definitions.house.catalogue, steps))
        pinned = tuple(_sentence(each, each.pinned, self._other_code(each)) for each in anew if each.pinned)
        return len(anew) - len(pinned), pinned

    def _other_code(self, anew: Anew) -> bool:
        return anew.recorded.guards_code != self._definitions.house.catalogue.fingerprint()


def _sentence(anew: Anew, why: str, other_code: bool) -> str:
    r = anew.recorded
    where = f"at {r.state} on {r.trigger} ({r.flow} {r.number})"
    since = "; the code of guards and fields is another one than then" if other_code else ""
    return f"Verdict pinned {where}: {anew.judged.guard} {answer_word(anew.judged)}, {why}{since}."
