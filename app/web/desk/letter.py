"""One letter at the desk: its attempts and what became of it, and trying it again or giving it up."""

from collections.abc import Callable

from flask import abort, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.runner import letters
from app.runner.letters import LetterMissing, NotDone, Told
from app.runner.staff.who import Staff
from app.web.desk import run_words
from app.web.desk.frame import NOTICES, act_of_staff, bp, desk_page, for_staff, note
from app.web.desk.outbox import refusal, sort
from app.web.desk.spans import span
from app.web.house import house

_NOTICE = "letter_"

NOTICES.update(
    letter_retried=lambda: gettext("It waits to leave again, with as many tries as at first."),
    letter_given_up=lambda: gettext("It was given up. Until it would come too late it can be tried again."),
    **{
        f"{_NOTICE}{why}": lambda why=why: refusal(why)
        for why in ("not_given_up", "too_late", "replaced", "nothing_left", "not_waiting")
    },
)


@bp.get("/outbox/<letter>")
@for_staff
def letter(staff: Staff, letter: str) -> Response:
    """The letter without what it says; whom it is to is masked, and told to operators alone."""
    told = _told(letter)
    operates = "operator" in staff.roles
    found = told.letter
    return desk_page(
        "desk/letter.html",
        told=told,
        letter=found,
        to=told.to if operates else None,
        operates=operates,
        sort=sort(found),
        stands=run_words.letter_state(found.state, found.receipt),
        channel=run_words.channel(found.channel),
        outcome=run_words.outcome,
        late=found.expires_at <= house().clock(),
        left=span(found.expires_at - house().clock()),
        why_not=refusal(told.refusal) if told.refusal else None,
        span=span,
    )


@bp.post("/outbox/<letter>/retry")
@act_of_staff
def letter_retry(staff: Staff, letter: str) -> Response:
    """Have a letter that was given up tried again."""
    return _done(letter, lambda: letters.retry(house(), staff, letter), "letter_retried")


@bp.post("/outbox/<letter>/give-up")
@act_of_staff
def letter_give_up(staff: Staff, letter: str) -> Response:
    """Let go of a letter that waits."""
    return _done(letter, lambda: letters.give_up(house(), staff, letter), "letter_given_up")


def _done(letter: str, act: Callable[[], None], code: str) -> Response:
    try:
        act()
    except LetterMissing:
        abort(404)
    except NotDone as problem:
        code = f"{_NOTICE}{problem.why}"
    note(code)
    return redirect(url_for("desk.letter", letter=letter), 303)


def _told(letter: str) -> Told:
    try:
        return letters.tell(house(), letter)
    except LetterMissing:
        abort(404)
