"""The tabs of one flow at the desk, in this order: what one does with its draft and its versions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext

from app.runner.staff.who import Staff
from app.web import access
from app.web.house import house


@dataclass(frozen=True)
class Tab:
    """A page about one flow; its endpoint takes `flow` alone. `below` it belong these, called otherwise."""

    endpoint: str
    words: Callable[[], str]
    of_live: bool = False  # there is nothing to see before something is live
    below: tuple[str, ...] = ()


TABS: tuple[Tab, ...] = (
    Tab("desk.flow", lambda: gettext("Outline")),
    Tab("desk.flow_yaml", lambda: gettext("Files")),
    Tab("desk.flow_diagram", lambda: gettext("Diagram")),
    Tab("desk.flow_texts", lambda: gettext("Texts")),
    Tab("desk.flow_preview", lambda: gettext("Preview")),
    Tab("sandbox.index", lambda: gettext("Try it")),
    Tab("desk.flow_check", lambda: gettext("Check")),
    Tab("desk.flow_compare", lambda: gettext("Compare"), of_live=True),
    Tab("desk.flow_release", lambda: gettext("Publish")),
    Tab("desk.flow_versions", lambda: gettext("Versions"), of_live=True, below=("desk.flow_move",)),
    Tab("desk.flow_funnel", lambda: gettext("Funnel"), of_live=True),
    Tab("desk.flow_what_if", lambda: gettext("What if"), of_live=True),
)


#: Pages about a flow that belong to no tab.
_BESIDE = frozenset({"desk.flow_history"})


def tabs_of(staff: Staff, flow: str) -> list[dict[str, Any]]:
    """The tabs that are there and open to this member of staff."""
    there = [tab for tab in TABS if tab.endpoint in current_app.view_functions]
    live = flow in house().shelf.names()
    there = [tab for tab in there if live or not tab.of_live]
    open_to = [tab for tab in there if access.DESK.get(tab.endpoint, frozenset()) & staff.roles]
    here = request.endpoint or ""
    here = "" if here in _BESIDE else here
    # A page below a tab's own is called after it: `flow_preview_messages` belongs to `flow_preview`.
    within = [tab.endpoint for tab in open_to if f"{here}_".startswith(f"{tab.endpoint}_")]
    named = next((tab.endpoint for tab in open_to if here in tab.below), None)
    current = named or max(within, key=len, default=None)
    return [
        {
            "text": tab.words(),
            "url": url_for(tab.endpoint, flow=flow),
            "current": tab.endpoint == current,
        }
        for tab in open_to
    ]
