"""One's own login at the desk: where it is open, the password, the second factor."""

from flask import abort, redirect, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.runner.door import Refused
from app.runner.staff import account as own
from app.runner.staff.people import PasswordTooWeak
from app.runner.staff.second_step import Expected, TooLate
from app.runner.staff.who import Staff, StaffLogin
from app.web.browser import network
from app.web.desk.door import app_shown, let_in, refused
from app.web.desk.frame import NOTICES, act_of_staff, bp, desk_page, for_staff, note, wanted_address
from app.web.desk.logins import current_login, open_login
from app.web.desk.role_words import role_words
from app.web.house import house

NOTICES.update(
    desk_logins_ended=lambda: gettext("All other logins have ended."),
    desk_password_changed=lambda: gettext("You have a new password. All other logins have ended."),
    desk_factor_late=lambda: gettext("That took too long, and nothing has changed. Please begin again."),
)
_WRONG = "desk_account_wrong"


def _login() -> StaffLogin:
    found = current_login()
    if found is None:
        abort(403)
    return found


@bp.get("/account")
@for_staff
def account(staff: Staff) -> Response:
    """Everything about one's own login."""
    wrong = session.pop(_WRONG, None) or {}
    return desk_page(
        "desk/account.html",
        account=own.account(house(), _login()),
        roles=role_words(staff.roles),
        box=wrong.get("box"),
        problems=[_words(code) for code in wrong.get("codes", ())],
    )


def _words(code: str) -> str:
    words: dict[str, str] = {
        "not_proven": gettext("The present password is not right, or there were too many attempts."),
        "too_short": gettext("The new password needs at least 15 characters; a few words are easy to keep."),
        "common": gettext("The new password is among those that everybody tries first. Choose another."),
        "about_you": gettext("The new password holds your name or the word Narthex. Take it out."),
        "unlike": gettext("The new password was not typed the same way twice."),
    }
    return words.get(code, str(gettext("The new password does not follow the rules. Choose another.")))


def _again(box: str, *codes: str) -> Response:
    session[_WRONG] = {"box": box, "codes": list(codes)}
    return redirect(url_for("desk.account"), 303)


@bp.post("/account/logins")
@act_of_staff
def end_other_logins(_staff: Staff) -> Response:
    """End every login but this one."""
    own.end_others(house(), _login())
    note("desk_logins_ended")
    return redirect(url_for("desk.account"), 303)


@bp.post("/account/password")
@act_of_staff
def change_password(_staff: Staff) -> Response:
    """Another password for who knows the old one."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _again("new", "unlike")
    try:
        result = own.change_password(house(), network(), _login(), old, new)
    except PasswordTooWeak as weak:
        return _again("new", *weak.codes)
    if isinstance(result, Refused):
        refused(result.alerts)
        return _again("old", "not_proven")
    session.pop("csrf_token", None)
    note("desk_password_changed")
    return open_login(redirect(url_for("desk.account"), 303), result.token)


@bp.post("/account/second_factor")
@act_of_staff
def begin_factor(_staff: Staff) -> Response:
    """Let who knows the password set up an app."""
    result = own.begin_second_factor(house(), network(), _login(), request.form.get("password", ""))
    if isinstance(result, Refused):
        refused(result.alerts)
        return _again("password", "not_proven")
    return redirect(url_for("desk.factor"), 303)


@bp.get("/account/second_factor")
@for_staff
def factor(staff: Staff) -> Response:
    """The picture to scan and the key to type, as long as they wait."""
    secret = own.offered_secret(house(), _login())
    if secret is None:
        return redirect(url_for("desk.account"), 303)
    failed = session.pop(_WRONG, None)
    return desk_page("desk/factor.html", failed=failed, **app_shown(Expected(staff.name, secret)))


@bp.post("/account/second_factor/code")
@act_of_staff
def confirm_factor(_staff: Staff) -> Response:
    """Ask for the new app from now on, if the code is its."""
    result = own.confirm_second_factor(house(), network(), _login(), request.form.get("code", ""))
    if isinstance(result, TooLate):
        note("desk_factor_late")
        return redirect(url_for("desk.account"), 303)
    if isinstance(result, Refused):
        refused(result.alerts)
        session[_WRONG] = {"box": "code", "codes": ["wrong"]}
        return redirect(url_for("desk.factor"), 303)
    return let_in(result)


@bp.get("/account/codes")
@for_staff
def codes(_staff: Staff) -> Response:
    """The recovery codes, until they are kept or five minutes are over."""
    shown = own.recovery_codes(house(), _login())
    if shown is None:
        return redirect(url_for("desk.account"), 303)
    return desk_page("desk/codes.html", codes=shown)


@bp.post("/account/codes")
@act_of_staff
def keep_codes(_staff: Staff) -> Response:
    """They are kept; on to where one wanted to go."""
    own.codes_kept(house(), _login())
    return redirect(wanted_address(), 303)
