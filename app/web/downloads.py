"""Handing a stored file to a browser: to be saved, never to be shown in our name."""

import unicodedata
from itertools import chain
from urllib.parse import quote

from babel.numbers import format_decimal
from flask import Response

from app.runner.portal.contents import content
from app.store.files import StoredFile
from app.web.house import house

_KILO = 1024
_UNQUOTED = "!#$&+-.^_`|~"  # RFC 5987 attr-char besides letters and digits


def download(file: StoredFile) -> Response:
    """The file, streamed. Whatever stands in it, the browser saves it and runs none of it."""
    parts = content(house(), file)
    first = next(parts, b"")  # what cannot be read is told by a page, not by a broken download
    response = Response(chain((first,), parts), mimetype=file.media_type)
    response.headers["Content-Length"] = str(file.size)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers.set("Content-Disposition", "attachment", **_names(file.name))
    return response


def _names(name: str) -> dict[str, str]:
    """The name for every browser: in ASCII, and as it is where that is not the same (RFC 6266)."""
    if name.isascii():
        return {"filename": name}
    stem, dot, ending = name.rpartition(".")
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().strip() or "file"
    return {"filename": f"{plain}{dot}{ending}", "filename*": f"UTF-8''{quote(name, safe=_UNQUOTED)}"}


def file_size(size: int, lang: str) -> str:
    """Bytes as people read them: 640 KB, 2.4 MB; nothing is smaller than 1 KB."""
    if size < _KILO * _KILO:
        return f"{max(round(size / _KILO), 1)} KB"
    return f"{format_decimal(round(size / _KILO / _KILO, 1), locale=lang)} MB"
