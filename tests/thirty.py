"""A flow of thirty states, as large as analysts are likely to write one, for pictures of it."""

from app import wiring
from app.flow.definition import Flow
from app.flow.loader import load
from tests.test_diagram import ROOT, read_folder

STEPS = 27  # beside them: done, refused, expired


def files(more: str = "") -> dict[str, str]:
    """A chain of steps with detours, ways back, refusals, each with several ways to itself; `more` ways of
    the fifth step."""
    theme = read_folder(ROOT / "workflows" / "ecard")["theme.yaml"]
    states = "\n".join(_step(number, more if number == 5 else "") for number in range(1, STEPS + 1))
    return {
        "theme.yaml": theme,
        "flow.yaml": _HEAD + states + _ENDS,
        "texts.en.yaml": "flow: {title: Thirty}\n",
    }


def flow(more: str = "") -> Flow:
    """The same, compiled."""
    loaded = load(files(more), wiring.catalogue())
    assert loaded.flow is not None, [str(each) for each in loaded.findings]
    return loaded.flow


_HEAD = """flow: thirty
realm: thirty
languages: [en]
initial: step_1
lifetime: {idle: 30 min, absolute: 24 h}
everywhere:
  - {id: expire, trigger: expire, dest: expired}
states:
"""
_ENDS = """
  done: {kind: success, end: success}
  refused: {kind: message, end: refused}
  expired: {kind: message, end: expired}
"""


def _step(number: int, more: str) -> str:
    name, after = f"step_{number}", f"step_{number + 1}" if number < STEPS else "done"
    ways = [f"{{id: try_again_{number}, trigger: submit, dest: {name}}}"]
    ways += [f"{{id: not_this_time, trigger: submit, dest: {name}}}"] if number % 2 else []
    ways += [f"{{id: refused_in_{number}, trigger: submit, dest: refused}}"] if number % 5 == 0 else []
    ways += (
        [f"{{id: detour, trigger: submit, dest: step_{number + 3}}}"]
        if number % 4 == 0 and number < 24
        else []
    )
    ways += [f"{{id: back_again, trigger: correct, dest: step_{number - 2}}}"] if number % 6 == 0 else []
    ways += [more] if more else []
    ways += [f"{{id: on_from_{number}, trigger: submit, dest: {after}}}"]
    written = "\n".join(f"      - {way}" for way in ways)
    return f"  {name}:\n    kind: message\n    transitions:\n{written}"
