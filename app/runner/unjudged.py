"""What an answer costs that came too late to be judged: of many guesses at once all but one are (S19)."""

from app.flow.definition import Flow
from app.runner.house import House
from app.runner.outcome import Browser
from app.runner.steps import Intent, step_of
from app.store.runs import Run


def charge(house: House, flow: Flow, run: Run, intent: Intent, browser: Browser) -> None:
    """Let a post pay that nobody judged, whatever it held, where its guards ask a price for that.

    `run` is where it stands now. The same post sent again pays too: it cannot be told from a guesser's.
    A malformed one is no guess.
    """
    if intent.problems:
        return
    asked = {each.guard for way in flow.ways(run.state, intent.trigger) for each in way.conditions}
    uses = [flow.guards[name] for name in sorted(asked)]
    priced = [(use, hook) for use in uses if (hook := house.catalogue.guards[use.guard].unjudged)]
    if not priced:
        return
    step = step_of(house, flow, run, intent, browser, house.clock())
    costs = [hook(step, use.options) for use, hook in priced]
    with house.database.write() as connection:
        for cost in costs:
            cost(connection)
