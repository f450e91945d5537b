"""That an answer of a path cannot be brought about in the real application."""


class NotStaged(Exception):
    """Move `move_index` (from 0) asks `guard`, which shall answer `outcome`; `why` says in words what stands
    against it. `guard` is empty where the move itself cannot be made."""

    def __init__(self, move_index: int, guard: str, outcome: str, why: str) -> None:
        told = f"{guard} {outcome}: " if guard else ""
        super().__init__(f"move {move_index + 1}, {told}{why}")
        self.move_index, self.guard, self.outcome, self.why = move_index, guard, outcome, why
