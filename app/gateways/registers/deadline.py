"""A call that is waited for no longer than it may take, for drivers whose own time-outs have gaps."""

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread
from typing import TypeVar

T = TypeVar("T")

# Calls that hang are left behind in their threads; this many at most, then new ones fail at once.
_PLACES = BoundedSemaphore(16)


def within(seconds: float, call: Callable[[], T]) -> T:
    """What `call` returns or raises; TimeoutError if it has not ended in time or too many hang already.

    It runs in a daemon thread of its own, so that one that never ends does not hold up the exit.
    """
    end = time.monotonic() + seconds
    if not _PLACES.acquire(timeout=seconds):
        raise TimeoutError("too many calls hang")
    ended: SimpleQueue[tuple[T | None, Exception | None]] = SimpleQueue()
    Thread(target=_run, args=(call, ended), name="register", daemon=True).start()
    try:
        result, error = ended.get(timeout=max(0.0, end - time.monotonic()))
    except Empty:
        raise TimeoutError("the call did not end in time") from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # set whenever there is no error


def _run(call: Callable[[], T], ended: "SimpleQueue[tuple[T | None, Exception | None]]") -> None:
    try:
        ended.put((call(), None))
    except Exception as error:  # raised again where the call is waited for
        ended.put((None, error))
    finally:
        _PLACES.release()
