"""What a call centre needs of a run: where it stands in the flow's own words, until when, what may come next,
what became of its messages and what can be done about them. Nothing that anybody typed, no verdict.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from flask_babel import gettext

from app.flow.definition import PLACEHOLDER, Flow
from app.runner.story import Story
from app.store.run_letters import RunLetter
from app.web.desk import run_words
from app.web.desk.spans import span
from app.web.house import house

#: What a text would put in is somebody's, or not known here.
_LEFT_OUT = "…"


@dataclass(frozen=True)
class Told:
    """Words of a flow and the language they are in."""

    text: str
    lang: str


@dataclass(frozen=True)
class Move:
    """Something that may happen next: in words, who raises it, the pages it may lead to."""

    words: Told
    by: str
    dests: tuple[tuple[str, Told], ...]


@dataclass(frozen=True)
class LetterTold:
    """A letter of the run: by which way, what became of it, and what can be done where it did not arrive."""

    url: str
    channel: str
    at: datetime
    sort: str
    became: str
    cure: str


@dataclass(frozen=True)
class Support:
    """The run as the page tells it; `title` and `lead` are its page's, None without the flow."""

    title: Told | None
    lead: Told | None
    since: datetime | None
    stood: str | None
    expires_at: datetime | None
    left: str | None
    moves: tuple[Move, ...]
    letters: tuple[LetterTold, ...]


def support(told: Story) -> Support:
    """Everything that may be said of it on the phone."""
    now, flow = house().clock(), told.flow
    known = flow is not None and told.state in flow.spec.states
    since, ends = told.since, told.expires_at if not told.ended else None
    return Support(
        title=_text(flow, f"states.{told.state}.title", told.lang) if flow and known else None,
        lead=_text(flow, f"states.{told.state}.lead", told.lang) if flow and known else None,
        since=since,
        stood=span(now - since) if since else None,
        expires_at=ends,
        left=span(ends - now) if ends and ends > now else None,
        moves=tuple(_move(flow, told, trigger) for trigger in flow.triggers(told.state))
        if flow and known
        else (),
        letters=tuple(_letter(each, now) for each in told.letters),
    )


def _text(flow: Flow, key: str, spoken: str | None) -> Told | None:
    """The flow's words for whoever reads this page, else as the applicant reads them."""
    for lang in dict.fromkeys((g.lang, spoken or "", *flow.texts)):
        if lang in flow.texts and flow.has_text(lang, key):
            return Told(_without_values(flow.text(lang, key)), lang)
    return None


def _without_values(text: str) -> str:
    return PLACEHOLDER.sub(_LEFT_OUT, text)


def _move(flow: Flow, told: Story, trigger: str) -> Move:
    by = {"expire": "timer", "open_link": "link"}.get(trigger, "applicant")
    dests = dict.fromkeys(way.dest for way in flow.ways(told.state, trigger))
    return Move(
        _trigger(flow, told, trigger),
        run_words.actor(by),
        tuple((dest, _text(flow, f"states.{dest}.title", told.lang) or Told(dest, "")) for dest in dests),
    )


def _trigger(flow: Flow, told: Story, trigger: str) -> Told:
    """What happens: the button's own words where the page has one for it."""
    if button := _text(flow, f"states.{told.state}.buttons.{trigger}", told.lang):
        return Told(f"„{button.text}“" if g.lang != "en" else f"“{button.text}”", button.lang)
    words: dict[str, str] = {
        "expire": gettext("the time runs out"),
        "open_link": gettext("the link in the message is opened"),
        "resend": gettext("another message is asked for"),
        "back": gettext("goes back"),
        "submit": gettext("sends the page"),
        "cancel": gettext("gives up"),
    }
    return Told(words.get(trigger, trigger), g.lang)


def _letter(letter: RunLetter, now: datetime) -> LetterTold:
    bad = letter.receipt == "failed" or letter.state in {"given_up", "expired"}
    good = letter.receipt == "delivered" or letter.state == "sent"
    return LetterTold(
        url_for("desk.letter", letter=letter.id),
        run_words.channel(letter.channel),
        letter.created_at,
        "refused" if bad else "done" if good else "waiting",
        run_words.letter_state(letter.state, letter.receipt),
        _cure(letter, now),
    )


def _cure(letter: RunLetter, now: datetime) -> str:
    if letter.state == "given_up":
        return str(gettext("Open it: it may be tried again while it is in time."))
    if letter.receipt == "failed":
        return str(gettext("It could not be delivered. Let the applicant check the number and ask anew."))
    if letter.state == "expired":
        return str(gettext("Too late by now. Let the applicant ask for a new one on the page."))
    if letter.state == "sent" and not letter.receipt:
        return str(gettext("The vendor has it. Whether it arrived is not known (yet)."))
    if letter.state in {"queued", "sending"}:
        return str(gettext("It leaves by itself; waiting for %(span)s.", span=span(now - letter.created_at)))
    return ""
