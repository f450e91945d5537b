"""The journal for other programs: as stored, or as CloudEvents; and never anything about a person."""

import json
import re
from datetime import datetime
from pathlib import Path

from app.delivery.post import Post
from app.flow.chain import Chain
from app.runner.house import House
from tests.conftest import Clock
from tests.journal_damage import Narthex, dialect, narthex, run, settings, sql, walked_var
from tests.walk import PERSON, Walk, link_in

__all__ = ["dialect", "narthex", "run", "settings", "walked_var"]  # fixtures


def test_lines_are_the_stored_bytes_so_that_anybody_can_check_the_chain(
    narthex: Narthex, house: House, run: str
) -> None:
    lines = narthex("export").output.splitlines()
    assert [(line,) for line in lines[:5]] == sql(house, "select record from journal order by seq")
    assert [(line,) for line in lines[5:]] == sql(house, "select record from asides order by number")
    chain = Chain(run)
    assert all(chain.add(seq, line) is None for seq, line in enumerate(lines[:5]))


def test_an_event_has_what_cloudevents_asks_for_and_no_attribute_it_forbids(
    narthex: Narthex, run: str
) -> None:
    events = [json.loads(line) for line in narthex("export", "--as", "cloudevents").output.splitlines()]
    assert len(events) == 6
    for event in events:
        for name in set(event) - {"data"}:
            assert re.fullmatch(r"[a-z0-9]{1,20}", name)
            assert event[name] and isinstance(event[name], str)
        assert event["specversion"] == "1.0"
        assert event["source"] == f"/flows/ecard/runs/{run}"
        assert datetime.fromisoformat(event["time"]).tzinfo
        assert event["datacontenttype"] == "application/json"
        assert re.fullmatch(r"[0-9]{10}", event["sequence"])
        assert event["correlationid"] == run
        assert event["dataclassification"] in {"internal", "confidential"}
    assert len({(event["source"], event["id"]) for event in events}) == 6
    assert [event["type"] for event in events] == [
        "flow.run_started.v1",
        *["flow.transition.v1"] * 4,
        "flow.aside.v1",
    ]
    assert [event["subject"] for event in events] == [
        "form",
        "not_found",
        "form",
        "not_found",
        "form",
        "form",
    ]
    records = events[:5]
    assert [event["sequence"] for event in records] == sorted(event["sequence"] for event in records)
    assert [event.get("causationid") for event in records[1:]] == [event["id"] for event in records[:-1]]
    assert "causationid" not in records[0]
    assert records[1]["dataclassification"] == "confidential"


def test_an_older_record_is_brought_up_to_todays_schema_in_its_event(narthex: Narthex, house: House) -> None:
    old = (Path(__file__).parent / "golden/journal/v1/ecard_1_refused.json").read_text().rstrip()
    sql(house, "update journal set record = :old where seq = 1", old=old)
    lines = narthex("export", "--as", "cloudevents").output.splitlines()
    assert "charges" in json.loads(lines[1])["data"]
    assert narthex("export").output.splitlines()[1] == old


def test_nothing_about_a_person_or_what_somebody_sent_leaves_with_the_journal(
    narthex: Narthex, walk: Walk, post: Post, clock: Clock
) -> None:
    canary = "kanari-74123"
    walk.get("/ecard/")
    form = {**walk.hidden(), **PERSON}
    for path, more in (
        ("form", {"trigger": canary}),
        ("form", {canary: canary}),
        (canary, {}),
        ("form", {}),
        ("form", {}),
        ("form", {"email": f"{canary}@gmail.com"}),
    ):
        walk._ask("POST", f"/ecard/{path}", data={**form, **more})
    walk.get("/ecard/requested")
    post.deliver()
    clock.pass_(seconds=31)
    walk.post(trigger="resend")
    post.deliver()
    walk.get(link_in(walk.messages()[-1])).post(follow=False, trigger="add", wallet="apple")
    for kind in ("jsonl", "cloudevents"):
        written = narthex("export", "--as", kind).output
        assert '"add"' in written and "aside" in written
        for value in (*PERSON.values(), "888123456", canary, "192.0.2", "iPhone"):
            if value not in {"ios", "android"}:
                assert value not in written


def test_one_flow_one_run_and_a_moment_narrow_what_is_written(
    narthex: Narthex, walk: Walk, clock: Clock, run: str
) -> None:
    clock.pass_(days=1)
    walk.get("/ecard/").post(**PERSON)
    assert len(narthex("export").output.splitlines()) == 8
    assert len(narthex("export", run).output.splitlines()) == 6
    assert len(narthex("export", "--since", "2026-11-24").output.splitlines()) == 2
    assert narthex("export", "--flow", "registration").output == ""
    assert narthex("export", "r-nobody").exit_code == 2
