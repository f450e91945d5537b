"""However a definition is damaged, the damage is told; nothing is raised."""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.flow.lint import lint
from app.flow.loader import load
from app.flow.source import read
from tests.flows import CATALOGUE, sound

FILES = sound()
WORDS = st.sampled_from(["", "ask", "is_member", "send x", "yes", "24 h", "known", "word", "{x}", "Ж", "a b"])
SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | WORDS
JUNK = st.recursive(
    SCALARS, lambda each: st.lists(each, max_size=2) | st.dictionaries(WORDS, each, max_size=2), max_leaves=4
)


def spots(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(spot for key, value in inside for spot in spots(value, (*path, key)))]


def damage(data: Any, spot: tuple[Any, ...], how: str, junk: Any) -> Any:
    if not spot:
        return junk
    whole = copy.deepcopy(data)
    here = whole
    for key in spot[:-1]:
        here = here[key]
    if how == "replace":
        here[spot[-1]] = junk
    elif how == "remove":
        del here[spot[-1]]
    elif isinstance(here, dict):
        here[str(junk)[:9]] = here.pop(spot[-1])
    else:
        here.insert(spot[-1], copy.deepcopy(here[spot[-1]]))
    return whole


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_a_damaged_file_becomes_findings(data):
    name = data.draw(st.sampled_from([*["flow.yaml"] * 6, "theme.yaml", "texts.en.yaml"]))
    content = read(FILES[name], name).data
    for _ in range(data.draw(st.integers(1, 3))):
        spot = data.draw(st.sampled_from(spots(content)))
        how = data.draw(st.sampled_from(["replace", "remove", "rename"]))
        content = damage(content, spot, how, data.draw(JUNK))
    loaded = load({**FILES, name: json.dumps(content, ensure_ascii=False, indent=1)}, CATALOGUE, "club")
    assert (loaded.flow is None) == bool(loaded.findings)
    found = loaded.findings if loaded.flow is None else lint(loaded.flow, CATALOGUE, loaded.sources)
    for finding in found:
        assert finding.path.startswith("club/") and finding.line >= 1 and finding.column >= 1
        assert finding.text and "{" not in finding.code
