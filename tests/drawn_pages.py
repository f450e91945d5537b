"""The states every page is designed in, by name."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import g
from markupsafe import Markup

from app.web.wallet import qr_svg
from tests.drawn import (
    NOW,
    TYPED,
    card,
    house_page,
    realm_page,
    texts,
    theme,
    wizard_page,
)
from tests.drawn_questions import asked, asked_in_tabs, asked_otherwise

PAGES: dict[str, Callable[[], str]] = {}
HOUSE = ("home", "inbox", "inbox_empty", "error")


def page(draw: Callable[[], str]) -> Callable[[], str]:
    PAGES[draw.__name__] = draw
    return draw


def _buttons(state: str, *triggers: str) -> list[dict[str, Any]]:
    words = texts(g.lang)
    return [
        {"trigger": each, "text": words[f"states.{state}.buttons.{each}"], "primary": n == 0}
        for n, each in enumerate(triggers)
    ]


def _form(typed: dict[str, str], codes: dict[str, str], **more: Any) -> str:
    words = texts(g.lang)
    errors = {f: words[f"fields.{f}.errors.{c}"].replace("{domain}", "gmail.bg") for f, c in codes.items()}
    return wizard_page(
        "form",
        "form",
        form_fields=asked(words, typed, errors),
        problems=[{"text": text, "href": f"#{name}"} for name, text in errors.items()],
        buttons=_buttons("form", "submit"),
        **more,
    )


@page
def form() -> str:
    return _form({}, {})


@page
def form_filled() -> str:
    return _form(TYPED, {}, notice=texts(g.lang)["flow.lead"])


@page
def form_one_error() -> str:
    return _form(TYPED, {"email": "no_such_domain"})


@page
def form_all_errors() -> str:
    return _form({}, dict.fromkeys(TYPED, "required"))


@page
def form_other_questions() -> str:
    lacking = ("Írjon bele egy nagybetűt.", "Írjon bele egy számjegyet.")  # two rules of one question
    errors = dict.fromkeys(("phone", "marketing", "notice"), "Ezt még töltse ki.")
    return wizard_page(
        "form",
        "form",
        form_fields=asked_otherwise(errors, lacking),
        problems=[
            *({"text": text, "href": "#password"} for text in lacking),
            *(
                {"text": f"{text} ({name})", "href": f"#{'phone_prefix' if name == 'phone' else name}"}
                for name, text in errors.items()
            ),
        ],
        buttons=_buttons("form", "submit"),
        username="maria@gmail.bg",
        back=True,
    )


def _tabs(typed: dict[str, str], errors: dict[str, str], seconds_left: int = 1800) -> str:
    return wizard_page(
        "form",
        "form",
        form_fields=asked_in_tabs(typed, errors),
        problems=[{"text": text, "href": f"#{name}"} for name, text in errors.items()],
        buttons=_buttons("form", "submit"),
        view={
            "clock": True,
            "seconds_left": seconds_left,
            "valid_until": NOW + timedelta(seconds=seconds_left),
        },
    )


@page
def form_second_tab_one_error() -> str:
    return _tabs({"id_kind": "account", "policy_number": "A-1"}, {"account_number": "Legfeljebb 7 számjegy."})


@page
def form_two_minutes_left() -> str:
    return _tabs({}, {}, seconds_left=115)


@page
def invalid() -> str:
    words = texts(g.lang)
    reasons = [
        {"label": words[f"fields.{name}.label"], "text": words[f"fields.{name}.errors.{code}"]}
        for name, code in (("email", "not_an_address"), ("national_id", "not_ten_digits"))
    ]
    return wizard_page("reasons", "invalid", back=True, view={"reasons": reasons})


@page
def not_found() -> str:
    return wizard_page("message", "not_found", back=True, view={"user_name": None})


@page
def try_later() -> str:
    return wizard_page(
        "message", "try_later", back=True, buttons=_buttons("try_later", "retry"), view={"user_name": None}
    )


@page
def expired() -> str:
    return wizard_page("message", "expired", view={"restart_url": "/post", "user_name": None})


def _sent(wait: int = 0, delivery: str = "on_its_way", capped: bool = False, **more: Any) -> str:
    view = {
        "masked": "08•• ••• •56",
        "wait": wait,
        "capped": capped,
        "delivery": delivery,
        "reference": "8K2M-QX4T",
    }
    return wizard_page("link_sent", "requested", buttons=_buttons("requested", "resend"), view=view, **more)


@page
def requested() -> str:
    return _sent(wait=30)


@page
def requested_one_second_left() -> str:
    return _sent(wait=1)


@page
def requested_delivered() -> str:
    return _sent(delivery="delivered")


@page
def requested_too_soon() -> str:
    return _sent(wait=12, said=texts(g.lang)["states.requested.say.resend_later"])


@page
def requested_failed() -> str:
    return _sent(delivery="failed")


@page
def requested_failed_and_capped() -> str:
    return _sent(delivery="failed", capped=True)


@page
def success() -> str:
    ways = [{"trigger": "log_in", "text": "Напред / Next", "primary": True}]
    return wizard_page(
        "success", "requested", view={"reference": "7kqm-2xrd", "user_name": "m•••@primer.bg"}, buttons=ways
    )


@page
def wallet() -> str:
    return wizard_page("wallet", "add_to_wallet", view=card(g.lang))


@page
def wallet_on_desktop() -> str:
    return wizard_page(
        "wallet", "add_to_wallet", view=card(g.lang, link_qr_svg=qr_svg("http://localhost/w/token"))
    )


@page
def wallet_added() -> str:
    return wizard_page("wallet", "added", view=card(g.lang, added=True, demo=False))


@page
def wallet_with_the_vendors_pictures() -> str:
    return wizard_page("wallet", "add_to_wallet", view=card(g.lang, artwork={"google": "/static/icon.svg"}))


@page
def wallet_elsewhere() -> str:
    return wizard_page("wallet", "added", view=card(g.lang, card=None, wallets=[], added=True))


@page
def wallet_expired() -> str:
    return wizard_page("wallet", "add_to_wallet", view=card(g.lang, dead="expired", card=None))


@page
def wallet_replaced() -> str:
    return wizard_page("wallet", "add_to_wallet", view=card(g.lang, dead="replaced"))


@page
def wallet_used_up() -> str:
    return wizard_page("wallet", "added", view=card(g.lang, dead="used_up"))


def _resume(*, idle: bool = False, ended: bool = False) -> str:
    return realm_page("resume.html", idle=idle, ended=ended, retype=idle, kept_until=NOW, action="/post")


@page
def resume() -> str:
    return _resume()


@page
def resume_idle() -> str:
    return _resume(idle=True)


@page
def resume_ended() -> str:
    return _resume(ended=True)


@page
def error() -> str:
    return house_page(
        "error.html",
        code=500,
        title="Something went wrong here",
        lead="Please try again in a few minutes.",
        next_text="To the start page",
        next_url="/",
        reference="9f3ac021",
        saved=True,
    )


@page
def home() -> str:
    words = texts("bg")
    flow = {
        "url": "/ecard/",
        "title": words["flow.title"],
        "lead": words["flow.lead"],
        "brand": theme().name["bg"],
        "theme": theme(),
        "lang": "bg",
        "try_data": [{"label": words["fields.email.label"], "value": "maria.sineva.demo@gmail.com"}],
    }
    return house_page("home.html", flows=[flow], inbox_url="/inbox/")


@page
def inbox() -> str:
    link = Markup("Синева:\n<a href='/w/x'>http://localhost/w/") + "x" * 60 + Markup("</a>")
    sms = {"channel": "sms", "to": "+359888123456", "subject": "", "text": link, "at": NOW}
    return house_page("inbox.html", messages=[sms, {**sms, "channel": "mail", "subject": "ПИН"}])


@page
def inbox_empty() -> str:
    return house_page("inbox.html", messages=[])
