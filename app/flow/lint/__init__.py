"""Flow lint: what a definition that loads may still get wrong, proven before anybody walks it.

Rules and their words are in `app.flow.rules`; each module here checks one topic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.findings import Finding
from app.flow.lint import (
    asked,
    codes,
    given,
    guards,
    lasting,
    links,
    order,
    outside,
    passwords,
    reach,
    shape,
    slots,
    stale,
    strangers,
    texts,
    unused,
    verified,
)
from app.flow.lint.scene import Scene
from app.flow.loader import FLOW
from app.flow.source import Source
from app.flow.surroundings import Surroundings
from app.flow.waivers import waived

#: What a definition is published for: people, or those who try it.
Profile = Literal["live", "test"]

_TOPICS = (
    *(
        reach.check,
        shape.check,
        guards.check,
        order.check,
        codes.check,
        passwords.check,
        texts.check,
        stale.check,
    ),
    *(unused.check, given.check, verified.check, lasting.check, strangers.check, asked.check),
    *(links.check, slots.check, outside.check),
)


def lint(
    flow: Flow,
    catalogue: Catalogue,
    sources: Mapping[str, Source],
    surroundings: Surroundings | None = None,
) -> list[Finding]:
    """Everything the rules find in a loaded flow, by file and line; `sources` tell the places.

    Nothing is waived here, and everything is as grave as where people walk: see `judged`.
    """
    scene = Scene(flow, catalogue, sources, surroundings)
    return sorted(finding for check in _TOPICS for finding in check(scene))


def judged(
    flow: Flow,
    catalogue: Catalogue,
    sources: Mapping[str, Source],
    *,
    today: date,
    profile: Profile = "live",
    surroundings: Surroundings | None = None,
) -> list[Finding]:
    """The same as whoever publishes should take it: waivers of `today` set, as grave as `profile` has it."""
    found = lint(flow, catalogue, sources, surroundings)
    told = waived(found, flow.spec, sources[FLOW], today, outside=surroundings is not None)
    return sorted(softened(told, profile))


def softened(found: Sequence[Finding], profile: Profile) -> list[Finding]:
    """For `test`, what only matters once people walk (F030-F063) is a warning; the rest stays as it is."""
    if profile == "live":
        return list(found)
    return [
        replace(each, severity="warning") if each.severity == "error" and "F030" <= each.code < "G" else each
        for each in found
    ]
