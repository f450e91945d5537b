"""How each field type is answered well, and in which ways it may be answered wrongly.

An inventor takes the field's options, a seed and a word that tells this draw from others of the same person;
it answers box by box. What is wrong is told by reason, best try first; whoever asks looks which one fits.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.flow.normal import phone
from app.forms.boxes import ACCEPT, DECLINE
from app.forms.invented import numbers, people
from app.forms.invented.seeds import one_of

Boxes = tuple[str, ...]
Good = Callable[[Any, int, str], Boxes]
Bad = Callable[[Any, Boxes], Mapping[str, tuple[Boxes, ...]]]


@dataclass(frozen=True)
class Inventor:
    """`good` invents an answer; `bad` turns a good one into wrong ones, by reason."""

    good: Good
    bad: Bad


def _text(options: Any, seed: int, what: str) -> Boxes:
    return (numbers.reference(seed, what, options.max),)


def _bad_text(options: Any, good: Boxes) -> Mapping[str, tuple[Boxes, ...]]:
    return {"too_long": (("x" * (options.max + 1),),), "unusual_characters": (("\x1b" + good[0],),)}


def _digits(options: Any, seed: int, what: str) -> Boxes:
    return (numbers.digits(seed, what, max(options.min, min(options.max, 8))),)


def _bad_digits(options: Any, good: Boxes) -> Mapping[str, tuple[Boxes, ...]]:
    return {
        "too_short": (("7" * (options.min - 1),),),
        "too_long": (("7" * (options.max + 1),),),
        "not_digits": ((f"{good[0][:-1]}x",), ("x",)),
    }


def _email(options: Any, seed: int, what: str) -> Boxes:  # noqa: ARG001
    return (people.address(seed, what),)


def _bad_email(options: Any, good: Boxes) -> Mapping[str, tuple[Boxes, ...]]:  # noqa: ARG001
    local, _, domain = good[0].partition("@")
    return {
        "too_long": ((f"{local * 40}@{domain}",),),
        "not_latin": ((f"никой.{local}@{domain}",),),
        "not_an_address": ((local,),),
    }


def _mobile(options: Any, seed: int, what: str) -> Boxes:  # noqa: ARG001
    number = people.mobile(seed, options.region, options.prefixes)
    if not options.prefixes:
        return (phone.spoken(number),)
    dialled = people.national(number, options.region)
    prefix = next((each for each in options.prefixes if dialled.startswith(each)), options.prefixes[0])
    rest = dialled.removeprefix(prefix)
    return prefix, f"{rest[:3]} {rest[3:]}"


def _bad_mobile(options: Any, good: Boxes) -> Mapping[str, tuple[Boxes, ...]]:
    *before, number = good
    landline = people.landline(options.region)
    return {
        "too_long": ((*before, number + "00000000"), (*before, number + "0" * 160)),
        "not_a_phone": ((*before, number[:4]), (*before, "nobody")),
        "not_mobile": ((*before, landline), (*("" for _ in before), landline)),
    }


def _national_id(options: Any, seed: int, what: str) -> Boxes:  # noqa: ARG001
    return (numbers.national_id(seed, what),)


def _bad_national_id(options: Any, good: Boxes) -> Mapping[str, tuple[Boxes, ...]]:  # noqa: ARG001
    return {
        "too_long": ((good[0] + " " * 160 + "1",),),
        "not_ten_digits": ((good[0][:-1],),),
        "number_wrong": tuple((wrong,) for wrong in _other_last_digits(good[0])),
    }


def _eik(options: Any, seed: int, what: str) -> Boxes:  # noqa: ARG001
    return (numbers.eik(seed, what),)


def _bad_eik(options: Any, good: Boxes) -> Mapping[str, tuple[Boxes, ...]]:  # noqa: ARG001
    return {
        "too_long": ((good[0] + " " * 160 + "1",),),
        "not_9_or_13_digits": ((good[0][:-1],),),
        "number_wrong": tuple((wrong,) for wrong in _other_last_digits(good[0])),
    }


def _other_last_digits(number: str) -> Iterator[str]:
    return (number[:-1] + digit for digit in "0123456789" if digit != number[-1])


def _choice(options: Any, seed: int, what: str) -> Boxes:
    return (one_of(options.options, seed, what),)


def _bad_choice(options: Any, good: Boxes) -> Mapping[str, tuple[Boxes, ...]]:  # noqa: ARG001
    return {"not_a_choice": (("none of these",),)}


def _consent(options: Any, seed: int, what: str) -> Boxes:  # noqa: ARG001
    return (one_of((ACCEPT, DECLINE), seed, what),)


def _agreement(options: Any, seed: int, what: str) -> Boxes:  # noqa: ARG001
    return (ACCEPT,)


def _nothing_else(options: Any, good: Boxes) -> Mapping[str, tuple[Boxes, ...]]:  # noqa: ARG001
    return {}


def _code(options: Any, seed: int, what: str) -> Boxes:
    return (numbers.code(seed, what, options.alphabet, options.max),)


def _bad_code(options: Any, good: Boxes) -> Mapping[str, tuple[Boxes, ...]]:
    return {
        "too_short": (("7" * (options.min - 1),),),
        "too_long": (("7" * (options.max + 1),),),
        "not_a_code": (("!" + good[0][1:],),),
    }


def _bad_password(options: Any, good: Boxes) -> Mapping[str, tuple[Boxes, ...]]:
    return {"too_long": ((good[0] * (options.max // len(good[0]) + 1),),)}


def _password(options: Any, seed: int, what: str) -> Boxes:  # noqa: ARG001
    raise LookupError("what a password must be like stands with the guard that judges it")


INVENTORS: Mapping[str, Inventor] = {
    "text": Inventor(_text, _bad_text),
    "digits": Inventor(_digits, _bad_digits),
    "email": Inventor(_email, _bad_email),
    "mobile": Inventor(_mobile, _bad_mobile),
    "national_id": Inventor(_national_id, _bad_national_id),
    "eik": Inventor(_eik, _bad_eik),
    "choice": Inventor(_choice, _bad_choice),
    "consent": Inventor(_consent, _nothing_else),
    "agreement": Inventor(_agreement, _nothing_else),
    "code": Inventor(_code, _bad_code),
    "password": Inventor(_password, _bad_password),
}
