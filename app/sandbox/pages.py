"""The sandbox's pages at the desk; each module puts its views into the one blueprint."""

from app.sandbox import control, inside, telling
from app.sandbox.desk import bp

__all__ = ["bp", "control", "inside", "telling"]
