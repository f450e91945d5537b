"""What is about to be sent, as effects, guards and pages alike ask about it."""

from collections.abc import Mapping

from app.flow.definition import Flow
from app.flow.spec import CodeSpec
from app.store.codes import Purpose
from app.store.sends import Sending


def sending_of(flow: Flow, name: str, run: str, values: Mapping[str, str]) -> Sending:
    """The message with the code or link `name`, to the address among the run's answers."""
    spec = flow.spec.codes.get(name) or flow.spec.links[name]
    return Sending(flow.name, run, name, values.get(spec.to, ""), spec, flow.spec.messages_per_day)


def purpose_of(flow: Flow, name: str, run: str, values: Mapping[str, str]) -> Purpose:
    """What the code `name` shows in this run: a code sent to another address shows nothing for this one."""
    spec = flow.spec.codes[name]
    return Purpose(flow.spec.realm, run, name, spec.channel, values.get(spec.to, ""))


def tries(spec: CodeSpec) -> int:
    """How many wrong codes there may be; lint publishes no code without it (F020)."""
    assert spec.tries is not None, "a published code has tries"
    return spec.tries
