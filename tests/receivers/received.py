"""What every receiver shares: a list one can wait on, and a port nobody listens on."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Generic, TypeVar

HOST = "127.0.0.1"
T = TypeVar("T")


class Received(list[T], Generic[T]):
    """What arrived, in order; `wait_for` returns as soon as so many are there."""

    def __init__(self) -> None:
        super().__init__()
        self._change = Condition()

    def append(self, item: T) -> None:
        with self._change:
            super().append(item)
            self._change.notify_all()

    def wait_for(self, count: int, seconds: float = 10) -> "Received[T]":
        with self._change:
            if not self._change.wait_for(lambda: len(self) >= count, seconds):
                raise AssertionError(f"{len(self)} of {count} arrived in {seconds} s")
        return self


@contextmanager
def closed_port() -> Iterator[int]:
    """A port that is taken but not listened on: connecting to it is refused."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        yield taken.getsockname()[1]
