"""Pages that tell something: a message with a way on, or the reasons of a refusal."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.flow.catalogue import kind
from app.flow.spec import Name
from app.flow.verdict import Problem
from app.kinds.masking import masked
from app.step import Page
from app.step.accounts import login_of
from app.step.then import Then

_MOST_PARAGRAPHS = 6


def paragraphs(page: Page) -> list[str]:
    """The texts `states.<state>.body.1`, `.2`, ... as far as there are any."""
    keys = [f"states.{page.state}.body.{number}" for number in range(1, _MOST_PARAGRAPHS + 1)]
    return [page.text(key) for key in keys if page.flow.has_text(page.lang, key)]


class TellingOptions(BaseModel):
    """Options of pages that tell something."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    user_name_of: Name | None = Field(
        default=None, description="The account whose user name is shown, masked, to its customer."
    )


def accounts_named(options: TellingOptions) -> list[tuple[str, str]]:
    """What the options name elsewhere in the definition."""
    return [("accounts", options.user_name_of)] if options.user_name_of else []


def user_name(page: Page, options: TellingOptions) -> str | None:
    """The masked user name of the customer's login; None where it is not to be shown, or there is none.

    Only for states behind the proof that the customer is in front of the page.
    """
    if options.user_name_of is None:
        return None
    with page.world.read() as connection:
        login = login_of(connection, page, page.flow.spec.accounts[options.user_name_of])
    return masked(login.address) if login else None


def user_name_then(options: TellingOptions, then: Then) -> str | None:
    """Dots where a user name may have been shown, or what is told of it."""
    return then.user_name if options.user_name_of else None


def _message_then(page: Page, options: TellingOptions, then: Then) -> Mapping[str, Any]:
    return {"paragraphs": paragraphs(page), "user_name": user_name_then(options, then)}


@kind(texts=("title",), options=TellingOptions, references=accounts_named, seen=_message_then)
def message(page: Page, options: TellingOptions) -> Mapping[str, Any]:
    """Tells the applicant something and what to do next; a button for every way on."""
    return {"paragraphs": paragraphs(page), "user_name": user_name(page, options)}


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
