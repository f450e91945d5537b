"""The page of a state of a run: its kind's view, its questions, what is wrong, its buttons."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.definition import SYSTEM_TRIGGERS, Flow
from app.flow.verdict import Problem
from app.kinds.message import problem_text
from app.runner.outcome import Notice, Shown
from app.step import Page
from app.web import clock
from app.web.browser import device
from app.web.house import house
from app.web.logins import current_login
from app.web.pages import flow_page, hidden, spoken
from app.web.questions import Asked, every, questions

#: Where a kind may lead instead of showing a page of its own: a place and the view that shows it.
_PLACES = {"portal": "portal.home", "login": "portal.login"}
_MOST_CAUSES = 4

NOTICES: Mapping[Notice | str, Callable[[], str]] = {
    "changed_elsewhere": lambda: gettext(
        "This request was changed in another tab. This is where it stands now."
    ),
    "out_of_date": lambda: gettext("The page was out of date. This is where your request stands now."),
    "renewed": lambda: gettext(
        "This page was renewed meanwhile. What you typed is still here: please look through it and send "
        "it again."
    ),
    "led_here": lambda: gettext("This is where your request stands now."),
    "kept": lambda: gettext(
        "The page could not be sent safely. Your answers are kept: please send them again. "
        "If this happens again, allow cookies for this site."
    ),
}
# What was posted was not judged: the verdict on the answers before must not be read as one on these.
_NOT_JUDGED = {"changed_elsewhere", "out_of_date", "kept", "renewed"}


def wizard_page(
    shown: Shown,
    notice: str | None = None,
    *,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
    action: str | None = None,
    link_id: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Response:
    """The page of a state. `typed` overrides what was typed before; `extra` is added to the kind's view."""
    flow, state = shown.flow, shown.flow.state(shown.state)
    login = current_login(flow.spec.realm) if flow.spec.accounts else None
    answers = {name: value for name, value in shown.answers.items() if not name.endswith("~")}
    written = {name[:-1]: value for name, value in shown.answers.items() if name.endswith("~")}
    page = Page(
        flow=flow,
        state=shown.state,
        lang=spoken(flow),
        now=house().clock(),
        world=house().world(flow),
        run=shown.run,
        shown=written if typed is None else typed,
        values=answers,
        link_id=link_id,
        device=device(),
        account=login.account if login else None,
    )
    kind = house().catalogue.kinds[state.kind]
    view = {**kind.view(page, flow.kind_options[shown.state]), **(extra or {})}
    if "leads_to" in view:
        return redirect(url_for(_PLACES[view["leads_to"]], realm=flow.spec.realm), 303)
    judged = notice not in _NOT_JUDGED
    return state_page(
        page,
        {"restart_url": _restart(flow, shown), **clock.of(shown), **view},
        status,
        action=action or url_for("wizard.submit_page", flow=flow.name, state=shown.state),
        notice=NOTICES[notice]() if notice is not None and notice in NOTICES else None,
        back=goes_back(page) and not shown.final,
        hidden=hidden(shown.token),
        login_url=None if login else _login_url(flow),
        **({} if judged else {"said": None, "said_more": []}),
    )


def state_page(page: Page, view: Mapping[str, Any], status: int = 200, **more: Any) -> Response:
    """The page of a state in its kind's template, from what its kind told (`view`).

    `more` must give `action`, `notice`, `back`, `hidden`, `login_url`; it overrides what else is given.
    """
    problems = _problems(page)
    form, form_fields = questions(page, _errors(page, problems))
    given = {
        "state": page.state,
        "form": form,
        "form_fields": form_fields,
        "problems": [{"text": problem_text(page, p), "href": _href(form_fields, p)} for p in problems],
        "said": _said(page),
        "said_more": _said_more(page),
        "told": _told(page),
        "buttons": _buttons(page),
        "username": _username(page),
    }
    kind = page.flow.state(page.state).kind
    return flow_page(page.flow, f"kinds/{kind}.html", status, **{**given, "view": view, **more})


def goes_back(page: Page) -> bool:
    """Whether the state has a way back."""
    return any(way.trigger == "back" for way in page.flow.transitions[page.state])


def _login_url(flow: Flow) -> str | None:
    return url_for("portal.login", realm=flow.spec.realm) if flow.spec.accounts else None


def _problems(page: Page) -> tuple[Problem, ...]:
    """What to mend on this page; a page that lists another page's problems shows them in its own way."""
    if page.run is None or page.run.said or page.flow.state(page.state).kind == "reasons":
        return ()
    here = set(page.flow.state(page.state).fields)
    return tuple(p for p in page.run.problems if p.field in here)


def _errors(page: Page, problems: tuple[Problem, ...]) -> dict[str | None, list[str]]:
    """The sentences by field, in the order in which they were found."""
    errors: dict[str | None, list[str]] = {}
    for problem in problems:
        errors.setdefault(problem.field, []).append(problem_text(page, problem))
    return errors


def _href(form_fields: list[Asked], problem: Problem) -> str | None:
    return next((f"#{field.id}" for field in every(form_fields) if field.name == problem.field), None)


def _username(page: Page) -> str | None:
    """The user name that a password chosen here belongs to: password managers save both together."""
    asked = page.flow.state(page.state).fields
    made = (account for account in page.flow.spec.accounts.values() if account.password in asked)
    return next((page.values.get(account.username) for account in made), None)


def _said(page: Page) -> str | None:
    # A link's page may show another state than the one its run stands in, which has its own words.
    said = page.run.said if page.run and page.run.state == page.state else None
    return page.text(f"states.{page.state}.say.{said}") if said else None


def _said_more(page: Page) -> list[str]:
    """The usual causes of what is said: the texts `states.<state>.causes.<said>.1`, `.2`, ..."""
    said = page.run.said if page.run and page.run.state == page.state else None
    keys = [f"states.{page.state}.causes.{said}.{number}" for number in range(1, _MOST_CAUSES + 1)]
    return [page.text(key) for key in keys if said and page.flow.has_text(page.lang, key)]


def _told(page: Page) -> str | None:
    """What the last step wants known, without anything being wrong."""
    told = page.run.told if page.run and page.run.state == page.state else None
    return page.text(f"states.{page.state}.tell.{told}") if told else None


def _buttons(page: Page) -> list[dict[str, Any]]:
    """A button for every trigger of the state; the first is the primary one."""
    kind = house().catalogue.kinds[page.flow.state(page.state).kind]
    triggers = [t for t in page.flow.triggers(page.state) if t not in SYSTEM_TRIGGERS and t != "back"]
    return [
        {"trigger": trigger, "text": _button_text(page, trigger), "primary": number == 0}
        for number, trigger in enumerate(triggers)
        if trigger in kind.raises or page.flow.has_text(page.lang, f"states.{page.state}.buttons.{trigger}")
    ]


def _button_text(page: Page, trigger: str) -> str:
    key = f"states.{page.state}.buttons.{trigger}"
    return page.text(key) if page.flow.has_text(page.lang, key) else gettext("Continue")


def _restart(flow: Flow, shown: Shown) -> str | None:
    over = shown.final or (shown.run is not None and shown.run.ended_at is not None)
    return url_for("wizard.choose", flow=flow.name) if over else None
