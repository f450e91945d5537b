"""Consents and agreements as proof: what was decided, on which words, in which version (S58).

Append-only; triggers of the database refuse anything else. What was decided last is what counts, and a
withdrawal is one more decision. The words themselves are kept once, under their hash.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from app.store.ids import ulid
from app.store.portal_models import consent_texts, consents


@dataclass(frozen=True)
class Consent:
    """One decision, `accept` or `decline`, on `text` as it was shown in `lang` by this version of a flow.

    `run` is empty where it was taken in the portal.
    """

    account: str
    field: str
    decision: str
    text: str
    flow: str
    digest: str
    lang: str
    run: str | None
    at: datetime

    @property
    def text_hash(self) -> str:
        """SHA-256 of the words in UTF-8, hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


_INSERT = insert(consents)
_KEEP_TEXT = {
    "postgresql": pg_insert(consent_texts).on_conflict_do_nothing(index_elements=["hash"]),
    "sqlite": sqlite_insert(consent_texts).on_conflict_do_nothing(index_elements=["hash"]),
}
_HISTORY = (
    select(consents, consent_texts.c.text)
    .join(consent_texts, consent_texts.c.hash == consents.c.text_hash)
    .where(consents.c.account_id == bindparam("account"))
    .order_by(consents.c.at, consents.c.id)
)


def record(connection: Connection, consent: Consent) -> None:
    """Keep one decision."""
    words = {"hash": consent.text_hash, "text": consent.text}
    connection.execute(_KEEP_TEXT[connection.dialect.name], words)
    connection.execute(
        _INSERT,
        {
            "id": ulid(consent.at),
            "account_id": consent.account,
            "field": consent.field,
            "decision": consent.decision,
            "text_hash": consent.text_hash,
            "flow": consent.flow,
            "digest": consent.digest,
            "lang": consent.lang,
            "run_id": consent.run,
            "at": consent.at,
        },
    )


def history(connection: Connection, account: str) -> list[Consent]:
    """Everything the owner of the account ever decided, the oldest first."""
    return [_consent(row) for row in connection.execute(_HISTORY, {"account": account})]


def current(connection: Connection, account: str) -> Mapping[str, Consent]:
    """What counts today, by field."""
    return {consent.field: consent for consent in history(connection, account)}


def _consent(row: Any) -> Consent:
    return Consent(
        row.account_id,
        row.field,
        row.decision,
        row.text,
        row.flow,
        row.digest,
        row.lang,
        row.run_id,
        row.at,
    )
