"""Narthex: guided browser wizards, run as finite-state machines."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The web application these settings describe; those of the environment if none are given."""
    # Imported here, so that importing `app.flow` alone brings neither Flask nor a database with it.
    from app.application import build  # noqa: PLC0415

    return build(settings)
