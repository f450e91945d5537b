"""Which consents a run has given, on which words: what is kept of them as proof (S58)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.flow.definition import Flow
from app.step import Step
from app.store import journal
from app.store.consents import Consent


@dataclass(frozen=True)
class _Shown:
    """When and in which language a question was last answered."""

    at: datetime
    lang: str


def words_of(flow: Flow, lang: str, field: str) -> str:
    """What was agreed to: the label and, where the definition words one, the full text below it."""
    keys = (f"fields.{field}.label", f"fields.{field}.text")
    return "\n\n".join(flow.text(lang, key) for key in keys if flow.has_text(lang, key))


def given(step: Step, fields: Sequence[str], account: str) -> list[Consent]:
    """The run's decisions on these fields; the journal knows in which language each was asked."""
    flow, shown = step.flow, _shown(step)
    return [
        Consent(
            account=account,
            field=field,
            decision=step.values[field],
            text=words_of(flow, shown[field].lang, field),
            flow=flow.name,
            digest=flow.digest,
            lang=shown[field].lang,
            run=step.run,
            at=shown[field].at,
        )
        for field in fields
        if step.values.get(field) and field in shown
    ]


def _shown(step: Step) -> dict[str, _Shown]:
    """By field; the page may have been in another language than the one of this very step."""
    flow = step.flow
    with step.world.read() as connection:
        taken = list(journal.records(connection, step.run))
    shown: dict[str, _Shown] = {}
    for record in taken:
        state = record["from"]
        if record["outcome"] == "moved" and record["event"] == flow.triggers(state)[0]:
            at = datetime.fromisoformat(record["at"]["now_used"])
            shown |= dict.fromkeys(flow.state(state).fields, _Shown(at, record["page"]["lang"]))
    return shown | dict.fromkeys(flow.state(step.state).fields, _Shown(step.now, step.lang))
