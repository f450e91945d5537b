"""What a use case answers; only `web` turns it into URLs and pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.flow.aside import AsideKind
from app.flow.definition import Flow
from app.store.runs import Run

Notice = Literal["changed_elsewhere", "out_of_date", "led_here", "renewed"]


@dataclass(frozen=True)
class Browser:
    """Who is asking: an opaque id kept in the session cookie, a network bucket, the language, the device.

    `account` is who is logged in to the portal of the flow's realm; `device_name` is what its owner knows
    the browser by, as it is shown among the open logins.
    """

    id: str = field(repr=False)
    network: str = field(repr=False)
    lang: str
    device: str = "other"
    account: str | None = None
    device_name: str = field(default="", repr=False)


@dataclass(frozen=True)
class Posted:
    """A form as it came: plain data. `token` says which step of which run it was shown for."""

    trigger: str | None
    fields: Mapping[str, list[str]] = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True)
class At:
    """The run stands in `state`: go there.

    `browser` is a new identity for the browser, `login` (realm, token) an open login of the portal; `aside`
    says why the post that led here took no step, None where it took one.
    """

    flow: str
    state: str
    notice: Notice | None = None
    browser: str | None = field(default=None, repr=False)
    login: tuple[str, str] | None = field(default=None, repr=False)
    aside: AsideKind | None = field(default=None, compare=False)


@dataclass(frozen=True)
class StartAgain:
    """There is no such run for this browser, or never was."""

    flow: str


@dataclass(frozen=True)
class Resting:
    """The run has been idle; its answers are kept and it may be continued."""

    flow: str


@dataclass(frozen=True)
class NotUnderstood:
    """A trigger or field the page does not have; nothing moved."""

    flow: str


@dataclass(frozen=True)
class Shown:
    """A state to be shown: of `run`, or of none before the first post. `token` goes into its forms."""

    flow: Flow
    state: str
    token: str = field(repr=False)
    run: Run | None = None
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)
    final: bool = False


@dataclass(frozen=True)
class Resume:
    """A run is there already: continue, or start again.

    `idle`: it has been resting; `ended`: it is over; `lost`: it cannot be gone on with.
    """

    flow: Flow
    run: Run
    token: str = field(repr=False)
    idle: bool = False
    lost: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing is left but to start again."""
        return self.lost or self.run.ended_at is not None


Outcome = At | StartAgain | Resting | NotUnderstood
Showing = Shown | Resume | At | StartAgain
