"""The desk in the browser, for staff: the door, the hall, and a module for each of its parts."""

from app.web.desk.frame import bp

# isort: split

# Each module puts its views into `bp`; what they are is in app/web/access.py and app/web/desk/ways.py.
from app.web.desk import (
    account,
    acts,
    coverage,
    diagram,
    door,
    flow,
    flow_archive,
    flow_check,
    flow_compare,
    flow_release,
    flow_texts,
    flow_texts_acts,
    flow_versions,
    flows,
    funnel,
    hall,
    people,
    preview,
    run,
    run_export,
    runs,
    what_if,
)

__all__ = [
    "account",
    "acts",
    "bp",
    "coverage",
    "diagram",
    "door",
    "flow",
    "flow_archive",
    "flow_check",
    "flow_compare",
    "flow_release",
    "flow_texts",
    "flow_texts_acts",
    "flow_versions",
    "flows",
    "funnel",
    "hall",
    "people",
    "preview",
    "run",
    "run_export",
    "runs",
    "what_if",
]
