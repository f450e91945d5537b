"""Tiny flows and a catalogue of their own, for tests of what reads and judges definitions."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.flow.catalogue import Catalogue, Effect, FieldType, Guard, Kind, NoOptions
from app.flow.findings import Finding
from app.flow.lint import Profile, judged
from app.flow.loader import load, read_folder
from app.flow.surroundings import Surroundings

_CAPITAL = re.compile(r"\b([A-Z])")

SOUND = Path(__file__).parent / "sound"


class _Options(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KnownOptions(_Options):
    in_register: str = Field(alias="register")
    answers: tuple[str, ...] = Field(default=(), alias="fields")
    budget: str | None = None


class CodeOptions(_Options):
    code: str
    typed: str | None = Field(default=None, alias="field")


class SendOptions(_Options):
    code: str | None = None
    link: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "SendOptions":
        if bool(self.code) == bool(self.link):
            raise ValueError("say either `code` or `link`")
        return self


class CardOptions(_Options):
    card: str


class WordOptions(_Options):
    max: int = 40


def _nothing(*given: Any) -> None:
    """What the catalogue would call; tests of definitions never do."""


def _named(options: Any) -> Iterator[tuple[str, str]]:
    for option in ("code", "link", "card", "budget", "in_register"):
        if name := getattr(options, option, None):
            yield f"{option.removeprefix('in_')}s", name
    yield from (("fields", name) for name in getattr(options, "answers", ()))
    if typed := getattr(options, "typed", None):
        yield "fields", typed


def _guard(
    name: str, options: type[BaseModel] = NoOptions, reasons: tuple[str, ...] = (), unavailable: bool = False
) -> Guard:
    return Guard(name, _nothing, reasons, unavailable, options, f"Whether {name}.", _named)


def _kind(name: str, options: type[BaseModel] = NoOptions, raises: tuple[str, ...] = ()) -> Kind:
    return Kind(name, _nothing, raises, ("title",), options, f"A page: {name}.", _named)


GUARDS = (
    _guard("form_valid"),
    _guard("known", KnownOptions, ("stranger", "spent"), unavailable=True),
    _guard("right_code", CodeOptions, ("wrong", "no_tries_left")),
    _guard("may_send", SendOptions, ("too_soon",)),
    _guard("link_live", reasons=("dead",)),
)
EFFECTS = (
    Effect("send", _nothing, ("codes", "links"), "Send it.", needs=("to",)),
    Effect("issue", _nothing, "cards", "Make it out.", needs=("subject",)),
    Effect("count_use", _nothing, "links", "Count it."),
    Effect("in_another_run", _nothing, "transitions", "Do it unseen."),
    Effect("note", _nothing, None, "Note it."),
)
KINDS = (
    _kind("form", raises=("submit",)),
    _kind("message"),
    _kind("code", CodeOptions, ("submit", "resend")),
    _kind("wallet", CardOptions, ("add",)),
)
_REASONS = ("required", "too_long")
FIELD_TYPES = (
    FieldType("word", _nothing, _REASONS, WordOptions, "A word."),
    FieldType("phone", _nothing, _REASONS, WordOptions, "A phone.", fills="tel"),
    FieldType("mail", _nothing, _REASONS, WordOptions, "An address.", fills="email"),
    FieldType("code", _nothing, _REASONS, WordOptions, "A code.", fills="one-time-code", unshown=True),
)

CATALOGUE = Catalogue(
    guards={each.name: each for each in GUARDS},
    effects={each.name: each for each in EFFECTS},
    kinds={each.name: each for each in KINDS},
    field_types={each.name: each for each in FIELD_TYPES},
)

#: (file, what stands there, what shall stand there); without the middle, a line is added.
Edit = tuple[str, str, str]


def sound(*edits: Edit) -> dict[str, str]:
    """The files of the sound flow with places rewritten; each must be there, and is rewritten once."""
    files = read_folder(SOUND)
    for name, old, new in edits:
        assert not old or old in files[name], f"{old!r} is not in {name}"
        files[name] = files[name].replace(old, new, 1) if old else f"{files.get(name, '')}{new}\n"
    return files


def flow(old: str, new: str) -> Edit:
    """An edit of flow.yaml."""
    return "flow.yaml", old, new


def worded(*lines: str) -> list[Edit]:
    """The same lines added to the texts of both languages, the Hungarian ones spelt a little otherwise."""
    spelt = {"en": lambda line: line, "hu": lambda line: _CAPITAL.sub(r"\1ő", line)}
    return [(f"texts.{lang}.yaml", "", spell(line)) for lang, spell in spelt.items() for line in lines]


def findings(*edits: Edit) -> list[Finding]:
    """What lint finds in the sound flow once it is edited, and nobody bears; it must load.

    Whoever is refused is told so there, so that F044 speaks of every further refusal; its tests look at all.
    """
    return [each for each in all_findings(*edits) if not each.waived and each.code != "F044"]


#: The day on which the tests look; the sound flow's waiver holds then.
TODAY = date(2026, 11, 29)


def all_findings(
    *edits: Edit, today: date = TODAY, profile: Profile = "live", around: Surroundings | None = None
) -> list[Finding]:
    """The same with what somebody bears."""
    loaded = load(sound(*edits), CATALOGUE, "club")
    assert loaded.flow is not None, [str(finding) for finding in loaded.findings]
    return judged(loaded.flow, CATALOGUE, loaded.sources, today=today, profile=profile, surroundings=around)


def codes(*edits: Edit) -> set[str]:
    """The codes of what it finds."""
    return {finding.code for finding in findings(*edits)}


def only(code: str, *edits: Edit) -> str:
    """The one thing it finds, which has this code, in words."""
    (finding,) = findings(*edits)
    assert finding.code == code
    return str(finding)
