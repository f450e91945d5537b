"""One thing that is otherwise in another definition, as data: sentences are made of it elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.flow.durations import write_duration

#: Names from the root of a definition to what differs: `("codes", "phone_code", "tries")`.
Path = tuple[str, ...]

#: Sections whose entries are told by sentences of their own when one is added or removed.
SECTIONS = frozenset(
    {
        "fields",
        "registers",
        "budgets",
        "codes",
        "links",
        "cards",
        "notices",
        "accounts",
        "guards",
        "states",
        "waivers",
    }
)


@dataclass(frozen=True)
class Change:
    """`code` names the sentence; `old` and `new` are the values, None where there was or is none.

    `params` holds what else the sentence needs, by name. Durations are timedelta, all else is plain.
    """

    code: str
    path: Path
    old: Any = None
    new: Any = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> tuple[str, str]:
        """What the change belongs to, as a reader looks for it: `("states", "form")`.

        The words of a state or a field belong to it; what is about the whole flow to `("flow", "")`.
        """
        section, *rest = self.path
        if section == "texts" and len(rest) > 1:
            part, _, key = rest[1].partition(".")
            return (part, key.partition(".")[0]) if key and part in {"states", "fields"} else ("texts", "")
        if section in {"theme", "texts", "everywhere", "files"}:
            return section, ""
        return (section, rest[0]) if rest and section in SECTIONS else ("flow", "")

    @property
    def ids(self) -> tuple[str, ...]:
        """What of both definitions it touches: the entry, the way by `state.id`, the states it leads to."""
        section, *rest = self.path
        touched = [".".join(self.path[:2])]
        if section == "states" and rest[1:2] == ["transitions"]:
            touched.append(f"ways.{rest[0]}.{rest[2]}")
        if section == "everywhere" and rest:
            touched = [f"ways.everywhere.{rest[0]}"]
        if section == "texts" and len(rest) > 1:
            touched = [f"texts.{rest[0]}.{rest[1]}"]
        leads = [self.params.get("dest")] if "dest" in self.params else []
        if self.code == "way_dest":
            leads = [self.old, self.new]
        return (*touched, *(f"states.{each}" for each in leads if each))

    def plain(self) -> dict[str, Any]:
        """The same for programs; durations as they are written."""
        return {
            "code": self.code,
            "path": list(self.path),
            "ids": list(self.ids),
            "old": plain(self.old),
            "new": plain(self.new),
            "params": plain(dict(self.params)),
        }


def plain(value: Any) -> Any:
    """`value` as JSON can hold it."""
    if isinstance(value, timedelta):
        return write_duration(value) if value else "0 s"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value
