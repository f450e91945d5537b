"""The words of the texts' grid: where a text is shown, what is to be said of it, why it was not taken."""

from collections.abc import Callable, Mapping

from flask_babel import gettext

from app.flow.text_places import Part, Place, Shown, shown_at
from app.flow.wording import TextFinding
from app.runner.messages_told import Length
from app.runner.texts.export import Headings
from app.runner.texts.grid import Only
from app.runner.texts.intake import Reason, Refused
from app.runner.texts.saving import Unsaved

_PLACES: Mapping[Place, Callable[[], str]] = {
    "flow": lambda: gettext("The flow on the house’s first page"),
    "page": lambda: gettext("Page"),
    "field": lambda: gettext("Field"),
    "message": lambda: gettext("Message"),
    "card": lambda: gettext("Wallet card"),
    "wallet": lambda: gettext("Wallet pages"),
    "portal": lambda: gettext("Portal"),
    "nowhere": lambda: gettext("Shown nowhere"),
}

_PARTS: Mapping[Part, Callable[[], str]] = {
    "title": lambda: gettext("Title"),
    "lead": lambda: gettext("Opening lines"),
    "body": lambda: gettext("Paragraph"),
    "button": lambda: gettext("Button"),
    "say": lambda: gettext("What is wrong"),
    "tell": lambda: gettext("Good to know"),
    "label": lambda: gettext("Label"),
    "hint": lambda: gettext("Hint"),
    "error": lambda: gettext("Error"),
    "option": lambda: gettext("Choice"),
    "text": lambda: gettext("Full text"),
    "sms": lambda: gettext("SMS"),
    "mail": lambda: gettext("Email"),
    "mail_subject": lambda: gettext("Subject of the email"),
}

_ONLY: Mapping[Only, Callable[[], str]] = {
    "all": lambda: gettext("All texts"),
    "open": lambda: gettext("With something to look at"),
    "missing": lambda: gettext("Missing"),
    "stale": lambda: gettext("Older than the source"),
    "same": lambda: gettext("Same as the source"),
    "placeholders": lambda: gettext("Other placeholders"),
    "long": lambda: gettext("Too long"),
    "unknown_key": lambda: gettext("Not asked for"),
}

_FINDINGS: Mapping[str, Callable[[], str]] = {
    "missing": lambda: gettext("There is no text yet."),
    "stale": lambda: gettext("Older than the source, which was changed since."),
    "same": lambda: gettext("Reads like the source, word for word."),
    "brace": lambda: gettext("A brace belongs to no placeholder; people would read it."),
    "unknown_key": lambda: gettext("No page asks for this text."),
}

_UNSAVED: Mapping[str, Callable[[], str]] = {
    "changed": lambda: gettext(
        "Somebody else changed this text while you wrote. Theirs stands now; yours is below it."
    ),
    "empty": lambda: gettext("A text cannot be empty. Write it, or put back what stood there."),
    "unseen": lambda: gettext("A character in it cannot be seen. Type the text anew."),
    "long": lambda: gettext("The text is longer than 5,000 characters. Shorten it."),
    "no_such": lambda: gettext("There is no such text any more."),
    "file_full": lambda: gettext("The file would become larger than 1 MB. Shorten the text."),
    "busy": lambda: gettext("Others are saving at the same time. Save once more."),
}

_REFUSED: Mapping[Reason, Callable[[Refused], str]] = {
    "unknown_key": lambda _row: gettext("No text has this key. Leave the first column as it was exported."),
    "empty": lambda _row: gettext("There is no translation. Write it."),
    "not_text": lambda _row: gettext("The cell holds a formula or an error. Write the text itself."),
    "unseen": lambda _row: gettext("A character in it cannot be seen. Type the text anew."),
    "brace": lambda _row: gettext("A brace belongs to no placeholder. Write placeholders as in the source."),
    "no_such_language": lambda _row: gettext(
        "The flow is not translated into this language. Remove the sheet."
    ),
    "duplicate": lambda row: gettext(
        "This text stands in row %(first)s already. Keep one of the two.", first=row.first
    ),
    "too_long": lambda row: gettext(
        "%(length)s characters, where %(most)s fit. Shorten it.", length=row.length, most=row.most
    ),
    "source_changed": lambda _row: gettext(
        "The source was changed since the export. Translate it as it reads now."
    ),
}

_NOT_TEXTS: Mapping[str, Callable[[], str]] = {
    "unreadable": lambda: gettext("The file cannot be read, or is too large. Save it anew as .xlsx."),
    "foreign": lambda: gettext(
        "These are not the columns of an export. Download the texts and fill in those."
    ),
    "other_flow": lambda: gettext("These are the texts of another flow. Choose the file of this one."),
    "no_language": lambda: gettext("No sheet is named after a language this flow is translated into."),
    "no_file": lambda: gettext("Choose a file first."),
}


def place(shown: Shown) -> str:
    """The page, field or message, with its name."""
    return " ".join(part for part in (_PLACES[shown.place](), shown.name) if part)


def part(shown: Shown) -> str:
    """Which part of the place it is, with its own name where there are several."""
    words = _PARTS[shown.part]() if shown.part in _PARTS else ""
    return " ".join(each for each in (words, shown.detail) if each)


def where(key: str) -> str:
    """Place and part of a key in a line, for files."""
    shown = shown_at(key)
    return " · ".join(each for each in (place(shown), part(shown)) if each)


def only_words() -> dict[Only, str]:
    """What one may look for, each with its words."""
    return {name: words() for name, words in _ONLY.items()}


def finding(found: TextFinding, length: int) -> str:
    """What is to be said of a cell."""
    if found.sort == "placeholders":
        return _differs(found.lacking, found.extra)
    if found.sort == "long":
        return str(
            gettext("%(length)s characters, where about %(most)s fit.", length=length, most=found.most)
        )
    return _FINDINGS[found.sort]()


def _differs(lacking: tuple[str, ...], extra: tuple[str, ...]) -> str:
    parts = []
    if lacking:
        parts.append(gettext("%(names)s of the source is not in it.", names=_braced(lacking)))
    if extra:
        parts.append(gettext("The source does not have %(names)s.", names=_braced(extra)))
    return " ".join(parts)


def _braced(names: tuple[str, ...]) -> str:
    return " ".join(f"{{{name}}}" for name in names)


def sms(length: Length) -> str:
    """What a text message costs, as it is sent."""
    encoding = "Unicode" if length.encoding == "ucs2" else "GSM-7"
    return str(gettext("SMS parts: %(parts)s, %(encoding)s", parts=length.parts, encoding=encoding))


def unsaved(found: Unsaved) -> str:
    """Why a cell was not written."""
    return _UNSAVED[found.reason]()


def refused(found: Refused) -> str:
    """Why a row of a workbook was not taken, and what to do."""
    if found.reason == "placeholders":
        return _differs(found.lacking, found.extra)
    return _REFUSED[found.reason](found)


def not_texts(code: str) -> str:
    """Why a file was not taken at all."""
    return _NOT_TEXTS[code]()


def headings() -> Headings:
    """What stands above the columns of a workbook."""
    return Headings(
        key=gettext("Key (do not edit)"),
        where=gettext("Where it is shown"),
        source=gettext("Source: %(language)s", language="{source}"),
        translation=gettext("Translation: %(language)s", language="{language}"),
        placeholders=gettext("Placeholders to keep"),
        most=gettext("Characters at most"),
    )
