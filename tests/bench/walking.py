"""Whole steps and pages over HTTP, without a network: from the request to the commit and the page."""

from itertools import count

from sqlalchemy import text

from app.runner import show
from app.runner.outcome import Shown
from app.web.browser import browser
from app.web.state_page import wizard_page
from tests.bench.measure import Case, Group, compare
from tests.bench.people import numbers, posted
from tests.bench.stage import PEOPLE, Stage
from tests.walk import Walk

_FORM = "/ecard/form"
_ROW = text("insert into sends (recipient, what, at) values ('nobody', 'bench', 0)")


def steps(stage: Stage) -> Group:
    """A first step beside a bare commit; run, answers, journal, card, link and letter are one commit too."""
    people, addresses = numbers(PEOPLE), count()

    def come() -> Walk:
        number = next(addresses)
        return Walk(stage.app, address=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}").get(
            _FORM
        )

    def step(dest: str, **changes: str) -> None:
        walk = come().post(follow=False, **{**posted(next(people)), **changes})
        if walk.page is None or walk.page.location != f"/ecard/{dest}":
            raise SystemExit(f"the form did not lead to {dest}: something else would be measured")

    return Group(
        "One step of ecard by a new browser, SQLite, synchronous=FULL",
        compare(
            Case("one row and its commit, the limit", lambda: _one_row(stage)),
            Case("GET the form", come),
            Case("GET and POST, the form is not well-formed", lambda: step("invalid", mobile="12")),
            Case("GET and POST, found: card, link and letter", lambda: step("requested")),
            seconds=2.0,
        ),
    )


def _one_row(stage: Stage) -> None:
    with stage.house.database.write() as connection:
        connection.execute(_ROW)


def pages(stage: Stage) -> Group:
    """The form page beside the smallest answer, and its making apart from the request around it."""
    fresh, known = Walk(stage.app), Walk(stage.app)
    known.get(_FORM).post(mobile="12", email="nobody", national_id="1").post(trigger="back")
    if known.at != _FORM or "nobody" not in known.text:
        raise SystemExit("the form does not keep its answers: something else would be measured")
    with stage.app.test_request_context(_FORM, headers={"Accept-Language": "bg"}):
        shown = show.show(stage.house, "ecard", "form", browser(["bg", "en"]))
        if not isinstance(shown, Shown):
            raise SystemExit("the form is not shown: something else would be measured")
        lines = compare(
            Case("GET /health/live, the limit", lambda: fresh.get("/health/live")),
            Case("the form page alone, without a request", lambda: wizard_page(shown)),
            Case("GET the form, first visit", lambda: fresh.get(_FORM)),
            Case("GET the form, mistakes to mend", lambda: known.get(_FORM)),
        )
    return Group("The form page", lines)
