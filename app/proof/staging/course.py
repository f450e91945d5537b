"""What the moves of a path say by themselves: which pages are posted, what is typed where, what is sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.flow.definition import Flow
from app.flow.paths.model import Move, Outcome


@dataclass(frozen=True)
class Course:
    """The moves of one visit to a flow."""

    flow: Flow
    moves: Sequence[Move]

    def posts(self, at: int) -> bool:
        """Whether the move submits its page's answers: its first button does, where anything is asked."""
        way = self.moves[at].transition
        asks = self.flow.state(way.source).fields
        return bool(asks) and way.trigger == self.flow.triggers(way.source)[0]

    def pages(self, field: str) -> Iterator[int]:
        """The moves that post the field."""
        for at, move in enumerate(self.moves):
            if self.posts(at) and field in self.flow.state(move.transition.source).fields:
                yield at

    def typed_at(self, field: str, at: int) -> int | None:
        """The move at which the answer was typed that holds at `at`; None where there is none."""
        typed = max((page for page in self.pages(field) if page <= at), default=None)
        if typed is None or typed == at:
            return typed
        if self.flow.spec.fields[field].data_class == "secret":
            return None
        let_go = any(move.transition.keep == "nothing" for move in self.moves[typed:at])
        return None if let_go else typed

    def answer(self, at: int, guard: str) -> Outcome | None:
        """What the guard, by its name in the flow, answers at the move; None where it is not asked."""
        return dict(self.moves[at].outcomes).get(guard)

    def sends(self, name: str) -> list[int]:
        """The moves that order the code or link `name` to be sent, a login's `confirm` code included."""
        return [at for at, move in enumerate(self.moves) if self._sends(move, name)]

    def orders(self, effect: str, argument: str | None = None) -> list[int]:
        """The moves that order this effect, with this argument if one is given."""
        return [
            at
            for at, move in enumerate(self.moves)
            for order in move.transition.effects
            if order.effect == effect and argument in {None, order.argument}
        ]

    def is_unconfirmed(self, at: int) -> bool:
        """Whether the run has made a login by then whose address nobody has confirmed."""
        made = [move for move in self.orders("create_account") if move < at]
        confirmed = [move for move in self.orders("confirm_address") if move < at]
        accounts = self.flow.spec.accounts.values()
        return bool(made) and not confirmed and any(account.confirm for account in accounts)

    def deadline(self, at: int) -> tuple[int, timedelta] | None:
        """From which move on, and how long, the run may stand where the move finds it; None for ever."""
        flow, state = self.flow, self.moves[at].transition.source
        own = flow.state(state).lifetime
        if own is None:
            return 0, flow.spec.lifetime.absolute
        if own == "none":
            return None
        assert isinstance(own, timedelta)
        renewed = [
            before
            for before in range(at)
            if (way := self.moves[before].transition).dest == state and (way.source != state or way.effects)
        ]
        return (renewed[-1] if renewed else 0), own

    def _sends(self, move: Move, name: str) -> bool:
        accounts = self.flow.spec.accounts
        return any(
            (order.effect == "send" and order.argument == name)
            or (order.effect == "create_account" and accounts[order.argument or ""].confirm == name)
            for order in move.transition.effects
        )
