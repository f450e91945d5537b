"""Any vendor of text messages with a plain HTTP API, described by settings instead of code."""

import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from app.gateways.exchange import Answer, Call, exchange
from app.gateways.messages import Sms
from app.gateways.outcome import Accepted, Failed, Outcome, Refused
from app.gateways.sms.rules import Path, plain
from app.gateways.sms.settings import IN_BODY, HttpSmsSettings
from app.gateways.wire import trusted_by

log = logging.getLogger(__name__)

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_PLACEHOLDER = re.compile(r"\{(" + "|".join(IN_BODY) + r")\}")
_LONGEST_REFERENCE = 120  # what the outbox keeps of it


class HttpSmsGateway:
    """Sends by the settings: placeholders filled, the answer judged by its rules.

    Whatever the rules do not call taken over or refused is Failed, with ``busy`` (429), ``credentials``
    (401, 403), ``vendor_error`` (5xx), ``redirected`` (3xx), ``not_confirmed`` (a success status whose
    value is not the agreed one), ``request_wrong`` (any other), or the network's reason.
    """

    def __init__(self, settings: HttpSmsSettings) -> None:
        self.name = settings.name
        self._settings = settings
        self._context = trusted_by(settings.ca_file)

    def send(self, sms: Sms) -> Outcome:
        """Call the vendor once; the same key at every attempt lets it recognise a repetition."""
        refusal = unsendable(sms)
        if refusal is not None:
            return refusal
        answer = exchange(self._call(sms), seconds=self._settings.timeout, context=self._context)
        if isinstance(answer, Failed):
            return answer
        outcome = self._judge(answer)
        if not isinstance(outcome, Accepted):
            log.warning("sms not taken over", extra={"gateway": self.name, "status": answer.status})
        return outcome

    def _call(self, sms: Sms) -> Call:
        settings = self._settings
        values = {"to": sms.to, "digits": sms.to[1:], "text": sms.text, "key": sms.key}
        values["token"] = settings.token
        # The key is quoted, so that it cannot add a header; the token stands as the vendor gave it.
        for_headers = {"key": _quoted(sms.key), "token": settings.token}
        headers = {name: _fill(text, for_headers, str) for name, text in settings.headers.items()}
        body = None
        if settings.method != "GET":
            media = "application/json" if settings.content == "json" else "application/x-www-form-urlencoded"
            headers = {"Content-Type": media, **headers}
            body = _body(settings, values)
        return Call(settings.method, _fill(settings.url, values, _quoted), headers, body)

    def _judge(self, answer: Answer) -> Outcome:
        settings, found = self._settings, answer.json()
        ours = settings.refused.codes.get(plain(at(found, settings.refused.path)))
        if ours is not None:
            return Refused(ours)
        if answer.status in settings.success.statuses:
            rule = settings.success
            if rule.path is not None and plain(at(found, rule.path)) not in rule.equals:
                return Failed("not_confirmed")
            return Accepted(reference(at(found, settings.reference)))
        if answer.status in settings.refused.statuses:
            return Refused("vendor_refused")
        return Failed(failure(answer.status))


def unsendable(sms: Sms) -> Refused | None:
    """Why no vendor should see the message: a number that is not E.164, a text that is no Unicode."""
    if not _E164.fullmatch(sms.to):
        return Refused("number_invalid")
    # Half a surrogate pair has no encoding; the error would quote the text.
    if any("\ud800" <= char <= "\udfff" for char in sms.text + sms.key):
        return Refused("text_invalid")
    return None


def at(found: Any, path: Path | None) -> Any:
    """What stands at the path of a JSON value, None where nothing does."""
    if path is None:
        return None
    for step in path:
        if isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        elif isinstance(found, dict):
            found = found.get(step)
        else:
            return None
    return found


def reference(found: object) -> str | None:
    """The vendor's own name for the message, None if it is not one short text or number."""
    if isinstance(found, bool) or not isinstance(found, str | int):
        return None
    text = str(found)
    return text if 0 < len(text) <= _LONGEST_REFERENCE and text.isprintable() else None


def failure(status: int) -> str:
    """The reason code of a status that is neither success nor refusal."""
    if status in (401, 403):
        return "credentials"
    if status == 429:
        return "busy"
    if status >= 500:
        return "vendor_error"
    return "redirected" if 300 <= status < 400 else "request_wrong"


def _body(settings: HttpSmsSettings, values: Mapping[str, str]) -> bytes:
    if settings.content == "form":
        fields = {name: _fill(text, values, str) for name, text in settings.body.items()}
        return urlencode(fields).encode("ascii")
    return json.dumps(_filled(settings.body, values), ensure_ascii=False).encode()


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    """The JSON template with its texts filled; escaping is left to the JSON writer."""
    if isinstance(template, str):
        return _fill(template, values, str)
    if isinstance(template, Mapping):
        return {name: _filled(item, values) for name, item in template.items()}
    if isinstance(template, list):
        return [_filled(item, values) for item in template]
    return template


def _fill(template: str, values: Mapping[str, str], written: Callable[[str], str]) -> str:
    # One pass: a text that happens to contain "{key}" is not filled again.
    return _PLACEHOLDER.sub(lambda match: written(values[match[1]]), template)


def _quoted(value: str) -> str:
    return quote(value, safe=":")
