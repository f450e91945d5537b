"""An identity provider that speaks OpenID Connect: discovery, authorization with PKCE, tokens, keys.

It keeps the rules its client must meet, and breaks its own when told to.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from tests.receivers.received import HOST

CLIENT, SECRET = "narthex desk", "a secret: of the provider's"

#: What the provider does wrong, if anything.
Fault = Literal[
    "", "nonce", "audience", "issuer", "expired", "none", "unknown key", "public key as secret", "altered",
    "5xx", "garbled", "redirect", "hang", "mixed up", "authorized party",
]  # fmt: skip


@dataclass
class IdentityProvider:
    """A provider for one client. `person` is who sits before the browser: the claims of their token.

    `calls` counts what was asked by path; `rotate()` gives it another key.
    """

    clock: Callable[[], datetime]
    redirect_url: str
    fault: Fault = ""
    person: dict[str, Any] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self._granted: dict[str, dict[str, str]] = {}
        self._closing = Event()
        self.rotate()

    def rotate(self) -> None:
        """Sign with a new key from now on."""
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._kid = secrets.token_hex(4)

    @property
    def issuer(self) -> str:
        return f"http://{HOST}:{self.port}/realms/org"

    def __enter__(self) -> "IdentityProvider":
        self._server = _Server(self)
        self.port = self._server.server_address[1]
        serve = self._server.serve_forever
        self._thread = Thread(target=lambda: serve(0.02), name="identity-provider", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def authorize(self, url: str) -> str:
        """The person says yes at the page of this address: where the browser is sent back to."""
        parts = urlsplit(url)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/auth"
        asked = dict(parse_qsl(parts.query, strict_parsing=True))
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["redirect_uri"] == self.redirect_url
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self._granted[code] = asked
        return f"{self.redirect_url}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def answer(self, method: str, path: str, body: str, authorization: str) -> tuple[int, Any]:
        self.calls.append(path)
        if self.fault == "hang":
            self._closing.wait(20)
        if self.fault in {"5xx", "garbled"}:
            return (503, {"error": "busy"}) if self.fault == "5xx" else (200, ["what?"])
        if (method, path) == ("GET", "/realms/org/.well-known/openid-configuration"):
            return 200, self._description()
        if (method, path) == ("GET", "/realms/org/keys"):
            return 200, {
                "keys": [json.loads(RSAAlgorithm.to_jwk(self._key.public_key())) | {"kid": self._kid}]
            }
        if (method, path) == ("POST", "/realms/org/token"):
            return self._token(dict(parse_qsl(body)), authorization)
        return 404, {}

    def _description(self) -> dict[str, Any]:
        return {
            "issuer": "http://elsewhere.example" if self.fault == "mixed up" else self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        asked = self._granted.pop(form.get("code", ""), None)
        client = base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = _base64(digest)
        if [unquote_plus(part) for part in client] != [CLIENT, SECRET]:
            return 401, {"error": "invalid_client"}
        if asked is None or form["redirect_uri"] != self.redirect_url or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self._signed(asked["nonce"])}

    def _signed(self, nonce: str) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **self.person,
        }
        wrong: dict[str, dict[str, Any]] = {
            "nonce": {"nonce": "another"},
            "audience": {"aud": "another"},
            "issuer": {"iss": "http://elsewhere.example"},
            "expired": {"iat": now - 900, "exp": now - 600},
            "authorized party": {"aud": [CLIENT, "another"], "azp": "another"},
        }
        claims |= wrong.get(self.fault, {})
        headers = {"kid": self._kid}
        if self.fault == "none":
            return jwt.encode(claims, None, algorithm="none", headers=headers)
        if self.fault == "public key as secret":
            return _with_hmac(claims, self._key.public_key(), headers)
        key = rsa.generate_private_key(65537, 2048) if self.fault == "unknown key" else self._key
        token = jwt.encode(claims, key, algorithm="RS256", headers=headers)
        return token[:-8] + "AAAAAAAA" if self.fault == "altered" else token


def _with_hmac(claims: dict[str, Any], key: rsa.RSAPublicKey, headers: dict[str, str]) -> str:
    """What someone makes who only has the published key: it serves as the secret of an HMAC."""
    published = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = ({"alg": "HS256", **headers}, claims)
    signed = ".".join(_base64(json.dumps(part).encode()) for part in parts)
    return f"{signed}.{_base64(hmac.digest(published, signed.encode(), 'sha256'))}"


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class _Server(ThreadingHTTPServer):
    def __init__(self, provider: IdentityProvider) -> None:
        self.provider = provider
        super().__init__((HOST, 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10

    def _answer(self) -> None:
        provider = self.server.provider
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if provider.fault == "redirect":
            self.send_response(302)
            self.send_header("Location", f"{provider.issuer}/elsewhere")
            self.end_headers()
            provider.calls.append("redirect")
            return
        authorization = self.headers.get("Authorization", "")
        status, told = provider.answer(self.command, urlsplit(self.path).path, body, authorization)
        raw = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = _answer  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Quiet: the request may hold a code."""
