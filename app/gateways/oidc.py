"""The organisation's identity provider: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636).

Who may come in is not decided here: this says whom the provider vouches for, once every rule of the protocol
holds. What is asked of the provider is asked by `exchange`: TLS verified, no redirects, bounded in time.
"""

import base64
import secrets
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote_plus, urlencode

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.gateways.exchange import Answer, Call, checked_url, exchange
from app.gateways.outcome import Failed
from app.gateways.wire import trusted_by

#: How the provider may sign. Never `none`, and no HMAC: its key would be one that is published (RFC 8725).
ALGORITHMS = ("RS256", "PS256", "ES256")

_SCOPE = "openid profile"
_KEPT = 600  # seconds for which what the provider says of itself is believed
_LEEWAY = 60  # seconds by which its clock may differ from ours
_LONGEST_SUB = 255  # characters, by OpenID Connect Core 1.0, 2


@dataclass(frozen=True)
class Asked:
    """What binds the provider's answer to this browser's question: each 256 bits."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Vouched:
    """Whom the provider vouches for: its own name for them, and what else it says of them."""

    issuer: str
    sub: str = field(repr=False)
    claims: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Untrue:
    """The answer does not hold; `reason` is a code."""

    reason: str


@dataclass(frozen=True)
class _Metadata:
    authorize: str
    token: str
    keys: str
    secret_in_body: bool


def new_question() -> Asked:
    """A question nobody can guess."""
    return Asked(*(secrets.token_urlsafe(32) for _ in range(3)))


class Provider:
    """One provider, by its issuer. What it says of itself is kept for ten minutes.

    When it fails, it is left alone for `pause` seconds, or everybody at the door would wait for it in turn.
    """

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        redirect_url: str,
        *,
        seconds: float = 4,
        pause: float = 5,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.issuer = checked_url("NARTHEX_OIDC_ISSUER", issuer)
        self._client_id, self._client_secret = client_id, client_secret
        self._redirect_url = redirect_url
        self._seconds, self._pause = seconds, pause
        self._context = context or trusted_by(None)
        self._metadata: tuple[float, _Metadata] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._failed: tuple[float, Failed] | None = None

    def address(self, asked: Asked) -> str | Failed:
        """Where the browser asks the provider who sits before it."""
        metadata = self._described()
        if isinstance(metadata, Failed):
            return metadata
        return cast(
            str,
            prepare_grant_uri(
                metadata.authorize,
                self._client_id,
                "code",
                redirect_uri=self._redirect_url,
                scope=_SCOPE,
                state=asked.state,
                nonce=asked.nonce,
                code_challenge=create_s256_code_challenge(asked.verifier),
                code_challenge_method="S256",
            ),
        )

    def vouched(self, code: str, asked: Asked, now: datetime) -> Vouched | Untrue | Failed:
        """Whom the provider vouches for by this code, if its answer holds by every rule."""
        metadata = self._described()
        if isinstance(metadata, Failed):
            return metadata
        answer = self._ask(self._token_call(metadata, code, asked))
        if isinstance(answer, Failed):
            return answer
        if answer.status >= 500:
            return Failed("provider_error")
        told = answer.json()
        token = told.get("id_token") if isinstance(told, dict) else None
        if answer.status != 200 or not isinstance(token, str) or not token.isascii():
            return Untrue("code_refused")
        return self._read(token, told.get("access_token"), metadata, asked, now)

    def _token_call(self, metadata: _Metadata, code: str, asked: Asked) -> Call:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_url,
            "code_verifier": asked.verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if metadata.secret_in_body:
            form |= {"client_id": self._client_id, "client_secret": self._client_secret}
        else:
            pair = f"{quote_plus(self._client_id)}:{quote_plus(self._client_secret)}"  # RFC 6749, 2.3.1
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        return Call("POST", metadata.token, headers, urlencode(form).encode())

    def _read(
        self, token: str, access_token: object, metadata: _Metadata, asked: Asked, now: datetime
    ) -> Vouched | Untrue | Failed:
        for anew in (False, True):  # a key we do not know may be a new one
            keys = self._published(metadata, anew=anew)
            if isinstance(keys, Failed):
                return keys
            try:
                read = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
            except (JoseError, ValueError) as problem:
                wrong = type(problem).__name__
                continue
            return self._checked(read, access_token, asked, now)
        return Untrue(wrong)

    def _checked(
        self, read: jwt.Token, access_token: object, asked: Asked, now: datetime
    ) -> Vouched | Untrue:
        claims = CodeIDToken(
            read.claims,
            read.header,
            {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self._client_id},
            },
            {"nonce": asked.nonce, "client_id": self._client_id, "access_token": access_token},
        )
        try:
            claims.validate(int(now.timestamp()), _LEEWAY)
        except (JoseError, ValueError, TypeError) as problem:
            return Untrue(getattr(problem, "claim", None) or type(problem).__name__)
        sub = claims.get("sub")
        if not isinstance(sub, str) or not 0 < len(sub) <= _LONGEST_SUB:
            return Untrue("sub")
        return Vouched(self.issuer, sub, dict(claims))

    def _described(self) -> _Metadata | Failed:
        if self._metadata and time.monotonic() < self._metadata[0] + _KEPT:
            return self._metadata[1]
        answer = self._fetched(get_well_known_url(self.issuer, external=True))
        if isinstance(answer, Failed):
            return answer
        described = self._metadata_of(answer)
        if isinstance(described, _Metadata):
            self._metadata = time.monotonic(), described
        return described

    def _metadata_of(self, told: dict[str, Any]) -> _Metadata | Failed:
        if told.get("issuer") != self.issuer:
            return Failed("issuer_differs")  # the wrong provider, or one that was mixed up with another
        methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        try:
            authorize, token, keys = (checked_url(name, told.get(name)) for name in names)
        except ValueError:
            return Failed("answer_garbled")
        return _Metadata(authorize, token, keys, "client_secret_basic" not in methods)

    def _published(self, metadata: _Metadata, *, anew: bool) -> KeySet | Failed:
        if self._keys and not anew and time.monotonic() < self._keys[0] + _KEPT:
            return self._keys[1]
        told = self._fetched(metadata.keys)
        if isinstance(told, Failed):
            return told
        keys = [key for key in told.get("keys", ()) if isinstance(key, dict) and key.get("use") != "enc"]
        try:
            found = KeySet.import_key_set({"keys": keys})
        except (JoseError, ValueError, TypeError, KeyError):
            return Failed("answer_garbled")
        self._keys = time.monotonic(), found
        return found

    def _fetched(self, url: str) -> dict[str, Any] | Failed:
        answer = self._ask(Call("GET", url, {"Accept": "application/json"}))
        if isinstance(answer, Failed):
            return answer
        told = answer.json() if answer.status == 200 else None
        return told if isinstance(told, dict) else Failed("answer_garbled")

    def _ask(self, call: Call) -> Answer | Failed:
        if self._failed and time.monotonic() < self._failed[0] + self._pause:
            return self._failed[1]
        answer = exchange(call, seconds=self._seconds, context=self._context)
        self._failed = (time.monotonic(), answer) if isinstance(answer, Failed) else None
        return answer
