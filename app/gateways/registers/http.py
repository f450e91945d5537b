"""A register behind an HTTP service with JSON: verified TLS, no redirects, bounded in time and size."""

import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from app.flow.spec import RegisterSpec
from app.gateways.exchange import LONGEST_ANSWER, Answer, Call, checked_url, exchange
from app.gateways.outcome import Failed
from app.gateways.registers.answer import usable_rows
from app.gateways.registers.options import HttpSource, named
from app.gateways.registers.source import AnswerUnusable, RegisterUnavailable
from app.gateways.wire import trusted_by

log = logging.getLogger(__name__)

MOST_ROWS = 50


class HttpRegister:
    """Asks the service once per question. Anything but a list of rows means that nobody knows.

    Raises ValueError for a setting that is missing or no https address (plain http only to this machine),
    OSError for an authority file that cannot be read.
    """

    def __init__(self, spec: RegisterSpec, options: HttpSource, secrets: Mapping[str, str]) -> None:
        self._spec = spec
        self._options = options
        self._url = checked_url(options.url_from, named(options.url_from, secrets))
        self._context = trusted_by(named(options.ca_file_from, secrets) if options.ca_file_from else None)
        self._headers = {"Accept": "application/json"}
        if options.token_from:
            self._headers["Authorization"] = f"Bearer {named(options.token_from, secrets)}"

    def find(self, lookup: Mapping[str, str]) -> list[dict[str, str]]:
        """The service's rows for these values; raises RegisterUnavailable."""
        answer = exchange(self._call(lookup), seconds=self._options.timeout, context=self._context)
        if isinstance(answer, Failed):
            log.warning("register not reached", extra={"reason": answer.reason})
            raise RegisterUnavailable(answer.reason)
        if answer.status == 404 and self._options.unknown_is_404:
            return []
        if answer.status != 200:
            log.warning("register refused to answer", extra={"status": answer.status})
            raise RegisterUnavailable("status_not_200")
        return usable_rows(self._spec, self._rows(answer), lookup)

    def _call(self, lookup: Mapping[str, str]) -> Call:
        if self._options.method == "GET":
            joint = "&" if "?" in self._url else "?"
            return Call("GET", f"{self._url}{joint}{urlencode(lookup)}", self._headers)
        headers = {**self._headers, "Content-Type": "application/json"}
        return Call("POST", self._url, headers, json.dumps(dict(lookup)).encode())

    def _rows(self, answer: Answer) -> list[dict[str, Any]]:
        # `exchange` stops reading at its limit, so an answer of that size may lack its end.
        if len(answer.body) >= LONGEST_ANSWER:
            raise AnswerUnusable("answer_too_long")
        found = answer.json()
        for key in self._options.rows.split(".") if self._options.rows else ():
            found = found.get(key) if isinstance(found, dict) else None
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            log.warning("register answer not understood")
            raise RegisterUnavailable("answer_garbled")
        if len(found) > MOST_ROWS:
            raise AnswerUnusable("too_many_rows")
        return found
