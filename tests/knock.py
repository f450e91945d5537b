"""The knock: a tiny flow of two codes, published into a test's house, and how a browser walks it."""

import re
from pathlib import Path

from app import wiring
from app.config import ROOT
from app.delivery.post import Post
from app.flow.definition import Flow
from app.flow.loader import load, read_folder
from app.runner import publish
from app.runner.house import House
from tests.walk import Walk

FOLDER = ROOT / "tests" / "flows" / "knock"
PHONE, OTHER_PHONE = "0888123456", "0888654321"
EMAIL = "kalina.knock.demo@gmail.com"
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def open_knock(house: House) -> House:
    """The house with the knock published."""
    publish.publish(house, FOLDER)
    return house


def knock(walk: Walk, phone: str = PHONE, email: str = EMAIL) -> Walk:
    """Fill in the first page."""
    walk.get("/knock/").post(phone=phone, email=email)
    assert walk.at == "/knock/prove"
    return walk


def delivered(walk: Walk, post: Post, to: str = "") -> list[str]:
    """Every code that came into the inbox, whole, the oldest first; `to` is how its recipient ends."""
    post.deliver()
    return [each["text"].split()[0] for each in walk.messages() if each["to"].endswith(to)]


def code_of(walk: Walk, post: Post, to: str = PHONE[1:]) -> str:
    """The newest code that went there."""
    return delivered(walk, post, to)[-1]


def wrong(*codes: str) -> str:
    """Five signs that end none of these codes."""
    ends = {code[-5:] for code in codes}
    return next(guess for sign in ALPHABET if (guess := f"2222{sign}") not in ends)


def give(walk: Walk, code: str, field: str = "code", **more: str) -> Walk:
    """Type a code into the page in view."""
    return walk.post(**{field: code, **more})


def said(walk: Walk) -> str:
    """What the page says is wrong, by its code."""
    words = re.search(r'<h2 id="problems-title">.*?</svg>(.*?)</h2>', walk.text, re.DOTALL)
    assert words, "nothing is said"
    state = walk.at.rpartition("/")[2]
    known = knocked().texts["bg"]
    (code,) = [key for key in known if known[key] == words[1] and key.startswith(f"states.{state}.say.")]
    return code.rpartition(".")[2]


def knocked(folder: Path = FOLDER) -> Flow:
    """The flow of a folder."""
    flow = load(read_folder(folder), wiring.catalogue(), root=str(folder)).flow
    assert flow is not None
    return flow
