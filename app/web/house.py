"""The application's house, for every view."""

from flask import current_app

from app.runner.house import House


def house() -> House:
    """The house this application was built with."""
    kept: House = current_app.extensions["narthex"]
    return kept
