"""Making a wallet pass of an issued card: Apple's file, Google's address. Signs in memory, asks nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from app.flow.definition import Flow
from app.gateways.wallet.apple import AppleSigner, build_pass
from app.gateways.wallet.card import LABELS, Brand, Card, PassTexts
from app.gateways.wallet.google import GoogleSigner, save_url
from app.gateways.wallet.google_body import generic_object
from app.runner.house import House
from app.runner.links import OpenedLink
from app.store import cards
from app.store.cards import IssuedCard

_ZONES = {"bg": ZoneInfo("Europe/Sofia"), "hu": ZoneInfo("Europe/Budapest"), "en": ZoneInfo("Europe/Sofia")}


@dataclass(frozen=True)
class Wallets:
    """The signers and what the vendors call us; `demo`: keys of our own that no phone accepts."""

    apple: AppleSigner
    google: GoogleSigner
    google_mode: Literal["private", "generic"]
    issuer_id: str
    class_suffix: str
    demo: bool

    def apple_pass(self, flow: Flow, card: IssuedCard, lang: str) -> bytes:
        """The signed `.pkpass` of a card."""
        made = pass_card(flow, card, lang)
        return build_pass(made, brand(flow, lang), pass_texts(flow, lang), self.apple)

    def google_url(self, house: House, flow: Flow, card: IssuedCard, lang: str) -> str:
        """The address that offers the card to Google Wallet."""
        return save_url(
            pass_card(flow, card, lang),
            brand(flow, lang),
            pass_texts(flow, lang),
            self.google,
            mode=self.google_mode,
            issuer_id=self.issuer_id,
            class_suffix=self.class_suffix,
            origins=[house.base_url],
            now=house.clock(),
        )

    def google_object(self, flow: Flow, card: IssuedCard, lang: str) -> Mapping[str, object]:
        """What is put at Google over REST before the SMS leaves, in generic mode."""
        return generic_object(
            pass_card(flow, card, lang),
            brand(flow, lang),
            pass_texts(flow, lang),
            issuer_id=self.issuer_id,
            class_suffix=self.class_suffix,
        )


def card_of(house: House, opened: OpenedLink) -> tuple[str, IssuedCard] | None:
    """The name and the card that a link's page shows."""
    name = opened.flow.state(opened.flow.spec.links[opened.link.name].page).options.get("card")
    if name is None:
        return None
    with house.database.read() as connection:
        card = cards.of_run(connection, house.vault, opened.run.id, name)
    return (name, card) if card else None


def google_body(
    house: House, wallets: Wallets, flow_name: str, card: str, lang: str
) -> Mapping[str, object] | None:
    """The object for Google of a card as it stands now; None when the card is gone."""
    with house.database.read() as connection:
        issued = cards.by_id(connection, house.vault, card)
    return wallets.google_object(house.shelf.live(flow_name), issued, lang) if issued else None


def pass_card(flow: Flow, card: IssuedCard, lang: str) -> Card:
    """The card as it stands on a pass; never with a national id."""
    until = card.facts.get("valid_until", "")
    return Card(
        serial=card.serial,
        authentication_token=card.facts["authentication_token"],
        holder=card.facts["holder"],
        number=card.facts["number"],
        insurer=flow.theme.legal_name[lang],
        valid_until=date.fromisoformat(until) if until else None,
        phones=tuple(flow.theme.booking_phones),
        support_mail=flow.theme.support_mail,
        voided=card.voided_at is not None,
        updated_at=card.updated_at,
    )


def pass_texts(flow: Flow, lang: str) -> PassTexts:
    """The pass's labels, the reader's language first."""
    words: dict[str, dict[str, str]] = {}
    for each in flow.spec.languages:
        words[each] = {key: flow.text(each, f"pass.{key}") for key in LABELS}
    theme = flow.theme
    names = {
        str(each): {theme.name[lang]: theme.name[each], theme.legal_name[lang]: theme.legal_name[each]}
        for each in flow.spec.languages
    }
    return PassTexts(lang, words, names)


def brand(flow: Flow, lang: str) -> Brand:
    """The realm's look on a pass."""
    theme = flow.theme
    return Brand(
        name=theme.name[lang],
        background=theme.light.brand,
        foreground=theme.light.brand_ink,
        label=theme.light.brand_ink,
        logo_text=theme.name[lang],
        zone=_ZONES[flow.spec.languages[0]],
    )
