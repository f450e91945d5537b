"""A million recorded transitions: runs as they were walked, re-keyed, broken off anywhere, at other speeds.

What is varied is what people vary: how far they get, how long they take before they type a code.
"""

import json
import random
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.flow.trace import fold
from app.runner.house import House

RECORDS = 1_000_000
_ELAPSED = re.compile(r'"seconds since (?:sent|last)":\{"after":(\d+),"before":\1,"limit":(\d+)\}')
_RUN = (
    "id, flow, number, digest, state, seq, lang, problems, head, reference, continued, started_at, touched_at"
)


@dataclass(frozen=True)
class Walked:
    """A run that was walked: its row's lasting parts, its records as stored."""

    id: str
    flow: str
    number: int
    digest: str
    texts: tuple[str, ...]
    to: tuple[str, ...]


@dataclass
class History:
    """The runs to draw from; `_folds` keeps the fold of every text there is, for it is dear to make."""

    walked: list[Walked]
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    _folds: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, house: House) -> "History":
        """Every run recorded in `house`."""
        with house.database.read() as connection:
            runs = connection.exec_driver_sql("select id, flow, number, digest from runs order by id").all()
            walked = []
            for run in runs:
                rows = connection.exec_driver_sql(
                    "select record from journal where run = ? order by seq", (run.id,)
                ).scalars()
                texts = tuple(rows)
                walked.append(Walked(*run, texts, tuple(json.loads(text)["to"] for text in texts)))
        return cls(walked)

    def write(self, file: Path, records: int = RECORDS) -> int:
        """Replace what is recorded in the SQLite database `file` by so many records; how many runs."""
        connection = sqlite3.connect(file, isolation_level=None)
        for pragma in ("synchronous=off", "journal_mode=off", "cache_size=-200000", "foreign_keys=off"):
            connection.execute(f"pragma {pragma}")
        connection.execute("begin")
        connection.execute("delete from journal")
        connection.execute("delete from runs")
        heads: list[tuple[object, ...]] = []
        connection.executemany(
            "insert into journal (run, seq, at, record, fold) values (?, ?, ?, ?, ?)",
            self._rows(records, heads),
        )
        marks = ", ".join("?" * 13)
        connection.executemany(f"insert into runs ({_RUN}) values ({marks})", heads)
        connection.execute("commit")
        connection.close()
        return len(heads)

    def _rows(self, records: int, heads: list[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
        written = 0
        while written < records:
            number = len(heads)
            walked = self.chance.choice(self.walked)
            last = self.chance.randrange(1, len(walked.texts))
            run = f"r-{number:026d}"
            for seq in range(last + 1):
                text, its_fold = self._varied(walked.texts[seq])
                yield run, seq, number, text.replace(walked.id, run), its_fold
            written += last + 1
            heads.append(
                (
                    run,
                    walked.flow,
                    walked.number,
                    walked.digest,
                    walked.to[last],
                    last,
                    "en",
                    "[]",
                    "",
                    run[-9:],
                    0,
                    0,
                    0,
                )
            )

    def _varied(self, text: str) -> tuple[str, str]:
        """The record with other spans since something was sent, on the same side of every limit."""
        varied = _ELAPSED.sub(self._other_span, text)
        if varied not in self._folds:
            self._folds[varied] = fold(json.loads(varied))
        return varied, self._folds[varied]

    def _other_span(self, found: re.Match[str]) -> str:
        elapsed, limit = int(found[1]), int(found[2])
        if elapsed >= limit:
            return found[0]
        other = self.chance.randrange(0, min(limit, 600), 10)
        return found[0].replace(f'"after":{elapsed},"before":{elapsed}', f'"after":{other},"before":{other}')
