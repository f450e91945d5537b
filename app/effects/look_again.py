"""Having a refusal looked at again, where the applicant cannot see it."""

import json

from sqlalchemy import Connection

from app.flow.catalogue import effect
from app.step import Order, Write
from app.store import second_looks


@effect(section="transitions")
def look_again(order: Order) -> Write:
    """Have this refusal looked at again: if the person is right and only the budget was spent, the named
    transition of this state is carried out in a run of its own that no browser holds.

    Belongs to every refusal of a match, whatever its cause: all of them leave the same work behind (C6).
    """
    step = order.step
    fields = step.flow.spec.fields
    body = json.dumps(
        {
            "flow": step.flow.name,
            "number": step.flow.number,
            "digest": step.flow.digest,
            "state": step.state,
            "way": order.argument,
            "lang": step.lang,
            "parent": f"{step.run}:{step.seq}",
            "values": {n: v for n, v in step.values.items() if fields[n].data_class != "secret"},
            "found": {name: dict(facts) for name, facts in order.found.items()},
        },
        ensure_ascii=False,
    )

    def write(connection: Connection) -> str:
        second_looks.put(connection, step.world.vault, body, step.now)
        return "requested"

    return write
