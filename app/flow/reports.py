"""Findings for programs: JSON of our own, and SARIF 2.1.0, which code hosts and editors read."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from app.flow.findings import Finding, Severity
from app.flow.rules import RULES
from app.flow.spec import Language
from app.flow.worded import frames_of, worded

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def plain(found: Iterable[Finding], lang: Language = "en") -> list[dict[str, Any]]:
    """One object a finding."""
    return [_plain(each, lang) for each in found]


def _plain(each: Finding, lang: Language) -> dict[str, Any]:
    text, fix = worded(each, lang)
    waiver = each.waiver
    borne = {"owner": waiver.owner, "reason": waiver.reason, "until": waiver.until} if waiver else None
    return {
        "rule": each.code,
        "severity": each.severity,
        "id": each.id,
        "path": each.path,
        "line": each.line,
        "column": each.column,
        "text": text,
        "fix": fix,
        "example": each.example,
        "waived": each.waived,
        "waiver": borne,
    }


def sarif(found: Sequence[Finding], version: str, lang: Language = "en") -> dict[str, Any]:
    """One SARIF log of `narthex` in this `version`; a waiver is a suppression in the source."""
    rules = _rules(lang)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    driver = {"name": "narthex", "version": version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "language": lang,
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, numbers, lang) for each in found],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rules(lang: Language) -> list[dict[str, Any]]:
    """A rule for each code; what its cases say stands below each other."""
    cases: dict[str, list[str]] = {}
    for case in RULES:
        cases.setdefault(case.partition(":")[0], []).append(case)
    return [_rule(code, each, lang) for code, each in cases.items()]


def _rule(code: str, cases: Sequence[str], lang: Language) -> dict[str, Any]:
    told = [frames_of(case, lang) for case in cases]
    gravest: Severity = min((RULES[case].severity for case in cases), key=("error", "warning", "note").index)
    return {
        "id": code,
        "shortDescription": {"text": told[0][0]},
        "help": {"text": "\n".join(f"{text} {fix}".strip() for text, fix in told)},
        "defaultConfiguration": {"level": gravest},
    }


def _result(each: Finding, numbers: Mapping[str, int], lang: Language) -> dict[str, Any]:
    text, fix = worded(each, lang)
    place = {
        "artifactLocation": {"uri": _uri(each.path)},
        "region": {"startLine": each.line, "startColumn": each.column},
    }
    where: dict[str, Any] = {"physicalLocation": place}
    if each.id:
        where["logicalLocations"] = [{"fullyQualifiedName": each.id}]
    told = {
        "ruleId": each.code,
        "ruleIndex": numbers[each.code],
        "level": each.severity,
        "message": {"text": f"{text} {fix}".strip()},
        "locations": [where],
        "partialFingerprints": {"narthex/v1": f"{each.rule or each.code} {each.id}"},
    }
    # Where some results of a run are suppressed, the others say that they are not (SARIF 3.27.23).
    told["suppressions"] = [_suppression(each)] if each.waiver else []
    return told


def _suppression(each: Finding) -> dict[str, Any]:
    assert each.waiver is not None
    about = {"owner": each.waiver.owner, "until": each.waiver.until}
    return {
        "kind": "inSource",
        "status": "accepted",
        "justification": each.waiver.reason,
        "properties": about,
    }


def _uri(path: str) -> str:
    where = PurePath(path)
    return where.as_uri() if where.is_absolute() else quote(where.as_posix())
