"""Log lines: one JSON object each, in UTC, a fixed sentence with fields, nothing of people in it."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

_STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_LONGEST = 200
_PERSONAL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|\+?\d[\d\s\-/]{7,}\d")
_MASK = "[hidden]"
_CHATTY = {"waitress.queue": "ERROR", "transitions": "WARNING", "alembic": "WARNING"}


class JsonLines(logging.Formatter):
    """Writes a record as one line; whatever looks like a phone, an id or an address is masked."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; exceptions by type alone, as their text may quote what somebody entered."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "what": _masked(record.getMessage()),
        }
        for name, value in record.__dict__.items():
            if name not in _STANDARD:
                line[name] = value if isinstance(value, int | float | bool) else _field(value)
        if record.exc_info and record.exc_info[0]:
            line["fault"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=True)


def _field(value: object) -> str:
    if isinstance(value, dict | list | tuple | set):
        return "[refused: only plain values are logged]"
    text = str(value)
    # Our own ids are base 32 and hold digits; only what stands for itself is looked at.
    return _masked(text)


def _masked(text: str) -> str:
    return _PERSONAL.sub(_MASK, text)[:_LONGEST]


def write_logs(level: str) -> None:
    """Send every logger's lines to standard error."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[lines], force=True)
    for chatty, least in _CHATTY.items():
        logging.getLogger(chatty).setLevel(least)
