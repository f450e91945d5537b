"""What people and networks do to a page, done to the real pages at once: twice, in two tabs, too late.

Each preset opens the page in view in tabs of the very browser that asks for it, and says what came of it:
what each post was answered, which steps the journal has now, which messages went out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from threading import Barrier, Lock, Thread
from typing import Any

from werkzeug.test import Cookie

from app.proof.page import Form
from app.proof.spot import recorded
from app.runner.house import Signatures
from app.runner.submit import TOKEN_DAYS, read_token
from app.runner.sweep import sweep
from app.sandbox import outbox
from app.sandbox.making import to_type
from app.sandbox.sandboxes import Sandbox
from app.sandbox.sheet import Answered, CameOfIt, Preset, Step
from app.sandbox.tabs import Filler, Tab
from app.store import inbox, runs
from app.store.runs import Run

#: One post: the tab it came from, what it was answered.
Sent = tuple[Tab, Answered]


class NothingToSend(Exception):
    """The page in view has no form that could be sent, or no time that could be over."""


@dataclass(frozen=True)
class Scene:
    """The page that a browser has in view, its form filled in; `other` has one answer changed."""

    sandbox: Sandbox
    tab: Tab
    form: Form
    run_id: str
    fields: Mapping[str, str]
    other: Mapping[str, str]
    filler: Filler
    state: str

    def post(self, fields: Mapping[str, str], tab: Tab | None = None) -> Sent:
        """Send the form; where that led."""
        used = tab or self.tab
        answer = used.ask("POST", self.form.action, fields)
        notice = used.session.get("notice") if answer.status_code == HTTPStatus.SEE_OTHER else None
        state = (answer.location or "").partition("?")[0].rpartition("/")[2] or (answer.location or "")
        return used, Answered(status=answer.status_code, state=state, notice=notice)

    def run(self) -> Run | None:
        """The run as it stands now."""
        with self.sandbox.house.database.read() as connection:
            return runs.by_id(connection, self.run_id)


def perform(sandbox: Sandbox, preset: Preset, tab: Tab) -> tuple[CameOfIt, tuple[Cookie, ...]]:
    """Do it in the browser of `tab`; what came of it, and the cookies this browser goes on with.

    Raises NothingToSend.
    """
    scene = _scene(sandbox, tab)
    steps_before, sent_before = len(_steps(scene)), _messages(sandbox)
    sent = _ACTS[preset](scene)
    sandbox.settle()
    steps = _steps(scene)[steps_before:]
    answers = tuple(answer for _, answer in sent)
    came = CameOfIt(
        preset=preset,
        answers=answers,
        steps=tuple(steps),
        messages=_messages(sandbox) - sent_before,
        sound=_sound(preset, answers, len(steps)),
    )
    return came, tuple(cookie for used, _ in sent for cookie in used.cookies)


def page_in_view(sandbox: Sandbox, session: Mapping[str, Any]) -> tuple[str, Run | None]:
    """The path of the page that a browser with this session is led to, and its run."""
    flow, house = sandbox.flow, sandbox.house
    owners = house.vault.indexes(str(session.get("browser", "")), "browser")
    with house.database.read() as connection:
        run = runs.held_by(connection, owners, flow.name)
    return f"/{flow.name}/{run.state if run else flow.spec.initial}", run


def _scene(sandbox: Sandbox, tab: Tab) -> Scene:
    flow, house = sandbox.flow, sandbox.house
    path, run = page_in_view(sandbox, tab.session)
    form = tab.look(path).form(None)
    shown_for = read_token(house, form.hidden.get("step", "")) if form else None
    if form is None or shown_for is None:
        raise NothingToSend(path)
    with house.database.read() as connection:
        messages = tuple(inbox.messages(connection, house.vault))
    filler = Filler(flow, to_type(sandbox.sheet.people), messages)
    state = run.state if run else flow.spec.initial
    return Scene(
        sandbox,
        tab,
        form,
        shown_for[0],
        filler.filled(form, state),
        filler.otherwise(form, state),
        filler,
        state,
    )


def _double_click(scene: Scene) -> list[Sent]:
    return _at_once(lambda: scene.post(scene.fields), partial(_beside, scene, scene.fields))


def _two_tabs(scene: Scene) -> list[Sent]:
    return _at_once(lambda: scene.post(scene.fields), partial(_beside, scene, scene.other))


def _beside(scene: Scene, fields: Mapping[str, str]) -> Sent:
    return scene.post(fields, scene.tab.beside())


def _back_then_submit(scene: Scene) -> list[Sent]:
    return [scene.post(scene.fields), scene.post(scene.other)]


def _retry(scene: Scene) -> list[Sent]:
    return [scene.post(scene.fields), scene.post(scene.fields)]


def _wrong_code(scene: Scene) -> list[Sent]:
    return [scene.post(_with_code(scene, scene.filler.wrong))]


def _older_code(scene: Scene) -> list[Sent]:
    return [scene.post(_with_code(scene, scene.filler.older))]


def _with_code(scene: Scene, typed: Callable[[Form, str], Mapping[str, str]]) -> Mapping[str, str]:
    try:
        return typed(scene.form, scene.state)
    except LookupError:
        raise NothingToSend(scene.state) from None


def _stale_token(scene: Scene) -> list[Sent]:
    """As if the page had lain open for longer than its token is good for."""
    house, run = scene.sandbox.house, scene.run()
    then = house.clock() - timedelta(days=TOKEN_DAYS, seconds=1)
    old = Signatures(house.secrets, "step", lambda: then).sign(f"{scene.run_id}/{run.seq if run else 0:04d}")
    return [scene.post({**scene.fields, "step": old})]


def _timer(scene: Scene) -> list[Sent]:
    run = scene.run()
    if run is None or run.expires_at is None or run.ended_at is not None:
        raise NothingToSend(scene.form.action)
    scene.sandbox.circumstances.now = run.expires_at
    return _at_once(lambda: scene.post(scene.fields), lambda: sweep(scene.sandbox.house))


def _at_once(*acts: Callable[[], Any]) -> list[Sent]:
    """Let all of them begin at the same instant; what was sent, in the order in which answers came."""
    start, done, lock = Barrier(len(acts)), [], Lock()

    def act(what: Callable[[], Any]) -> None:
        start.wait()
        came = what()
        with lock:
            done.append(came)

    threads = [Thread(target=act, args=(each,)) for each in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [each for each in done if isinstance(each, tuple)]


_ACTS: Mapping[Preset, Callable[[Scene], list[Sent]]] = {
    "double_click": _double_click,
    "two_tabs": _two_tabs,
    "back_then_submit": _back_then_submit,
    "stale_token": _stale_token,
    "retry": _retry,
    "timer": _timer,
    "wrong_code": _wrong_code,
    "older_code": _older_code,
}


def _steps(scene: Scene) -> list[Step]:
    return [
        Step(seq=each.seq, state=each.state, trigger=each.trigger, to=each.to)
        for each in recorded(scene.sandbox.house, scene.run_id)
        if each.type == "transition"
    ]


def _messages(sandbox: Sandbox) -> int:
    return len(outbox.sent(sandbox.folder, sandbox.house.vault))


def _sound(preset: Preset, answers: tuple[Answered, ...], steps: int) -> bool:
    """At most one step is taken, none by a page too old; the same post twice leads to one place."""
    most = 0 if preset == "stale_token" else 1
    alike = preset not in {"double_click", "retry"} or len({(a.status, a.state) for a in answers}) == 1
    return steps <= most and alike and all(each.status == HTTPStatus.SEE_OTHER for each in answers)
