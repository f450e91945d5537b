"""Whether a run comes out as it was recorded: decided again step by step, and its chain of hashes checked."""

from dataclasses import dataclass

from app.flow.replay.sides import Side
from app.flow.replay.strict import replayed
from app.flow.trace import BadRecord
from app.runner.journal.verify import Checked, verify_chains
from app.runner.story import Story
from app.web.house import house


@dataclass(frozen=True)
class RunCheck:
    """What came of it: the first step that differs with both sides, how many do, faults of the chain.

    `refused` says why the steps could not be decided again.
    """

    steps: int
    differing: int
    first: int | None
    sides: tuple[Side, ...]
    chain: tuple[str, ...]
    refused: str | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.differing or self.chain or self.refused)


def checked(told: Story) -> RunCheck:
    """The run replayed strictly, from what is recorded alone."""
    faults = tuple(str(fault) for fault in verify_chains(house(), (told.run,), Checked()))
    if None in told.flows.values():
        return RunCheck(0, 0, None, (), faults, "its version is not there any more, or does not load")
    differing: dict[int, tuple[Side, ...]] = {}
    try:
        for record in told.records:
            flow = told.flow_of(record)
            if flow is not None and (sides := replayed(flow, record)):
                differing[record.seq] = sides
    except BadRecord as bad:
        return RunCheck(0, 0, None, (), faults, bad.what)
    first = min(differing, default=None)
    sides = differing[first] if first is not None else ()
    return RunCheck(len(told.records), len(differing), first, sides, faults)
