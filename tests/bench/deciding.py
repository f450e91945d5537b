"""What the state machine costs beside a plain table, and what a machine for each request would cost."""

from collections.abc import Callable, Mapping

from app.flow.definition import Flow
from app.flow.step import Ask, Decision, NothingFits, decide, machine_for
from app.flow.verdict import Verdict
from tests.bench.measure import Case, Group, compare
from tests.bench.people import ecard

Decide = Callable[[str, str, Ask], Decision]
YES, NO = Verdict.yes(), Verdict.no("refused")

#: A state, a trigger, what the guards say: applicants who get on, who are sent back, who wait, who leave.
DECISIONS: tuple[tuple[str, str, Mapping[str, Verdict]], ...] = (
    ("form", "submit", {"form_valid": YES, "address_takes_mail": YES, "card_found": YES}),
    ("form", "submit", {"form_valid": YES, "address_takes_mail": YES, "card_found": NO}),
    ("form", "submit", {"form_valid": NO}),
    ("invalid", "back", {}),
    ("requested", "open_link", {"link_live": YES}),
    ("requested", "resend", {"may_resend": NO}),
    ("requested", "expire", {}),
)


def by_table(flow: Flow) -> Decide:
    """The same decisions from a dictionary: as little as can be done in Python."""
    table = {(state, t): flow.ways(state, t) for state in flow.spec.states for t in flow.triggers(state)}

    def choose(state: str, trigger: str, ask: Ask) -> Decision:
        verdicts: dict[str, Verdict] = {}
        for way in table[state, trigger]:
            for condition in way.conditions:
                if condition.guard not in verdicts:
                    verdicts[condition.guard] = ask(condition.guard)
                verdict = verdicts[condition.guard]
                if not condition.fits(verdict.answer, verdict.reason):
                    break
            else:
                return Decision(way, tuple(verdicts.items()))
        raise NothingFits(trigger)

    return choose


def deciding() -> Group:
    """decide() beside its limit and beside the way not taken."""
    flow = ecard()

    def shared(state: str, trigger: str, ask: Ask) -> Decision:
        return decide(flow, state, trigger, ask)

    def built_anew(state: str, trigger: str, ask: Ask) -> Decision:
        machine_for.cache_clear()
        return decide(flow, state, trigger, ask)

    table = by_table(flow)
    if _all(table) != _all(shared):
        raise SystemExit("the plain table decides differently: there is nothing to compare")
    return Group(
        f"Deciding: the flow ecard, {len(DECISIONS)} decisions in turn",
        compare(
            _case("a plain table, the limit", table),
            _case("decide(), one machine for all", shared),
            _case("decide(), a machine built for each request", built_anew),
        ),
    )


def _all(choose: Decide) -> list[Decision]:
    return [choose(state, trigger, said.__getitem__) for state, trigger, said in DECISIONS]


def _case(what: str, choose: Decide) -> Case:
    return Case(what, lambda: _all(choose), makes=len(DECISIONS))
