"""Staff for tests: put at the desk, and how one of them logs in."""

from dataclasses import replace

from app.runner.house import House
from app.runner.staff import people
from app.runner.staff.who import Role
from tests.lodge import CHEAP
from tests.walk import Walk

PASSWORD = "seven grey herons"
LOGIN, HOME = "/desk/login", "/desk/"


def cheap(house: House) -> House:
    """The house with quick passwords."""
    return replace(house, passwords=CHEAP)


def staffed(house: House, name: str = "vera", *roles: Role) -> str:
    """Take somebody in who knows PASSWORD, as `qa` unless roles are named; the name."""
    people.add(house, name, roles or ("qa",), PASSWORD)
    return name


def log_in(walk: Walk, name: str = "vera", password: str = PASSWORD, follow: bool = True) -> Walk:
    """Fill in the desk's login page and send it."""
    walk.get(LOGIN)
    return walk.post(follow=follow, name=name, password=password)
