"""Registers asked live, one connection a register, kept as long as the process."""

from collections.abc import Mapping
from datetime import datetime
from threading import Lock

from app.flow.spec import RegisterSpec
from app.gateways.breaker import BreakerState
from app.gateways.registers import Guarded, open_source


class Sources:
    """Live registers by name; `secrets` holds the variables their definitions refer to."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = dict(secrets)
        self._open: dict[str, tuple[RegisterSpec, Guarded]] = {}
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"<Sources {sorted(self._open)}>"

    def breaker(self, name: str, now: datetime) -> BreakerState | None:
        """Whether the register of this name is being left alone; None before its first use here."""
        with self._lock:
            known = self._open.get(name)
        return known[1].breaker_state(now) if known else None

    def of(self, name: str, spec: RegisterSpec) -> Guarded:
        """The source declared by `spec`; opened at its first use, and anew when the declaration changes."""
        with self._lock:
            known = self._open.get(name)
            if known is None or known[0] != spec:
                self._open[name] = (spec, open_source(spec, self._secrets))
            return self._open[name][1]
