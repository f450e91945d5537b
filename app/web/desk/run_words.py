"""The desk's words for what stands in the journal as codes."""

from flask_babel import gettext

from app.flow.pattern import PatternProblem
from app.flow.record import MOVED
from app.flow.trace import Recorded
from app.runner.searching import WrongSearch


def ended(code: str) -> str:
    """How a run stands, as the search asks for it."""
    words: dict[str, str] = {
        "open": gettext("Under way"),
        "ended": gettext("Ended, in whatever way"),
        "success": gettext("Ended well"),
        "refused": gettext("Refused"),
        "locked": gettext("Locked"),
        "expired": gettext("Expired"),
        "cancelled": gettext("Cancelled"),
    }
    return words[code]


def actor(code: str) -> str:
    """Who took a step."""
    words: dict[str, str] = {
        "applicant": gettext("the applicant"),
        "link": gettext("the applicant, by a link"),
        "timer": gettext("the clock"),
    }
    return words.get(code, code)


def answer(code: str) -> str:
    """What a guard answered."""
    words: dict[str, str] = {
        "yes": gettext("yes"),
        "no": gettext("no"),
        "unavailable": gettext("nobody could be asked"),
    }
    return words.get(code, code)


def aside(kind: str) -> str:
    """What was sent to a run and took no step."""
    words: dict[str, str] = {
        "duplicate": gettext("The same form again; answered like the first time"),
        "stale": gettext("A form of an older page; nothing was taken from it"),
        "late": gettext("A form that came too late; nothing was taken from it"),
        "refused": gettext("Something the page does not have; refused"),
        "continued": gettext("Went on after a rest"),
    }
    return words.get(kind, kind)


def note(recorded: Recorded) -> str:
    """A record that is no step."""
    code = recorded.note
    words: dict[str, str] = {
        MOVED: gettext(
            "Moved to version %(number)s: %(state)s → %(to)s",
            number=recorded.number,
            state=recorded.state,
            to=recorded.to,
        ),
        "rested": gettext("The run rested"),
        "restart": gettext("The applicant began anew; the run was let go of"),
    }
    return words.get(code or "", code or "")


def effect_status(code: str) -> str:
    """What became of an effect when its step was written."""
    words: dict[str, str] = {
        "requested": gettext("ordered"),
        "suppressed": gettext("held back by a limit"),
    }
    return words.get(code, code)


def channel(code: str) -> str:
    """By which way a letter left."""
    words: dict[str, str] = {
        "sms": gettext("SMS"),
        "mail": gettext("Mail"),
        "webhook": gettext("Event for a webhook"),
        "google": gettext("Card object at Google"),
    }
    return words.get(code, code)


def letter_state(state: str, receipt: str | None) -> str:
    """What became of a letter; the vendor's receipt is the last word."""
    if receipt:
        told: dict[str, str] = {"delivered": gettext("delivered"), "failed": gettext("not delivered")}
        return told.get(receipt, receipt)
    words: dict[str, str] = {
        "queued": gettext("waiting to leave"),
        "sending": gettext("being handed over"),
        "sent": gettext("handed over"),
        "expired": gettext("too late, not sent"),
        "given_up": gettext("given up"),
    }
    return words.get(state, state)


def outcome(code: str | None) -> str:
    """What became of one call to a gateway."""
    words: dict[str | None, str] = {
        None: gettext("no answer on record"),
        "accepted": gettext("taken"),
        "refused": gettext("refused for good"),
        "failed": gettext("failed, may be tried again"),
    }
    return words.get(code, code or "")


def in_words(problem: PatternProblem | WrongSearch) -> tuple[str, str]:
    """What is wrong with a search, and what to write instead, in the page's language."""
    what, fix = gettext(problem.what), gettext(problem.fix) if problem.fix else ""
    return what % problem.params, fix % problem.params
