"""F040 and F045: what people are asked is needed, and their phones may help them to answer."""

from collections.abc import Iterator

from app.flow.findings import Finding
from app.flow.lint.scene import Scene
from app.flow.lint.stepping import judged
from app.flow.phrases import Phrase, listed

_CODE, _PHONE = Phrase("the code"), Phrase("the phone number")
_MAIL, _PASSWORD = Phrase("the e-mail address"), Phrase("the new password")


def check(scene: Scene) -> Iterator[Finding]:
    """The fields of all pages, one by one."""
    asked = {name for state in scene.spec.states.values() for name in state.fields}
    used, wanted = _used(scene), _wanted(scene)
    for name in scene.spec.fields:
        if name not in asked:
            continue
        if name not in used:
            yield scene.found("F040", ("fields", name), field=name)
        if name in wanted:
            yield from _filled(scene, name, *wanted[name])
        yield from _echoed(scene, name)


def _used(scene: Scene) -> set[str]:
    """The fields that guards, kinds, messages, cards, logins and conditions of other fields read."""
    spec = scene.spec
    used = {name for names in scene.references("fields").values() for name in names}
    used |= {name for state in spec.states for name in scene.shown(state, "fields")}
    used |= {policy.to for policy in (*spec.codes.values(), *spec.links.values())}
    used |= {card.subject for card in spec.cards.values()}
    for account in spec.accounts.values():
        used |= {account.username, account.password, *account.customer.values(), *account.consents}
        used |= {account.customer_name or ""}
    for field in spec.fields.values():
        when = field.options.get("when")
        used |= set(when) if isinstance(when, dict) else set()
    return used


def _wanted(scene: Scene) -> dict[str, tuple[str, str]]:
    """By field, how its autocomplete token should begin, and what that fills in."""
    spec = scene.spec
    wanted = {link.to: _address(link.channel) for link in spec.links.values()}
    wanted |= {code.to: _address(code.channel) for code in spec.codes.values()}
    wanted |= {account.username: ("email", _MAIL) for account in spec.accounts.values()}
    wanted |= {account.password: ("new-password", _PASSWORD) for account in spec.accounts.values()}
    for guard in scene.flow.guards:
        if judged(scene, guard):
            wanted |= {name: ("one-time-code", _CODE) for name in scene.references("fields")[guard]}
    return wanted


def _address(channel: str) -> tuple[str, str]:
    return ("tel", _PHONE) if channel == "sms" else ("email", _MAIL)


def _filled(scene: Scene, name: str, token: str, what: str) -> Iterator[Finding]:
    spec = scene.spec.fields[name]
    types = scene.catalogue.field_types
    fills = spec.options.get("autocomplete") or types[spec.type].fills
    if not str(fills).startswith(token):
        fit = sorted(each.name for each in types.values() if each.fills.startswith(token))
        words = {
            "field": name,
            "what": what,
            "types": listed([f"'{each}'" for each in fit], "{one} or {more}"),
        }
        yield scene.found("F045:fill", ("fields", name, "type"), **words)


def _echoed(scene: Scene, name: str) -> Iterator[Finding]:
    """A secret stands in no page: neither over somebody's shoulder nor in the browser's memory."""
    spec = scene.spec.fields[name]
    types = scene.catalogue.field_types
    if spec.data_class == "secret" and not types[spec.type].unshown:
        fit = listed([f"'{each.name}'" for each in types.values() if each.unshown], "{one} or {more}")
        yield scene.found("F045:echo", ("fields", name, "type"), field=name, type=spec.type, types=fit)
