"""Who carries out checks of drafts, one at a time, and what was planned; letters are another's."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from app.gate.checks import Ground, Wanted, passed, run_checks
from app.runner.house import House
from app.runner.releasing import checking
from app.runner.releasing.planning import publish_due
from app.store.gate_reports import DONE

log = logging.getLogger(__name__)

_EVERY = 1.0  # seconds between looks for something to do
_AFTER_A_FAULT = 10.0


def carry_out(house: House, home: Path) -> bool:
    """Carry out the check that has waited longest; whether there was one."""
    taken = checking.take(house)
    if taken is None:
        return False
    report, people = taken.report, home / "workflows" / taken.report.flow
    wanted = Wanted(
        report.flow,
        taken.draft.files,
        people if people.is_dir() else None,
        live=report.live_digest is not None,
        root=f"workflows/{report.flow}",
    )
    ground = Ground(house, house.catalogue, house.clock().date(), home)
    found = run_checks(ground, wanted, lambda stage, so_far: checking.tell(house, report, stage, so_far))
    if found is not None:
        checking.tell(house, report, DONE, found, passed(found))
    return True


class Checker:
    """Threads that carry out checks, and publish what was planned when its time has come.

    They are two, because a check takes as long as its draft wants, and a planned moment is a promise.
    """

    def __init__(self, house: House, home: Path) -> None:
        self._house, self._home = house, home
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(look,), name=name, daemon=True)
            for name, look in (("gate", self._check), ("planned", self._publish))
        ]

    def start(self) -> None:
        """Begin."""
        for each in self._threads:
            each.start()

    def stop(self) -> None:
        """End; a check that is cut off is taken up again after its lease."""
        self._over.set()
        for each in self._threads:
            each.join(timeout=2)

    def _run(self, look: Callable[[], None]) -> None:
        while not self._over.wait(_EVERY):
            try:
                look()
            except Exception as fault:
                # Its text may quote a value out of a scenario.
                log.error("a look of the gate failed", extra={"fault": type(fault).__name__})
                self._over.wait(_AFTER_A_FAULT)

    def _check(self) -> None:
        while carry_out(self._house, self._home) and not self._over.is_set():
            pass

    def _publish(self) -> None:
        publish_due(self._house)
