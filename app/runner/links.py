"""Links: looking through one moves nothing, pressing its button takes the steps it stands for."""

from dataclasses import dataclass, replace

from app.flow.definition import Flow
from app.runner.house import House
from app.runner.outcome import Browser, NotUnderstood
from app.runner.steps import Intent, commit, plan
from app.runner.submit import TOKEN_DAYS, read_token, step_token
from app.step.recording import Planned
from app.store import journal, links, runs
from app.store.links import Fate, Link
from app.store.runs import Run, StaleStep

_AGAIN = 4


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
    flow = house.shelf.version(run.flow, run.number, run.digest)
    fate = link.fate(house.clock(), flow.spec.links[link.name].opens)
    return OpenedLink(flow, run, link, fate, step_token(house, run.id, run.seq))


def press(
    house: House, secret: str, browser: Browser, trigger: str, token: str, note: str
) -> OpenedLink | NotUnderstood | None:
    """The button on a link's page: `open_link` the first time and `trigger`, in one commit.

    Pressed twice on the same page it counts once. Returns the link as it stands afterwards.
    """
    shown_for = read_token(house, token)
    for _ in range(_AGAIN):
        opened = look(house, secret)
        if opened is None or opened.fate != "live" or opened.run.wrapped_key is None:
            return opened
        if shown_for and _is_repeat(house, opened.run, shown_for, note):
            return opened
        steps = _plan(house, opened, browser, trigger, note)
        if not steps:
            return NotUnderstood(opened.flow.name)
        try:
            commit(house, steps)
        except StaleStep:
            continue
        return look(house, secret)
    return look(house, secret)


def _is_repeat(house: House, run: Run, shown_for: tuple[str, int], note: str) -> bool:
    """Whether the step after the one the page was shown for was this very button."""
    run_id, seq = shown_for
    if run_id != run.id or seq >= run.seq:
        return False
    with house.database.read() as connection:
        later = [journal.entry(connection, run.id, seq + further) for further in (1, 2)]
    return any(entry is not None and entry.record["note"] == note for entry in later)


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
    if not flow.ways(run.state, trigger):
        return steps
    intent = replace(came_by, trigger=trigger, note=note)
    steps.append(plan(house, flow, run, intent, browser, now))
    return steps
