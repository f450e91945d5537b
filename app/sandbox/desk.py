"""QA's sandboxes at the desk: the list, the page of one with its controls, and the pages inside it."""

from flask import Blueprint

bp = Blueprint("sandbox", __name__, url_prefix="/desk/sandbox")
