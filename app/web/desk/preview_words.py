"""The desk's words for situations of pages and for messages."""

from collections.abc import Callable, Mapping

from flask_babel import gettext

from app.runner.previewing import Situation

Words = Callable[[], str]

_MOMENTS: Mapping[str, Words] = {
    "plain": lambda: gettext("As it opens"),
    "sent": lambda: gettext("Just sent, the pause is running"),
    "may_ask_again": lambda: gettext("Delivered, another message may be asked for"),
    "undelivered": lambda: gettext("The message did not arrive"),
    "capped": lambda: gettext("No more messages for now"),
    "android": lambda: gettext("By the link, on Android"),
    "ios": lambda: gettext("By the link, on an iPhone"),
    "other": lambda: gettext("By the link, on a computer"),
    "without_link": lambda: gettext("Without the link"),
    "link_expired": lambda: gettext("The link is out of date"),
    "link_replaced": lambda: gettext("A newer link was sent"),
    "link_used_up": lambda: gettext("The link was used too often"),
}

_GROUPS: Mapping[str, Words] = {
    "normal": lambda: gettext("The usual ones"),
    "errors": lambda: gettext("All errors at once"),
    "each": lambda: gettext("Each error and remark"),
    "locked": lambda: gettext("Locked"),
    "expired": lambda: gettext("Expired"),
    "all": lambda: gettext("All"),
}


def situation(shown: Situation) -> str:
    """What the picture shows."""
    if shown.sort == "moment":
        return _MOMENTS.get(shown.moment, lambda: shown.moment)()
    if shown.sort == "filled":
        return _filled(shown)
    if shown.sort == "errors":
        return _errors(shown)
    if shown.sort == "error":
        wrong = shown.wrong[0]
        return f"{wrong.field}: {wrong.code}"
    if shown.sort == "end":
        return str(gettext("Led to %(state)s", state=shown.state))
    words: dict[str, Words] = {
        "said": lambda: gettext("Says that something is wrong: %(code)s", code=shown.said),
        "told": lambda: gettext("Tells besides: %(code)s", code=shown.told),
    }
    return words[shown.sort]()


def _filled(shown: Situation) -> str:
    if not shown.chosen:
        return str(gettext("Filled in"))
    answers = ", ".join(f"{field}: {answer}" for field, answer in shown.chosen)
    return f"{gettext('Filled in')}, {answers}"


def _errors(shown: Situation) -> str:
    if shown.key == "errors":
        return str(gettext("All errors at once"))
    return str(gettext("All that %(guard)s may find", guard=shown.wrong[0].guard))


def groups() -> dict[str, str]:
    """The choices of situations, in the order offered."""
    return {name: words() for name, words in _GROUPS.items()}


def warnings() -> dict[str, str]:
    """What is to be minded about a message."""
    return {
        "many_parts": gettext("More than two parts: dear, and they may arrive one by one."),
        "some_signs": gettext("These signs alone make the message UCS-2, with 70 instead of 160 a part:"),
    }


def costs() -> dict[str, str]:
    """What a message costs beside others."""
    return {
        "one": gettext("one message"),
        "two": gettext("as dear as two"),
        "more": gettext("dearer than two"),
    }


def sorts() -> dict[str, str]:
    """What a message is for."""
    return {
        "code": gettext("One-time code"),
        "link": gettext("Link"),
        "notice": gettext("Notice"),
    }
