"""Which texts a flow cannot do without, and who needs them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.flow.lint.scene import Scene
from app.flow.source import Path
from app.flow.spec import NoticeSpec, SendPolicy

#: What the house's first page tells of every flow.
_OF_THE_FLOW = ("flow.title", "flow.lead")


@dataclass(frozen=True)
class Need:
    """A text that must be there; `rule`, at `place`, tells that no language has it, else F050 does."""

    key: str
    rule: str = ""
    place: Path = ()
    words: Mapping[str, object] = field(default_factory=dict)


def needs(scene: Scene) -> Iterator[Need]:
    """Every text that pages, fields, transitions and messages of a flow ask for by key."""
    yield from map(Need, _OF_THE_FLOW)
    yield from _pages(scene)
    yield from _fields(scene)
    yield from _problems(scene)
    yield from _said(scene)
    yield from _messages(scene)


def _pages(scene: Scene) -> Iterator[Need]:
    for state in scene.spec.states:
        for text in scene.kind(state).texts:
            rule = "F053:title" if text == "title" else ""
            yield Need(f"states.{state}.{text}", rule, ("states", state), {"state": state})
        yield from map(Need, scene.kind(state).words)


def _fields(scene: Scene) -> Iterator[Need]:
    asked = {name for state in scene.spec.states.values() for name in state.fields}
    for name, spec in scene.spec.fields.items():
        if name not in asked:
            continue
        place = ("fields", name)
        yield Need(f"fields.{name}.label", "F053:label", place, {"field": name})
        for reason in scene.catalogue.field_types[spec.type].reasons:
            # Whoever leaves an optional field empty is told nothing.
            if not (spec.optional and reason == "required"):
                words = {"field": name, "reason": reason}
                yield Need(f"fields.{name}.errors.{reason}", "F053:reason", place, words)


def _problems(scene: Scene) -> Iterator[Need]:
    """What the guards that are asked may find wrong with a field."""
    asked = {c.guard for ways in scene.flow.transitions.values() for way in ways for c in way.conditions}
    for name in sorted(asked):
        use = scene.flow.guards[name]
        told = scene.catalogue.guards[use.guard].problems
        for field_name, code in told(use.options) if told else ():
            words = {"field": field_name, "reason": code}
            place = ("guards", name)
            yield Need(f"fields.{field_name}.errors.{code}", "F053:reason", place, words)


def _said(scene: Scene) -> Iterator[Need]:
    """What a transition says is shown on the page it leads to."""
    for ways in scene.flow.transitions.values():
        for way in ways:
            for part, said in (("say", way.say), ("tell", way.tell)):
                if said:
                    words = {"way": way.id, "say": said, "state": way.dest}
                    yield Need(f"states.{way.dest}.{part}.{said}", "F053:say", scene.place(way), words)


def _messages(scene: Scene) -> Iterator[Need]:
    policies: dict[str, SendPolicy | NoticeSpec] = {
        **scene.spec.codes,
        **scene.spec.links,
        **scene.spec.notices,
    }
    for name, policy in policies.items():
        yield Need(f"messages.{name}.{policy.channel}")
        if policy.channel == "mail":
            yield Need(f"messages.{name}.mail_subject")
