"""What any page owes its reader, whatever it is about."""

from collections import Counter
from collections.abc import Iterator

from werkzeug.datastructures import Headers

from app.proof.page import PageRead

_HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")
#: No sign of a template and nothing quoted twice may reach a reader.
_LEFT_OVER = ("{{", "{%", "Undefined", "&lt;", "&amp;")


def lacking(headers: Headers, page: PageRead, lang: str) -> Iterator[str]:
    """What a page in `lang` lacks, a sentence each."""
    sort = headers.get("Content-Type", "of no type")
    if not sort.startswith("text/html"):
        yield f"it is {sort}, no page"
        return
    if page.lang != lang:
        yield f"its language is '{page.lang}', expected '{lang}'"
    if len(page.headings) != 1 or not page.headings[0]:
        yield f"it has {len(page.headings)} headings of the first rank, expected one with words"
    elif page.headings[0] not in page.title:
        yield f"its title '{page.title}' does not hold its heading '{page.headings[0]}'"
    yield from _headers(headers)
    yield from _ids(page)
    yield from _parts(page)


def _headers(headers: Headers) -> Iterator[str]:
    for name in _HEADERS:
        if name not in headers:
            yield f"the header {name} is missing"
    if headers.get("Cache-Control") != "no-store":
        yield "a cache may keep it"
    for cookie in headers.getlist("Set-Cookie"):
        if "HttpOnly" not in cookie or "SameSite=Lax" not in cookie:
            yield f"the cookie {cookie.partition('=')[0]} is open to scripts or other sites"


def _ids(page: PageRead) -> Iterator[str]:
    for name, number in Counter(page.ids).items():
        if number > 1:
            yield f"the id '{name}' stands on it {number} times"
    for name in sorted(set(page.refers) - set(page.ids)):
        yield f"something refers to '{name}', which is not there"


def _parts(page: PageRead) -> Iterator[str]:
    for what in page.inline:
        yield f"its own policy forbids what stands in it: {what}"
    for sign in _LEFT_OVER:
        if sign in page.text:
            yield f"it reads '{sign}'"
    for form in page.forms:
        if form.method == "post" and not form.hidden.get("csrf_token"):
            yield f"the form to {form.action} carries no token of its session"
