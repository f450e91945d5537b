"""F015: guards take time, chance, the environment and the network from their step alone.

Definitions hold no expressions, so this is about the catalogue's own source: `narthex check` looks.
"""

import ast
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.flow.catalogue import Catalogue
from app.flow.findings import Finding
from app.flow.phrases import Phrase
from app.flow.rules import RULES

_CLOCK, _CHANCE = Phrase("the clock"), Phrase("chance")
_ENVIRONMENT, _NETWORK = Phrase("the environment"), Phrase("the network")

#: Whatever begins so is read outside the step.
_OUTSIDE: Mapping[str, str] = {
    "time": _CLOCK,
    **{f"datetime.datetime.{name}": _CLOCK for name in ("now", "today", "utcnow")},
    "datetime.date.today": _CLOCK,
    "random": _CHANCE,
    "secrets": _CHANCE,
    "uuid": _CHANCE,
    "os": _ENVIRONMENT,
    "sys.argv": _ENVIRONMENT,
    "socket": _NETWORK,
    "requests": _NETWORK,
    "httpx": _NETWORK,
    "http.client": _NETWORK,
    "urllib.request": _NETWORK,
    "smtplib": _NETWORK,
}


def check_sources(catalogue: Catalogue) -> Iterator[Finding]:
    """What the modules of all guards read besides their steps, by file and line."""
    modules: dict[str, str] = {}
    for guard in catalogue.guards.values():
        file = inspect.getsourcefile(guard.ask)
        if file is not None:
            modules.setdefault(file, guard.name)
    for file, name in sorted(modules.items()):
        yield from _in_module(file, name, ast.parse(Path(file).read_text("utf-8")))


def _in_module(file: str, guard: str, tree: ast.Module) -> Iterator[Finding]:
    imported = dict(_imported(tree))
    names = {id(each): name for each in ast.walk(tree) if (name := _dotted(each, imported))}
    inner = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Attribute)}
    for each in ast.walk(tree):
        name = names.get(id(each), "")
        what = next((told for start, told in _OUTSIDE.items() if f"{name}.".startswith(f"{start}.")), None)
        if what is not None and id(each) not in inner and isinstance(each, ast.expr):
            yield _finding(file, _around(tree, each) or guard, what, name, each)


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What a name of the module stands for, as far as it was imported."""
    for each in ast.walk(tree):
        if isinstance(each, ast.Import):
            for alias in each.names:
                yield (
                    alias.asname or alias.name.partition(".")[0],
                    alias.name if alias.asname else (alias.name.partition(".")[0]),
                )
        elif isinstance(each, ast.ImportFrom):
            yield from ((alias.asname or alias.name, f"{each.module}.{alias.name}") for alias in each.names)


def _dotted(node: ast.AST, imported: Mapping[str, str]) -> str:
    if isinstance(node, ast.Name):
        return imported.get(node.id, "")
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value, imported)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _around(tree: ast.Module, node: ast.expr) -> str | None:
    """The function that holds an expression."""
    functions = (each for each in tree.body if isinstance(each, ast.FunctionDef))
    return next((f.name for f in functions if f.lineno <= node.lineno <= (f.end_lineno or 0)), None)


def _finding(file: str, guard: str, what: str, name: str, node: ast.expr) -> Finding:
    rule, words = RULES["F015"], {"guard": guard, "what": what, "name": name}
    text, fix = rule.text.format(**words), rule.fix.format(**words)
    return Finding(
        file, node.lineno, node.col_offset + 1, "F015", rule.severity, text, fix, "F015", words, guard
    )
