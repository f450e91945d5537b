"""One-time codes: leaving the message that carries one, using up the one that was right."""

import secrets
from datetime import timedelta

from sqlalchemy import Connection

from app.effects import models
from app.effects.limits import suppressed
from app.flow.catalogue import effect
from app.flow.definition import Flow
from app.flow.spec import CodeSpec
from app.step import Order, Step, Write
from app.step.sending import purpose_of, sending_of, tries
from app.store import codes, outbox, sends
from app.store.outbox import Letter
from app.store.runs import StaleStep

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_ALPHABETS = {"digits": "0123456789", "letters and digits": "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"}  # C1


def plan_code(order: Order, name: str, key: str) -> Write:
    """The fresh code `name` and the letter that carries it, `key` making the letter once only.

    Carried out inside the commit; an older code dies. Nothing is sent, and the older one stays good, when
    the recipient has had as many messages as allowed or got that one only just now.
    """
    step = order.step
    spec = step.flow.spec.codes[name]
    code = new_code(spec)
    letter = _letter(step, name, code, key)

    def write(connection: Connection) -> str:
        vault = step.world.vault
        sends.hold(connection, vault, letter.recipient)
        if _sent_just_now(connection, step, name) or suppressed(connection, step, name):
            return "suppressed"
        purpose = purpose_of(step.flow, name, step.run, step.values)
        codes.put(connection, vault, purpose, code, spec.typed_length, step.now, _valid(spec))
        sends.count(connection, vault, letter.recipient, step.run, name, step.now)
        outbox.put(connection, vault, letter, step.now)
        return "requested"

    return write


def _sent_just_now(connection: Connection, step: Step, name: str) -> bool:
    """Whether the pause is not over and the code sent before it can still be given.

    Resending asks `may_send` first; going back and on again would send as often as somebody presses.
    """
    sending = sending_of(step.flow, name, step.run, step.values)
    if not sends.wait(connection, step.run, name, sending.policy.resend_after, step.now):
        return False
    purpose = purpose_of(step.flow, name, step.run, step.values)
    newest = codes.standing(connection, step.world.vault, purpose, step.now).newest
    return newest is not None and newest.fate(step.now, tries(step.flow.spec.codes[name])) == "live"


def _letter(step: Step, name: str, code: str, key: str) -> Letter:
    spec = step.flow.spec.codes[name]
    subject, body = worded(step.flow, step.lang, name, code, step.world.host)
    return Letter(
        key=key,
        channel=spec.channel,
        lang=step.lang,
        expires_at=step.now + _valid(spec),
        recipient=step.values[spec.to],
        subject=subject,
        body=body,
        run=step.run,
    )


def new_code(spec: CodeSpec) -> str:
    """A random code, every possible one as likely as any other (S18).

    Of letters and digits at least one digit is in the part that is typed: phones take a word without any
    for no code at all (WICG sms-one-time-codes).
    """
    signs = _ALPHABETS[spec.alphabet]
    while True:
        code = "".join(secrets.choice(signs) for _ in range(spec.length))
        if any(sign.isdigit() for sign in code[-spec.typed_length :]):
            return code


def worded(flow: Flow, lang: str, name: str, code: str, host: str) -> tuple[str, str]:
    """Subject (of a mail, and without the code) and body of the message that carries `code`.

    The last line of an SMS binds what is typed to our host, for phones to fill it in (WICG
    sms-one-time-codes); it is not the flow's, so that no wording breaks it.
    """
    spec = flow.spec.codes[name]
    key = f"messages.{name}.{spec.channel}"
    valid = _valid(spec)
    words = {
        "brand": flow.theme.name.get(lang, next(iter(flow.theme.name.values()))),
        "minutes": valid // _MINUTE,
        "hours": valid // _HOUR,
    }
    body = flow.text(lang, key, code=code, **words).strip()
    if spec.channel == "mail":
        return flow.text(lang, f"{key}_subject", **words), body
    return "", f"{body}\n@{host} #{code[-spec.typed_length :]}"


def _valid(spec: CodeSpec) -> timedelta:
    assert spec.valid is not None, "a published code goes out of date (F023)"
    return spec.valid


@effect(section="codes", hands="browser", model=models.use_code, needs=("to",))
def use_code(order: Order) -> Write:
    """Use up the named code, found right in this very step: it is never right again, earlier failures are
    forgotten, and the browser gets a new identity in the place of the old one (S22, S45).
    """
    step, name = order.step, order.argument
    found = next(facts for facts in order.found.values() if facts.get("code") == name)
    purpose = purpose_of(step.flow, name, step.run, step.values)

    def write(connection: Connection) -> str:
        if not codes.use(connection, found["code_id"], step.now):
            raise StaleStep(step.run)
        codes.forgive(connection, step.world.vault, purpose)
        return "requested"

    return write
