"""What a record means to the funnel; equal for records of equal fold, so it is worked out once for each."""

from dataclasses import dataclass

from app.flow.definition import FORM_VALID, Flow
from app.flow.trace import Recorded

#: The note of a run that its applicant left to begin anew.
RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Learnt:
    """One record: where it came from and led to, by which way (`state.id`, None where none was taken).

    `refused` are guards with the reason for which they did not say yes; of a form that was judged `asked`
    are the fields, `wrong` those with their code. `moved`: staff let the run go on here from another version.
    """

    state: str
    to: str
    way: str | None
    begins: bool
    let_go: bool
    refused: tuple[tuple[str, str], ...]
    asked: tuple[str, ...]
    wrong: tuple[tuple[str, str], ...]
    moved: bool = False


def learnt(flow: Flow, recorded: Recorded) -> Learnt:
    """The record as the funnel sees it; `flow` is the version it was recorded on."""
    forms = {name for name, use in flow.guards.items() if use.guard == FORM_VALID} | {FORM_VALID}
    judged = [each for each in recorded.judged if each.guard in forms]
    refused = {
        (each.guard, each.reason or each.answer)
        for each in recorded.judged
        if each.answer != "yes" and each.guard not in forms
    }
    problems = {(field, code) for each in judged for field, code in each.problems if field}
    return Learnt(
        state=recorded.state,
        to=recorded.to,
        way=f"{recorded.state}.{recorded.chosen}" if recorded.chosen else None,
        begins=recorded.type == "run.started",
        let_go=recorded.note == RESTART,
        refused=tuple(sorted(refused)),
        asked=tuple(sorted(each.field for each in recorded.answers)) if judged else (),
        wrong=tuple(sorted(problems)),
        moved=recorded.moves,
    )
