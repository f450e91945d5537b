"""Which facts hold once an effect was ordered, for the generated paths (`app.flow.paths.facts`).

A message counts as sent whenever it is ordered: whoever drives a path waits for the pause first. That it may
not have left all the same is told by the guards' models (`no_code`).
"""

from app.flow.definition import EffectOrder, Flow
from app.flow.paths.facts import LOGGED_IN, number
from app.flow.paths.model import Facts
from app.step.caps import cap, outlives_login


def send(order: EffectOrder, flow: Flow, facts: Facts) -> Facts:
    """A fresh code or link; older ones of the run are replaced."""
    name = order.argument or ""
    return _code(name, flow, facts) if name in flow.spec.codes else _link(name, flow, facts)


def use_code(order: EffectOrder, flow: Flow, facts: Facts) -> Facts:  # noqa: ARG001
    """Never right again, and its failures are forgotten."""
    name = order.argument
    return {f"code {name}": "used", f"used {name}": "yes", f"tries {name}": ""}


def count_use(order: EffectOrder, flow: Flow, facts: Facts) -> Facts:
    """One press more."""
    name = order.argument or ""
    return {f"uses {name}": str(min(number(facts, f"uses {name}") + 1, flow.spec.links[name].opens))}


def create_account(order: EffectOrder, flow: Flow, facts: Facts) -> Facts:
    """The run has a login of its own where an address is to be confirmed; the code for that goes out."""
    confirm = flow.spec.accounts[order.argument or ""].confirm
    return {f"login {order.argument}": "made", **_code(confirm, flow, facts)} if confirm else {}


def set_up_account(order: EffectOrder, flow: Flow, facts: Facts) -> Facts:
    """Like a renewed password: no code sent so far opens anything more."""
    made = {f"login {order.argument}": "made"} if flow.spec.accounts[order.argument or ""].confirm else {}
    return {**made, **renew_password(order, flow, facts)}


def renew_password(order: EffectOrder, flow: Flow, facts: Facts) -> Facts:  # noqa: ARG001
    """All codes that are still open end (S48)."""
    status = {name: facts.get(f"code {name}") for name in flow.spec.codes}
    return {f"code {name}": "ended" for name, each in status.items() if each in {"ordered", "there"}}


def confirm_address(order: EffectOrder, flow: Flow, facts: Facts) -> Facts:  # noqa: ARG001
    """The run's own login is confirmed."""
    return {f"login {order.argument}": "confirmed"}


def _code(name: str, flow: Flow, facts: Facts) -> Facts:
    status = facts.get(f"code {name}")
    older = {f"older {name}": "yes"} if status and status != "used" else {}
    # Where the cap was asked about in the same step, nothing can have held the message back.
    left = "there" if f"now may {name}" in facts else "ordered"
    fresh = "yes" if LOGGED_IN in facts and outlives_login(flow.spec.codes[name]) else ""
    return {
        f"code {name}": left,
        f"tries {name}": "",
        f"fresh {name}": fresh,
        f"sent {name}": _sent(name, flow, facts),
        **older,
    }


def _link(name: str, flow: Flow, facts: Facts) -> Facts:
    return {f"link {name}": "ordered", f"uses {name}": "", f"sent {name}": _sent(name, flow, facts)}


def _sent(name: str, flow: Flow, facts: Facts) -> str:
    policy = flow.spec.codes.get(name) or flow.spec.links[name]
    _, most = cap(policy) or ("", 1)
    return str(min(number(facts, f"sent {name}") + 1, most))
