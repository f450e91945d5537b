"""From a folder to a flow: files read strictly, grammar checked, names resolved; all findings at once."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as File

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow, compile_transitions
from app.flow.findings import Finding
from app.flow.grammar import check
from app.flow.phrases import Phrase
from app.flow.resolve import Resolved, resolve
from app.flow.rules import finding
from app.flow.source import LARGEST, Source, Unreadable, read_kept, refusal
from app.flow.spec import FlowSpec
from app.flow.texts import Texts, file_of, flatten
from app.flow.theme import Theme
from app.flow.translated import TRANSLATED, read_translated

FLOW, THEME = "flow.yaml", "theme.yaml"
# Scenarios lie beside it: they name people, and a version stands in the database in plain text.
_DEFINITION = re.compile(r"flow\.yaml|theme\.yaml|translated\.yaml|texts\.[a-z]{2}\.yaml")


@dataclass(frozen=True)
class Loaded:
    """A flow, or None if there are errors, with what was found; `sources` are the files by name."""

    flow: Flow | None
    findings: list[Finding]
    sources: Mapping[str, Source]


def load(
    files: Mapping[str, str], catalogue: Catalogue, root: str = "workflows/ecard", number: int = 0
) -> Loaded:
    """The flow made of `files` (text by file name), which findings name as `root`/name.

    Whatever is wrong becomes a finding: F000 grammar, F005 and F008 unknown ids, F013 unknown guards,
    effects, kinds, field types, answers and options, F041 what a field does not tell. Nothing is raised.
    """
    sources, findings = _read_all(files, root)
    spec, theme = _checked(sources, findings)
    texts = {
        name: _flattened(source, findings) for name, source in sources.items() if name.startswith("texts.")
    }
    resolved = resolve(spec, catalogue, sources[FLOW]) if spec else Resolved()
    findings += resolved.findings
    findings.sort()
    if spec is None or theme is None or findings:
        return Loaded(None, findings, sources)
    flow = Flow(
        spec=spec,
        transitions=compile_transitions(spec),
        guards=resolved.guards,
        field_options=resolved.field_options,
        kind_options=resolved.kind_options,
        texts={lang: texts[file_of(lang)].words if file_of(lang) in texts else {} for lang in spec.languages},
        theme=theme,
        digest=digest(files),
        number=number,
        files={name: files[name] for name in sources},
    )
    return Loaded(flow, findings, sources)


def digest(files: Mapping[str, str]) -> str:
    """`sha256:` and the SHA-256 over names and contents, each behind its length in bytes."""
    running = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name].encode("utf-8", "surrogatepass")):
            running.update(b"%d:" % len(part) + part)
    return f"sha256:{running.hexdigest()}"


def definition_files(files: Mapping[str, str]) -> dict[str, str]:
    """Those of the files that are the definition; scenarios and the like lie beside it."""
    return {name: text for name, text in files.items() if _DEFINITION.fullmatch(name)}


def read_folder(folder: File) -> dict[str, str]:
    """The files of a definition by name: flow, theme, texts and what they were made from, nothing else.

    Raises Unreadable for a folder without flow.yaml, and a file that is larger than 1 MiB, not UTF-8 or
    cannot be opened.
    """
    try:
        names = sorted(
            file.name for file in folder.iterdir() if _DEFINITION.fullmatch(file.name) and file.is_file()
        )
    except OSError as problem:
        words = f"The folder cannot be read: {problem.strerror}."
        raise refusal(str(folder), (1, 1), words, "Name the folder of a flow.") from None
    if FLOW not in names:
        raise refusal(str(folder), (1, 1), f"There is no {FLOW} here.", "Name the folder of a flow.")
    return {name: text_of(folder / name) for name in names}


def text_of(file: File) -> str:
    """The text of one file; raises Unreadable if it is larger than 1 MiB, not UTF-8 or cannot be opened."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as problem:
        raise refusal(str(file), (1, 1), f"The file cannot be read: {problem.strerror}.", "") from None
    if len(content) > LARGEST:
        raise refusal(str(file), (1, 1), "The file is larger than 1 MiB.", "Split the flow.")
    try:
        return content.decode()
    except UnicodeDecodeError as problem:
        before = content[: problem.start].split(b"\n")
        place = (len(before), len(before[-1].decode("utf-8", "replace")) + 1)
        raise refusal(str(file), place, "The file is not UTF-8.", "Save it as UTF-8.") from None


def _read_all(files: Mapping[str, str], root: str) -> tuple[dict[str, Source], list[Finding]]:
    sources: dict[str, Source] = {}
    findings: list[Finding] = []
    for name in sorted(files):
        if not _DEFINITION.fullmatch(name):
            continue
        try:
            sources[name] = read_kept(files[name], f"{root}/{name}")
        except Unreadable as unreadable:
            findings.append(unreadable.finding)
    for name in (FLOW, THEME):
        if name not in files:
            what = Phrase("There is no {file}.", file=name)
            findings.append(
                finding("F000", Source(f"{root}/{name}", None), (), what=what, fix=Phrase("Add it."))
            )
    return sources, findings


def _checked(sources: Mapping[str, Source], findings: list[Finding]) -> tuple[FlowSpec | None, Theme | None]:
    spec = theme = None
    if FLOW in sources:
        spec, wrong = check(FlowSpec, sources[FLOW].data, sources[FLOW])
        findings += wrong
    if THEME in sources:
        theme, wrong = check(Theme, sources[THEME].data, sources[THEME])
        findings += wrong
    if TRANSLATED in sources:
        findings += read_translated(sources[TRANSLATED])[1]
    return spec, theme


def _flattened(source: Source, findings: list[Finding]) -> Texts:
    texts, wrong = flatten(source)
    findings += wrong
    return texts
