"""What lint has found, in the reader's language: as a page lists it (`macros/findings.html`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import g
from flask_babel import gettext

from app.flow.findings import Finding, Severity
from app.flow.worded import worded

#: The shape of a status (`macros/desk.html`) that a severity has.
_SHAPES: dict[Severity, str] = {"error": "refused", "warning": "warning", "note": "over"}


@dataclass(frozen=True)
class Said:
    """One finding in words; `url` leads to where it is mended, None where this page knows no such place."""

    code: str
    severity: Severity
    shape: str
    grade: str
    place: str
    url: str | None
    text: str
    fix: str
    borne: str | None

    @property
    def hinders(self) -> bool:
        """Whether it is an error that nobody bears."""
        return self.severity == "error" and self.borne is None


def said(findings: Iterable[Finding], url: Callable[[Finding], str | None] | None = None) -> list[Said]:
    """Each finding in the reader's language; what somebody bears stands behind the others."""
    every = [_said(each, url(each) if url else None) for each in findings]
    return sorted(every, key=lambda each: each.borne is not None)


def _said(finding: Finding, url: str | None) -> Said:
    text, fix = worded(finding, g.lang)
    file = finding.path.rpartition("/")[2]
    return Said(
        finding.code,
        finding.severity,
        "waiting" if finding.waived else _SHAPES[finding.severity],
        _grade(finding),
        f"{file}:{finding.line}",
        url,
        text,
        fix,
        _borne(finding),
    )


def _grade(finding: Finding) -> str:
    words: dict[Severity, str] = {
        "error": gettext("Error"),
        "warning": gettext("Warning"),
        "note": gettext("Remark"),
    }
    waived: str = gettext("Waived")
    return waived if finding.waived else words[finding.severity]


def _borne(finding: Finding) -> str | None:
    waiver = finding.waiver
    if waiver is None:
        return None
    about = {"owner": waiver.owner, "until": waiver.until, "reason": waiver.reason}
    told: str = gettext("%(owner)s bears it until %(until)s: %(reason)s", **about)
    return told
