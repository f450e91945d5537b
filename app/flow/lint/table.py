"""The truth table of guards with several answers, searched rather than written out."""

from collections.abc import Mapping, Sequence

from app.flow.catalogue import Guard
from app.flow.definition import Condition, Transition
from app.flow.lint.scene import Scene
from app.flow.phrases import Phrase, listed

#: What a guard answers: `yes`, `no` or `unavailable`, and the reason code if it names one.
Answer = tuple[str, str | None]
Term = tuple[Condition, ...]
Domains = Mapping[str, tuple[Answer, ...]]

#: More guards than this are not searched.
MOST_GUARDS = 12


def domains(scene: Scene, ways: Sequence[Transition]) -> Domains:
    """By guard that `ways` ask, every answer they can tell apart.

    Reasons that no condition names are alike, so a plain `no` stands for all of them.
    """
    wanted: dict[str, set[str]] = {}
    for way in ways:
        for condition in way.conditions:
            wanted.setdefault(condition.guard, set()).add(condition.wanted)
    return {name: _domain(scene.guard(name), words) for name, words in wanted.items()}


def _domain(guard: Guard, named: set[str]) -> tuple[Answer, ...]:
    reasons = sorted(named - {"yes", "no", "unavailable"})
    answers: list[Answer] = [("yes", None), ("no", None), *(("no", reason) for reason in reasons)]
    if guard.may_be_unavailable:
        answers.append(("unavailable", None))
    return tuple(answers)


def narrowed(over: Domains, term: Term) -> Domains:
    """The answers with which `term` fits; none for a guard of which it wants what cannot be."""
    return {
        guard: tuple(a for a in answers if all(c.fits(*a) for c in term if c.guard == guard))
        for guard, answers in over.items()
    }


def can_fit(scene: Scene, way: Transition) -> bool:
    """Whether some answers of its guards satisfy all conditions of `way`."""
    return all(narrowed(domains(scene, [way]), way.conditions).values())


def missed(terms: Sequence[Term], over: Domains) -> dict[str, Answer] | None:
    """Answers with which no term fits, of those guards that matter; None if some term always fits."""
    if not all(terms):
        return None
    if not terms:
        return {}
    guard = min(terms, key=len)[0].guard
    for answer in over[guard]:
        rest = missed(_given(terms, guard, answer), over)
        if rest is not None:
            return {guard: answer, **rest}
    return None


def _given(terms: Sequence[Term], guard: str, answer: Answer) -> list[Term]:
    """What is left of the terms once `guard` has answered."""
    return [
        tuple(c for c in term if c.guard != guard)
        for term in terms
        if all(c.fits(*answer) for c in term if c.guard == guard)
    ]


def in_words(answers: Mapping[str, Answer]) -> str:
    """Answers as an example that people can follow; the plain words for none."""
    parts = [Phrase(_says(*answer), guard=guard, reason=answer[1]) for guard, answer in answers.items()]
    return listed(parts, "{one} and {more}") or Phrase("the guards answer whatever they answer")


def _says(answer: str, reason: str | None) -> str:
    if answer == "yes":
        return "'{guard}' is true"
    if answer == "unavailable":
        return "'{guard}' is unavailable"
    return "'{guard}' is refused as '{reason}'" if reason else "'{guard}' is not true"
