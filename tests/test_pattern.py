"""Path patterns: what they say of a run, and what is said of those that cannot be read."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import wiring
from app.config import ROOT
from app.flow.loader import load, read_folder
from app.flow.pattern import Matcher, PatternProblem, Place, Taken, Vocabulary, check, parse, vocabulary
from app.flow.pattern.letters import Letter
from app.flow.pattern.tree import Atom, Chain, Either, Node, Pattern

WORDS = Vocabulary(
    {"form", "code", "locked"},
    {"submit", "resend"},
    {"form.found", "code.wrong"},
    {"card_found": frozenset({"yes", "no", "unavailable", "no_match"})},
)


def way(*places: str, **said: str) -> list[Letter]:
    """A run through these places; `said` are guards with their answers, the same at every step."""
    letters: list[Letter] = [Place(places[0])]
    for source, dest in pairwise(places):
        trigger = "resend" if source == dest else "submit"
        letters += [Taken(source, trigger, f"to_{dest}", frozenset(said.items())), Place(dest)]
    return letters


def fits(pattern: str, run: list[Letter]) -> bool:
    return Matcher(parse(pattern)).fits(run)


@pytest.mark.parametrize(
    ("pattern", "places", "expected"),
    [
        ("code{2,} > locked", ["form", "code", "code", "locked"], True),
        ("code{2,} > locked", ["form", "code", "locked"], False),
        ("code{2} > locked", ["code", "code", "code", "locked"], True),
        ("form > code{2} > locked", ["form", "code", "code", "code", "locked"], False),
        ("form > locked", ["form", "code", "locked"], False),
        ("form >> locked", ["form", "code", "locked"], True),
        ("form > . > locked", ["form", "code", "locked"], True),
        ("form > (code|later) > locked", ["form", "later", "locked"], True),
        ("form > code|later > locked", ["form", "later", "locked"], True),
        ("form > resend! > code", ["form", "code"], False),
        ("code > resend! > code", ["form", "code", "code"], True),
        ("form > submit! > code", ["form", "code"], True),
        ("form.to_code", ["form", "code"], True),
        ("form.to_locked", ["form", "code"], False),
        ("code & resend!", ["form", "code", "code"], True),
        ("form & resend!", ["form", "code", "code"], False),
        ("submit! > resend! > submit!", ["form", "code", "code", "locked"], True),
        ("^code", ["form", "code"], False),
        ("code$", ["code", "locked"], False),
        ("^form > code? > locked$", ["form", "locked"], True),
        ("(form > code){2}", ["form", "code", "form", "code"], True),
        ("(form > code){3}", ["form", "code", "form", "code"], False),
        (".!{4}", ["form", "code", "form", "code"], False),
        (".!{3}", ["form", "code", "form", "code"], True),
    ],
)
def test_a_pattern_says_which_way_a_run_went(pattern: str, places: list[str], expected: bool) -> None:
    assert fits(pattern, way(*places)) is expected


def test_what_a_guard_answered_is_said_of_the_step_that_asked_it() -> None:
    down = way("identify", "try_later", registry="unavailable")
    assert fits("identify > registry:unavailable > try_later", down)
    assert fits("registry:. > try_later", down)
    assert not fits("registry:no", down)


def test_a_run_that_rested_stands_where_it_stood() -> None:
    run = [*way("form", "code"), Taken("code", "rested"), *way("code", "locked")[1:]]
    assert fits("form > code > locked", run)
    assert fits("submit! > rested! > submit!", run)
    assert not fits("code{2}", run)


@pytest.mark.parametrize(
    ("pattern", "column", "says"),
    [
        ("", 1, "empty"),
        ("code >", 7, "Nothing follows '>'"),
        ("code{", 5, "Write {2}, {2,} or {2,5}"),
        ("code{3,1}", 5, "smaller number first"),
        ("Code", 1, "lower case"),
        ("(form > code", 13, "bracket of column 1 is not closed"),
        ("form > code)", 12, "No bracket is open"),
        ("form code", 6, "Write > or >> before"),
        ("form & code", 1, "one state at a time"),
        ("card_found:", 12, "Write card_found:no"),
        ("form > #", 8, "means nothing"),
        ("code**", 6, "repeats nothing"),
        ("form $ code", 8, "What leads to 'code'"),
        ("code{0}", 5, "can never be"),
        ("code{100}", 5, "beyond 99"),
        ("code?", 1, "fits every run"),
        ("((form{99}){99}){99}", 1, "more than 500"),
        ("(" * 30, 21, "20 deep"),
        ("x" * 501, 501, "500 characters"),
    ],
)
def test_a_pattern_that_cannot_be_read_says_where_and_what_to_write(
    pattern: str, column: int, says: str
) -> None:
    with pytest.raises(PatternProblem) as refused:
        Matcher(parse(pattern))
    assert refused.value.column == column
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "column", "says"),
    [
        ("form > lokced", 8, "Did you mean 'locked'?"),
        ("card_fuond:no", 1, "Did you mean 'card_found'?"),
        ("card_found:no_mach", 1, "Did you mean 'no_match'?"),
        ("code > resnd!", 8, "Did you mean 'resend'?"),
        ("form.fuond", 1, "Did you mean 'found'?"),
        ("submit > code", 1, "A trigger is written submit!."),
        ("card_found > code", 1, "card_found:no"),
    ],
)
def test_an_unknown_name_is_told_with_the_one_that_was_meant(pattern: str, column: int, says: str) -> None:
    with pytest.raises(PatternProblem) as refused:
        check(parse(pattern), WORDS)
    assert refused.value.column == column
    assert says in str(refused.value)


def test_the_names_of_a_shipped_flow_are_known() -> None:
    catalogue = wiring.catalogue()
    flow = load(read_folder(ROOT / "workflows" / "ecard"), catalogue).flow
    assert flow is not None
    words = vocabulary([flow], catalogue)
    check(parse("^form > form_valid:no|card_found:unavailable >> form.not_found > rested!"), words)


# What a pattern means, told by trying: where one may stand after each part of it.


def _tried(node: Node, run: list[Letter], at: set[tuple[int, bool]]) -> set[tuple[int, bool]]:
    """From (letters read, whether what follows may come later) to the same after `node`."""
    if isinstance(node, Atom):
        return {(end, False) for start in at for end in _ends(node, run, *start)}
    if isinstance(node, Either):
        return {each for part in node.parts for each in _tried(part, run, at)}
    if isinstance(node, Chain):
        at = _tried(node.parts[0], run, at)
        for part, later in zip(node.parts[1:], node.later, strict=True):
            at = _tried(part, run, {(read, late or later) for read, late in at})
        return at
    for _ in range(node.least):
        at = _tried(node.part, run, at)
    reached = set(at)
    rounds = len(run) + 2 if node.most is None else node.most - node.least
    for _ in range(rounds):
        at = _tried(node.part, run, at)
        reached |= at
    return reached


def _ends(atom: Atom, run: list[Letter], read: int, later: bool) -> Iterator[int]:
    for place in range(read, len(run)):
        if isinstance(run[place], Taken) is atom.of_step:
            if atom.fits(run[place]):
                yield place + 1
            if not later:
                return


def _fits_by_trying(pattern: Pattern, run: list[Letter]) -> bool:
    for read, later in _tried(pattern.body, run, {(0, not pattern.at_start)}):
        sorts = {type(letter) for letter in run[read:]}
        if not pattern.at_end or later or type(run[read - 1]) not in sorts:
            return True
    return False


ATOMS = st.sampled_from(["a", "b", ".", ".!", "x!", "y!", "g:no", "g:.", "a.one", "a & x!"])
REPEATS = st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{2,}", "{1,3}"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    links = st.sampled_from([" > ", " >> ", "|"])
    bracketed = st.builds("({}){}".format, inner, REPEATS)
    part = st.one_of(st.builds("{}{}".format, ATOMS, REPEATS), bracketed)
    return st.builds("{}{}{}".format, part, links, part)


BODIES = st.recursive(ATOMS, _grown, max_leaves=5)
PATTERNS = st.builds("{}{}{}".format, st.sampled_from(["", "^"]), BODIES, st.sampled_from(["", "$"]))
PLACES = st.builds(Place, st.sampled_from("ab"))
STEPS = st.builds(
    Taken,
    st.sampled_from("ab"),
    st.sampled_from("xy"),
    st.sampled_from(["one", "two"]),
    st.sampled_from([frozenset(), frozenset({("g", "no")}), frozenset({("g", "yes")})]),
)
RUNS = st.lists(st.one_of(PLACES, STEPS), min_size=1, max_size=9)


@settings(max_examples=400, deadline=None)
@given(PATTERNS, RUNS)
def test_reading_letter_by_letter_finds_what_trying_everything_finds(text: str, run: list[Letter]) -> None:
    pattern = parse(text)
    try:
        matcher = Matcher(pattern)
    except PatternProblem as problem:
        assert "fits every run" in str(problem)
        return
    assert matcher.fits(run) is _fits_by_trying(pattern, run)


@settings(max_examples=300, deadline=None)
@given(st.text("ab.:!>|&(){}?*+^$ ,29", max_size=25))
def test_whatever_is_typed_is_read_or_refused_at_a_column(text: str) -> None:
    try:
        Matcher(parse(text))
    except PatternProblem as problem:
        assert 1 <= problem.column <= len(text) + 1
