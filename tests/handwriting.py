"""YAML as different hands write it: every style our reader knows, comments and empty lines anywhere."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from app.flow.edit.write import Hand, inline, key_word, literal, plain

KEYS = ["a", "id", "form", "body.1", "1", "две", "ő ű", "no", "x: y", "name"]
WORDS = [
    *(
        "x",
        "1",
        "true",
        "",
        "null",
        "no",
        "12:30",
        "0888",
        "ő ű",
        "Името Ви е: {name}",
        "long " * 30,
        "y" * 130,
    ),
    *(
        "# no",
        "a # b",
        "- x",
        "it's",
        'say "so"',
        "[a, b]",
        "{a}",
        "a, b",
        "@at",
        "&a",
        "*b",
        "!t",
        "%p",
        "|",
    ),
    *(">", "? q", "---", "a:", "C:\\x", " lead", "trail ", "\ttab", "two\nlines", "two\nlines\n"),
    *("gap\n\nhere\n", "tail \nx", "\n", "\nx\n", "x\n\n", "ret\rx"),
]

scalars = st.one_of(st.sampled_from(WORDS), st.sampled_from([None, True, False, 0, -3, 42]))


def values(depth: int = 2) -> st.SearchStrategy[Any]:
    """Plain data, not deep; some lists hold mappings that have ids."""
    if depth == 0:
        return scalars
    inner = values(depth - 1)
    return st.one_of(scalars, mappings(inner), st.lists(inner, max_size=3), named(inner))


@st.composite
def named(draw: Any, inner: st.SearchStrategy[Any]) -> list[Any]:
    """Mappings with ids."""
    ids = draw(st.lists(st.sampled_from(["found", "again", "1", "не"]), unique=True, max_size=3))
    return [{"id": name, **draw(mappings(inner))} for name in ids]


def mappings(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    keys = st.sampled_from([key for key in KEYS if key != "id"])
    return st.dictionaries(keys, inner, max_size=3)


@dataclass
class Hander:
    """Writes one file; every comment is another one, so that none can be taken for another."""

    draw: Any
    newline: str
    comments: int = 0

    def one_of(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def comment(self) -> str:
        self.comments += 1
        return f"# note {self.comments}."

    def behind(self) -> str:
        return "  " + self.comment() if self.one_of(0, 0, 0, 1) else ""

    def between(self, column: int) -> str:
        lines = []
        for _ in range(self.one_of(0, 0, 0, 1, 2)):
            lines.append(self.one_of("", " " * max(0, column + self.one_of(0, 0, 2, -2)) + self.comment()))
        return "".join(line + self.newline for line in lines)

    def scalar(self, value: Any, flow: bool) -> str:
        if value is None:
            return self.one_of("null", "~")
        if not isinstance(value, str):
            return inline(value)
        return inline(value, flow=flow, style=self.one_of("", '"', "'"))

    def in_brackets(self, value: Any) -> str:
        if isinstance(value, dict):
            inner = [f"{key_word(k, flow=True)}: {self.in_brackets(v)}" for k, v in value.items()]
            return self.bracketed("{}", inner)
        if isinstance(value, list):
            return self.bracketed("[]", [self.in_brackets(each) for each in value])
        return self.scalar(value, True)

    def bracketed(self, signs: str, inner: list[str]) -> str:
        pad = self.one_of("", "", " ")
        comma = self.one_of("", "", ",") if inner else ""
        return signs[0] + pad + ", ".join(inner) + comma + pad + signs[1]

    def in_lines(self, value: Any, column: int) -> str:
        """Brackets whose entries have lines of their own."""
        signs = "{}" if isinstance(value, dict) else "[]"
        rows = [self.in_brackets(each) for each in (value.values() if isinstance(value, dict) else value)]
        if isinstance(value, dict):
            rows = [f"{key_word(key, flow=True)}: {row}" for key, row in zip(value, rows, strict=True)]
        last = self.one_of("", ",")
        text = signs[0] + self.behind() + self.newline
        for number, row in enumerate(rows):
            comma = "," if number < len(rows) - 1 else last
            text += " " * (column + 2) + row + comma + self.behind() + self.newline
        return text + " " * column + signs[1]

    def value(self, value: Any, column: int, dash: bool = False) -> str:
        """What stands behind a key or dash in `column`, with the last break."""
        if isinstance(value, dict | list) and value:
            return self.collection(value, column, dash)
        if value is None and self.one_of(0, 1):
            return self.behind() + self.newline
        if isinstance(value, str) and (text := self.in_many_lines(value, column)):
            return f" {text}{self.newline}"
        word = self.in_brackets(value) if isinstance(value, dict | list) else self.scalar(value, False)
        return f" {word}{self.behind()}{self.newline}"

    def in_many_lines(self, value: str, column: int) -> str | None:
        if "\n" in value:
            return literal(value, column + 2, Hand(self.newline))
        if " " not in value or not plain(value, flow=False) or self.one_of(0, 0, 0, 1) == 0:
            return None
        return value.replace(" ", self.newline + " " * (column + 2), 1)

    def collection(self, value: dict[str, Any] | list[Any], column: int, dash: bool) -> str:
        how = self.one_of("block", "block", "block", "flow", "lines")
        if how != "block":
            written = self.in_brackets(value) if how == "flow" else self.in_lines(value, column + 1)
            return f" {written}{self.behind()}{self.newline}"
        step = self.one_of(2, 2, 4) if isinstance(value, dict) or dash else self.one_of(0, 2)
        if dash and self.one_of(0, 1, 1):
            text = self.block(value, column + step, lead=False)
            return " " * (step - 1) + text[column + step :]
        return self.behind() + self.newline + self.block(value, column + step, lead=True)

    def block(self, value: Any, column: int, lead: bool) -> str:
        text = ""
        for number, each in enumerate(value.items() if isinstance(value, dict) else value):
            text += self.between(column) if lead or number else ""
            text += " " * column
            if isinstance(value, dict):
                style = self.one_of("", "", '"', "'")
                text += key_word(each[0], flow=False, style=style) + ":" + self.value(each[1], column)
            else:
                text += "-" + self.value(each, column, dash=True)
        return text


#: What no hand above writes, and somebody will.
ODD = [
    "a: [x: y, ? q : r,]\nb: 1\n",
    "? a\n: - x\n  - y\n? b\n",
    '{a, b: , "c":1}\n',
    "a: [ # note 1.\n  x\n  , y # note 2.\n  , {b: c}]\nz: 1\n",
    "a:\n  # note 1.\n  - - x\n    - y\n  -\n    # note 2.\n    k: v\n    l: w\n",
    "a: |+\n  x\n\n\nb: |-\n  y\n# note 1.\n",
    "a:\n  >-\n  folded\n  more\n\n  par\nb: 'q\n\n  r'\n",
    "--- {a: 1}\n...\n",
    "---\na: 1\n...\n# note 1.\n",
    'a: # note 1.\n  # note 2.\n  val\nb:\n  "x" # note 3.\n',
    "x: {a: 1, # note 1.\n    b: 2,\n    # note 2.\n    c: 3 }\n",
    "- |\n x\n- >2\n   y\n- 'z'",
    "a: {}\nb: []\nc: { }\nd: [ ] # note 1.\n",
    "a:  \n\n  b:   \n\n    c: 1   \n\n\n",
    "a: 1\r# note 1.\rb: 2\r",
    "- a: 1\n\n  b: 2\n\n\n- a: 3\n  # note 1.\n  b: 4\n- \n  a: 5\n",
    "a: [\n]\nb: {\n# note 1.\n}\n",
    "scalar\n",
    "",
    "# note 1.",
]


def files() -> st.SearchStrategy[str]:
    """The text of a file."""
    return st.one_of(written(), written(), written(), st.sampled_from(ODD))


@st.composite
def written(draw: Any) -> str:
    """The text of a file whose root is a mapping or a list."""
    value = draw(st.one_of(mappings(values()), st.lists(values(), max_size=4)))
    hand = Hander(draw, draw(st.sampled_from(["\n", "\n", "\r\n"])))
    if not value:
        text = hand.between(0) + draw(st.sampled_from(["", "{}", "[]", "---"])) + hand.behind()
        text += hand.newline + hand.between(0)
    else:
        text = hand.between(0) + draw(st.sampled_from(["", "", "---" + hand.newline]))
        text += hand.block(value, 0, lead=True) + hand.between(0)
    if draw(st.sampled_from([0, 0, 1])):
        text = text.removesuffix(hand.newline)
    return draw(st.sampled_from(["", "", "", "\ufeff"])) + text
