"""A card, a brand and its words for the wallet tests; the canary is an id that must never be on a pass."""

import secrets
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.gateways.wallet.card import Brand, Card, PassTexts

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CANARY_ID = "9912310123"
HOLDER = "Иван Петров Георгиев"
PHONES = ("0700 10 100", "02 900 10 01", "02 900 10 02", "02 900 10 03", "02 900 10 04")

BRAND = Brand("ЗАД Примерно здраве", "#1060a0", "#ffffff", "#cfe3f5", "Примерно", ZoneInfo("Europe/Sofia"))

BULGARIAN = {
    "title": "Здравноосигурителна карта",
    "holder": "Осигурено лице",
    "number": "Номер на карта",
    "insurer": "Застраховател",
    "valid_until": "Валидна до",
    "phones": "Запазване на час",
    "support": "Помощ",
}
ENGLISH = {
    "title": "Health insurance card",
    "holder": "Insured person",
    "number": "Card number",
    "insurer": "Insurer",
    "valid_until": "Valid until",
    "phones": "Book an appointment",
    "support": "Support",
}
TEXTS = PassTexts("bg", {"bg": BULGARIAN, "en": ENGLISH})


def new_card(**changes: Any) -> Card:
    card = Card(
        serial=secrets.token_urlsafe(16),
        authentication_token=secrets.token_urlsafe(32),
        holder=HOLDER,
        number="0012345678",
        insurer="ЗАД Примерно здраве",
        valid_until=date(2027, 12, 31),
        phones=PHONES,
        support_mail="support@insurer.example",
        voided=False,
        updated_at=NOW,
    )
    return replace(card, **changes)
