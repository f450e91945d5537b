"""Gateways and certificates at the desk: how each is configured and does, and what runs out."""

from typing import Any, cast

from flask import current_app
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.runner import outside
from app.runner.outside import WARN_BEFORE, Certificate, Outside
from app.runner.staff.who import Staff
from app.web.desk import run_words
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.desk.registers import rate
from app.web.house import house


@bp.get("/gateways")
@for_staff
def gateways(_staff: Staff) -> Response:
    """What is wired, how it does, and how many days each certificate has left."""
    told = cast("Outside", current_app.extensions["narthex_outside"]())
    return desk_page(
        "desk/gateways.html",
        told=told,
        doing=outside.doing(house()),
        registers=outside.live_registers(house()),
        certificates=[_certificate(each) for each in told.certificates],
        words=run_words,
        parts=part_words(),
        names=gateway_words(),
        breakers=breaker_words(),
        rate=rate,
        warn_before=WARN_BEFORE.days,
    )


def _certificate(certificate: Certificate) -> dict[str, Any]:
    days = certificate.days_left(house().clock())
    if days is None or days < 0:
        sort, words = "refused", gettext("expired") if days is not None else gettext("cannot be read")
    elif days < WARN_BEFORE.days:
        sort, words = "warning", gettext("expires soon")
    else:
        sort, words = "done", gettext("valid")
    return {
        "told": certificate,
        "days": days,
        "sort": sort,
        "stands": words,
        "role": role_words()[certificate.role],
    }


def part_words() -> dict[str, str]:
    """What a part of the outside world is for."""
    return {
        "sms": gettext("SMS"),
        "mail": gettext("Mail"),
        "webhook": gettext("Webhook"),
        "google": gettext("Card objects at Google"),
        "dns": gettext("Mail domains (DNS)"),
        "apple": gettext("Cards for Apple Wallet"),
        "google_key": gettext("Cards for Google Wallet"),
    }


def gateway_words() -> dict[str, str]:
    """Gateways that are called by a word of ours; others by their vendor's name."""
    return {
        "inbox": gettext("the demo’s inbox"),
        "demo": gettext("the demo’s own keys"),
        "http": gettext("HTTP gateway"),
        "dns": gettext("resolver"),
        "webhook": gettext("signed events"),
    }


def breaker_words() -> dict[str | None, str]:
    """Whether a neighbour is left alone for a while."""
    return {
        "closed": gettext("asked as usual"),
        "open": gettext("left alone after failures"),
        "half_open": gettext("about to be tried again"),
        None: gettext("not known in this process"),
    }


def role_words() -> dict[str, str]:
    """What a certificate is for."""
    return {
        "pass": gettext("Pass certificate (Apple)"),
        "wwdr": gettext("Intermediate certificate (Apple WWDR)"),
        "mail_authority": gettext("Authority of the mail server"),
        "register_authority": gettext("Authority of a live register"),
    }
