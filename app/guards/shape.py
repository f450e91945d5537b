"""Whether what was posted is well-formed."""

from pydantic import BaseModel

from app.flow.catalogue import guard
from app.flow.verdict import Verdict
from app.guards.models import answers as models
from app.step import Step


@guard(pure=True, model=models.form_valid)
def form_valid(step: Step, options: BaseModel) -> Verdict:  # noqa: ARG001
    """Every field of the page is filled in as its type asks; if not, one reason per field."""
    if step.problems:
        return Verdict.no(step.problems[0].code, step.problems)
    return Verdict.yes()
