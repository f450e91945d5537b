"""A page as its reader has it: language, title, headings, forms with their boxes and buttons."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_SPACE = re.compile(r"\s+")
_UNSEEN = {"script", "style", "title", "noscript"}
_EMPTY = {"meta", "link", "input", "br", "img", "hr", "path", "circle", "rect", "source", "use"}

#: Attributes that name other parts of the same page by id.
_REFERRING = ("for", "aria-describedby", "aria-labelledby", "aria-controls")


@dataclass
class Box:
    """Something to type into or choose from, as it stands before anything is typed.

    `value` is what it would post, None where it would not be posted; `offered` the values to choose from.
    """

    name: str
    sort: str
    value: str | None = None
    offered: list[str] = field(default_factory=list)
    invalid: bool = False


@dataclass
class Button:
    """A button that sends its form; `name` and `value` are empty where it posts nothing of its own."""

    name: str
    value: str
    words: str = ""


@dataclass
class Form:
    """One form: `hidden` is posted as it is; `boxes` are by name."""

    action: str
    method: str
    main: bool
    hidden: dict[str, str] = field(default_factory=dict, repr=False)
    boxes: dict[str, Box] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    def posted(self) -> dict[str, str]:
        """What a browser sends when nothing was typed and no named button pressed."""
        standing = {name: box.value for name, box in self.boxes.items() if box.value is not None}
        return {**standing, **self.hidden}

    def button(self, trigger: str | None) -> Button | None:
        """The button that posts this trigger, or the first one there is; None where there is none."""
        return next((each for each in self.buttons if trigger in (None, each.value)), None)


@dataclass
class PageRead:
    """One HTML page.

    `refers` are the ids that its parts name, `inline` what our own policy would keep a browser from running;
    `text` is what is read, in one line.
    """

    lang: str = ""
    title: str = ""
    headings: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    refers: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    text: str = field(default="", repr=False)

    def form(self, trigger: str | None) -> Form | None:
        """The form in the page's main part with this trigger's button; without one, the first to go on by."""
        there = [form for form in self.forms if form.main and form.button(trigger)]
        on = [form for form in there if trigger or not form.button("back")]
        return next(iter([*on, *there]), None)

    def token(self, name: str = "csrf_token") -> str:
        """What any of its forms carries under this name; empty where none does."""
        return next((form.hidden[name] for form in self.forms if name in form.hidden), "")

    @property
    def offers_to_continue(self) -> bool:
        """Whether it stands before a run that is there: to go on with it, or to start again."""
        return "continue" in self.triggers()

    def triggers(self) -> list[str]:
        """The triggers of the buttons one can press in the page's main part."""
        buttons = [button for form in self.forms if form.main for button in form.buttons]
        return [button.value for button in buttons if button.name == "trigger"]


class _Reader(HTMLParser):
    """Fills a PageRead from what it is fed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = PageRead()
        self._open: list[str] = []
        self._form: Form | None = None
        self._select: Box | None = None
        self._button: Button | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag says; how HTMLParser calls it."""
        given = {name: value or "" for name, value in attrs}
        if tag not in _EMPTY:
            self._open.append(tag)
        self._refer(tag, given)
        self._inline(tag, given)
        opened = {
            "html": self._html,
            "h1": self._heading,
            "form": self._begin_form,
            "input": self._input,
            "textarea": self._input,
            "select": self._begin_select,
            "option": self._option,
            "button": self._begin_button,
        }
        if tag in opened:
            opened[tag](given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """The same for a tag that closes itself."""
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        while self._open and tag in self._open and self._open.pop() != tag:
            pass
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._end_select()
        elif tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        """Words."""
        inside = self._open[-1] if self._open else ""
        if inside == "title":
            self.page.title += data
        if _UNSEEN.intersection(self._open):
            return
        self._words.append(data)
        if "h1" in self._open:
            self.page.headings[-1] += data
        if self._button is not None:
            self._button.words += data

    def done(self) -> PageRead:
        """What was read."""
        page = self.page
        page.text = _SPACE.sub(" ", " ".join(self._words))
        page.title = _SPACE.sub(" ", page.title).strip()
        page.headings = [_SPACE.sub(" ", each).strip() for each in page.headings]
        return page

    def _refer(self, tag: str, given: dict[str, str]) -> None:
        if "id" in given:
            self.page.ids.append(given["id"])
        for name in _REFERRING:
            self.page.refers += given.get(name, "").split()
        target = given.get("href", "")
        if tag == "a" and target.startswith("#") and target != "#":
            self.page.refers.append(target[1:])

    def _inline(self, tag: str, given: dict[str, str]) -> None:
        self.page.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.page.inline.append(tag)

    def _html(self, given: dict[str, str]) -> None:
        self.page.lang = given.get("lang", "")

    def _heading(self, _given: dict[str, str]) -> None:
        self.page.headings.append("")

    def _begin_form(self, given: dict[str, str]) -> None:
        # What stands under <noscript> is for others, but its buttons belong to the form around it.
        main = "main" in self._open and "dialog" not in self._open
        self._form = Form(given.get("action", ""), given.get("method", "get").lower(), main)
        self.page.forms.append(self._form)

    def _input(self, given: dict[str, str]) -> None:
        name, sort = given.get("name", ""), given.get("type", "text").lower()
        if self._form is None or not name or "disabled" in given:
            return
        if sort == "hidden":
            self._form.hidden[name] = given.get("value", "")
            return
        box = self._form.boxes.setdefault(name, Box(name, sort))
        box.invalid |= given.get("aria-invalid") == "true"
        value = given.get("value", "on" if sort in {"radio", "checkbox"} else "")
        if sort in {"radio", "checkbox"}:
            box.offered.append(value)
            if "checked" not in given:
                return
        box.value = value

    def _begin_select(self, given: dict[str, str]) -> None:
        if self._form is not None and given.get("name"):
            invalid = given.get("aria-invalid") == "true"
            self._select = Box(given["name"], "select", invalid=invalid)
            self._form.boxes[given["name"]] = self._select

    def _option(self, given: dict[str, str]) -> None:
        if self._select is not None:
            value = given.get("value", "")
            self._select.offered.append(value)
            if "selected" in given:
                self._select.value = value

    def _end_select(self) -> None:
        if self._select is not None and self._select.value is None and self._select.offered:
            self._select.value = self._select.offered[0]
        self._select = None

    def _begin_button(self, given: dict[str, str]) -> None:
        sends = given.get("type", "submit") == "submit" and "disabled" not in given
        if self._form is not None and sends and "noscript" not in self._open:
            self._button = Button(given.get("name", ""), given.get("value", ""))
            self._form.buttons.append(self._button)


def read_page(html: str) -> PageRead:
    """Read a whole page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.done()
