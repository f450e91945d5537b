"""Which column of a file is which of a register: read from its header, guessed by name in three languages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from app.flow.spec import RegisterSpec
from app.gateways.tables import TableUnreadable, open_table
from app.importing.rows import LEFT_OUT, plain

#: Words of headers in Bulgarian, Hungarian and English, and the words by which definitions name columns.
_MEANS: Mapping[str, tuple[str, ...]] = {
    "national_id": ("егн", "лнч", "егнлнч", "egn", "lnch", "személyi", "szemelyi", "personal", "ssn"),
    "eik": ("еик", "булстат", "bulstat", "uic"),
    "email": ("имейл", "мейл", "поща", "ел", "ímél", "email", "mail", "e-mail"),
    "mobile": (
        "mobilszám",
        "telefonszám",
        "мобилен",
        "мобил",
        "телефон",
        "тел",
        "gsm",
        "джиесем",
        "mobil",
        "telefon",
        "phone",
        "cell",
        "tel",
    ),
    "sms": ("sms", "смс", "értesítési"),
    "name": ("име", "фирма", "cég", "cégnév", "neve", "имена", "наименование", "név", "nev", "names"),
    "holder": ("титуляр", "притежател", "szerződő", "ügyfél", "biztosított", "owner", "customer", "client"),
    "card": ("карта", "kártya", "kartya"),
    "policy": (
        "полица",
        "kötvény",
        "kötvényszám",
        "kotvenyszam",
        "szerződésszám",
        "kotveny",
        "szerződés",
        "contract",
        "договор",
    ),
    "contract": ("договор", "szerződés", "szerzodes", "policy"),
    "account": ("számlaszám", "сметка", "партида", "számla", "szamla", "fiók", "ugyfelszam", "ügyfélszám"),
    "number": ("номер", "no", "nr", "szám", "szam", "id", "azonosító", "код", "code", "№"),
    "from": ("от", "начало", "kezdete", "tól", "től", "begin", "start", "since", "valid"),
    "until": ("до", "край", "vége", "ig", "lejárat", "to", "end", "expires"),
    "insured": ("осигурен", "застрахован", "biztosított", "insurance"),
    "employer": ("работодател", "фирма", "munkáltató", "munkaltato", "company"),
    "company": ("фирма", "дружество", "cég", "ceg", "vállalat", "firm", "employer"),
    "force": ("активен", "активна", "действащ", "действаща", "hatályos", "élő", "aktív", "active", "valid"),
    "birth": ("раждане", "рождена", "születési", "szuletesi", "born"),
    "date": ("дата", "dátum", "datum", "nap", "day"),
    "address": ("адрес", "cím", "cim"),
}
#: Below this a name is nobody's guess.
_ENOUGH = 0.5
#: More columns than any list of people has; each is compared with each of the register's, and shown.
_MOST_COLUMNS = 500
_LONGEST_NAME = 100  # characters of a name that are compared
_WORDS = re.compile(r"[^\W\d_]+|\d+|№")


@dataclass(frozen=True)
class Header:
    """The columns of a file by the names that stand in its first line, and how the file was read."""

    names: tuple[str, ...]
    taken: str


def read_header(file: Path, spec: RegisterSpec) -> Header:
    """The first line of the file. Raises TableUnreadable, OSError."""
    with open_table(file, spec.columns) as table:
        for line, cells in table.lines:
            if len(cells) > _MOST_COLUMNS:
                words = f"has more than {_MOST_COLUMNS} columns"
                raise TableUnreadable(line, words, "take out those that nobody needs")
            return Header(tuple(cell.strip() if isinstance(cell, str) else "" for cell in cells), table.taken)
    raise TableUnreadable(1, "has no line that is not empty", "export it again")


def guessed(header: Header, spec: RegisterSpec) -> dict[int, str]:
    """For each position of the header the column it may be; each column once, the surest guess first."""
    scores = sorted(
        (
            (-likeness(name[:_LONGEST_NAME], column), position, column)
            for position, name in enumerate(header.names)
            for column in spec.columns
        ),
        key=lambda each: each,
    )
    found: dict[int, str] = {}
    for score, position, column in scores:
        if -score >= _ENOUGH and position not in found and column not in found.values():
            found[position] = column
    return found


def likeness(name: str, column: str) -> float:
    """From 0 to 1: how likely what a file calls `name` is what a register calls `column`."""
    if plain(name) == column or _squeezed(name) == _squeezed(column):
        return 1.0
    theirs, ours = set(_words(name)), set(_words(column))
    if not theirs or not ours:
        return 0.0
    met = sum(any(_same(each, one) for one in theirs) for each in ours) / len(ours)
    used = sum(any(_same(each, one) for each in ours) for one in theirs) / len(theirs)
    by_words = 0.95 * (2 * met * used / (met + used) if met + used else 0.0)
    by_letters = 0.9 * SequenceMatcher(None, _squeezed(name), _squeezed(column)).ratio()
    return max(by_words, by_letters if by_letters > 0.7 else 0.0)


def _same(ours: str, theirs: str) -> bool:
    return ours == theirs or theirs in _MEANS.get(ours, ())


def _words(name: str) -> list[str]:
    lowered = name.casefold().replace("e-mail", "email").replace("national_id", "nationalid")
    words = _WORDS.findall(lowered)
    return ["national_id" if word in {"nationalid", "national"} else word for word in words]


def _squeezed(name: str) -> str:
    return "".join(_WORDS.findall(name.casefold()))


def by_name(header: Header, chosen: Mapping[int, str]) -> dict[str, str]:
    """The mapping that an import takes: every name of the header to the column chosen for it, or left out.

    Names that stand in the header twice cannot be told apart; the later one's choice holds where it has one.
    """
    mapping: dict[str, str] = {}
    for position, name in enumerate(header.names):
        column = chosen.get(position, LEFT_OUT)
        if column or plain(name) not in mapping:
            mapping[plain(name)] = column
    return mapping
