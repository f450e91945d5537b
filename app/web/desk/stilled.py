"""A page as a picture of itself: no script runs in it, no link leads anywhere, nothing in it can be sent."""

from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser

_CONTROLS = frozenset({"button", "input", "select", "textarea"})
_LEFT_OUT = frozenset({"script", "noscript"})  # its applicant had scripts and saw no words for those without
_LEADS = frozenset({"href", "action", "formaction", "autofocus", "target", "ping"})


def stilled(page: str) -> str:
    """`page`, one of ours, without scripts, addresses and hidden inputs; every control of it disabled.

    What was a control in use carries `data-stilled`, so that a style sheet can let it look as it did.
    """
    still = _Still()
    still.feed(page)
    still.close()
    return "".join(still.parts)


class _Still(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LEFT_OUT:
            self.inside.append(tag)
        if self.inside or (tag == "input" and ("type", "hidden") in attrs):
            return
        self.parts.append(_written(tag, attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.inside:
            self.parts.append(_written(tag, attrs, "/"))

    def handle_endtag(self, tag: str) -> None:
        if not self.inside:
            self.parts.append(f"</{tag}>")
        elif tag == self.inside[-1]:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._keep(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._keep(f"<!{decl}>")

    def _keep(self, text: str) -> None:
        if not self.inside:
            self.parts.append(text)


def _written(tag: str, attrs: Sequence[tuple[str, str | None]], end: str = "") -> str:
    kept = [(name, value) for name, value in attrs if tag == "link" or name not in _LEADS]
    if tag in _CONTROLS and ("disabled", None) not in kept:
        kept += [("disabled", None), ("data-stilled", None)]
    written = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in kept)
    return f"<{tag}{written}{end}>"
