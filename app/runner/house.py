"""What the use cases work with: the database, the keys, the published flows, the world outside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from secrets import token_urlsafe
from threading import Lock
from urllib.parse import urlsplit

from itsdangerous import BadSignature, TimestampSigner

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.loader import load
from app.gateways.registers import RegisterUnavailable
from app.runner.sources import Sources
from app.step import Unavailable, World
from app.store import registers, versions
from app.store.crypto import Vault, derive
from app.store.database import Database
from app.store.passwords import Passwords

_KEPT_VERSIONS = 64


class FlowMissing(Exception):
    """No flow of this name is published."""


class Shelf:
    """Published flows, compiled once and kept; the newest number of a name is live."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self._database = database
        self._catalogue = catalogue
        self._compiled: dict[tuple[str, int], Flow] = {}
        self._lock = Lock()

    def names(self) -> list[str]:
        """The published flows."""
        with self._database.read() as connection:
            return versions.flows(connection)

    def live(self, name: str) -> Flow:
        """The version new runs begin on; raises FlowMissing."""
        with self._database.read() as connection:
            version = versions.live(connection, name)
        if version is None:
            raise FlowMissing(name)
        return self.version(name, version.number, version.digest)

    def version(self, name: str, number: int, digest: str) -> Flow:
        """One published version; raises FlowMissing if its content is not there."""
        key = (digest, number)
        with self._lock:
            if key in self._compiled:
                return self._compiled[key]
        with self._database.read() as connection:
            files = versions.content(connection, digest)
        if files is None:
            raise FlowMissing(f"{name} {number}")
        loaded = load(files, self._catalogue, root=f"workflows/{name}", number=number)
        if loaded.flow is None:
            raise FlowMissing(f"{name} {number}: {loaded.findings[0]}")
        if loaded.flow.digest != digest:
            raise FlowMissing(f"{name} {number}: its content is not what was published")
        with self._lock:
            while len(self._compiled) >= _KEPT_VERSIONS:
                self._compiled.pop(next(iter(self._compiled)))
            return self._compiled.setdefault(key, loaded.flow)


class _Signer(TimestampSigner):
    """Takes the time from the house's clock, by which everything else is judged too."""

    def __init__(self, keys: list[bytes], salt: str, clock: Callable[[], datetime]) -> None:
        super().__init__(keys, salt=salt)
        self._clock = clock

    def get_timestamp(self) -> int:
        """Whole seconds since 1970."""
        return int(self._clock().timestamp())


class Signatures:
    """Signed, timed tokens that the browser carries; the current secret signs, all of them verify."""

    def __init__(self, secrets: tuple[bytes, ...], salt: str, clock: Callable[[], datetime]) -> None:
        keys = [derive(secret, salt) for secret in reversed(secrets)]
        self._signer = _Signer(keys, f"narthex {salt}", clock)

    def sign(self, value: str) -> str:
        """`value` with its time and signature."""
        return self._signer.sign(value).decode()

    def verify(self, token: str, max_age: int | None = None) -> str | None:
        """The value of a token of ours that is not older than `max_age` seconds, else None."""
        try:
            return self._signer.unsign(token, max_age=max_age).decode()
        except (BadSignature, UnicodeError):
            return None

    def signed_at(self, token: str) -> datetime:
        """When a token of ours was signed; raises BadSignature for any other."""
        return self._signer.unsign(token, return_timestamp=True)[1]


@dataclass(frozen=True)
class House:
    """Everything a use case needs, wired once in `create_app` or a command.

    `second_factor`: a password alone lets nobody in to the desk; `staff_passwords`: whether any lets in.
    """

    database: Database
    vault: Vault
    catalogue: Catalogue
    sources: Sources
    mail_domain: Callable[[str], str]
    base_url: str
    clock: Callable[[], datetime]
    secrets: tuple[bytes, ...] = field(repr=False)
    google_objects: bool = False
    passwords: Passwords = field(default_factory=Passwords, repr=False)
    webhooks: frozenset[str] = frozenset()
    env: str = "live"
    second_factor: bool = False
    staff_passwords: bool = True

    @cached_property
    def shelf(self) -> Shelf:
        """The published flows."""
        return Shelf(self.database, self.catalogue)

    @cached_property
    def step_tokens(self) -> Signatures:
        """Signs which step of which run a page was shown for."""
        return Signatures(self.secrets, "step", self.clock)

    @cached_property
    def link_tokens(self) -> Signatures:
        """Signs the secrets of links."""
        return Signatures(self.secrets, "link", self.clock)

    @cached_property
    def nobodys_password(self) -> str:
        """The hash of a password nobody has, at today's cost: what an unknown user name is compared with."""
        return self.passwords.hash(self.vault, token_urlsafe())

    def link_url(self, secret: str) -> str:
        """The address that opens the link with this secret, always on our own configured host (S35)."""
        return f"{self.base_url}/w/{self.link_tokens.sign(secret)}"

    def world(self, flow: Flow) -> World:
        """What guards and effects of `flow` may ask."""

        def find(register: str, lookup: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
            spec = flow.spec.registers[register]
            if spec.source == "imported":
                with self.database.read() as connection:
                    return registers.find(connection, self.vault, register, lookup)
            try:
                return self.sources.of(register, spec).find(lookup)
            except RegisterUnavailable as unavailable:
                raise Unavailable(str(unavailable)) from None

        return World(
            read=self.database.read,
            vault=self.vault,
            mail_domain=self.mail_domain,
            find=find,
            link_url=self.link_url,
            google_objects=self.google_objects,
            host=urlsplit(self.base_url).hostname or "localhost",
            hash_password=lambda password: self.passwords.hash(self.vault, password),
            login_token=self.login_token,
            webhooks=self.webhooks,
            env=self.env,
        )

    def renewed_browser(self, run: str, seq: int) -> str:
        """The identity that this step of a run hands to its browser; the same whenever asked."""
        return self.vault.index(f"{run}:{seq}", "renewed browser")

    def login_token(self, run: str, seq: int) -> str:
        """The secret of the login that this step of a run opens: 256 bits, the same when asked again."""
        return "".join(self.vault.index(f"{run}:{seq}", f"login token {half}") for half in (1, 2))
