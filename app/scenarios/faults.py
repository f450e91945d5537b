"""Listening for what the program reports as a fault of its own."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Listener(logging.Handler):
    """Keeps what is reported in one thread, in any without `thread`."""

    def __init__(self, thread: int | None) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []
        self._thread = thread

    def emit(self, record: logging.LogRecord) -> None:
        if self._thread in (None, record.thread):
            self.heard.append(_told(record))


def _told(record: logging.LogRecord) -> str:
    """The sentence, with the fault and its place where they were noted."""
    noted = [str(getattr(record, name)) for name in ("fault", "place") if hasattr(record, name)]
    return record.getMessage() + (f" ({', '.join(noted)})" if noted else "")


@contextmanager
def faults(*, everywhere: bool = False) -> Iterator[list[str]]:
    """The lines of level ERROR that the program logs while the block runs, as they come.

    Those of this thread: others serve other people; `everywhere` hears them too.
    """
    listener = _Listener(None if everywhere else threading.get_ident())
    log = logging.getLogger("app")
    log.addHandler(listener)
    try:
        yield listener.heard
    finally:
        log.removeHandler(listener)
