"""Registers asked live, one connection a register, kept as long as the process."""

from collections.abc import Mapping
from threading import Lock

from app.flow.spec import RegisterSpec
from app.gateways.registers import RegisterSource, open_source


class Sources:
    """Live registers by name; `secrets` holds the variables their definitions refer to."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = dict(secrets)
        self._open: dict[str, tuple[RegisterSpec, RegisterSource]] = {}
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"<Sources {sorted(self._open)}>"

    def of(self, name: str, spec: RegisterSpec) -> RegisterSource:
        """The source declared by `spec`; opened at its first use, and anew when the declaration changes."""
        with self._lock:
            known = self._open.get(name)
            if known is None or known[0] != spec:
                self._open[name] = (spec, open_source(spec, self._secrets))
            return self._open[name][1]
