"""Deciding whether a pattern fits a run, one letter at a time, in space that does not grow with the run.

The pattern becomes a position automaton (Glushkov): a state is the set of atoms that may come now, each
either `next` (it must be the very next letter of its sort) or `later` (it may be any). Sets are bits of an
integer, so that whoever reads many runs can remember what a record does to a state.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.flow.pattern.letters import Letter, Place
from app.flow.pattern.problems import N_, PatternProblem
from app.flow.pattern.tree import Atom, Chain, Either, Node, Pattern, Repeat

_MOST_ATOMS = 500

#: Found for good; found if no more place, or no more step, comes.
_FOUND, _LAST_PLACE, _LAST_STEP = 1, 2, 4
_FIRST_ATOM = 3

#: Atom -> whether it may come later than next.
_Ends = dict[int, bool]


@dataclass(frozen=True)
class _Piece:
    """A part of the pattern: atoms it may begin and end with; `empty` is None if it cannot be left out.

    The flags say whether a `>>` lies between the piece's edge and the atom, or inside what is left out.
    """

    first: _Ends
    last: _Ends
    empty: bool | None


class Matcher:
    """A compiled pattern. Raises PatternProblem for one that is too large or fits every run."""

    def __init__(self, pattern: Pattern) -> None:
        self._atoms: list[Atom] = []
        self._follow: list[_Ends] = []
        whole = self._built(pattern.body)
        if whole.empty is not None:
            fix = N_("Ask for something at least once.")
            raise PatternProblem(1, N_("This fits every run: nothing in it has to happen."), fix)
        self._enters = [self._entered(atom, whole, pattern.at_end) for atom in range(len(self._atoms))]
        #: Where reading a run begins.
        self.start = self._waiting({a: later or not pattern.at_start for a, later in whole.first.items()})
        self._steps = self._bits(of_step=True)
        self._places = self._bits(of_step=False)

    def after(self, state: int, letter: Letter) -> int:
        """The state once `letter` has been read in `state`."""
        place = isinstance(letter, Place)
        own = self._places if place else self._steps
        # What is found stays; what waits for the other sort goes on waiting.
        new = state & ~own & ~(_LAST_PLACE if place else _LAST_STEP)
        waiting = (state & own) >> _FIRST_ATOM
        while waiting:
            bit = waiting.bit_length() - 1
            waiting ^= 1 << bit
            if bit & 1:  # later: it may as well be a letter further on
                new |= 1 << (bit + _FIRST_ATOM)
            if self._atoms[bit >> 1].fits(letter):
                new |= self._enters[bit >> 1]
        return new

    def found(self, state: int) -> bool:
        """Whether the pattern fits a run of which no more is to come."""
        return bool(state & (_FOUND | _LAST_PLACE | _LAST_STEP))

    def is_certain(self, state: int) -> bool:
        """Whether the pattern fits, whatever comes."""
        return bool(state & _FOUND)

    def fits(self, run: Iterable[Letter]) -> bool:
        """Whether the pattern fits the run of these letters."""
        state = self.start
        for letter in run:
            state = self.after(state, letter)
        return self.found(state)

    def _bits(self, *, of_step: bool) -> int:
        each = (3 << (2 * n + _FIRST_ATOM) for n, atom in enumerate(self._atoms) if atom.of_step is of_step)
        return sum(each)

    def _waiting(self, atoms: _Ends) -> int:
        return sum(1 << (2 * atom + later + _FIRST_ATOM) for atom, later in atoms.items())

    def _entered(self, atom: int, whole: _Piece, at_end: bool) -> int:
        """What may come once `atom` has been read."""
        bits = self._waiting(self._follow[atom])
        if atom not in whole.last:
            return bits
        if not at_end or whole.last[atom]:  # `a >> b?$` holds as soon as a does
            return bits | _FOUND
        return bits | (_LAST_STEP if self._atoms[atom].of_step else _LAST_PLACE)

    def _built(self, node: Node) -> _Piece:
        if isinstance(node, Atom):
            return self._atom(node)
        if isinstance(node, Either):
            return _either([self._built(part) for part in node.parts])
        if isinstance(node, Repeat):
            return self._repeat(node)
        return self._chain([self._built(part) for part in node.parts], node)

    def _atom(self, atom: Atom) -> _Piece:
        if len(self._atoms) == _MOST_ATOMS:
            fix = N_("Repeat fewer times, or without end: {2,}.")
            raise PatternProblem(1, N_("This asks for more than %(most)s steps."), fix, most=_MOST_ATOMS)
        self._atoms.append(atom)
        self._follow.append({})
        edge = {len(self._atoms) - 1: False}
        return _Piece(edge, edge, None)

    def _chain(self, pieces: list[_Piece], chain: Chain) -> _Piece:
        whole = pieces[0]
        for piece, later in zip(pieces[1:], chain.later, strict=True):
            whole = self._joined(whole, piece, later)
        return whole

    def _joined(self, left: _Piece, right: _Piece, later: bool) -> _Piece:
        self._link(left.last, right.first, later)
        first, last = left.first, right.last
        if left.empty is not None:
            first = _merged(first, _put_off(right.first, left.empty or later))
        if right.empty is not None:
            last = _merged(last, _put_off(left.last, right.empty or later))
        both = left.empty is not None and right.empty is not None
        return _Piece(first, last, bool(left.empty or right.empty or later) if both else None)

    def _link(self, last: _Ends, first: _Ends, later: bool) -> None:
        for atom, ends_later in last.items():
            self._follow[atom] = _merged(self._follow[atom], _put_off(first, ends_later or later))

    def _repeat(self, repeat: Repeat) -> _Piece:
        pieces = [self._built(repeat.part) for _ in range(max(repeat.least - (repeat.most is None), 0))]
        if repeat.most is None:
            pieces.append(self._endless(repeat))
        else:
            pieces += [_perhaps(self._built(repeat.part)) for _ in range(repeat.most - repeat.least)]
        whole = pieces[0]
        for piece in pieces[1:]:
            whole = self._joined(whole, piece, later=False)
        return whole

    def _endless(self, repeat: Repeat) -> _Piece:
        piece = self._built(repeat.part)
        put_off = bool(piece.empty)
        self._link(piece.last, piece.first, put_off)
        once = _Piece(_put_off(piece.first, put_off), _put_off(piece.last, put_off), piece.empty)
        return once if repeat.least else _perhaps(once)


def _perhaps(piece: _Piece) -> _Piece:
    return _Piece(piece.first, piece.last, bool(piece.empty))


def _either(pieces: list[_Piece]) -> _Piece:
    first: _Ends = {}
    last: _Ends = {}
    for piece in pieces:
        first, last = _merged(first, piece.first), _merged(last, piece.last)
    empties = [piece.empty for piece in pieces if piece.empty is not None]
    return _Piece(first, last, any(empties) if empties else None)


def _put_off(ends: _Ends, later: bool) -> _Ends:
    return {atom: own or later for atom, own in ends.items()}


def _merged(one: _Ends, other: _Ends) -> _Ends:
    return one | {atom: later or one.get(atom, False) for atom, later in other.items()}
