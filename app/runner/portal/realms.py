"""Which realms have a portal: those with a live flow that makes logins."""

from dataclasses import dataclass

from app.flow.definition import Flow
from app.flow.spec import AccountSpec
from app.runner.house import FlowMissing, House


class RealmMissing(Exception):
    """No live flow of this realm makes logins."""


@dataclass(frozen=True)
class Realm:
    """A realm with a portal: the live flow whose brand, words and languages it has, its sort of account."""

    name: str
    flow: Flow
    account: str

    @property
    def spec(self) -> AccountSpec:
        """What the flow says of the accounts it makes."""
        return self.flow.spec.accounts[self.account]


def realms(house: House) -> list[Realm]:
    """Every realm with a portal, by name."""
    found: dict[str, Realm] = {}
    for flow_name in house.shelf.names():
        try:
            flow = house.shelf.live(flow_name)
        except FlowMissing:
            continue
        if flow.spec.accounts:
            found.setdefault(flow.spec.realm, Realm(flow.spec.realm, flow, next(iter(flow.spec.accounts))))
    return [found[name] for name in sorted(found)]


def realm(house: House, name: str) -> Realm:
    """The realm called `name`; raises RealmMissing."""
    for flow_name in house.shelf.names():
        try:
            flow = house.shelf.live(flow_name)
        except FlowMissing:
            continue
        if flow.spec.realm == name and flow.spec.accounts:
            return Realm(name, flow, next(iter(flow.spec.accounts)))
    raise RealmMissing(name)
