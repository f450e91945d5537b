"""The pages that ask for a one-time code: where it was sent, the box, another message after a pause."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.flow.catalogue import kind
from app.flow.definition import Flow
from app.flow.spec import Name
from app.kinds.link_sent import whole_seconds
from app.kinds.masking import masked
from app.kinds.message import paragraphs
from app.step import Page
from app.step.sending import purpose_of, sending_of
from app.step.then import DOTS, Then, moments_of_sending
from app.store import accounts, codes, outbox, sends


class GivenOptions(BaseModel):
    """Which code the page is about."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: Name


class CodeOptions(GivenOptions):
    """What surrounds the box."""

    login: bool = Field(
        default=False, description="Only for who is logged in as this run's account; others log in first."
    )
    then: Name | None = Field(
        default=None, description="The trigger of what comes after the right code, a button not yet active."
    )


def _codes(options: GivenOptions) -> list[tuple[str, str]]:
    return [("codes", options.code)]


def _code_then(page: Page, options: CodeOptions, then: Then) -> Mapping[str, Any]:
    spec = page.flow.spec.codes[options.code]
    return {
        "paragraphs": paragraphs(page),
        "channel": spec.channel,
        "masked": page.values.get(spec.to) or DOTS,
        "delivery": then.delivery.get(spec.channel),
        "first": then.first.get(options.code, "•" * (spec.length - spec.typed_length)),
        "typed": spec.typed_length,
        "box": _box(page),
        "wait": whole_seconds(then.pause(options.code, spec.resend_after, page.now)),
        "capped": options.code in then.capped,
        "then": options.then,
        "checked_at": spec.length if options.then and spec.alphabet == "digits" else None,
    }


def _moments(flow: Flow, options: CodeOptions, now: datetime) -> Mapping[str, Then]:
    return moments_of_sending(options.code, flow.spec.codes[options.code].channel, now)


@kind(
    raises=("resend",),
    texts=("title",),
    options=CodeOptions,
    references=_codes,
    seen=_code_then,
    moments=_moments,
)
def code(page: Page, options: CodeOptions) -> Mapping[str, Any]:
    """Asks for the code that was sent, in the field of type `code`: the masked address, what became of the
    message, the signs that need not be typed, another message after a pause.

    The state's first trigger is the button that checks the code; its words are `buttons.<trigger>`.
    """
    if options.login and not _logged_in(page):
        return {"leads_to": "login"}
    assert page.run is not None, "no run stands here before its first step"
    spec = page.flow.spec.codes[options.code]
    sending = sending_of(page.flow, options.code, page.run.id, page.values)
    purpose = purpose_of(page.flow, options.code, page.run.id, page.values)
    with page.world.read() as connection:
        newest = codes.standing(connection, page.world.vault, purpose, page.now).newest
        pause = sends.wait(connection, page.run.id, options.code, spec.resend_after, page.now)
        limit = sends.limit(connection, page.world.vault, sending, page.now)
        delivery = outbox.newest_delivery(connection, page.run.id, spec.channel)
    return {
        "paragraphs": paragraphs(page),
        "channel": spec.channel,
        "masked": masked(sending.recipient),
        "delivery": delivery if newest else None,
        "first": codes.first_signs(page.world.vault, newest) if newest else "",
        "typed": spec.typed_length,
        "box": _box(page),
        "wait": whole_seconds(pause),
        "capped": limit is not None,
        "then": options.then,
        "checked_at": spec.length if options.then and spec.alphabet == "digits" else None,
    }


def _logged_in(page: Page) -> bool:
    if page.run is None or page.account is None:
        return False
    with page.world.read() as connection:
        account = accounts.of_run(connection, page.world.vault, page.run.id)
    return account is not None and account.id == page.account


def _box(page: Page) -> str | None:
    asked = page.flow.state(page.state).fields
    return next((name for name in asked if page.flow.spec.fields[name].type == "code"), None)


@kind(texts=("title",), options=GivenOptions, references=_codes)
def code_given(page: Page, options: GivenOptions) -> Mapping[str, Any]:
    """The page of the code once the right one was given: nothing more to type, the first trigger's button
    active."""
    return {"paragraphs": paragraphs(page), "channel": page.flow.spec.codes[options.code].channel}
