"""Text as a form sends it: its lines end as a form has them, not as the file had them."""

import re
from difflib import SequenceMatcher

_ENDS = re.compile(r"\r\n|\r|\n")


def as_in_file(typed: str, before: str) -> str:
    """What was typed, with each line ending as in the file: forms send every end of a line as CR and LF.

    Lines that were there keep their own end, new ones get that of the file's first line.
    """
    lines = _ENDS.sub("\n", typed).split("\n")
    ends = _ENDS.findall(before)
    if set(ends) <= {"\n"}:
        return "\n".join(lines)
    if len(set(ends)) == 1:
        return str(ends[0]).join(lines)
    own = [ends[0]] * len(lines)
    for start, there, length in SequenceMatcher(
        None, _ENDS.split(before), lines, autojunk=False
    ).get_matching_blocks():
        own[there : there + length] = [*ends, ends[0]][start : start + length]
    return "".join(line + end for line, end in zip(lines, own, strict=True))[: -len(own[-1])]
