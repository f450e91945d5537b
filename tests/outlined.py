"""The outline's pages for tests: the form of a page as a browser would send it, at the desk and below it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.flow.outline.boxes import box_of
from app.flow.outline.controls import Control, controls
from app.flow.outline.things import Thing
from tests.walk import Walk


@dataclass
class _Form(HTMLParser):
    """What the page's form of a thing holds, boxes outside of it that belong to it included."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    inside: bool = False
    select: list[str] | None = None
    area: list[str] | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == "thing"
        if not self.inside and given.get("form") != "thing" and tag != "option":
            return
        if tag == "input" and "name" in given and (given.get("type") != "checkbox" or "checked" in given):
            self.fields.append((given["name"], given.get("value", "")))
        elif tag == "select":
            self.select = [given["name"]]
        elif tag == "option" and self.select and (len(self.select) == 1 or "selected" in given):
            self.select[1:] = [given["value"]]
        elif tag == "textarea":
            self.area = [given["name"], ""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select" and self.select:
            self.fields.append((self.select[0], self.select[1]))
            self.select = None
        elif tag == "textarea" and self.area:
            self.fields.append((self.area[0], self.area[1].removeprefix("\n")))
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area:
            self.area[1] += data


def look(walk: Walk, at: str, flow: str = "registration", **more: str) -> Walk:
    """The outline at a place."""
    asked = "".join(f"&{name}={quote(value)}" for name, value in more.items())
    return walk.get(f"/desk/flows/{flow}?at={quote(at)}{asked}")


def form_of(walk: Walk) -> MultiDict[str, str]:
    """The form of the thing in view, nothing typed."""
    found = _Form()
    found.feed(walk.text)
    return MultiDict(found.fields)


def sent(
    walk: Walk,
    at: str,
    typed: Mapping[str, str | list[str]],
    act: str = "",
    flow: str = "registration",
    add: str | None = None,
) -> TestResponse:
    """Type into the form in view and send it; the page it leads to is in view afterwards."""
    form = form_of(walk)
    for name, value in typed.items():
        form.setlist(name, [value] if isinstance(value, str) else value)
    form.setdefault("csrf_token", walk.header_token())
    more = f"&add={quote(add)}" if add is not None else ""
    path = f"/desk/flows/{flow}/outline{act}?at={quote(at)}{more}"
    answer = walk._ask("POST", path, data=form)
    if answer.status_code == 303:
        walk.get(answer.location)
    else:
        walk.page = answer
    return answer


def posted(flow: Any, thing: Thing, catalogue: Any) -> dict[str, list[str]]:
    """What the form of a thing would post, nothing typed: the same without a page."""
    found: dict[str, list[str]] = {}
    for control in controls(flow, thing, catalogue):
        box = box_of(control)
        found[f"w:{box.name}"] = [box.seen_json]
        _raw(found, control, box.raw)
    return found


def _raw(found: dict[str, list[str]], control: Control, raw: Any) -> None:
    name = "/".join(control.path)
    if control.sort == "either":
        found[f"v:{name}"] = [raw[0]]
        for each in control.inner:
            _raw(found, each, raw[1][each.key])
    elif control.sort == "pairs":
        found[f"k:{name}"] = [key for key, _ in raw]
        found[f"v:{name}"] = [value for _, value in raw]
    elif control.sort in {"rows", "conditions"}:
        found[f"v:{name}"] = list(raw)
    else:
        found[f"v:{name}"] = [raw]
