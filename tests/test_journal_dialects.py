"""The journal as evidence on both databases: stated, checked, exported, pruned, and still good."""

import json
from pathlib import Path

from app.config import Settings
from app.delivery.post import Post
from app.runner.house import House
from tests.conftest import Clock
from tests.journal_damage import command, faults, rewritten, run_of, sql, walked
from tests.walk import PERSON, Walk


def test_from_the_first_record_to_what_is_left_of_it(
    walk: Walk, post: Post, house: House, settings: Settings, clock: Clock, tmp_path: Path
) -> None:
    narthex, kept, out = command(settings), tmp_path / "heads.jsonl", tmp_path / "events.jsonl"
    walked(walk)
    old = run_of(house)
    assert narthex("heads", "--out", str(kept)).exit_code == 0
    clock.pass_(hours=25)
    walk.get("/ecard/").post("/ecard/", trigger="restart")
    walk.get("/ecard/").post(**PERSON)
    post.deliver()
    assert narthex("heads", "--out", str(kept)).exit_code == 0
    looked = narthex("verify", "--heads", str(kept))
    assert looked.exit_code == 0, looked.output

    assert narthex("export", "--as", "cloudevents", "--flow", "ecard", "--out", str(out)).exit_code == 0
    events = [json.loads(line) for line in out.read_text().splitlines()]
    ids = [event["id"] for event in events]
    assert len(ids) == len(set(ids))
    since = narthex("export", "--since", "2026-11-24").output.splitlines()
    assert 0 < len(since) < len(events)
    assert {json.loads(line)["run"] for line in narthex("export", old).output.splitlines()} == {old}

    sql(house, "update runs set ended_at = touched_at where id = :run", run=old)
    would = narthex("prune", "--ended-before", "2026-11-25", "--dry-run")
    assert would.output == "1 runs with 6 records would be pruned.\n"
    pruned = narthex("prune", "--ended-before", "2026-11-25")
    assert pruned.output == "1 runs with 6 records pruned.\n"
    assert sql(house, "select run, records from pruned_runs") == [(old, 6)]
    for table, column in (("journal", "run"), ("asides", "run"), ("outbox", "run_id"), ("runs", "id")):
        assert sql(house, f"select 1 from {table} where {column} = :run", run=old) == []
    assert narthex("verify", "--heads", str(kept)).exit_code == 0
    assert narthex("heads", "--out", str(kept)).exit_code == 0
    assert json.loads(kept.read_text().splitlines()[-1])["pruned"] == [old]
    assert narthex("verify", "--heads", str(kept), old).exit_code == 0
    assert faults(house) == []

    rewritten(house, run_of(house), 1)
    looked = narthex("verify", "--heads", str(kept))
    assert looked.exit_code == 1
    assert "the run was rewritten since" in looked.output
