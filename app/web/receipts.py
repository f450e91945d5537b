"""Where vendors tell what became of a message: no session, no page, nothing said of what is known."""

from flask import Blueprint, abort, current_app, request
from werkzeug.wrappers import Response

from app.runner.receipts import PATH, take_receipt
from app.web.house import house
from app.web.security import security_event

bp = Blueprint("receipts", __name__)

_LARGEST = 16 * 1024  # bytes of a call; vendors need less than two thousand


@bp.post(PATH)
def sms() -> Response:
    """Take a receipt. The answer is the same for a message of ours, of nobody, and told of before."""
    read = current_app.extensions["narthex_receipts"]
    if read is None:
        abort(404)
    request.max_content_length = _LARGEST
    genuine = take_receipt(
        house(),
        read,
        query=request.query_string.decode("latin-1"),
        headers=dict(request.headers),
        body=request.get_data(cache=False),
    )
    if not genuine:
        security_event("receipt_forged", endpoint=request.endpoint or "")
        return Response("", 403)
    return Response("", 204)
