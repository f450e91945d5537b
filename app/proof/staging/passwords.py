"""Passwords that keep every rule, or break the one asked for first."""

from collections.abc import Iterator

from app.flow.normal.password import Known, faults
from app.forms.invented import passwords
from app.proof.staging.plan import Asked
from app.proof.staging.registry import stages


@stages("password_good", turn=8)
def password_good(asked: Asked) -> None:
    """Type a good password, or one that breaks this rule and none that is told before it."""
    if asked.outcome.answer == "yes":
        return
    plan, options, reason = asked.plan, asked.options, asked.outcome.reason or "too_short"
    good = str(plan.typed[asked.at][options.field])
    if reason == "not_alike":
        plan.typed[asked.at][options.again] = passwords.password(plan.hand.seed + 1, options.rules)
        return
    known = _known(asked)
    for tried in _tries(asked, good, reason, known):
        if faults(tried, options.rules, known)[:1] == [reason]:
            plan.typed[asked.at] |= {options.field: tried, options.again: tried}
            return
    raise asked.unfit("no password that could be typed breaks this rule first")


def _known(asked: Asked) -> Known:
    """What the guard will know of the owner, as far as the visit tells."""
    plan, at = asked.plan, asked.at
    given = [plan.value(name, at) for name in asked.options.unlike]
    for spec in plan.flow.spec.accounts.values():
        if spec.password == asked.options.field:
            given += [plan.value(spec.username, at), plan.login[0] if plan.login else ""]
            given += [plan.value(number, at) for number in spec.customer.values()]
            given.append(plan.value(spec.customer_name or "", at))
    return Known(
        addresses=tuple(each for each in given if "@" in each),
        brands=tuple(plan.flow.theme.name.values()),
        facts=tuple(each for each in given if "@" not in each),
    )


def _tries(asked: Asked, good: str, reason: str, known: Known) -> Iterator[str]:
    """Passwords worth trying for a fault, the likeliest first."""
    least: int = asked.options.rules.min
    simple = {
        "too_short": good[: least - 1],
        "no_lower": good.upper(),
        "no_upper": good.lower(),
        "no_digit": "".join("w" if sign.isdigit() else sign for sign in good),
        "accents": good + "é",
        "specials": good + "-",
        "common": "Password" + "1" * max(1, least - len("Password")),
    }
    if reason in simple:
        yield simple[reason]
    elif reason == "like_address":
        yield from map(_plain, _spelt(known))
    else:
        yield from (good + trace for trace in _traces(known))


def _spelt(known: Known) -> Iterator[str]:
    for address in known.addresses:
        local = address.rpartition("@")[0]
        yield from (local.capitalize(), local, address.capitalize(), address)


def _plain(address: str) -> str:
    """Letters and digits alone, which count as the same address."""
    return "".join(sign for sign in address if sign.isalnum())


def _traces(known: Known) -> Iterator[str]:
    for brand in known.brands:
        yield "".join(sign for sign in brand if sign.isascii() and sign.isalnum())
        yield "".join(brand.split())
    for fact in known.facts:
        figures = "".join(sign for sign in fact if sign.isdigit())
        yield figures[:6]
        yield from fact.split()
