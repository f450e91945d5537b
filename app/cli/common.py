"""What several commands begin with."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click

from app import config, wiring
from app.config import SettingProblem, Settings
from app.flow.durations import parse_duration
from app.runner.house import House
from app.store import schema

_MOMENTS = {"today": 0, "yesterday": 1}
_UNSEEN = {
    sign: "\N{REPLACEMENT CHARACTER}" for sign in (*range(0x20), *range(0x7F, 0xA0)) if sign not in (9, 10)
}


def say(text: str, err: bool = False) -> None:
    """Print what came out of the database, without signs by which it could command the terminal (S56)."""
    click.echo(text.translate(_UNSEEN), err=err)


def settings() -> Settings:
    """The settings of the environment, the demo's own secret filled in."""
    return config.with_demo_secrets(config.load())


def house(given: Settings | None = None) -> House:
    """The house these settings describe, ready to work."""
    return _closed_at_the_end(wiring.ready_house(given or settings(), lambda: datetime.now(UTC)))


def today() -> date:
    """The day it is (UTC), by which waivers hold or have ended."""
    return datetime.now(UTC).date()


def looking_house() -> House:
    """The house, to look at: nothing is brought up to date. Raises SettingProblem if that is needed first."""
    given = settings()
    found = _closed_at_the_end(wiring.open_house(given, lambda: datetime.now(UTC)))
    if not schema.is_current(found.database, given.home / "migrations"):
        raise SettingProblem("The database is older than this program: run `narthex db upgrade`.")
    return found


def _closed_at_the_end(house: House) -> House:
    """The house, whose connections are given back when the command is over."""
    command = click.get_current_context(silent=True)
    if command is not None:
        command.call_on_close(house.database.close)
    return house


def write_whole(file: Path, text: str) -> None:
    """Put `text` into a file, sign for sign; whoever reads meanwhile finds the whole old one or the new."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text, encoding="utf-8", newline="")
    beside.replace(file)


class Moment(click.ParamType[datetime]):
    """A moment in UTC: `2026-11-23`, `2026-11-23T09:00`, `today`, `yesterday`, `3 days` for so long ago."""

    name = "moment"

    def convert(
        self,
        value: str,
        param: click.Parameter | None,  # noqa: ARG002
        ctx: click.Context | None,  # noqa: ARG002
    ) -> datetime:
        """The moment; a time without a zone is UTC."""
        now = datetime.now(UTC)
        if value in _MOMENTS:
            return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=_MOMENTS[value])
        try:
            if re.match(r"\d+ ", value):
                return now - parse_duration(value)
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no moment: write 2026-11-23, 2026-11-23T09:00, today or '3 days'.")
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
