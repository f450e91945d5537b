"""What came of a step."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.flow.definition import Flow
from app.runner.house import House
from app.store import journal
from app.store.inbox import Message
from app.store.links import Fate
from app.store.runs import Run


@dataclass(frozen=True)
class Came:
    """What came of a step: where its browser stands now, why, and the messages that went out.

    `run` is missing where nothing has begun.
    """

    flow: Flow
    state: str
    run: Run | None
    reasons: str
    messages: tuple[Message, ...]
    resting: bool
    fate: Fate | None
    handed_over: bool
    portal: str


def reasons(house: House, run: Run) -> str:
    """What the guards of the newest step said against it, as the journal has it."""
    with house.database.read() as connection:
        newest = journal.entry(connection, run.id, run.seq)
    verdicts = newest.record["guards"] if newest else []
    return "; ".join(_verdict(each) for each in verdicts if each["answer"] != "yes")


def _verdict(verdict: Mapping[str, object]) -> str:
    problems = verdict["problems"]
    assert isinstance(problems, list)
    told = [f"{each['f']} {each['code']}" for each in problems]
    why = ", ".join([str(verdict["reason"])] * bool(verdict["reason"]) + told)
    return f"{verdict['g']} {verdict['answer']}" + (f" ({why})" if why else "")
