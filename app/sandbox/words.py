"""What the desk says of a sandbox's clock, checks and presets: words for codes, in the reader's language."""

from collections.abc import Callable, Mapping

from flask_babel import gettext

from app.flow.definition import Flow
from app.sandbox.deadlines import Deadline
from app.sandbox.sheet import Preset

Words = Callable[[], str]

REGISTER_WORDS: Mapping[str, Words] = {
    "answers": lambda: gettext("answers"),
    "silent": lambda: gettext("does not answer"),
    "slow": lambda: gettext("answers after 3 seconds"),
    "malformed": lambda: gettext("answers something unreadable"),
    "knows_nobody": lambda: gettext("knows nobody"),
    "random": lambda: gettext("one of these by chance"),
}

DNS_WORDS: Mapping[str, Words] = {
    "takes_mail": lambda: gettext("every domain takes mail"),
    "no_such_domain": lambda: gettext("no domain exists"),
    "takes_no_mail": lambda: gettext("no domain takes mail"),
    "unknown": lambda: gettext("does not answer"),
}

ANSWER_WORDS: Mapping[str, Words] = {
    "yes": lambda: gettext("yes"),
    "no": lambda: gettext("no"),
    "unavailable": lambda: gettext("cannot be asked"),
}

PRESET_WORDS: Mapping[Preset, tuple[Words, Words]] = {
    "double_click": (
        lambda: gettext("Double click"),
        lambda: gettext("The same form twice at the same instant."),
    ),
    "two_tabs": (
        lambda: gettext("Two tabs"),
        lambda: gettext("The page in two tabs, sent from both at once with different answers."),
    ),
    "back_then_submit": (
        lambda: gettext("Back, then send"),
        lambda: gettext("Sent, then the page before is sent once more with another answer."),
    ),
    "retry": (
        lambda: gettext("Retry after a 502"),
        lambda: gettext("Sent, the answer is lost on its way, the browser sends the same again."),
    ),
    "wrong_code": (
        lambda: gettext("Wrong code"),
        lambda: gettext("A code that was never sent, on a page that asks for one."),
    ),
    "older_code": (
        lambda: gettext("Older code"),
        lambda: gettext("The code of the message before the newest."),
    ),
    "stale_token": (
        lambda: gettext("Stale page"),
        lambda: gettext("A page sent that has lain open for more than three days."),
    ),
    "timer": (
        lambda: gettext("Timer and send"),
        lambda: gettext("Sent at the very instant at which the run’s time is over. The run ends by it."),
    ),
}

NOTICE_WORDS: Mapping[str, Words] = {
    "changed_elsewhere": lambda: gettext("the page says: changed in another tab"),
    "out_of_date": lambda: gettext("the page says: it was out of date"),
    "led_here": lambda: gettext("the page says: this is where it stands"),
}


def deadline_words(deadline: Deadline) -> str:
    """What happens then: `the code phone_code is out of date`."""
    worded: Mapping[str, Words] = {
        "resend": lambda: gettext("%(of)s may be sent again", of=deadline.of),
        "code": lambda: gettext("the code %(of)s is out of date", of=deadline.of),
        "link": lambda: gettext("the link %(of)s is out of date", of=deadline.of),
        "rest": lambda: gettext("the page rests: it must be continued first"),
        "end": lambda: gettext("the run’s time at %(of)s is over", of=deadline.of),
    }
    return worded[deadline.sort]()


LANDMARK_WORDS: Mapping[str, Words] = {
    "clocks": lambda: gettext("To the hour before clocks change"),
    "leap_day": lambda: gettext("To the next 29 February"),
}


def check_words(name: str) -> str:
    """A check as the desk calls it: `register insured`, `guard code_right`, `DNS`."""
    sort, _, own = name.partition(" ")
    worded: Mapping[str, Words] = {
        "register": lambda: gettext("register %(name)s", name=own),
        "guard": lambda: gettext("guard %(name)s", name=own),
    }
    return worded[sort]() if own else name.upper()


def field_label(flow: Flow, lang: str, field: str) -> str:
    """A field's label in one of the flow's languages; its name where it has none."""
    key = f"fields.{field}.label"
    return flow.text(lang, key) if flow.has_text(lang, key) else field


def typed_words(flow: Flow, lang: str, field: str, value: str) -> str:
    """What is to be typed or chosen, as the page words it."""
    key = f"fields.{field}.options.{value}"
    return flow.text(lang, key) if flow.has_text(lang, key) else value
