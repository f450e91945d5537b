"""An application on a port of this machine, for as long as something is tried on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


class _Silent(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of each request."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application on a free port for as long as the block runs; its address without a slash."""

    def whole(environ: Any, start_response: Any) -> list[bytes]:
        """Answers at once: the development server leaves a file open when the browser goes elsewhere."""
        answer = app(environ, start_response)
        try:
            return list(answer)
        finally:
            getattr(answer, "close", bool)()

    server = make_server("127.0.0.1", 0, whole, threaded=True, request_handler=_Silent)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
