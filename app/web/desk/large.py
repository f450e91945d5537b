"""Forms of the desk that carry a file: more bytes than other forms, and no more than that."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from app.web.desk.frame import View

#: What a form has besides its file: the other boxes, the parts' heads.
_BESIDES = 256 * 1024


def takes_file(largest: int) -> Callable[[View], View]:
    """Let the form of this view have a file of `largest` bytes; stands above `act_of_staff`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def routed(**parts: Any) -> Response:
            request.max_content_length = largest + _BESIDES
            return view(**parts)

        return routed

    return decorate
