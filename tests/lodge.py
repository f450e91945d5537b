"""The lodge: a tiny realm with a portal, its guests put into the store, and how one of them logs in."""

from dataclasses import dataclass, replace
from datetime import timedelta

from app.config import ROOT
from app.flow.definition import Flow
from app.flow.loader import load, read_folder
from app.runner.house import House
from app.step.recording import new_run
from app.store import accounts, customers, runs, versions
from app.store.accounts import Account
from app.store.ids import new_run_id, ulid
from app.store.passwords import Passwords
from tests.walk import Walk

PASSWORD = "Harmat és 7 köd"
ADDRESS = "Hanna.Lodge.Demo@gmail.com"
CHEAP = Passwords(kibibytes=8, passes=1)  # what hashing costs is not what most tests are about


def open_lodge(house: House) -> House:
    """The house with the lodge published and quick passwords."""
    files = dict(read_folder(ROOT / "tests" / "flows" / "lodge"))
    flow = load(files, house.catalogue, root="lodge").flow
    assert flow is not None
    with house.database.write() as connection:
        versions.publish(connection, "lodge", flow.digest, files, house.clock())
    return replace(house, passwords=CHEAP)


@dataclass(frozen=True)
class Guest:
    """An account of the lodge with its customers' ids."""

    account: str
    customers: tuple[str, ...]
    run: str | None


def guest(
    house: House,
    address: str = ADDRESS,
    password: str = PASSWORD,
    names: tuple[str, ...] = ("Kerekes Hanna",),
    confirmed: bool = True,
    run: str | None = None,
) -> Guest:
    """Make an account, as a flow would have an hour ago, that may act for customers of these names."""
    an_hour_ago = house.clock() - timedelta(hours=1)
    encoded = house.passwords.hash(house.vault, password)
    account = Account(
        ulid(house.clock()), "lodge", address, None, encoded, an_hour_ago, "en", "lodge", run, an_hour_ago,
        an_hour_ago if confirmed else None,
    )  # fmt: skip
    with house.database.write() as connection:
        accounts.create(connection, house.vault, account)
        theirs = []
        for place, name in enumerate(names):
            number = str(sum(map(ord, address + name)) * 7919)
            customer = customers.ensure(
                connection, house.vault, "lodge", {"number": number}, name, house.clock()
            )
            customers.join(
                connection, account.id, customer.id, sole=False, now=an_hour_ago + timedelta(seconds=place)
            )
            theirs.append(customer.id)
    return Guest(account.id, tuple(theirs), run)


def standing_run(house: House, state: str = "registered") -> str:
    """A run of the lodge that stands in `state`, in no browser's hands; its id."""
    flow: Flow = house.shelf.live("lodge")
    fresh = new_run(flow, new_run_id(), "en", None, house.clock(), house.vault)
    run = replace(fresh, seq=1, state=state, expires_at=None)
    with house.database.write() as connection:
        runs.create(connection, run)
        runs.write_answers(connection, run.id, run.key(house.vault), {"email": ADDRESS, "number": "7"})
    return run.id


def log_in(walk: Walk, username: str = ADDRESS, password: str = PASSWORD, follow: bool = True) -> Walk:
    """Fill in the login page of the lodge and send it."""
    walk.get("/portal/lodge/login")
    return walk.post(follow=follow, username=username, password=password)
