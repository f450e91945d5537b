"""What a rule of flow lint is."""

from dataclasses import dataclass

from app.flow.findings import Severity


@dataclass(frozen=True)
class Rule:
    """The words of one case of a code; `{names}` are filled in."""

    severity: Severity
    text: str
    fix: str = ""
