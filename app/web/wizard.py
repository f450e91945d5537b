"""The wizard: looking at a run's page, posting it, continuing or starting again."""

from dataclasses import replace

from flask import Blueprint, abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.forms import build
from app.runner import show, submit
from app.runner.house import FlowMissing
from app.runner.outcome import At, Browser, NotUnderstood, Outcome, Posted, Resume, Showing, Shown, StartAgain
from app.web.browser import browser, choose_language
from app.web.house import house
from app.web.logins import current_login, open_login
from app.web.pages import flow_page, hidden
from app.web.security import csrf_holds, security_event
from app.web.state_page import wizard_page

bp = Blueprint("wizard", __name__)

_OWN_NAMES = frozenset({"csrf_token", "step", "trigger", "lang"})


def _browser(flow_name: str) -> Browser:
    try:
        flow = house().shelf.live(flow_name)
    except FlowMissing:
        abort(404)
    asking = browser(list(flow.spec.languages))
    login = current_login(flow.spec.realm)
    return replace(asking, account=login.account) if login else asking


@bp.get("/<flow>/")
def start(flow: str) -> Response:
    """Lead to the first page, or offer to continue the run that is there."""
    asking = _browser(flow)
    return _in_chosen_language(flow, _showing(show.open_run(house(), flow, asking)))


@bp.post("/<flow>/")
def choose(flow: str) -> Response:
    """Continue a run or start again."""
    asking = _browser(flow)
    if not csrf_holds():
        return _showing(show.open_run(house(), flow, asking), status=403)
    return _outcome(submit.choose(house(), flow, asking, _posted()))


@bp.get("/<flow>/<state>")
def page(flow: str, state: str) -> Response:
    """Show the run's page; any other state's address leads to it."""
    asking = _browser(flow)
    return _in_chosen_language(flow, _showing(show.show(house(), flow, state, asking)))


@bp.post("/<flow>/<state>")
def submit_page(flow: str, state: str) -> Response:
    """Take a step."""
    asking, posted = _browser(flow), _posted()
    if (lang := request.form.get("lang")) in house().shelf.live(flow).spec.languages:
        choose_language(str(lang))
        return _as_typed(show.show(house(), flow, state, asking), posted, None, 200)
    if not csrf_holds():
        return _as_typed(show.show(house(), flow, state, asking), posted, "kept", 403)
    return _outcome(submit.submit(house(), flow, state, asking, posted))


def _posted() -> Posted:
    every = {name: request.form.getlist(name) for name in request.form}
    fields = submit.plain_fields(every, _OWN_NAMES)
    return Posted(request.form.get("trigger"), fields, request.form.get("step", ""))


def _outcome(outcome: Outcome) -> Response:
    if isinstance(outcome, NotUnderstood):
        security_event("unknown_trigger", flow=outcome.flow)
        abort(400)
    if isinstance(outcome, At):
        if outcome.notice:
            if request.method == "POST":
                security_event("wrong_order_post", flow=outcome.flow, notice=outcome.notice)
            session["notice"] = outcome.notice
        if outcome.browser:
            session["browser"] = outcome.browser
        response = redirect(url_for("wizard.page", flow=outcome.flow, state=outcome.state), 303)
        if not outcome.login:
            return response
        session.pop("csrf_token", None)  # whoever planted this session knows it
        return open_login(response, *outcome.login)
    return redirect(url_for("wizard.start", flow=outcome.flow), 303)


def _showing(showing: Showing, status: int = 200) -> Response:
    if isinstance(showing, Shown):
        return wizard_page(showing, session.pop("notice", None), status=status)
    if isinstance(showing, Resume):
        session.pop("notice", None)
        return _resume(showing, status)
    if isinstance(showing, StartAgain):
        return redirect(url_for("wizard.start", flow=showing.flow), 303)
    return _outcome(showing)


def _resume(resume: Resume, status: int) -> Response:
    return flow_page(
        resume.flow,
        "resume.html",
        status,
        idle=resume.idle,
        ended=resume.ended,
        kept_until=resume.run.expires_at,
        retype=_asks_secrets(resume),
        action=url_for("wizard.choose", flow=resume.flow.name),
        hidden=hidden(resume.token),
    )


def _asks_secrets(resume: Resume) -> bool:
    """Whether the page asks for something that is never kept: a code, a password."""
    flow = resume.flow
    return any(flow.spec.fields[name].data_class == "secret" for name in flow.state(resume.run.state).fields)


def _as_typed(showing: Showing, posted: Posted, notice: str | None, status: int) -> Response:
    """The page once more, with what was typed and not yet taken; nothing has moved.

    For a form that could not be trusted (S50) and for a change of language in the middle of a page (U28).
    """
    if not isinstance(showing, Shown):
        return _showing(showing, status=status)
    typed = build.as_typed(build.form_class(showing.flow, showing.state), posted.fields)
    return wizard_page(showing, notice, typed=typed, status=status)


def _in_chosen_language(flow: str, response: Response) -> Response:
    """After `?lang=` the same page under its plain address."""
    if "remember_lang" in g:
        return redirect(url_for(request.endpoint or "", **(request.view_args or {"flow": flow})), 303)
    return response
