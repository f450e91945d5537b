"""A realm's look and contact points: `theme.yaml` in the flow's folder."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from app.flow.spec import Frozen

Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
HttpUrl = Annotated[str, Field(pattern=r"^https?://[^\s\"'<>]+$")]
Localised = dict[str, str]


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"'{name}' is no time zone; write Europe/Budapest, say") from None


Zone = Annotated[str, AfterValidator(_known_zone)]


class Palette(Frozen):
    """Brand colours of one scheme; `brand_ink` is read on `brand`."""

    brand: Colour
    brand_ink: Colour


class Theme(Frozen):
    """Who is speaking: name, colours, mark, phones, addresses. Localised values are by language."""

    name: Localised
    legal_name: Localised
    mark: str = Field(
        pattern=r"^[MmLlHhVvCcSsQqTtAaZz0-9 ,.\-]+$",
        description="The realm's mark as one SVG path in a 48 x 48 box.",
    )
    light: Palette
    dark: Palette
    time_zone: Zone = Field(default="Europe/Sofia", description="Where the organisation's day is counted.")
    help_phone: str = Field(pattern=r"^\+[1-9][0-9]{6,14}$")
    booking_phones: list[str] = []
    support_mail: str
    home_url: HttpUrl | None = Field(default=None, description="The organisation's own main page.")
    faq_url: HttpUrl | None = Field(default=None, description="Where common questions are answered.")
    guide_url: HttpUrl | None = None
    portal_url: HttpUrl | None = None
    privacy_url: HttpUrl | None = None
    accessibility_url: HttpUrl | None = None
    contact_url: HttpUrl | None = None
