"""F009: what is declared and used by no step."""

from collections.abc import Iterator

from app.flow.findings import Finding
from app.flow.lint.scene import Scene
from app.flow.phrases import Phrase
from app.flow.places import sort_of
from app.flow.spec import AccountSpec

_SECTIONS = ("fields", "registers", "budgets", "codes", "links", "cards", "notices", "accounts", "guards")


def check(scene: Scene) -> Iterator[Finding]:
    """Entries of flow.yaml that could be deleted, and files of languages the flow does not speak."""
    for section in _SECTIONS:
        used = _used(scene, section)
        for name in getattr(scene.spec, section):
            if name not in used:
                yield scene.found("F009", (section, name), sort=sort_of(section), name=name)
    spoken = {f"texts.{lang}.yaml" for lang in scene.spec.languages}
    for file in scene.sources:
        if file.startswith("texts.") and file not in spoken:
            yield scene.found_in(file, "F009", (), {"sort": Phrase("file"), "name": file})


def _used(scene: Scene, section: str) -> set[str]:
    """What pages, transitions, and the options of guards and kinds name in `section`."""
    found = {name for names in scene.references(section).values() for name in names}
    for state, options in scene.flow.kind_options.items():
        hook = scene.kind(state).references
        found |= {name for where, name in (hook(options) if hook else ()) if where == section}
    spec = scene.spec
    ways = [way for each in scene.flow.transitions.values() for way in each]
    if section == "fields":
        found |= {name for state in spec.states.values() for name in state.fields}
    elif section == "guards":
        found |= {condition.guard for way in ways for condition in way.conditions}
        found |= {card.facts for card in spec.cards.values()}
    found |= {order.argument for way in ways for order in way.effects if order.argument}
    for account in spec.accounts.values():
        found |= set(_named_by(account).get(section, ()))
    return found


def _named_by(account: AccountSpec) -> dict[str, list[str]]:
    fields = [account.username, account.password, *account.customer.values(), *account.consents]
    return {
        "fields": fields + ([account.customer_name] if account.customer_name else []),
        "codes": [account.confirm] if account.confirm else [],
        "notices": [account.taken, account.renewed],
    }
