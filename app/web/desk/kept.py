"""What takes its time to find out, kept for the next pages that ask for it: the newest answers alone."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from flask import current_app


class Kept:
    """At most `most` answers by their keys; each application has its own, as it has its own house."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = f"desk_kept_{name}", most
        self._lock = Lock()

    def known(self, key: Hashable) -> Any:
        """The answer if it is still kept, else None."""
        with self._lock:
            answers = self._answers()
            if key in answers:
                answers.move_to_end(key)
            return answers.get(key)

    def keep(self, key: Hashable, answer: Any) -> None:
        """Keep an answer, which is not None; the oldest goes where there are too many."""
        with self._lock:
            answers = self._answers()
            answers[key] = answer
            while len(answers) > self._most:
                answers.popitem(last=False)

    def get(self, key: Hashable, find: Callable[[], Any]) -> Any:
        """The answer for a key that says all it depends on; found now if nobody asked lately."""
        answer = self.known(key)
        if answer is None:
            answer = find()
            self.keep(key, answer)
        return answer

    def _answers(self) -> "OrderedDict[Hashable, Any]":
        answers: OrderedDict[Hashable, Any] = current_app.extensions.setdefault(self._name, OrderedDict())
        return answers
