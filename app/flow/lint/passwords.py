"""N004: password rules that make passwords weak are named, though an organisation may insist on them."""

from collections.abc import Iterator

from app.flow.findings import Finding
from app.flow.lint.scene import Scene
from app.flow.normal.password import Profile
from app.flow.phrases import Phrase


def check(scene: Scene) -> Iterator[Finding]:
    """Guards whose profile allows short passwords, or forbids signs (C3)."""
    for name, use in scene.flow.guards.items():
        rules = getattr(use.options, "rules", None)
        if isinstance(rules, Profile) and rules.is_risky:
            words = {"guard": name, "min": rules.min, "only": _only(rules)}
            yield scene.found("N004", ("guards", name, use.guard), **words)


def _only(rules: Profile) -> str:
    return Phrase(" of {only} only", only=Phrase(rules.only)) if rules.only else ""
