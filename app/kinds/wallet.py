"""The card and the buttons that put it into a wallet."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.flow.catalogue import kind
from app.flow.definition import Flow
from app.flow.spec import Name
from app.kinds.message import paragraphs
from app.step import Page
from app.step.then import Then
from app.store import cards

GOOGLE_APP = "https://play.google.com/store/apps/details?id=com.google.android.apps.walletnfcrel"


class WalletOptions(BaseModel):
    """Which card is handed over."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    card: str
    device: Name | None = Field(
        default=None,
        description="The field whose answer (android or ios) says which wallet is offered first.",
    )


def _named(options: WalletOptions) -> list[tuple[str, str]]:
    return [("cards", options.card), *([("fields", options.device)] if options.device else [])]


_WORDS = (
    *(f"wallet.{name}" for name in ("apple", "google", "google_app", "google_app_before", "demo")),
    *(f"wallet.{fate}.{part}" for fate in ("expired", "replaced", "used_up") for part in ("title", "lead")),
    *("wallet.send_to_phone", "pass.title", "pass.holder", "pass.number", "pass.insurer"),
    *("pass.valid_until", "pass.phones", "pass.support"),
)


def _wallet_then(page: Page, options: WalletOptions, then: Then) -> Mapping[str, Any]:
    card = _shown(page, then.facts) if then.by_link else None
    return {**_told(page, options, card), "barcode_svg": "", "dead": then.dead}


def _moments(flow: Flow, options: WalletOptions, now: datetime) -> Mapping[str, Then]:  # noqa: ARG001
    """Opened by the link on either phone or a desktop; without it; by a link that does not work any more."""
    opened = {name: Then(by_link=True, device=name) for name in ("android", "ios", "other")}
    dead = {f"link_{fate}": Then(by_link=True, dead=fate) for fate in ("expired", "replaced", "used_up")}
    return {**opened, "without_link": Then(), **dead}


@kind(
    raises=("add",),
    texts=("title",),
    options=WalletOptions,
    references=_named,
    words=_WORDS,
    seen=_wallet_then,
    moments=_moments,
)
def wallet(page: Page, options: WalletOptions) -> Mapping[str, Any]:
    """Shows the card and offers Apple's and Google's wallet, the chosen device's first."""
    run = page.run
    card = None
    if run is not None and page.link_id is not None:
        with page.world.read() as connection:
            card = cards.of_run(connection, page.world.vault, run.id, options.card)
    return _told(page, options, _shown(page, card.facts) if card else None)


def _told(page: Page, options: WalletOptions, card: Mapping[str, Any] | None) -> dict[str, Any]:
    order = ["apple", "google"] if _ios_first(page, options) else ["google", "apple"]
    return {
        "paragraphs": paragraphs(page),
        "card": card,
        "wallets": [{"wallet": name, "text": page.text(f"wallet.{name}")} for name in order] if card else [],
        "google_app_url": GOOGLE_APP,
        # Without the link, in the browser that only asked for it, the page tells what happened and no more.
        "dead": None,
        "demo": False,
        "barcode_svg": None,
        "link_qr_svg": None,
        "artwork": {},
        "added": page.state == "added" or page.flow.state(page.state).end == "success",
    }


def _ios_first(page: Page, options: WalletOptions) -> bool:
    """The phone in hand decides; on anything else what the applicant chose."""
    if page.device in {"ios", "android"}:
        return page.device == "ios"
    return page.values.get(options.device or "") == "ios"


def _shown(page: Page, facts: Mapping[str, str]) -> dict[str, Any]:
    until = facts.get("valid_until", "")
    theme = page.flow.theme
    return {
        "holder": facts["holder"],
        "number": facts["number"],
        "insurer": theme.legal_name[page.lang],
        "valid_until": date.fromisoformat(until) if until else None,
        "phones": theme.booking_phones,
    }
