"""The demo's inbox: every message that would have gone out. Not registered in production."""

from typing import Any

from flask import Blueprint, jsonify
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from app.store import inbox
from app.store.inbox import Message
from app.web.browser import LANGUAGES, language
from app.web.house import house
from app.web.pages import house_page

bp = Blueprint("inbox", __name__, url_prefix="/inbox")


@bp.get("/")
def index() -> Response:
    """The messages, newest first."""
    language(list(LANGUAGES))
    return house_page("inbox.html", messages=[_shown(message) for message in reversed(_messages())])


@bp.get("/messages.json")
def messages() -> Any:
    """The messages, oldest first, for programs."""
    return jsonify(
        messages=[
            {
                "id": message.id,
                "channel": message.channel,
                "to": message.to,
                "subject": message.subject,
                "text": message.text,
                "at": message.at.isoformat(),
            }
            for message in _messages()
        ]
    )


def _messages() -> list[Message]:
    with house().database.read() as connection:
        return inbox.messages(connection, house().vault)


def _shown(message: Message) -> dict[str, object]:
    return {
        "channel": message.channel,
        "to": message.to,
        "subject": message.subject,
        "text": with_links(message.text, house().base_url),
        "at": message.at,
    }


def with_links(text: str, base_url: str) -> Markup:
    """The text, escaped, with lines that are addresses of our own made clickable; nobody else's."""
    lines = []
    for line in text.splitlines():
        safe = escape(line)
        if line.startswith(f"{base_url}/") and " " not in line:
            safe = Markup('<a href="{0}">{0}</a>').format(line)
        lines.append(safe)
    return Markup("\n").join(lines)
