"""Links: looking through one moves nothing, pressing its button takes the steps it stands for."""

from dataclasses import dataclass, replace
from datetime import timedelta

from app.flow.definition import Flow
from app.runner.house import FlowMissing, House
from app.runner.outcome import Browser, NotUnderstood
from app.runner.steps import Intent, commit, plan
from app.runner.submit import TOKEN_DAYS, read_token, step_token, version_of
from app.step.recording import Outdated, Planned
from app.store import journal, links, runs
from app.store.links import Fate, Link
from app.store.runs import Run, StaleStep

_AGAIN = 4
_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class OpenedLink:
    """A link, the run it belongs to, and what has become of it; `token` goes into the page's forms."""

    flow: Flow
    run: Run
    link: Link
    fate: Fate
    token: str

    @property
    def state(self) -> str:
        """The state whose page is shown: the link's own, or where its button has led since."""
        own = self.flow.spec.links[self.link.name].page
        reached = self.flow.state(self.run.state)
        return self.run.state if reached.kind == self.flow.state(own).kind else own


def link_secret(house: House, token: str) -> str | None:
    """The secret in a link's token, if we signed it (how long it lives stands in the database)."""
    return house.link_tokens.verify(token, max_age=(TOKEN_DAYS + 30) * 86_400)


def look(house: House, secret: str) -> OpenedLink | None:
    """The link this secret opens, or None. Nothing is counted and nothing moves (S33)."""
    with house.database.read() as connection:
        link = links.by_secret(connection, house.vault, secret)
        run = runs.by_id(connection, link.run_id) if link else None
    if link is None or run is None:
        return None
    flow = version_of(house, run)
    if flow is None or link.name not in flow.spec.links:  # sent before the run was moved here
        return None
    fate = link.fate(house.clock(), flow.spec.links[link.name].opens)
    return OpenedLink(flow, run, link, fate, step_token(house, run.id, run.seq))


@dataclass(frozen=True)
class Pressed:
    """A link after its button was pressed; `granted`: this press was counted, or repeats one just counted."""

    opened: OpenedLink
    granted: bool


def press(
    house: House, secret: str, browser: Browser, trigger: str, token: str, note: str
) -> Pressed | NotUnderstood | None:
    """The button on a link's page: `open_link` the first time and `trigger`, in one commit.

    Pressed twice on the same page it counts once. A dead link grants nothing. None: no such link.
    """
    shown_for = read_token(house, token)
    for _ in range(_AGAIN):
        opened = look(house, secret)
        if opened is None or opened.run.wrapped_key is None:
            return None
        if shown_for and _is_repeat(house, opened.run, shown_for, note):
            return Pressed(opened, granted=opened.fate in {"live", "used_up"})
        if opened.fate != "live":
            return Pressed(opened, granted=False)
        steps = _plan(house, opened, browser, trigger, note)
        now = look(house, secret)
        if now is None or now.fate != "live":
            continue  # it died while the steps were planned: told like any dead link, and nothing moves
        if not steps or steps[-1].step.trigger != trigger:
            return NotUnderstood(opened.flow.name)
        try:
            commit(house, steps)
        except (StaleStep, Outdated):
            continue
        counted = any(verdict.answer == "yes" for _, verdict in steps[-1].decision.verdicts)
        after = look(house, secret)
        return Pressed(after, counted) if after else None
    return Pressed(opened, granted=False) if opened else None


def _is_repeat(house: House, run: Run, shown_for: tuple[str, int], note: str) -> bool:
    """Whether the newest step is this very button, pressed on the same page a moment ago."""
    run_id, seq = shown_for
    if run_id != run.id or not seq < run.seq <= seq + 2 or house.clock() > run.touched_at + _MOMENT:
        return False
    with house.database.read() as connection:
        newest = journal.entry(connection, run.id, run.seq)
    return newest is not None and newest.record["note"] == note


def _plan(house: House, opened: OpenedLink, browser: Browser, trigger: str, note: str) -> list[Planned]:
    now = house.clock()
    flow, run = opened.flow, opened.run
    with house.database.read() as connection:
        known = runs.read_answers(connection, run, house.vault)
    values = {name: value for name, value in known.items() if not name.endswith("~")}
    came_by = Intent("", values, link=opened.link.name, link_id=opened.link.id)
    steps: list[Planned] = []
    if flow.ways(run.state, "open_link"):
        intent = replace(came_by, trigger="open_link", actor="link")
        steps.append(plan(house, flow, run, intent, browser, now))
        run = steps[-1].after
    if flow.ways(run.state, trigger):
        steps.append(plan(house, flow, run, replace(came_by, trigger=trigger, note=note), browser, now))
    return steps


def only_linking_flow(house: House) -> Flow | None:
    """The flow that a link we do not know can only have come from, if there is but one that sends links."""
    linking = []
    for name in house.shelf.names():
        try:
            flow = house.shelf.live(name)
        except FlowMissing:
            continue
        if flow.spec.links:
            linking.append(flow)
    return linking[0] if len(linking) == 1 else None
