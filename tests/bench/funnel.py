"""What the funnel and a what-if cost, over the history that replaying left behind."""

from pathlib import Path
from time import perf_counter

from app import wiring
from app.runner.funnel import funnel
from app.runner.what_if.answer import what_if
from tests.bench.measure import Group, Line
from tests.conftest import Clock, settings_for

FIRST = 1  # the version that was recorded


def funnels(folder: Path) -> Group:
    """The funnel of every flow, and one limit of one of them, once each."""
    house = wiring.open_house(settings_for(folder / "var"), Clock())
    with house.database.read() as connection:
        records = connection.exec_driver_sql("select count(*) from journal").scalar_one()
        of_one = connection.exec_driver_sql(
            "select count(*) from journal j join runs r on r.id = j.run where r.flow = 'registration'"
        ).scalar_one()
    began = perf_counter()
    left_out = sum(funnel(house, name, [FIRST]).unreadable for name in house.shelf.names())
    counted = perf_counter() - began
    began = perf_counter()
    what_if(house, "registration", "codes.phone_code.tries", "3", number=FIRST)
    asked = perf_counter() - began
    house.database.close()
    if left_out:
        raise SystemExit(f"{left_out} records could not be read")
    return Group(
        f"The funnel of {records:,} recorded transitions",
        (
            Line("funnels of all flows, with the times of every step", counted / records),
            Line(f"what if codes had fewer tries ({of_one:,})", asked / of_one),
        ),
        [f"all funnels {counted:.1f} s, what if {asked:.1f} s"],
    )
