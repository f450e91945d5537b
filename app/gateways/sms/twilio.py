"""Twilio's Messages API, 2010-04-01: one POST per message, basic authentication, form fields.

Its error codes are those of Twilio's public error dictionary. The API takes no idempotency key: after a
time-out it is unknown whether the first attempt went out, and the next may be a second, equal message.
"""

import logging
import re
from base64 import b64encode
from typing import Any
from urllib.parse import quote, urlencode

from app.gateways.exchange import Answer, Call, checked_url, exchange
from app.gateways.messages import Sms
from app.gateways.outcome import Accepted, Failed, Outcome, Refused
from app.gateways.sms.http import failure, reference, unsendable
from app.gateways.wire import trusted_by

log = logging.getLogger(__name__)

_REFUSED = {
    21211: "number_invalid",
    21217: "number_invalid",
    21265: "number_invalid",
    21408: "country_not_served",
    21602: "text_missing",
    21610: "opted_out",
    21612: "number_unreachable",
    21614: "number_invalid",
    21617: "text_too_long",
}
"""The applicant's number or the text is the cause: another attempt would end alike."""

_FAILED = {
    10001: "credentials",
    14107: "busy",
    20003: "credentials",
    20429: "busy",
    21603: "sender",
    21606: "sender",
    21608: "account_on_trial",
    21611: "busy",
    21659: "sender",
    21703: "sender",
    30001: "busy",
    30002: "credentials",
    63038: "busy",
}
"""Twilio is busy, or our account or sender is to be put right: the message stays good."""

_ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")


class TwilioGateway:
    """Sends from ``sender``: a number, a name, or a Messaging Service by its SID (MG…).

    ``account`` is the account's SID; ``token`` its token, or the secret of ``api_key``. ``timeout`` is the
    total in seconds. A wrong setting raises ValueError with its name and the cure.
    """

    def __init__(
        self,
        account: str,
        token: str,
        sender: str,
        *,
        api_key: str | None = None,
        base_url: str = "https://api.twilio.com",
        status_callback: str | None = None,
        timeout: float = 5.0,
        ca_file: str | None = None,
        name: str = "twilio",
    ) -> None:
        if not _ACCOUNT.fullmatch(account):
            raise ValueError("account: write the account SID, AC and 32 hexadecimal digits")
        if not token or not token.isascii():
            raise ValueError("token: write the auth token of the account, or the secret of the API key")
        if not sender or not sender.isprintable():
            raise ValueError("sender: write a number, a name, or the SID of a Messaging Service, MG…")
        if not 0 < timeout <= 5:
            raise ValueError("timeout: write the total in seconds, more than 0 and at most 5")
        self.name = name
        base = checked_url("base_url", base_url).rstrip("/")
        self._url = f"{base}/2010-04-01/Accounts/{quote(account)}/Messages.json"
        self._fixed = {"MessagingServiceSid" if _SERVICE.fullmatch(sender) else "From": sender}
        if status_callback is not None:
            self._fixed["StatusCallback"] = checked_url("status_callback", status_callback)
        secret = b64encode(f"{api_key or account}:{token}".encode()).decode()
        self._headers = {
            "Authorization": f"Basic {secret}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self._timeout = timeout
        self._context = trusted_by(ca_file)

    def send(self, sms: Sms) -> Outcome:
        """Create the message at Twilio; the reference is its SID, under which receipts will come."""
        refusal = unsendable(sms)
        if refusal is not None:
            return refusal
        body = urlencode({"To": sms.to, "Body": sms.text, **self._fixed}).encode("ascii")
        call = Call("POST", self._url, self._headers, body)
        answer = exchange(call, seconds=self._timeout, context=self._context)
        if isinstance(answer, Failed):
            return answer
        outcome = _judge(answer)
        if not isinstance(outcome, Accepted):
            log.warning("sms not taken over", extra={"gateway": self.name, "status": answer.status})
        return outcome


def _judge(answer: Answer) -> Outcome:
    found = answer.json()
    message: dict[str, Any] = found if isinstance(found, dict) else {}
    code = message.get("error_code") or message.get("code")
    code = code if isinstance(code, int) else None
    if code in _REFUSED:
        return Refused(_REFUSED[code])
    if code in _FAILED:
        return Failed(_FAILED[code])
    if answer.status in (200, 201):
        sid = reference(message.get("sid"))
        return Accepted(sid) if sid is not None else Failed("not_confirmed")
    return Failed(failure(answer.status))
