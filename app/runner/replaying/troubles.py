"""What keeps runs from being replayed, told with where it is and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

VERIFY = (
    "`narthex runs verify` names every such record; restore what was altered from a backup, "
    "and upgrade this program where a record is newer than it"
)
RESTORE = "restore the table flow_contents, which nothing deletes from, from a backup"
_FURTHER = 100  # kinds of trouble that are told apart; any more would only fill the memory


@dataclass
class Trouble:
    """Something that keeps `runs` runs from being replayed; `where` is the first of them and its record."""

    what: str
    cure: str
    where: str
    runs: int = 1

    @property
    def sentence(self) -> str:
        """What it is, where, and what to do."""
        many = f" (and {self.runs - 1:,} more like it)" if self.runs > 1 else ""
        return f"{self.where}{many}: {self.what}. What to do: {self.cure}."


@dataclass
class Troubles:
    """All there were, the same ones counted together."""

    _told: dict[str, Trouble] = field(default_factory=dict)
    further: int = 0

    def add(self, run: str, seq: int | None, what: str, cure: str = VERIFY) -> None:
        """Note one, of a run or of one of its records."""
        if what in self._told:
            self._told[what].runs += 1
        elif len(self._told) < _FURTHER:
            where = f"run {run}" if seq is None else f"run {run}, record {seq}"
            self._told[what] = Trouble(what, cure, where)
        else:
            self.further += 1

    def __iter__(self) -> Iterator[Trouble]:
        return iter(self._told.values())

    def __len__(self) -> int:
        return len(self._told)
