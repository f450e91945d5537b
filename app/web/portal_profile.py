"""The profile page: who one is here, where letters go, consents, open logins, the way to a new password."""

from typing import Any

from flask import abort, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.kinds.link_sent import whole_seconds
from app.kinds.masking import masked
from app.runner.portal import address, profile
from app.runner.portal.visitor import Visitor
from app.web.house import house
from app.web.portal_pages import NOTICES, Notices, act_of_visitor, bp, for_visitors, note, portal_page

NOTICES.update(
    code_sent=lambda: gettext("We have sent a code to the new address."),
    address_confirmed=lambda: gettext("From now on our emails go to the new address."),
    address_user_name=lambda: gettext("From now on our emails go to your user name again."),
    address_given_up=lambda: gettext("The address stays as it was."),
    consent_accept=lambda: gettext("You have given your consent."),
    consent_decline=lambda: gettext("You have withdrawn your consent."),
    login_ended=lambda: gettext("That login has ended."),
    logins_ended=lambda: gettext("All other logins have ended."),
)

#: What is wrong with an address asked for, and with a code given.
_ADDRESS: Notices = {
    "required": lambda: gettext("Enter the new address."),
    "too_long": lambda: gettext("The address is too long."),
    "not_latin": lambda: gettext("Write the part before the @ in Latin letters."),
    "not_an_address": lambda: gettext("Write the whole address, such as name@example.com."),
    "no_such_domain": lambda: gettext("What stands after the @ does not exist. Check it for typing errors."),
    "takes_no_mail": lambda: gettext("What stands after the @ takes no mail. Check it or use another one."),
    "in_use": lambda: gettext("Our emails go to this address already."),
    "too_soon": lambda: gettext("We have just sent a code. Wait a minute before you ask for another one."),
    "capped": lambda: gettext("That was a lot of codes for one day. Please try again tomorrow."),
}
_CODE: Notices = {
    "wrong": lambda: gettext("The code is not right. Use the one from the newest email."),
    "expired": lambda: gettext("The code is out of date. Ask for a new one."),
    "no_tries_left": lambda: gettext("There were too many wrong codes. Ask for a new one."),
}
NOTICES.update(address_too_soon=_ADDRESS["too_soon"], address_capped=_ADDRESS["capped"])


def _to(visitor: Visitor, endpoint: str = "profile") -> Response:
    return redirect(url_for(f"portal.{endpoint}", realm=visitor.realm.name), 303)


@bp.get("/profile", endpoint="profile")
@for_visitors
def show_profile(visitor: Visitor) -> Response:
    """Everything about one's login."""
    return _page(visitor)


def _page(visitor: Visitor, error: str = "", typed: str = "", status: int = 200) -> Response:
    flow, lang, account = visitor.realm.flow, str(g.lang), visitor.account
    return portal_page(
        visitor,
        "portal/profile.html",
        status,
        letters_to=account.letters_to or account.address,
        change=address.under_way(house(), visitor),
        customers=[_customer(visitor, each.name, each.numbers) for each in visitor.customers],
        matters=[_matter(visitor, matter) for matter in profile.matters(house(), visitor)],
        logins=profile.open_logins(house(), visitor),
        renew_url=url_for("wizard.start", flow=flow.name),
        error=error,
        typed=typed,
        label=lambda name: flow.text(lang, f"fields.{name}.label"),
    )


def _customer(visitor: Visitor, name: str, numbers: Any) -> dict[str, Any]:
    asked = visitor.realm.spec.customer
    shown = [
        {"label": _number_label(visitor, kind, asked[kind]), "number": ending(number)}
        for kind, number in numbers.items()
        if kind in asked
    ]
    return {"name": name, "numbers": shown}


def _number_label(visitor: Visitor, *fields: str) -> str:
    """What the first of these fields is called that a page asks for; a fact only kept has no label."""
    flow, lang = visitor.realm.flow, str(g.lang)
    keys = (f"fields.{each}.label" for each in fields)
    return next((flow.text(lang, key) for key in keys if flow.has_text(lang, key)), gettext("Number"))


def ending(number: str) -> str:
    """A number of which its owner knows the rest: `••••1183`; of a short one, less is shown."""
    return f"••••{number[-min(4, len(number) // 2) :]}" if len(number) > 1 else "••••"


def _matter(visitor: Visitor, matter: profile.Matter) -> dict[str, Any]:
    flow, lang = visitor.realm.flow, str(g.lang)
    return {
        "field": matter.field,
        "label": flow.text(lang, f"fields.{matter.field}.label"),
        "may_change": matter.may_change,
        "current": matter.current.decision if matter.current else None,
        "history": matter.history,
    }


@bp.post("/profile")
@act_of_visitor()
def ask_address(visitor: Visitor) -> Response:
    """Send a code to another address for letters."""
    typed = request.form.get("address", "")
    answer = address.ask(house(), visitor, typed)
    if answer != "sent":  # nothing was stored: the same page, with what was typed
        return _page(visitor, _ADDRESS[answer](), typed, 422)
    note("code_sent")
    return _to(visitor, "address")


@bp.post("/profile/address/user_name")
@act_of_visitor()
def use_user_name(visitor: Visitor) -> Response:
    """Let letters go to the user name again."""
    address.use_user_name(house(), visitor)
    note("address_user_name")
    return _to(visitor)


@bp.get("/profile/address", endpoint="address")
@for_visitors
def show_address(visitor: Visitor) -> Response:
    """The page that asks for the code from the new address."""
    return _code_page(visitor)


def _code_page(visitor: Visitor, error: str = "", status: int = 200) -> Response:
    change = address.under_way(house(), visitor)
    if change is None:
        return _to(visitor)
    wait = whole_seconds(address.until_resend(house(), change))
    return portal_page(
        visitor,
        "portal/address.html",
        status,
        masked=masked(change.address),
        error=error,
        view={"wait": wait},
    )


@bp.post("/profile/address")
@act_of_visitor()
def confirm_address(visitor: Visitor) -> Response:
    """Take the code."""
    answer = address.confirm(house(), visitor, request.form.get("code", ""))
    if answer in {"confirmed", "no_change"}:
        note("address_confirmed" if answer == "confirmed" else "address_given_up")
        return _to(visitor)
    return _code_page(visitor, _CODE[answer](), 422)


@bp.post("/profile/address/again")
@act_of_visitor()
def send_code_again(visitor: Visitor) -> Response:
    """Send another code to the same address."""
    answer = address.send_again(house(), visitor)
    if answer:
        note("code_sent" if answer == "sent" else f"address_{answer}")
    return _to(visitor, "address")


@bp.post("/profile/address/give_up")
@act_of_visitor()
def give_up_address(visitor: Visitor) -> Response:
    """Leave the address as it is."""
    address.give_up(house(), visitor)
    note("address_given_up")
    return _to(visitor)


@bp.post("/profile/consents")
@act_of_visitor()
def decide_consent(visitor: Visitor) -> Response:
    """Withdraw a consent, or give it."""
    decision, field = request.form.get("decision", ""), request.form.get("field", "")
    if not profile.decide(house(), visitor, field, decision, str(g.lang)):
        abort(404)
    note(f"consent_{decision}")
    return _to(visitor)


@bp.post("/profile/logins")
@act_of_visitor()
def end_login(visitor: Visitor) -> Response:
    """End one open login."""
    if not profile.end_login(house(), visitor, request.form.get("login", "")):
        abort(404)
    note("login_ended")
    return _to(visitor)


@bp.post("/profile/logins/others")
@act_of_visitor()
def end_other_logins(visitor: Visitor) -> Response:
    """End every login but this one."""
    profile.end_other_logins(house(), visitor)
    note("logins_ended")
    return _to(visitor)
