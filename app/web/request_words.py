"""What is said when a request cannot be taken: what is wrong and how to mend it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext

from app.flow.verdict import Problem

_WORDS: dict[tuple[str | None, str], Callable[[Mapping[str, Any]], str]] = {
    ("subject", "required"): lambda _: gettext("Write in a few words what it is about."),
    ("subject", "too_long"): lambda p: gettext("The subject is too long: %(most)s characters at most.", **p),
    ("subject", "unusual_characters"): lambda _: gettext("The subject holds characters we cannot show."),
    ("text", "required"): lambda _: gettext("Write what you want to ask or tell us."),
    ("text", "too_long"): lambda p: gettext(
        "The message is too long: %(most)s characters at most. Attach what is longer as a file.", **p
    ),
    ("text", "unusual_characters"): lambda _: gettext(
        "The message holds characters we cannot show. Type it here instead of pasting it."
    ),
    ("file", "empty"): lambda _: gettext("The file is empty. Choose another one."),
    ("file", "too_large"): lambda p: gettext(
        "The file is too large: %(most)s MB at most. Choose a smaller one.", **p
    ),
    ("file", "wrong_type"): lambda _: gettext(
        "The file is no PDF, JPEG or PNG. Save it as one of these and choose it again."
    ),
    ("file", "too_many_files"): lambda p: gettext(
        "You have sent %(most)s files today. Send this one tomorrow, or write without it.", **p
    ),
    (None, "too_many_open"): lambda p: gettext(
        "%(most)s of your requests are waiting for our answer. Add to one of them, or close one.", **p
    ),
    (None, "too_many_messages"): lambda p: gettext(
        "You have written %(most)s messages today. Write the next one tomorrow, or call us.", **p
    ),
    (None, "no_customer"): lambda _: gettext("There is no customer yet for whom you could act. Call us."),
    (None, "closed"): lambda _: gettext(
        "That request has been closed in the meantime. Send what you wrote as a new one."
    ),
}


def error_words(problems: Iterable[Problem]) -> dict[str | None, str]:
    """The sentences by field; None is the page."""
    return {each.field: _WORDS[each.field, each.code](each.params) for each in problems}
