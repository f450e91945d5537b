"""What an operator is told instead of a traceback: one sentence, the setting's name, the cure."""

from alembic.util import CommandError
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.config import SettingProblem
from app.flow.source import Unreadable
from app.gateways.wallet.keys import WalletKeyProblem
from app.store.versions import SomebodyQuicker

#: What a person can mend; anything else is a fault of the program and keeps its traceback.
MENDABLE = (
    SettingProblem,
    WalletKeyProblem,
    Unreadable,
    CommandError,
    DatabaseError,
    PoolTimeout,
    OSError,
    SomebodyQuicker,
)

#: Of those, what only a wrong program brings about.
FAULTS = (IntegrityError, DataError)

_DATABASE = (
    "NARTHEX_DATABASE_URL: the database does not answer as it should ({}). Check the address, the name and "
    "the password in it, whether the server runs; for SQLite, whether NARTHEX_VAR can be written."
)
_SCHEMA = (
    "NARTHEX_HOME: {}; name the folder of a program that is at least as new as the database, with its "
    "migrations/ in it."
)


def sentence(problem: Exception) -> str:
    """What to say of a MENDABLE problem; a driver's own text is left out, it may quote the address."""
    if isinstance(problem, DatabaseError | PoolTimeout):
        cause = getattr(problem, "orig", None) or problem
        return _DATABASE.format(type(cause).__name__)
    if isinstance(problem, SomebodyQuicker):
        return f"Another version of {problem} was published in this moment; look at it, then try again."
    if isinstance(problem, CommandError):
        return _SCHEMA.format(str(problem).rstrip("."))
    if isinstance(problem, OSError):
        return f"{problem.filename or 'the system'}: {problem.strerror or type(problem).__name__}"
    return str(problem)
