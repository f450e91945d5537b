"""Coverage on the desk: what people walked and what generated paths did, as a picture and as a list."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import text

from app.runner.coverage import taken
from app.runner.house import House
from app.store import path_results
from tests.desk import log_in, staffed
from tests.walk import PERSON, Walk


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def goal(name: str, fate: str, why: str = "") -> dict[str, str]:
    return {"goal": name, "fate": fate, "why": why}


RESULT = {
    "criteria": {
        "transitions": {
            "covered": 2,
            "reachable": 3,
            "unreachable": 1,
            "goals": [
                goal("form.found", "covered"),
                goal("form.later", "uncovered"),
                goal("added.dead_link", "unreachable", "No way of 40 situations reaches <it>."),
            ],
        }
    },
    "transitions": {"form.found": 7},
}


def keep(house: House) -> None:
    digest = house.shelf.live("ecard").digest
    with house.database.write() as connection:
        path_results.put(connection, "ecard", digest, RESULT, house.clock())


def cells(page: str, state: str, way: str) -> list[str]:
    row = next(
        row
        for row in re.findall(r"<tr>.*?</tr>", page.replace("<wbr>", ""), re.DOTALL)
        if f"<code>{way}</code>" in row and f"<code>{state}</code></th>" in row
    )
    return [
        " ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)
    ]


@pytest.fixture
def qa(house: House, browser: Callable[..., Walk]) -> Walk:
    staffed(house)
    return log_in(browser(lang="en"))


def test_few_people_are_not_told_apart_and_more_are_counted(walk: Walk, qa: Walk, house: House) -> None:
    walk.get("/ecard/").post(**{**PERSON, "email": "wrong@sineva-demo.bg"})
    page = qa.get("/desk/coverage/ecard").text
    assert cells(page, "form", "not_found")[3] == "<5".replace("<", "&lt;")
    assert cells(page, "form", "found")[3] == "0"
    for _ in range(5):
        walk.post(trigger="back").post(**{**PERSON, "email": "wrong@sineva-demo.bg"})
    assert cells(qa.get("/desk/coverage/ecard").text, "form", "not_found")[3] == "6"


def test_records_older_than_the_fold_are_counted_too(walk: Walk, house: House) -> None:
    walk.get("/ecard/").post(**{**PERSON, "national_id": "1"}).post(trigger="back")
    folded = taken(house, house.shelf.live("ecard")).recorded
    with house.database.write() as connection:
        connection.execute(text("update journal set fold = null"))
    assert (
        taken(house, house.shelf.live("ecard")).recorded == folded == {"form.malformed": 1, "invalid.back": 1}
    )


def test_what_generated_paths_did_stands_beside_with_the_proof(qa: Walk, house: House) -> None:
    assert "never driven here" in qa.get("/desk/coverage/ecard").text
    keep(house)
    page = qa.get("/desk/coverage/ecard").text
    assert cells(page, "form", "found")[4:] == ["7", "✓ driven"]
    assert cells(page, "form", "later")[4:] == ["0", "✗ not driven, though it can be reached"]
    assert cells(page, "added", "dead_link")[5].endswith("No way of 40 situations reaches &lt;it&gt;.")
    assert "2 of 3, 1 cannot be reached" in page
    picture = page.partition('<svg class="diagram"')[2].partition("</svg>")[0]
    assert "submit: later ✗ ×0" in picture.replace("&#45;", "-").replace("\xa0", " ")
    overview = qa.get("/desk/coverage").text
    assert "/desk/coverage/ecard" in overview


def test_the_size_of_the_picture_stands_in_the_address(qa: Walk) -> None:
    def wide(path: str) -> float:
        return float(re.search(r'<svg class="diagram"[^>]* width="(\d+)"', qa.get(path).text)[1])  # type: ignore[index]

    assert wide("/desk/coverage/ecard?zoom=200") == pytest.approx(2 * wide("/desk/coverage/ecard"), abs=2)
    assert wide("/desk/coverage/ecard?zoom=7") == wide("/desk/coverage/ecard")


@pytest.mark.parametrize("path", ["/desk/coverage/nowhere", "/desk/coverage/ecard?version=9"])
def test_what_is_not_published_is_not_found(qa: Walk, path: str) -> None:
    assert qa.get(path).status == 404
