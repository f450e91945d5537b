"""The outbox at the desk: how much stands where, and a search; every box of it stands in the address."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.runner import letters
from app.runner.letters import COUNTED, PAGE
from app.runner.staff.who import Staff
from app.store.letters import STATES, Asked, Listed, Standing
from app.web.desk import run_words
from app.web.desk.days import beginning_of, end_of
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.desk.spans import span
from app.web.house import house

BOXES = ("state", "channel", "flow", "run", "since", "until")
CHANNELS = ("sms", "mail", "webhook", "google")
_LONGEST = 40  # of a run's id or reference
#: A letter that waits longer than that is worth a look: gateways that are up take it within seconds.
_LONG = timedelta(minutes=10)


@bp.get("/outbox")
@for_staff
def outbox(_staff: Staff) -> Response:
    """What waits, what was given up, and the letters that a search finds, the newest first."""
    asked = {box: request.args.get(box, "").strip() for box in BOXES}
    found = letters.search(house(), _criteria(asked, request.args.get("before", "")))
    further = found[PAGE - 1].id if len(found) > PAGE else None
    standing = letters.standing(house())
    now = house().clock()
    return desk_page(
        "desk/outbox.html",
        asked=asked,
        searched=any(asked.values()),
        rows=[row(each) for each in found[:PAGE]],
        further=_address(asked, further) if further else None,
        newest=_address(asked, None) if request.args.get("before") else None,
        standing=_table(standing),
        long=[each for each in standing if each.state == "queued" and now - each.oldest > _LONG],
        counted=COUNTED.days,
        words=run_words,
        since=lambda moment: span(now - moment),
        flow_options=[(name, name) for name in house().shelf.names()],
        channel_options=[(code, run_words.channel(code)) for code in CHANNELS],
        state_options=[(code, run_words.letter_state(code, None)) for code in STATES],
    )


def _criteria(asked: Mapping[str, str], before: str) -> Asked:
    """The boxes as criteria; what no form of ours sends is not asked."""
    return Asked(
        state=asked["state"] if asked["state"] in STATES else None,
        channel=asked["channel"] if asked["channel"] in CHANNELS else None,
        flow=asked["flow"] or None,
        run=asked["run"].lower()[:_LONGEST] or None,
        since=beginning_of(asked["since"]),
        until=end_of(asked["until"]),
        before=before[:_LONGEST] or None,
    )


def _address(asked: Mapping[str, str], before: str | None) -> str:
    kept = {box: value for box, value in asked.items() if value}
    if before:
        kept["before"] = before
    here = url_for("desk.outbox")
    return f"{here}?{urlencode(kept)}" if kept else here


def _table(standing: list[Standing]) -> list[tuple[str, dict[str, Standing]]]:
    """By channel, what stands in which state."""
    channels = dict.fromkeys(each.channel for each in standing)
    return [
        (channel, {each.state: each for each in standing if each.channel == channel}) for channel in channels
    ]


def row(letter: Listed) -> dict[str, Any]:
    """A letter as a list shows it."""
    return {
        "letter": letter,
        "url": url_for("desk.letter", letter=letter.id),
        "sort": sort(letter),
        "stands": run_words.letter_state(letter.state, letter.receipt),
        "took": span(letter.done_at - letter.created_at)
        if letter.done_at and letter.state == "sent"
        else None,
    }


def sort(letter: Listed) -> str:
    """The shape of how a letter stands."""
    if letter.receipt == "failed" or letter.state == "given_up":
        return "refused"
    if letter.receipt == "delivered" or letter.state == "sent":
        return "done"
    return {"queued": "waiting", "sending": "going"}.get(letter.state, "over")


def refusal(code: str) -> str:
    """Why a letter stays as it is, and what can be done instead."""
    words: dict[str, str] = {
        "not_given_up": gettext("It was not given up, so there is nothing to try again."),
        "too_late": gettext(
            "It would come too late: what it says is out of date by now, a code for example. "
            "The applicant can ask for a new one on the page."
        ),
        "replaced": gettext(
            "Its run has sent a newer message since, and what this one says may hold no longer. "
            "Look at the newer one."
        ),
        "nothing_left": gettext("What it said was erased or cannot be read any more, so it cannot be sent."),
        "not_waiting": gettext("It does not wait: it is being handed over this moment, or closed already."),
    }
    return words[code]
