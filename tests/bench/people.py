"""Invented people for a register: as many as are wanted, each with a number of their own."""

import csv
from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path

from app.config import ROOT
from app.flow.definition import Flow
from app.flow.loader import load, read_folder
from app.wiring import catalogue

REGISTER = "insured"
_NAMES = ("Мария Примерова Синева", "Иван Образцов Синев", "Александрина Константинополска-Дългоименова")


def ecard() -> Flow:
    """The shipped health-card flow, whose register and steps are measured."""
    flow = load(read_folder(ROOT / "workflows" / "ecard"), catalogue()).flow
    if flow is None:
        raise SystemExit("workflows/ecard cannot be read: `narthex check` says why")
    return flow


def person(number: int) -> Mapping[str, str]:
    """One insured person by column; the contacts are theirs alone."""
    return {
        "national_id": f"{number:010d}",
        "name": _NAMES[number % len(_NAMES)],
        "email": f"person{number}@insured.example.com",
        "mobile": f"0888{number:06d}",
        "card_number": f"{number:010d}",
        "insured_from": "2026-01-01",
        "insured_until": "2031-12-31",
        "employer": "Синева Демо ООД",
    }


def posted(number: int) -> dict[str, str]:
    """What that person would write into the form."""
    known = person(number)
    return {name: known[name] for name in ("email", "mobile", "national_id")} | {"device": "ios"}


def numbers(people: int) -> Iterator[int]:
    """The people in turn, from the first again after the last."""
    return cycle(range(people))


def write_csv(file: Path, people: int) -> Path:
    """A file that the register `insured` takes."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.DictWriter(opened, person(0))
        rows.writeheader()
        rows.writerows(person(number) for number in range(people))
    return file
