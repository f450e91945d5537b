"""The words a definition may use: guards, effects, kinds and field types, registered where written.

A function's name is the word used in YAML and its docstring is the help text analysts read.
"""

import hashlib
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

#: What options name elsewhere in the definition: (section of FlowSpec, name) pairs.
References = Callable[[Any], Iterable[tuple[str, str]]]

F = TypeVar("F", bound=Callable[..., Any])


class NoOptions(BaseModel):
    """For what takes no options."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class Guard:
    """A statement about a step: its reasons for "no", whether it may be unavailable, its options.

    `problems` tells the (field, code) pairs a page may have to word; `references` what its options name.
    `unjudged` says what an answer costs that came too late to be judged, as something to carry out in a
    commit of its own: who guesses by the dozen at once must not get all but one of the guesses for nothing.

    Three hooks serve QA. `pure`: the answer follows from what was typed alone, so replay may compute it anew.
    `rejudge(flow, options, judged)` tells what a recorded trace.Judged would have been under another
    definition whose limits differ: one Judged, several where the record leaves that open, None when nobody
    can know. `model(use, flow, state, facts)` yields the
    paths.model.Outcomes the guard may have there; without it, all that it declares.
    """

    name: str
    ask: Callable[..., Any]
    reasons: tuple[str, ...]
    may_be_unavailable: bool
    options: type[BaseModel]
    help: str
    references: References | None = None
    problems: References | None = None
    unjudged: Callable[..., Callable[[Any], None]] | None = None
    pure: bool = False
    rejudge: Callable[..., Any] | None = None
    model: Callable[..., Any] | None = None


@dataclass(frozen=True)
class Effect:
    """An order that follows a transition; `section` is where its argument is declared (`links`, `cards`).

    `hands` is what the browser is handed with the answer to the very post that ordered it: `login`, an open
    login of the portal; `browser`, a new identity in the place of the old one, which then opens nothing.
    `model(order, flow, facts)` tells which facts of paths.model hold afterwards. `needs` are the keys of the
    argument's entry that name fields whose answers it cannot do without.
    """

    name: str
    plan: Callable[..., Any]
    section: str | tuple[str, ...] | None
    help: str
    hands: Literal["login", "browser"] | None = None
    model: Callable[..., Any] | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """How a state meets a person: triggers its page raises, texts of the state it needs (`title`), and
    words of the flow it needs besides (`pass.holder`).

    `seen(page, options, then)` is `view` for a page of the past: it asks nothing, as only stand-ins and
    what step.Then tells are left. Without it `view` is asked, in a world that answers nothing.
    `moments(flow, options, now)` names the moments in which its page looks differently, each with its
    step.Then, the usual one first; without it there is one.
    """

    name: str
    view: Callable[..., Any]
    raises: tuple[str, ...]
    texts: tuple[str, ...]
    options: type[BaseModel]
    help: str
    references: References | None = None
    words: tuple[str, ...] = ()
    seen: Callable[..., Any] | None = None
    moments: Callable[..., Any] | None = None


@dataclass(frozen=True)
class FieldType:
    """A kind of answer: its options, the codes it may refuse with, the names it posts.

    `fills` is the autocomplete token by which phones fill it in; `unshown` answers never go back into a page.
    """

    name: str
    build: Callable[..., Any]
    reasons: tuple[str, ...]
    options: type[BaseModel]
    help: str
    suffixes: tuple[str, ...] = ("",)
    fills: str = ""
    unshown: bool = False


@dataclass
class Catalogue:
    """Everything registered; filled by `scan`, read-only afterwards."""

    guards: dict[str, Guard] = field(default_factory=dict)
    effects: dict[str, Effect] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    field_types: dict[str, FieldType] = field(default_factory=dict)
    sources: set[str] = field(default_factory=set, repr=False)
    digest: str = ""

    def fingerprint(self) -> str:
        """SHA-256 over the source of all modules that registered something: which code decided."""
        if not self.digest:
            joined = "\0".join(sorted(self.sources))
            self.digest = "sha256:" + hashlib.sha256(joined.encode()).hexdigest()
        return self.digest

    def remember(self, function: Callable[..., Any]) -> None:
        """Take the source of the module that defines `function` into the fingerprint."""
        module = inspect.getmodule(function)
        self.digest = ""
        self.sources.add(inspect.getsource(module) if module else repr(function))


CATALOGUE = Catalogue()


def guard(
    *,
    reasons: Iterable[str] = (),
    unavailable: bool = False,
    options: type[BaseModel] = NoOptions,
    references: References | None = None,
    problems: References | None = None,
    unjudged: Callable[..., Callable[[Any], None]] | None = None,
    pure: bool = False,
    rejudge: Callable[..., Any] | None = None,
    model: Callable[..., Any] | None = None,
) -> Callable[[F], F]:
    """Register a guard under its function's name."""

    def register(function: F) -> F:
        name = function.__name__
        CATALOGUE.guards[name] = Guard(
            name,
            function,
            tuple(reasons),
            unavailable,
            options,
            _help(function),
            references,
            problems,
            unjudged,
            pure,
            rejudge,
            model,
        )
        CATALOGUE.remember(function)
        return function

    return register


def effect(
    *,
    section: str | tuple[str, ...] | None = None,
    hands: Literal["login", "browser"] | None = None,
    model: Callable[..., Any] | None = None,
    needs: Iterable[str] = (),
) -> Callable[[F], F]:
    """Register an effect under its function's name."""

    def register(function: F) -> F:
        name = function.__name__
        CATALOGUE.effects[name] = Effect(name, function, section, _help(function), hands, model, tuple(needs))
        CATALOGUE.remember(function)
        return function

    return register


def kind(
    *,
    raises: Iterable[str] = (),
    texts: Iterable[str] = ("title",),
    options: type[BaseModel] = NoOptions,
    references: References | None = None,
    words: Iterable[str] = (),
    seen: Callable[..., Any] | None = None,
    moments: Callable[..., Any] | None = None,
) -> Callable[[F], F]:
    """Register a kind under its function's name."""

    def register(function: F) -> F:
        name = function.__name__
        CATALOGUE.kinds[name] = Kind(
            name,
            function,
            tuple(raises),
            tuple(texts),
            options,
            _help(function),
            references,
            tuple(words),
            seen,
            moments,
        )
        return function

    return register


def field_type(
    *,
    reasons: Iterable[str],
    options: type[BaseModel] = NoOptions,
    suffixes: tuple[str, ...] = ("",),
    fills: str = "",
    unshown: bool = False,
) -> Callable[[F], F]:
    """Register a field type under its function's name; `suffixes` are added to the field's name in posts."""

    def register(function: F) -> F:
        name = function.__name__
        CATALOGUE.field_types[name] = FieldType(
            name, function, tuple(reasons), options, _help(function), suffixes, fills, unshown
        )
        CATALOGUE.remember(function)
        return function

    return register


def scan(*packages: ModuleType) -> Catalogue:
    """Import every module of `packages`, so that what they register stands in the catalogue."""
    for package in packages:
        for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            importlib.import_module(module.name)
    return CATALOGUE


def _help(function: Callable[..., Any]) -> str:
    return inspect.getdoc(function) or ""
