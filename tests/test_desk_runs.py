"""QA's desk for runs over HTTP: search, the run in time, the page as seen, why; nobody's answers."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import update

from app import wiring
from app.runner.house import House
from app.runner.staff.acts import acts_since
from app.sandbox.faults import chosen
from app.store.models import journal, runs
from app.web.desk.run_words import channel
from app.web.desk.stilled import stilled
from tests.apps import ready_app
from tests.conftest import Clock, settings_for
from tests.desk import cheap, log_in, staffed
from tests.told import CANARIES, Told, Walker
from tests.walk import Walk

BROKEN = re.compile(r"%\(\w+\)s|\{[a-z_]+\}")


@dataclass
class Desk:
    """Runs of all flows, and somebody of each role at the desk."""

    house: House
    told: Told
    codes: list[str]
    qa: Walk
    operator: Walk

    def acts(self) -> list[tuple[str, str, str]]:
        since = self.house.clock() - timedelta(hours=1)
        return [(act.staff, act.act, act.subject) for act in acts_since(self.house, since)]


def opened(var: Path) -> Desk:
    settings, clock = settings_for(var), Clock()
    house = cheap(wiring.open_house(settings, clock))
    app, post = ready_app(settings, house), wiring.open_post(settings, house)
    walker = Walker(house, clock, post, lambda **more: Walk(app, **more))
    told = walker.walk_all()
    log_in(qa := Walk(app, lang="en"), staffed(house, "vera", "qa"))
    log_in(operator := Walk(app, lang="en"), staffed(house, "otto", "operator"))
    return Desk(house, told, walker.codes, qa, operator)


@pytest.fixture(scope="module")
def desk(demo_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    var = tmp_path_factory.mktemp("runs") / "var"
    shutil.copytree(demo_var, var)
    made = opened(var)
    yield made
    made.house.database.close()


def search(walk: Walk, **boxes: str) -> str:
    query = "&".join(f"{box}={quote(value)}" for box, value in boxes.items())
    return words(walk.get(f"/desk/runs?{query}").text)


def words(page: str) -> str:
    """What stands in the middle and at the right of a page, without its tags."""
    main = page[page.index("<main") :].partition("<dialog")[0]
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", main, flags=re.S)
    return " ".join(unescape(text).split())


def test_the_list_shows_runs_newest_first_and_finds_them_by_every_box(desk: Desk) -> None:
    page = search(desk.qa)
    assert page.index("activation 1 en") < page.index("registration 1 hu") < page.index("ecard 1 bg")
    assert "Shown: 3, newest first." in page
    page = search(desk.qa, path="form > invalid >> added", flow="ecard", ended="success", spoken="bg")
    assert "Shown: 1, newest first. Looked through: 1, none left out." in page
    assert "Shown: 1" in search(desk.qa, state="registered", since="2026-11-23", until="2026-11-23")
    assert "Shown: 1" in search(desk.qa, lasting="10", ended="ended", version="1")
    assert "No run found." in search(desk.qa, until="2026-11-22")
    assert "looked through: 3, none left out" in search(desk.qa, path="locked")
    assert desk.qa.get(f"/desk/runs?run={desk.told.ecard}").at == f"/desk/runs/{desk.told.ecard}"


def test_a_path_that_cannot_be_read_is_pointed_at_and_kept(desk: Desk) -> None:
    page = search(desk.qa, path="form > invlid", flow="ecard")
    assert desk.qa.status == 422
    assert "There is no state 'invlid'. Did you mean 'invalid'?" in page
    assert "Column 8" in page
    assert 'value="form &gt; invlid"' in desk.qa.text
    assert 'aria-invalid="true"' in desk.qa.text
    assert "There is no version 9. The newest is 1." in search(desk.qa, version="9")


def test_operators_search_by_states_and_triggers_but_not_by_verdicts(desk: Desk) -> None:
    assert "Shown: 1" in search(desk.operator, path="invalid > back! >> added")
    for path in ("card_found:unknown", "form.not_found"):
        assert "not by what guards answered" in search(desk.operator, path=path)
        assert desk.operator.status == 422


def test_a_run_stands_in_time_with_what_came_beside_it(desk: Desk) -> None:
    page = words(desk.qa.get(f"/desk/runs/{desk.told.ecard}?step=3").text)
    assert "20 s later 2 back leads to form" in page.replace("→ ", "")
    assert "25 min later" in page
    assert "A form of an older page; nothing was taken from it" in page
    assert "SMS: handed over" in page
    assert desk.qa.text.count('aria-current="step"') == 1
    assert re.search(r'id="step-3"[^>]+aria-current="step"', desk.qa.text)
    # To scale: 42 s are a bit more than twice 20 s, and 25 min are drawn as long as 10 and broken.
    heights = [int(height) for height in re.findall(r'<svg width="12" height="(\d+)"', desk.qa.text)]
    assert heights == [3, 7, 29, 96]


def test_the_keys_ways_are_links_that_skip_to_what_was_not_fine(desk: Desk) -> None:
    page = desk.qa.get(f"/desk/runs/{desk.told.activation}?step=1").text
    ways = dict(re.findall(r'<a id="to-([a-z-]+)" href="[^"]+step=(\d+)"', page))
    assert ways == {"first": "0", "before": "0", "after": "2", "wrong-after": "2", "last": "5"}


def test_why_tells_guards_with_their_numbers_and_each_way_that_lost(desk: Desk) -> None:
    page = words(desk.qa.get(f"/desk/runs/{desk.told.activation}?step=2").text)
    assert "pin_right no wrong" in page
    assert "tries: 0 → 1 / 5" in page
    assert "right → pin_confirmed pin_right was to be yes and was wrong" in page
    assert "wrong → pin taken" in page
    assert "form_valid was to be anything but yes and was yes" in page
    page = words(desk.qa.get(f"/desk/runs/{desk.told.ecard}?step=3").text)
    assert "register insured : none" in page
    assert "look_again : ordered" in page
    assert "device yes email" not in page and re.search(r"device yes (?!\d)", page), (
        "a choice's length tells it"
    )


def test_the_page_as_seen_speaks_its_language_shows_its_errors_and_dots_for_answers(desk: Desk) -> None:
    def seen(run: str, seq: int) -> str:
        return desk.qa.get(f"/desk/runs/{run}/page/{seq}").text

    page = seen(desk.told.ecard, 1)
    assert '<html lang="bg">' in page
    assert "Неправилно въведени данни" in page
    assert "Това не прилича на имейл адрес" in page
    page = seen(desk.told.ecard, 2)
    assert page.count('value="•••••••••••••"') == 1, "a mobile of thirteen signs stands there as dots"
    assert page.count('value="••••••••"') == 1, "so does what was no address, as long as nobody knows"
    page = seen(desk.told.registration, 1)
    assert "nem megfelelő" in page
    assert 'value="policy" checked' in unescape(page) or re.search(r'checked[^>]*value="policy"', page)
    assert "••" in seen(desk.told.registration, 2), "where the code went"
    page = seen(desk.told.ecard, 6)
    assert "•••• ••••" in page or "••••••••" in page
    assert "Apple" in page


def test_the_page_as_seen_can_do_nothing(desk: Desk) -> None:
    for run in vars(desk.told).values():
        for seq in range(8):
            page = desk.qa.get(f"/desk/runs/{run}/page/{seq}").text
            if desk.qa.status == 404:
                continue
            assert not re.search(r"<script|href=\"/(?!static|desk/runs)|formaction|type=\"hidden\"", page)
            assert all(
                "disabled" in tag for tag in re.findall(r"<(?:button|input|select|textarea)\b[^>]*>", page)
            )
            assert not BROKEN.search(words(page)), f"something was left open in {run} {seq}"
    assert desk.qa.page is not None
    policy = desk.qa.get(f"/desk/runs/{desk.told.ecard}/page/1").page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy and "sandbox allow-same-origin" in policy
    assert "script-src" not in policy and "default-src 'none'" in policy
    outside = desk.qa.get(f"/desk/runs/{desk.told.ecard}").page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in outside


def test_stilling_keeps_what_was_out_of_use_apart_from_what_was_in_use() -> None:
    page = stilled(
        '<!doctype html><p>a &amp; b &#8211;<a href="/x" class="y">go</a><script>1 < 2</script>'
        '<input type="hidden" name="t" value="1"><noscript><p>no</p></noscript>'
        '<form action="/x" method="post"><button disabled>one</button><input value="&quot;"></form>'
    )
    assert page == (
        '<!doctype html><p>a &amp; b &#8211;<a class="y">go</a>'
        '<form method="post"><button disabled>one</button><input value="&quot;" disabled data-stilled></form>'
    )


def test_nobodys_answers_stand_on_any_page_of_the_desk(desk: Desk) -> None:
    pages = [desk.qa.get("/desk/runs").text]
    for run in vars(desk.told).values():
        for seq in range(9):
            pages.append(desk.qa.get(f"/desk/runs/{run}?step={seq}&replay=strict").text)
            pages.append(desk.qa.get(f"/desk/runs/{run}/page/{seq}").text)
        pages += [desk.qa.get(f"/desk/runs/{run}/export/{form}").text for form in ("jsonl", "cloudevents")]
        pages.append(desk.operator.get(f"/desk/runs/{run}").text)
    shown = "\n".join(pages)
    for canary in CANARIES:
        assert canary not in shown, f"{canary} stands on a page of the desk"
    read = " ".join(words(page) for page in pages if "<main" in page)
    assert not set(desk.codes) & set(re.findall(r"\w+", read))
    assert not BROKEN.search(read)


def test_operators_see_where_a_run_stands_and_what_may_come_but_no_verdict_and_no_page(desk: Desk) -> None:
    page = words(desk.operator.get(f"/desk/runs/{desk.told.registration}").text)
    assert "What may come next" in page
    assert "verify_phone" in page
    for verdict in ("contract_on_file", "refused", "contact_differs", "Why", "taken"):
        assert verdict not in page
    assert "<iframe" not in desk.operator.text
    assert desk.operator.get(f"/desk/runs/{desk.told.registration}/page/1").status == 403
    assert desk.operator.get(f"/desk/runs/{desk.told.registration}/export/jsonl").status == 403


def test_reading_a_run_is_noted_once_for_each_time_it_is_opened(desk: Desk) -> None:
    reader = Walk(desk.qa.app, lang="en")
    log_in(reader, staffed(desk.house, "nora", "qa"))
    for step in (1, 2, 3):
        reader.get(f"/desk/runs/{desk.told.ecard}?step={step}").get(
            f"/desk/runs/{desk.told.ecard}/page/{step}"
        )
    reader.get(f"/desk/runs/{desk.told.activation}")
    mine = [act[1:] for act in desk.acts() if act[0] == "nora" and act[1] == "read run"]
    assert sorted(mine) == sorted((("read run", desk.told.ecard), ("read run", desk.told.activation)))


def test_a_run_is_replayed_strictly_and_taken_away_as_a_file(desk: Desk) -> None:
    page = words(desk.qa.get(f"/desk/runs/{desk.told.ecard}?replay=strict").text)
    assert "it comes out as recorded" in page
    assert "Records decided again: 8; otherwise than recorded: 0." in page
    assert "Its chain of hashes is whole." in page
    lines = desk.qa.get(f"/desk/runs/{desk.told.ecard}/export/cloudevents").text.splitlines()
    assert all(json.loads(line)["specversion"] == "1.0" for line in lines)
    assert desk.qa.page is not None
    assert desk.qa.page.headers["Content-Disposition"].startswith("attachment;")
    assert ("vera", "export run cloudevents", desk.told.ecard) in desk.acts()
    assert desk.qa.get(f"/desk/runs/{desk.told.ecard}/export/xml").status == 404
    assert desk.qa.get("/desk/runs/r-nobody").status == 404


def test_a_step_is_forked_with_what_its_guards_might_have_said(desk: Desk) -> None:
    page = desk.qa.get(f"/desk/runs/{desk.told.ecard}?step=5").text
    offered = re.findall(r'<option value="([a-z_]+)=([a-z_]+)"', page)
    assert ("card_found", "not_in_force") in offered
    assert "form_valid" not in dict(offered)
    flow, catalogue = desk.house.shelf.live("ecard"), desk.house.catalogue
    assert all(chosen(flow, catalogue, guard, code) for guard, code in offered)
    assert '<input type="hidden" name="step" value="5">' in page
    assert "Fork here" not in desk.qa.get(f"/desk/runs/{desk.told.ecard}?step=0").text


def test_without_its_version_a_run_still_tells_what_is_recorded(desk: Desk, tmp_path: Path) -> None:
    shutil.copytree(Path(str(desk.house.database.url.database)).parent, tmp_path / "var")
    settings = settings_for(tmp_path / "var")
    house = cheap(wiring.open_house(settings, desk.house.clock))
    with house.database.write() as connection:
        connection.exec_driver_sql("pragma foreign_keys = off")
        mine = (journal.c.run == desk.told.ecard) & (journal.c.seq == 5)
        connection.execute(update(journal).where(mine).values(record="{"))
        digest = connection.execute(runs.select().where(runs.c.id == desk.told.activation)).one().digest
    connection = house.database.engine.raw_connection()
    connection.cursor().execute("pragma foreign_keys = off")
    connection.cursor().execute("delete from flow_contents where digest = ?", (digest,))
    connection.commit()
    connection.close()
    walk = log_in(Walk(ready_app(settings, house), lang="en"), "vera")
    page = words(walk.get(f"/desk/runs/{desk.told.activation}?step=2&replay=strict").text)
    assert "The version that this run is on is not there any more" in page
    assert "pin_right no wrong" in page
    assert "it does not come out as recorded" in page
    page = words(walk.get(f"/desk/runs/{desk.told.ecard}").text)
    assert "Record 5 of this run cannot be read" in page
    assert "Step 4 of 4" in page
    house.database.close()


@pytest.mark.parametrize("carried", ["sms", "mail", "google", "webhook"])
def test_every_way_a_letter_leaves_has_words(app: Flask, carried: str) -> None:
    with app.test_request_context("/"):
        assert channel(carried) not in {carried, ""}
