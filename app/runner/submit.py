"""A post of a wizard page: one use case, one commit."""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import MultiDict

from app.flow.definition import SYSTEM_TRIGGERS, Flow
from app.forms import build
from app.runner.asides import Came, note_aside
from app.runner.house import FlowMissing, House
from app.runner.outcome import At, Browser, NotUnderstood, Outcome, Posted, Resting, StartAgain
from app.runner.pausing import check_open
from app.runner.renewed import renewed, typed_on
from app.runner.resting import is_resting, keep_draft
from app.runner.steps import Intent, commit_once_more, handed
from app.runner.unjudged import charge
from app.step.notes import record_note
from app.step.recording import new_run
from app.store import journal, runs
from app.store.runs import Run, StaleStep

log = logging.getLogger(__name__)

TOKEN_DAYS = 3
_TOKEN_SECONDS = TOKEN_DAYS * 86_400
_FOR_THE_WHOLE_RUN = {"continue", "restart"}


def step_token(house: House, run: str, seq: int) -> str:
    """What a page's forms carry: the run and the step they were shown for, signed."""
    return house.step_tokens.sign(f"{run}/{seq:04d}")


def read_token(house: House, token: str) -> tuple[str, int] | None:
    """(run, seq) of a token of ours, else None."""
    value = house.step_tokens.verify(token, max_age=_TOKEN_SECONDS)
    if value is None:
        return None
    run, _, seq = value.partition("/")
    return run, int(seq)


def holds(house: House, browser: Browser, run: Run) -> bool:
    """Whether the run belongs to this browser (S04)."""
    return run.browser is not None and run.browser in house.vault.indexes(browser.id, "browser")


def submit(house: House, flow_name: str, state: str, browser: Browser, posted: Posted) -> Outcome:
    """Take one step, or say why nothing moved.

    Raises FlowMissing for a flow nobody published, Paused where nobody may begin at present.
    """
    shown_for = read_token(house, posted.token)
    outcome = _submit(house, flow_name, state, browser, posted, shown_for)
    note_aside(house, flow_name, browser, Came(shown_for, state, posted.trigger), outcome)
    return outcome


def _submit(
    house: House,
    flow_name: str,
    state: str,
    browser: Browser,
    posted: Posted,
    shown_for: tuple[str, int] | None,
) -> Outcome:
    if shown_for is None:
        return _current(house, flow_name, browser)
    run_id, seq = shown_for
    with house.database.read() as connection:
        run = runs.by_id(connection, run_id)
        held = runs.held_by(connection, house.vault.indexes(browser.id, "browser"), flow_name)
    if run is None and seq == 0:
        if held is not None:
            return At(flow_name, held.state, "changed_elsewhere", aside="stale")
        shown_at = house.step_tokens.signed_at(posted.token)
        check_open(house, flow_name, shown_at)
        flow = house.shelf.live(flow_name)
        owner = house.vault.index(browser.id, "browser")
        lang = browser.lang if browser.lang in flow.spec.languages else flow.spec.languages[0]
        fresh = new_run(flow, run_id, lang, owner, house.clock(), house.vault)
        run = replace(fresh, touched_at=shown_at)
    elif run is None or run.wrapped_key is None or run.flow != flow_name:
        return StartAgain(flow_name)
    elif not holds(house, browser, run):
        return _handed_before(house, run, seq, state, posted) or StartAgain(flow_name)
    return _step(house, run, seq, state, browser, posted)


def _current(house: House, flow_name: str, browser: Browser) -> Outcome:
    """A page without a token of ours, or too old a one: where the run stands now."""
    with house.database.read() as connection:
        held = runs.held_by(connection, house.vault.indexes(browser.id, "browser"), flow_name)
    return At(flow_name, held.state, "out_of_date", aside="stale") if held else StartAgain(flow_name)


def _step(house: House, run: Run, seq: int, state: str, browser: Browser, posted: Posted) -> Outcome:
    flow = version_of(house, run)
    if flow is None:
        return StartAgain(run.flow)
    same = marks(house, flow, run.id, state, posted)
    if run.seq != seq:
        if again := renewed(house, flow, run, seq, state, typed_on(flow, run, posted)):
            return again
        _charge(house, flow, run, state, browser, posted)
        return _repeat(house, run, seq, same)
    if state != run.state:
        return At(run.flow, run.state, "led_here", aside="refused")
    if run.expires_at is not None and house.clock() >= run.expires_at:
        return replace(expire(house, flow, run), aside="late")
    return _judge(house, flow, run, browser, posted, same)


def _judge(house: House, flow: Flow, run: Run, browser: Browser, posted: Posted, same: list[str]) -> Outcome:
    intent = _intent(house, flow, run, posted)
    if intent is None:
        return NotUnderstood(run.flow)
    return _take(house, flow, run, replace(intent, posted=same[0]), same, browser)


def _take(house: House, flow: Flow, run: Run, intent: Intent, same: list[str], browser: Browser) -> Outcome:
    try:
        if is_resting(flow, run, house):
            keep_draft(house, flow, run, intent.typed)
            return Resting(run.flow)
        after = commit_once_more(house, flow, run, intent, browser)
        return _result(house, flow, after, after.seq) or At(run.flow, after.state)
    except StaleStep:
        return _lost_race(house, flow, run, intent, same, browser)


def _charge(house: House, flow: Flow, run: Run, state: str, browser: Browser, posted: Posted) -> None:
    """Let an answer pay that came too late to be judged on the page that is still in view."""
    intent = _intent(house, flow, run, posted) if state == run.state else None
    if intent is not None:
        charge(house, flow, run, intent, browser)


def _intent(house: House, flow: Flow, run: Run, posted: Posted) -> Intent | None:
    """The answers so far and those just given, judged only by the trigger that submits them.

    None when the page has no such trigger or field.
    """
    triggers = flow.triggers(run.state)
    trigger = posted.trigger or (triggers or ("",))[0]
    form_class = build.form_class(flow, run.state)
    if (
        trigger in SYSTEM_TRIGGERS
        or trigger not in triggers
        or build.unknown_names(form_class, posted.fields)
    ):
        return None
    with house.database.read() as connection:
        known = runs.read_answers(connection, run, house.vault) if run.seq else {}
    values = {name: value for name, value in known.items() if not name.endswith("~")}
    if not flow.state(run.state).fields:
        return Intent(trigger, values)
    fields: Any = {name: list(entries) for name, entries in posted.fields.items()}
    form = form_class(formdata=MultiDict(fields), meta={"csrf": False})
    reading = build.read(form, house.clock().date())
    if trigger != triggers[0]:
        return Intent(trigger, values, reading.shown)
    for name in flow.state(run.state).fields:
        values.pop(name, None)
    return Intent(trigger, {**values, **reading.values}, reading.shown, reading.problems)


def marks(house: House, flow: Flow, run: str, state: str, posted: Posted) -> list[str]:
    """Marks by which the same post to the same run is known again, under every key, the current one first.

    A mark is kept longer than a password may be: where one was posted, trying others on it costs as much as
    on the password's own hash.
    """
    plain = json.dumps([run, state, posted.trigger, sorted(posted.fields.items())])
    known = (flow.spec.fields.get(name) for name in posted.fields)
    if any(spec is not None and spec.type == "password" for spec in known):
        plain = house.passwords.stretched(plain, run)
    return house.vault.indexes(plain, "posted")


def _repeat(house: House, run: Run, seq: int, same: list[str]) -> At:
    """A step that was taken already: the first result if it is the same post again (S05, S06)."""
    first = _first_result(house, run, seq, same)
    return first or At(run.flow, run.state, "changed_elsewhere", aside="stale")


def _first_result(house: House, run: Run, seq: int, same: list[str]) -> At | None:
    with house.database.read() as connection:
        entry = journal.entry(connection, run.id, seq + 1)
    if entry is None or entry.posted not in same:
        return None
    flow = version_of(house, run)
    if flow is None:
        return None
    return replace(handed(house, flow, run.id, entry, entry.record["to"]), aside="duplicate")


def _result(house: House, flow: Flow, run: Run, seq: int) -> At | None:
    """What the step just taken led to."""
    with house.database.read() as connection:
        entry = journal.entry(connection, run.id, seq)
    return handed(house, flow, run.id, entry, run.state) if entry else None


def _handed_before(house: House, run: Run, seq: int, state: str, posted: Posted) -> At | None:
    """The first result for a browser whose new identity was lost on the way to it.

    Only who posts the very same step again, the secret in it included, is given the identity once more.
    """
    flow = version_of(house, run)
    result = _first_result(house, run, seq, marks(house, flow, run.id, state, posted)) if flow else None
    return result if result and result.browser else None


def _lost_race(
    house: House, flow: Flow, run: Run, intent: Intent, same: list[str], browser: Browser
) -> Outcome:
    """Another post was quicker: of this step, or of a first step in another tab."""
    with house.database.read() as connection:
        stored = runs.by_id(connection, run.id)
        held = runs.held_by(connection, house.vault.indexes(browser.id, "browser"), run.flow)
    if stored is not None:
        now = version_of(house, stored)
        if now and (again := renewed(house, now, stored, run.seq, run.state, intent.typed)):
            return again
        if stored.state == run.state and run.seq:
            charge(house, flow, stored, intent, browser)
        return _repeat(house, stored, run.seq, same)
    return At(run.flow, held.state, "changed_elsewhere", aside="stale") if held else StartAgain(run.flow)


def expire(house: House, flow: Flow, run: Run) -> At:
    """Its time is over: the clock's own trigger moves the run."""
    try:
        after = commit_once_more(house, flow, run, Intent("expire", actor="timer"), None)
    except StaleStep:
        with house.database.read() as connection:
            after = runs.by_id(connection, run.id) or run
    return At(run.flow, after.state)


def choose(house: House, flow_name: str, browser: Browser, posted: Posted) -> Outcome:
    """`continue` or `restart` the run that the page was shown for; both may be pressed again without harm.

    A run that is not resting yet gets its full idle span anew, as often as it is asked for (U15).
    """
    shown_for = read_token(house, posted.token)
    outcome = _choose(house, flow_name, browser, posted.trigger, shown_for)
    note_aside(house, flow_name, browser, Came(shown_for, None, posted.trigger), outcome)
    return outcome


def _choose(
    house: House, flow_name: str, browser: Browser, trigger: str | None, shown_for: tuple[str, int] | None
) -> Outcome:
    if trigger not in _FOR_THE_WHOLE_RUN:
        return NotUnderstood(flow_name)
    with house.database.read() as connection:
        held = runs.held_by(connection, house.vault.indexes(browser.id, "browser"), flow_name)
    if held is None:
        return StartAgain(flow_name)
    if shown_for != (held.id, held.seq):
        return At(flow_name, held.state, "changed_elsewhere", aside="stale")
    flow = version_of(house, held)
    if flow is None or trigger == "restart":
        return _restart(house, flow, held)
    if held.ended_at is None:
        with house.database.write() as connection:
            runs.resume(connection, held.id, house.clock())
    return At(flow_name, held.state, aside="continued" if held.ended_at is None else None)


def _restart(house: House, flow: Flow | None, held: Run) -> Outcome:
    try:
        with house.database.write() as connection:
            if held.wrapped_key is not None and flow is not None:
                record_note(connection, house.vault, flow, held, "note", "restart", house.clock(), house.env)
            runs.release(connection, held.id)
    except StaleStep:
        return At(held.flow, held.state, "changed_elsewhere", aside="stale")
    return At(held.flow, house.shelf.live(held.flow).spec.initial)


def version_of(house: House, run: Run) -> Flow | None:
    """The version the run stands on; None, and an alarm, when it cannot be had any more."""
    try:
        return house.shelf.version(run.flow, run.number, run.digest)
    except FlowMissing:
        log.error("a run stands on a version that is not there", extra={"run": run.id})
        return None


def plain_fields(posted: Mapping[str, list[str]], own: frozenset[str]) -> dict[str, list[str]]:
    """What was posted without the names that belong to the web layer (`own`)."""
    return {name: values for name, values in posted.items() if name not in own}
