"""The tables of logins and of the portal behind the flows. Nothing outside `app.store` reads this module.

As in `models`: personal values are `LargeBinary` (ciphertext) or 32 hex digits (a blind index or MAC).
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from app.store.models import Instant, metadata

_COUNTER = BigInteger().with_variant(Integer, "sqlite")

codes = Table(
    "codes",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("run_id", String(40), ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(40), nullable=False),
    Column("mac", String(32), nullable=False),  # of the whole code
    Column("typed", String(32), nullable=False),  # of the part that is typed
    Column("shown", LargeBinary, nullable=False),  # the first signs, by which the right message is found
    Column("subject", String(32), nullable=False),  # blind index of the recipient: failures count on
    Column("sent_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("replaced_at", Instant),
    Column("used_at", Instant),
    Column("tries", Integer, nullable=False, default=0),
    Index(None, "run_id", "name"),
    Index(None, "expires_at"),
)

code_failures = Table(
    "code_failures",
    metadata,
    Column("id", _COUNTER, primary_key=True),
    Column("subject", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "subject", "at"),
    Index(None, "at"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("realm", String(40), nullable=False),
    Column("username", String(32), nullable=False),  # blind index of the address without regard to case
    Column("address", LargeBinary, nullable=False),  # the user name as typed; where notices go
    Column("letters_to", LargeBinary),  # another address for letters, confirmed
    Column("password", String(200), nullable=False),  # argon2id, peppered
    Column("password_at", Instant, nullable=False),
    Column("lang", String(2), nullable=False),
    Column("flow", String(40), nullable=False),  # the flow that made it, and that renews its password
    Column("run_id", String(40)),  # the run that waits for its address to be confirmed
    Column("created_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    UniqueConstraint("realm", "username"),
    Index(None, "run_id"),
    Index(None, "created_at"),
)

customers = Table(
    "customers",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("realm", String(40), nullable=False),
    Column("facts", LargeBinary, nullable=False),  # JSON: name, numbers
    Column("created_at", Instant, nullable=False),
)

customer_numbers = Table(
    "customer_numbers",
    metadata,
    Column("realm", String(40), primary_key=True),
    Column("kind", String(40), primary_key=True),  # policy_number, eik
    Column("number", String(32), primary_key=True),  # blind index
    Column("customer_id", String(40), ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Index(None, "customer_id"),
)

memberships = Table(
    "memberships",
    metadata,
    Column("account_id", String(40), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("customer_id", String(40), ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Column("sole", String(40), unique=True),  # the customer again where it may have one login only
    Column("added_at", Instant, nullable=False),
    Index(None, "customer_id"),
)

logins = Table(
    "logins",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("account_id", String(40), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("mac", String(32), nullable=False, unique=True),  # of the token in the cookie
    Column("device", LargeBinary, nullable=False),  # what its owner knows it by: Firefox, Windows
    Column("customer_id", String(40)),  # the one chosen in the switcher
    Column("network", String(32)),  # blind index, of this account alone: where its owner has come from
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(None, "account_id"),
    Index(None, "started_at"),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("id", _COUNTER, primary_key=True),
    Column("subject", String(32), nullable=False),  # blind index of a user name or a network
    Column("at", Instant, nullable=False),
    Index(None, "subject", "at"),
    Index(None, "at"),
)

consent_texts = Table(
    "consent_texts",
    metadata,
    Column("hash", String(64), primary_key=True),  # SHA-256 of the text, UTF-8, hexadecimal
    Column("text", Text, nullable=False),
)

#: Append-only: triggers refuse to change or delete a row. Without foreign keys, so that it outlives accounts.
consents = Table(
    "consents",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("account_id", String(40), nullable=False),
    Column("field", String(40), nullable=False),
    Column("decision", String(10), nullable=False),  # accept, decline
    Column("text_hash", String(64), nullable=False),
    Column("flow", String(40), nullable=False),
    Column("digest", String(80), nullable=False),  # the version of the flow
    Column("lang", String(2), nullable=False),
    Column("run_id", String(40)),  # empty when it was changed in the portal
    Column("at", Instant, nullable=False),
    Index(None, "account_id", "field", "at"),
)

address_changes = Table(
    "address_changes",
    metadata,
    Column("account_id", String(40), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("address", LargeBinary, nullable=False),
    Column("mac", String(32), nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("sent_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", LargeBinary, nullable=False),
    Column("media_type", String(60), nullable=False),
    Column("size", Integer, nullable=False),  # bytes
    Column("created_at", Instant, nullable=False),
)

file_chunks = Table(
    "file_chunks",
    metadata,
    Column("file_id", String(40), ForeignKey("files.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("customer_id", String(40), ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("file_id", String(40), ForeignKey("files.id"), nullable=False),
    Column("title", LargeBinary, nullable=False),
    Column("filed_at", Instant, nullable=False),
    Index(None, "customer_id", "filed_at"),
)

requests = Table(
    "requests",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("reference", String(12), nullable=False, unique=True),
    Column("realm", String(40), nullable=False),
    Column("account_id", String(40), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("customer_id", String(40), ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("subject", LargeBinary, nullable=False),
    Column("state", String(10), nullable=False),  # open, answered, closed
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index(None, "account_id", "updated_at"),
    Index(None, "realm", "state", "updated_at"),
)

request_messages = Table(
    "request_messages",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("request_id", String(40), ForeignKey("requests.id", ondelete="CASCADE"), nullable=False),
    Column("author", String(10), nullable=False),  # customer, staff
    Column("text", LargeBinary, nullable=False),
    Column("file_id", String(40), ForeignKey("files.id")),
    Column("at", Instant, nullable=False),
    Index(None, "request_id", "at"),
)
