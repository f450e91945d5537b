"""Entries that stand on lines of their own, each with the comments that belong to it.

A comment directly above a key belongs to it, one behind it too, and so do the comments directly below that
are indented further. What stands at the very beginning of a file belongs to the file.
"""

from dataclasses import dataclass

from app.flow.edit.tree import Entry, Node, column, line_end, line_start, next_line, space_after
from app.flow.edit.write import Hand


def starts_line(text: str, at: int) -> bool:
    """Whether nothing but blanks stands before `at` on its line."""
    return not text[line_start(text, at) : at].strip(" ")


def in_rows(text: str, node: Node) -> bool:
    """Whether every entry of a collection has lines of its own, and so has the bracket that closes it."""
    if node.pair or not node.entries:
        return False
    own = all(starts_line(text, entry.start) for entry in node.entries)
    return own and (node.style == "block" or starts_line(text, node.end - 1))


@dataclass(frozen=True)
class Rows:
    """The entries of one collection for which `in_rows` holds."""

    text: str
    node: Node
    hand: Hand

    @property
    def column(self) -> int:
        """Where the entries begin."""
        return column(self.text, self.node.entries[0].start)

    def begin(self, number: int) -> int:
        """Where the lines of an entry begin, comments above it among them."""
        entry = self.node.entries[number]
        bound = self.stop(number - 1) if number else 0
        at = line_start(self.text, entry.start)
        while at > bound:
            above = line_start(self.text, at - _break_before(self.text, at))
            if not self._comment(above, above_entry=True):
                break
            at = above
        return line_start(self.text, entry.start) if at == 0 and number == 0 else at

    def _comment(self, at: int, *, above_entry: bool) -> bool:
        """Whether the line at `at` holds a comment alone, no deeper than the entries or only deeper ones."""
        line = self.text[at : line_end(self.text, at)]
        deep = len(line) - len(line.lstrip(" "))
        return line.lstrip(" ").startswith("#") and (deep <= self.column) is above_entry

    def stop(self, number: int) -> int:
        """Where the line after an entry begins."""
        at = self._content_stop(self.node.entries[number])
        while at < len(self.text) and self._comment(at, above_entry=False):
            at = next_line(self.text, at)
        return at

    def _content_stop(self, entry: Entry) -> int:
        end = entry.end
        if self.node.style == "flow":
            comma = space_after(self.text, end)
            end = comma if self.text[comma : comma + 1] == "," else end
        if end > entry.start and self.text[end - 1] in "\r\n":
            return end  # a literal block with `+`, whose empty lines belong to it
        return next_line(self.text, end)

    def gap(self, number: int) -> int:
        """How many empty lines stand above an entry."""
        return self._blanks_above(self.begin(number))[1]

    def _blanks_above(self, at: int) -> tuple[int, int]:
        """Where the empty lines above `at` begin, and how many they are."""
        count = 0
        while at > 0:
            above = line_start(self.text, at - _break_before(self.text, at))
            if self.text[above:at].strip(" \t\r\n"):
                break
            at, count = above, count + 1
        return at, count

    def _blanks_below(self, at: int) -> int:
        """Where the empty lines that begin at `at` end."""
        while at < len(self.text) and not self.text[at : next_line(self.text, at)].strip(" \t\r\n"):
            at = next_line(self.text, at)
        return at

    def without(self, number: int) -> tuple[str, str]:
        """The text without an entry, and the lines that were taken out.

        Of the empty lines above and below those stay that are more.
        """
        begin, stop = self.begin(number), self.stop(number)
        lines = self.text[begin:stop]
        after = self._blanks_below(stop)
        if number == 0:
            cut = after if len(self.node.entries) > 1 else stop
            return self.text[:begin] + self.text[cut:], lines
        above = max(self._blanks_above(begin)[0], self.stop(number - 1))
        kept = max(self.text[above:begin], self.text[stop:after], key=len)
        return self.text[:above] + kept + self.text[after:], lines

    def with_lines(self, number: int, lines: str, *, gaps: bool = True) -> str:
        """The text with lines, which end with a break, as the entry of this number.

        Without `gaps` no empty lines are put in, which a literal block above might take for its own.
        """
        tall = lines.strip("\r\n").count("\n") > 0
        gap = self.hand.newline * self._usual_gap(number, tall=tall) if gaps else ""
        if number == 0:
            at = self.begin(0)
            return self.text[:at] + lines + gap + self.text[at:]
        at = self.stop(number - 1)
        return self.text[:at] + gap + lines + self.text[at:]

    def _usual_gap(self, number: int, *, tall: bool) -> int:
        """The empty lines around a new entry: like its neighbours', of which a tall one takes the wider."""
        near = [each for each in (number - 1, number, number + 1) if 0 < each < len(self.node.entries)]
        gaps = [self.gap(each) for each in near[:2]]
        if not gaps:
            return 0
        return max(gaps) if tall else min(gaps)


def _break_before(text: str, at: int) -> int:
    """How long the line break that ends right before `at` is."""
    return 2 if text[max(0, at - 2) : at] == "\r\n" else 1
