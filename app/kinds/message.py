"""Pages that tell something: a message with a way on, or the reasons of a refusal."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from app.flow.catalogue import kind
from app.flow.verdict import Problem
from app.step import Page

_MOST_PARAGRAPHS = 6


def paragraphs(page: Page) -> list[str]:
    """The texts `states.<state>.body.1`, `.2`, ... as far as there are any."""
    keys = [f"states.{page.state}.body.{number}" for number in range(1, _MOST_PARAGRAPHS + 1)]
    return [page.text(key) for key in keys if page.flow.has_text(page.lang, key)]


@kind(texts=("title",))
def message(page: Page, options: BaseModel) -> Mapping[str, Any]:  # noqa: ARG001
    """Tells the applicant something and what to do next; a button for every way on."""
    return {"paragraphs": paragraphs(page)}


@kind(texts=("title",))
def reasons(page: Page, options: BaseModel) -> Mapping[str, Any]:  # noqa: ARG001
    """Lists, in words, why each answer of the page before was not taken."""
    problems = page.run.problems if page.run else ()
    return {"paragraphs": paragraphs(page), "reasons": [_reason(page, problem) for problem in problems]}


def _reason(page: Page, problem: Problem) -> dict[str, str]:
    label = page.text(f"fields.{problem.field}.label") if problem.field else ""
    return {"label": label, "text": problem_text(page, problem)}


def problem_text(page: Page, problem: Problem) -> str:
    """The sentence for a problem; an address's domain is taken from what was typed, never stored."""
    typed = page.shown.get(problem.field or "", "")
    params = {**problem.params, "domain": typed.rpartition("@")[2].strip()}
    if problem.field is None:
        return page.text(f"states.{page.state}.say.{problem.code}", **params)
    return page.text(f"fields.{problem.field}.errors.{problem.code}", **params)
