"""What is wrong with a file of a register, in the page's language.

Importing says it in English, as its command does; here each of its sentences is found again by its fixed
words. One that is not known is shown as it is.
"""

import re
from collections.abc import Callable, Mapping

from flask_babel import gettext

Words = Callable[[Mapping[str, str]], str]


def _is(words: Callable[[], str]) -> Words:
    return lambda _: words()


#: By the English sentence, with a name for each part that changes.
_TEXTS: tuple[tuple[str, Words], ...] = (
    ("is empty", _is(lambda: gettext("is empty"))),
    ("is missing", _is(lambda: gettext("is missing"))),
    ("stands there twice", _is(lambda: gettext("stands there twice"))),
    (r"is an old Excel file \(\.xls\)", _is(lambda: gettext("is an old Excel file (.xls)"))),
    (
        "has a quote that is not closed, or stands inside a value",
        _is(lambda: gettext("has a quote that is not closed, or stands inside a value")),
    ),
    ("is UTF-16", _is(lambda: gettext("is UTF-16"))),
    ("is UTF-8 but damaged here", _is(lambda: gettext("is UTF-8 but damaged here"))),
    (
        "is in an encoding that is not recognised",
        _is(lambda: gettext("is in an encoding that is not recognised")),
    ),
    ("is not (?P<name>.+) throughout", lambda p: gettext("is not %(name)s throughout", **p)),
    ("cannot be opened", _is(lambda: gettext("cannot be opened"))),
    ("has no sheet", _is(lambda: gettext("has no sheet"))),
    ("has no line that is not empty", _is(lambda: gettext("has no line that is not empty"))),
    ("is cut off or damaged", _is(lambda: gettext("is cut off or damaged"))),
    ("has more than (?P<most>[0-9]+) columns", lambda p: gettext("has more than %(most)s columns", **p)),
    ("unpacks to too much", _is(lambda: gettext("unpacks to too much"))),
    ("has more rows than a sheet can have", _is(lambda: gettext("has more rows than a sheet can have"))),
    ("is damaged here or soon after", _is(lambda: gettext("is damaged here or soon after"))),
    ("is a formula's error", _is(lambda: gettext("is a formula’s error"))),
    ("is a time or a duration", _is(lambda: gettext("is a time or a duration"))),
    (
        "is a number of more digits than a spreadsheet keeps",
        _is(lambda: gettext("is a number of more digits than a spreadsheet keeps")),
    ),
    (
        r"column (?P<number>\d+) is not known to this register",
        lambda p: gettext("column %(number)s is not known to this register", **p),
    ),
    (
        r"has (?P<given>\d+) values, the header (?P<wanted>\d+)",
        lambda p: gettext("has %(given)s values, the header %(wanted)s", **p),
    ),
    (
        r"cannot be read as (?P<kind>\w+) \(\w+\)",
        lambda p: gettext("cannot be read as %(kind)s", kind=kind(p["kind"])),
    ),
    (
        r"the same key stands in line (?P<line>\d+)",
        lambda p: gettext("the same key stands in line %(line)s", **p),
    ),
    (
        "has no rows, and --replace would remove all there are",
        _is(lambda: gettext("has no rows, and all there are would be removed")),
    ),
    (r"has more than (?P<most>\d+) rows", lambda p: gettext("has more than %(most)s rows", **p)),
    ("a column that was mapped is not in the file", _is(lambda: gettext("lacks a column that was named"))),
)

_CURES: tuple[tuple[str, Words], ...] = (
    ("export it again", _is(lambda: gettext("export it again"))),
    ("export it again as CSV UTF-8", _is(lambda: gettext("export it again as CSV UTF-8"))),
    ("save it as .xlsx or as CSV UTF-8", _is(lambda: gettext("save it as .xlsx or as CSV UTF-8"))),
    ("save it as CSV UTF-8", _is(lambda: gettext("save it as CSV UTF-8"))),
    ("save it anew as .xlsx or as CSV UTF-8", _is(lambda: gettext("save it anew as .xlsx or as CSV UTF-8"))),
    ('write "" for a quote', _is(lambda: gettext('write "" for a quote'))),
    ("take out those that nobody needs", _is(lambda: gettext("take out those that nobody needs"))),
    ("split it, or save it as CSV UTF-8", _is(lambda: gettext("split it, or save it as CSV UTF-8"))),
    ("write the value itself", _is(lambda: gettext("write the value itself"))),
    ("format the column as text", _is(lambda: gettext("format the column as text"))),
    ("say which column of the file it is", _is(lambda: gettext("say which column of the file it is"))),
    ("rename it to (?P<name>.+)", lambda p: gettext("rename it to %(name)s", **p)),
    ("take the column out", _is(lambda: gettext("leave the column out"))),
    ("take one of the two out", _is(lambda: gettext("leave one of the two out"))),
    ("leave one of the two out", _is(lambda: gettext("leave one of the two out"))),
    (
        "put quotes around a value that holds the delimiter",
        _is(lambda: gettext("put quotes around a value that holds the delimiter")),
    ),
    (
        "fill it in; it is not listed under may_be_empty",
        _is(lambda: gettext("fill it in; the flow does not let it be empty")),
    ),
    (
        "give the whole register; an empty one matches nobody",
        _is(lambda: gettext("give the whole register; an empty one matches nobody")),
    ),
    (
        "import it by the command narthex registers import, which has no limit",
        _is(lambda: gettext("import it by the command narthex registers import, which has no limit")),
    ),
    (
        "write at most 4096 characters without control characters",
        _is(lambda: gettext("write at most 4096 characters without control characters")),
    ),
    ("write digits only", _is(lambda: gettext("write digits only"))),
    ("write one address, name@domain", _is(lambda: gettext("write one address, name@domain"))),
    (
        "write one mobile number, best with . and the country's code",
        _is(lambda: gettext("write one mobile number, best with + and the country’s code")),
    ),
    ("write it as 2026-12-31", _is(lambda: gettext("write it as 2026-12-31"))),
    (
        "write true or false, 1 or 0, yes or no",
        _is(lambda: gettext("write true or false, 1 or 0, yes or no")),
    ),
)
_PLACES: Mapping[str, Callable[[], str]] = {
    "the line": lambda: gettext("the line"),
    "the header": lambda: gettext("the header"),
    "the file": lambda: gettext("the file"),
}


def told(text: str) -> str:
    """What is wrong."""
    return _found(_TEXTS, text)


def cure(text: str) -> str:
    """How to mend it."""
    return _found(_CURES, text)


def place(column: str) -> str:
    """Where: a column's own name, or a part of the file."""
    return _PLACES[column]() if column in _PLACES else column


def taken(text: str) -> str:
    """How the file was read: `CSV, Windows-1251, semicolon`."""
    words: Mapping[str, Callable[[], str]] = {
        "comma": lambda: gettext("values parted by commas"),
        "semicolon": lambda: gettext("values parted by semicolons"),
        "tab": lambda: gettext("values parted by tabs"),
        "first sheet": lambda: gettext("first sheet"),
        "not read": lambda: gettext("not read"),
    }
    return ", ".join(words[part]() if part in words else part for part in text.split(", "))


def kind(name: str) -> str:
    """What a column holds."""
    words: Mapping[str, Callable[[], str]] = {
        "text": lambda: gettext("text"),
        "reference": lambda: gettext("a reference"),
        "digits": lambda: gettext("digits"),
        "email": lambda: gettext("an email address"),
        "mobile": lambda: gettext("a mobile number"),
        "date": lambda: gettext("a date"),
        "boolean": lambda: gettext("yes or no"),
    }
    return words[name]() if name in words else name


def _found(known: tuple[tuple[str, Words], ...], text: str) -> str:
    for pattern, words in known:
        if met := re.fullmatch(pattern, text):
            return str(words(met.groupdict()))
    return text
