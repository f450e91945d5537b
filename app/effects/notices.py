"""Telling the owner of a login that something happened to it (S31): no code, no link, no secret."""

from datetime import datetime, timedelta

from app.flow.definition import Flow
from app.flow.normal.phone import spoken
from app.store.accounts import Account
from app.store.outbox import Letter

_VALID = timedelta(days=3)


def notice(flow: Flow, name: str, owner: Account, to: str, key: str, now: datetime) -> Letter:
    """The flow's notice for one of the owner's addresses, in the owner's language where the flow has it."""
    languages = flow.spec.languages
    lang = owner.lang if owner.lang in languages else languages[0]
    subject, body = worded(flow, lang, name)
    return Letter(
        key=key,
        channel=flow.spec.notices[name].channel,
        lang=lang,
        expires_at=now + _VALID,
        recipient=to,
        subject=subject,
        body=body,
    )


def worded(flow: Flow, lang: str, name: str) -> tuple[str, str]:
    """Subject and body of the notice `name`."""
    words = {"brand": flow.theme.name[lang], "phone": spoken(flow.theme.help_phone)}
    key = f"messages.{name}.{flow.spec.notices[name].channel}"
    return flow.text(lang, f"{key}_subject", **words), flow.text(lang, key, **words)


def to_every_address(flow: Flow, name: str, owner: Account, key: str, now: datetime) -> list[Letter]:
    """The notice for the user name, and for where letters go if that is elsewhere."""
    addresses = [owner.address, *([owner.letters_to] if owner.letters_to else [])]
    return [notice(flow, name, owner, to, f"{key}:{n}", now) for n, to in enumerate(addresses, start=1)]
