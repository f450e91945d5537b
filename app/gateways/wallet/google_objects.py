"""Google's Wallet objects over REST, for the ``generic`` mode: made or brought up to date before the link.

Called from delivery, outside every transaction. Google's answers are read for their status only: their bodies
quote the card.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

import requests
from google.auth.exceptions import RefreshError, TransportError
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import service_account

from app.gateways.outcome import Accepted, Failed, Outcome, Refused
from app.gateways.wallet.google import GoogleSigner

log = logging.getLogger(__name__)

API = "https://walletobjects.googleapis.com/walletobjects/v1"
_SCOPE = "https://www.googleapis.com/auth/wallet_object.issuer"

_EXISTS = Failed("http_409")
_NOT_ALLOWED = Failed("not_authorised")
_NO_TOKEN = Failed("no_token")
_NO_ANSWER = Failed("no_answer")
_POINTLESS_NOW = (_EXISTS, _NOT_ALLOWED, _NO_TOKEN)


class GoogleObjects:
    """Create-or-update of generic objects and classes by one service account. Safe to share between threads.

    ``timeout`` is seconds for each connection and each read, ``proxy`` the URL to go out through. ``pauses``
    are seconds before the second, third, ... try, each times 0.5 to 1.5 by ``chance``. A call asks at most
    ``len(pauses) + 2`` times and, where no fresh token is at hand, for a token up to three times before:
    about 80 seconds at the very worst, which the lease on the order must outlast.
    """

    def __init__(
        self,
        signer: GoogleSigner,
        *,
        base_url: str = API,
        token_uri: str | None = None,
        proxy: str | None = None,
        timeout: float = 5.0,
        pauses: tuple[float, ...] = (0.5, 2.0),
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._credentials = _Credentials(  # type: ignore[no-untyped-call]
            signer.rsa, signer.email, token_uri or signer.token_uri, scopes=[_SCOPE]
        )
        self._proxies = {"http": proxy, "https": proxy} if proxy else {}
        self._timeout = timeout
        self._pauses = pauses
        self._sleep = sleep
        self._chance = chance

    def put_object(self, body: Mapping[str, object]) -> Outcome:
        """Make or update the object of ``google_body.generic_object``; Accepted carries its name at Google.

        Refused: Google will not have this card as it is. Failed: no answer, Google busy, or the account not
        allowed, which an operator mends; the same call later does the right thing.
        """
        return self._put("genericObject", body)

    def put_class(self, body: Mapping[str, object]) -> Outcome:
        """Make or update the class of ``google_body.generic_class``: once, before the first object."""
        return self._put("genericClass", body)

    def _put(self, collection: str, body: Mapping[str, object]) -> Outcome:
        name = str(body["id"])
        pauses = iter(self._pauses)
        with ExitStack() as stack:
            session = self._session(stack)
            outcome = self._ask(session, "POST", f"{self._base}/{collection}", body, pauses)
            if outcome == _EXISTS:  # made by an earlier try, or this is an update
                outcome = self._ask(session, "PATCH", f"{self._base}/{collection}/{name}", body, pauses)
        if isinstance(outcome, Accepted):
            return Accepted(name)
        log.warning("google wallet took nothing", extra={"what": collection, "reason": outcome.reason})
        return outcome

    def _session(self, stack: ExitStack) -> requests.Session:
        """A session for each call, as sessions are not made for threads; the token is kept between calls."""
        plain = stack.enter_context(requests.Session())
        plain.max_redirects = 0  # a token is asked for where the account says, nowhere else
        session: requests.Session = AuthorizedSession(  # type: ignore[no-untyped-call]
            self._credentials, max_refresh_attempts=1, auth_request=Request(plain)
        )
        stack.callback(session.close)
        for each in (plain, session):
            each.trust_env = False  # no proxy and no .netrc but what we were told
            each.proxies = dict(self._proxies)
        return session

    def _ask(
        self,
        session: requests.Session,
        method: str,
        url: str,
        body: Mapping[str, object],
        pauses: Iterator[float],
    ) -> Outcome:
        while True:
            outcome = self._once(session, method, url, body)
            if not isinstance(outcome, Failed) or outcome in _POINTLESS_NOW:
                return outcome
            pause = next(pauses, None)
            if pause is None:
                return outcome
            self._sleep(pause * (0.5 + self._chance()))

    def _once(self, session: requests.Session, method: str, url: str, body: Mapping[str, object]) -> Outcome:
        try:
            # As json, never as data: google-auth writes data into its log at DEBUG, and ours names people.
            response = session.request(
                method, url, json=dict(body), timeout=self._timeout, allow_redirects=False
            )
        except RefreshError as error:
            return _NO_TOKEN if error.retryable else _NOT_ALLOWED
        except (TransportError, requests.RequestException):
            return _NO_ANSWER
        return _outcome(response.status_code)


class _Credentials(service_account.Credentials):
    """Google's service-account credentials, asking nobody but the token endpoint.

    The library would also send the token to iamcredentials.googleapis.com from a thread of its own, to learn
    regional limits that a wallet issuer does not have; not even a configured ``base_url`` stops it.
    """

    def _after_refresh(self, request: object, method: str, url: str, headers: object) -> None:
        """The library's hook where that look-up starts; here nothing follows."""


def _outcome(status: int) -> Outcome:
    if status in {200, 201}:
        return Accepted()
    if status in {401, 403}:
        return _NOT_ALLOWED
    if status in {408, 409, 429} or status >= 500:
        return Failed(f"http_{status}")
    return Refused(f"http_{status}")
