"""The sheet of a sandbox: whose it is, its clock and its faults, one small JSON file beside its database.

Every process reads it anew for each question, so that a clock moved in one moves in all.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from app.sandbox.faults import Fault

FILE = "sandbox.json"


Preset = Literal[
    "double_click",
    "two_tabs",
    "back_then_submit",
    "retry",
    "stale_token",
    "timer",
    "wrong_code",
    "older_code",
]
PRESETS: tuple[Preset, ...] = get_args(Preset)


class NoSuchSandbox(Exception):
    """There is no sandbox of this name, or its sheet cannot be read."""


class Said(BaseModel):
    """A verdict that came from QA and not from the guard; `at` is the sandbox's time."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    run: str
    seq: int
    guard: str
    code: str


class Origin(BaseModel):
    """Which recorded run a sandbox was forked from, before which step, and why; what could not be staged."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    run: str
    step: int
    reason: str = ""
    stopped: str | None = None


class Answered(BaseModel):
    """What one post was answered: where it led (`state` of the flow, or an address) and the notice there."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    status: int
    state: str
    notice: str | None = None


class Step(BaseModel):
    """A step that the journal has because of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    seq: int
    state: str
    trigger: str
    to: str


class CameOfIt(BaseModel):
    """What came of a preset: the answers in the order sent, new steps of the run, how many new messages.

    `sound`: at most one step was taken, and what was sent twice led to one place.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    preset: Preset
    answers: tuple[Answered, ...]
    steps: tuple[Step, ...]
    messages: int
    sound: bool


class Sheet(BaseModel):
    """`at` is the sandbox's time when it is `since` outside; without `since` its clock stands still.

    `version` is the number it has in the house's own books, 0 for a folder; `people` the folder whose
    invented people live here; `domains` what DNS says of some; `said` what QA made guards say.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    owner: str
    flow: str
    version: int
    source: str
    people: str | None = None
    made_at: datetime
    at: datetime
    since: datetime | None
    registers: tuple[str, ...] = ()
    faults: dict[str, Fault] = {}
    domains: dict[str, str] = {}
    said: tuple[Said, ...] = ()
    origin: Origin | None = None
    came: CameOfIt | None = None

    def now(self, real: datetime) -> datetime:
        """The sandbox's time when it is `real` outside."""
        return self.at if self.since is None else self.at + max(real - self.since, timedelta(0))

    def changed(self, **changes: Any) -> "Sheet":
        """The sheet with some of it written anew."""
        return self.model_copy(update=changes)


def read(folder: Path) -> Sheet:
    """The sheet in a sandbox's folder; raises NoSuchSandbox."""
    try:
        return Sheet.model_validate_json((folder / FILE).read_bytes())
    except (OSError, ValidationError, json.JSONDecodeError):
        raise NoSuchSandbox(folder.name) from None


def write(folder: Path, sheet: Sheet) -> None:
    """Put the sheet in its place, whole or not at all."""
    draft = folder / f"{FILE}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(sheet.model_dump_json(indent=1))
    draft.replace(folder / FILE)


def change(folder: Path, to: Callable[[Sheet], Sheet]) -> Sheet:
    """Read, change and write the sheet, nobody else coming in between; what now stands."""
    with _alone(folder):
        before = read(folder)
        after = to(before)
        if after is not before:
            write(folder, after)
        return after


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    try:
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        raise NoSuchSandbox(folder.name) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def taken(folder: Path, check: str) -> Fault | None:
    """What `check` is to answer, if anything was chosen; what was meant for once is used up by this."""
    fault = read(folder).faults.get(check)
    if fault is None or not fault.once:
        return fault
    found: list[Fault] = []

    def use_up(sheet: Sheet) -> Sheet:
        there = sheet.faults.get(check)
        if there is None:
            return sheet
        found.append(there)
        if not there.once:
            return sheet
        return sheet.changed(faults={name: each for name, each in sheet.faults.items() if name != check})

    change(folder, use_up)
    return found[0] if found else None
