"""Forms of the portal's requests, filled in and sent; files to attach."""

import html
import io
import re

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.walk import HIDDEN, Walk

REQUESTS = "/portal/lodge/requests"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def form_of(walk: Walk, action: str) -> dict[str, str]:
    """What the form that posts to `action` carries; what is typed in is not of it."""
    form = walk.text.partition(f'action="{action}"')[2].partition("</form>")[0]
    return {html.unescape(name): html.unescape(value) for name, value in HIDDEN.findall(form)}


def send(walk: Walk, path: str, file: tuple[str, bytes] | None = None, **fields: str) -> Walk:
    """Fill in the form that posts to `path`, on the page in view, and send it; a redirect is followed."""
    written: dict[str, object] = {**form_of(walk, path), **fields}
    if file:
        written["file"] = FileStorage(io.BytesIO(file[1]), file[0])
    boundary, body = encode_multipart(written)
    walk.page = walk._ask("POST", path, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    return walk.get(walk.page.location) if walk.status == 303 else walk


def ask(walk: Walk, file: tuple[str, bytes] | None = None, **fields: str) -> Walk:
    """Write a new request."""
    written = {"subject": "The roof", "text": "It leaks.\n\nSince Monday.", **fields}
    return send(walk.get(REQUESTS), REQUESTS, file, **written)


def reference_in(walk: Walk) -> str:
    """The reference on the page of a request."""
    found = re.search(r'<strong class="number">([0-9A-Z-]{9})</strong>', walk.text)
    assert found, walk.text
    return found[1].lower()
