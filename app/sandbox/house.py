"""The house of a sandbox: the real engine in a world that QA decides, with no way out of it.

It is built from nothing that the operator has set: a database and a secret of its own, registers and DNS that
answer what the sheet says, an inbox for every message. There is no gateway in it that could send.
"""

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from app import wiring
from app.delivery.post import Post
from app.flow.catalogue import Catalogue, Guard
from app.flow.definition import Flow
from app.flow.verdict import Problem, Verdict
from app.runner.sources import Sources
from app.sandbox import outbox
from app.sandbox.faults import DNS, REGISTER_ANSWERS, SLOW, Fault, guard_check, register_check
from app.sandbox.sheet import NoSuchSandbox, Said, Sheet, change, read, taken
from app.scenarios.memory import Surroundings
from app.scenarios.stage import StagedHouse
from app.step import Step, Unavailable, World
from app.store.crypto import Vault
from app.store.database import Database
from app.store.passwords import Passwords

DATABASE, SECRET = "narthex.db", "secret"

Clock = Callable[[], datetime]


class Circumstances(Surroundings):
    """The surroundings of a sandbox, as its sheet has them; whoever moves them writes there."""

    def __init__(self, folder: Path, wall: Clock) -> None:
        self.folder, self.wall = folder, wall

    @property
    def now(self) -> datetime:
        """The sandbox's time."""
        return read(self.folder).now(self.wall())

    @now.setter
    def now(self, moment: datetime) -> None:
        self._write(lambda sheet: sheet.changed(at=moment, since=self.wall() if sheet.since else None))

    @property
    def running(self) -> bool:
        """Whether the clock goes by itself."""
        return read(self.folder).since is not None

    @running.setter
    def running(self, goes: bool) -> None:
        real = self.wall()
        self._write(lambda sheet: sheet.changed(at=sheet.now(real), since=real if goes else None))

    @property
    def domains(self) -> Mapping[str, str]:
        """What DNS says of some domains."""
        return read(self.folder).domains

    @domains.setter
    def domains(self, answers: Mapping[str, str]) -> None:
        self._write(lambda sheet: sheet.changed(domains=dict(answers)))

    @property
    def silent(self) -> bool:
        """Whether no register answers."""
        sheet = read(self.folder)
        kept = [sheet.faults.get(register_check(name)) for name in sheet.registers]
        return bool(kept) and all(
            each is not None and each.answer == "silent" and not each.once for each in kept
        )

    @silent.setter
    def silent(self, silent: bool) -> None:
        self._write(partial(_silenced, silent=silent))

    def clock(self) -> datetime:
        """The sandbox's time."""
        return self.now

    def pass_(self, span: timedelta) -> None:
        """Let time pass."""
        real = self.wall()
        self._write(
            lambda sheet: sheet.changed(at=sheet.now(real) + span, since=real if sheet.since else None)
        )

    def mail_domain(self, domain: str) -> str:
        """What DNS says of a domain: as chosen, as said of this one, else that it takes mail."""
        fault = taken(self.folder, DNS)
        return fault.answer if fault else self.domains.get(domain.casefold(), "takes_mail")

    def _write(self, to: Callable[[Sheet], Sheet]) -> None:
        change(self.folder, to)


def _silenced(sheet: Sheet, *, silent: bool) -> Sheet:
    faults = dict(sheet.faults)
    for name in map(register_check, sheet.registers):
        if silent:
            faults[name] = Fault(answer="silent")
        elif name in faults and faults[name].answer == "silent":
            del faults[name]
    return sheet.changed(faults=faults)


@dataclass(frozen=True)
class SandboxHouse(StagedHouse):
    """A house of QA's own in `folder`; `wait` is how a slow register lets time pass, in seconds."""

    folder: Path = Path()
    wait: Callable[[float], None] = time.sleep

    def world(self, flow: Flow) -> World:
        """What guards and effects may ask: the sandbox's own registers, as the sheet lets them answer."""
        plain = super().world(flow)

        def find(register: str, lookup: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
            fault = taken(self.folder, register_check(register))
            answer = fault.answer if fault else "answers"
            if answer == "random":
                answer = secrets.choice(REGISTER_ANSWERS[:-1])
            if answer == "silent":
                raise Unavailable("timeout")
            if answer == "malformed":
                raise Unavailable("answer_garbled")
            if answer == "knows_nobody":
                return []
            if answer == "slow":
                self.wait(SLOW)
            return plain.find(register, lookup)

        return replace(plain, find=find)


def open_house(
    folder: Path,
    base_url: str,
    wall: Clock,
    passwords: Passwords | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> SandboxHouse:
    """The house in a sandbox's folder; messages name pages below `base_url`, `wall` is the real time.

    Raises sheet.NoSuchSandbox where nothing was made.
    """
    circumstances = Circumstances(folder, wall)
    own = (secret_of(folder).encode(),)
    return SandboxHouse(
        database=Database(f"sqlite:///{(folder / DATABASE).absolute()}"),
        vault=Vault(own),
        catalogue=_with_qa(wiring.catalogue(), folder),
        sources=Sources({}),
        mail_domain=circumstances.mail_domain,
        base_url=base_url,
        clock=circumstances.clock,
        secrets=own,
        passwords=passwords or Passwords(),
        env="preview",
        surroundings=circumstances,
        folder=folder,
        wait=wait,
    )


def secret_of(folder: Path) -> str:
    """The sandbox's own secret; raises sheet.NoSuchSandbox."""
    try:
        return (folder / SECRET).read_text().strip()
    except OSError:
        raise NoSuchSandbox(folder.name) from None


def open_post(house: SandboxHouse) -> Post:
    """The only post office there is: whatever the channel, it lays letters into the sandbox's outbox."""
    carriers = {channel: outbox.carrier(house, house.folder, channel) for channel in ("sms", "mail")}
    return Post(house.database, house.vault, carriers, house.clock, "sandbox")


def _with_qa(catalogue: Catalogue, folder: Path) -> Catalogue:
    """The same guards, each of which first looks whether QA has chosen what it says."""
    guards = {name: replace(guard, ask=_or_chosen(guard, folder)) for name, guard in catalogue.guards.items()}
    return replace(catalogue, guards=guards)


def _or_chosen(guard: Guard, folder: Path) -> Callable[..., Verdict]:
    def ask(step: Step, options: object) -> Verdict:
        name = next((use.name for use in step.flow.guards.values() if use.options is options), guard.name)
        fault = taken(folder, guard_check(name))
        if fault is None:
            verdict: Verdict = guard.ask(step, options)
            return verdict
        said = Said(run=step.run, seq=step.seq, guard=name, code=fault.reason or fault.answer)
        change(folder, lambda sheet: sheet.changed(said=(*sheet.said, said)))
        return _verdict(guard, options, fault)

    return ask


def _verdict(guard: Guard, options: object, fault: Fault) -> Verdict:
    """The verdict chosen, with the problems the page would be shown had the guard said so itself."""
    if fault.answer == "yes":
        return Verdict.yes()
    if fault.answer == "unavailable":
        return Verdict.unavailable("said_by_qa")
    reason = fault.reason or "said_by_qa"
    pairs = guard.problems(options) if guard.problems else ()
    problems = tuple(Problem(code, field) for field, code in pairs if code == reason)
    return Verdict.no(reason, problems)
