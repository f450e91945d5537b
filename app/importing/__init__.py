"""Importing a register from a file: all of it or nothing, beside the rows in use, then one short swap."""

from app.gateways.tables import TableUnreadable
from app.importing.register import ImportReport, import_register
from app.importing.rows import MOST_PROBLEMS, RowProblem
from app.store.register_lock import ImportUnderWay

__all__ = [
    "MOST_PROBLEMS",
    "ImportReport",
    "ImportUnderWay",
    "RowProblem",
    "TableUnreadable",
    "import_register",
]
