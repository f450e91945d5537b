"""Records of older schemas, kept as they were written: read, folded and checked by today's program."""

import json
from pathlib import Path

import pytest

from app.config import ROOT
from app.flow.chain import Chain
from app.flow.trace import BadRecord, fold, read, read_text, upcast

V1 = ROOT / "tests" / "golden" / "journal" / "v1"
#: Folds are stored beside records, so a record's fold may never change.
FOLDS = {
    "ecard_0_started": "c819c38da5be89ccc3552672ad2c011e",
    "ecard_1_refused": "c08f74fc47b141705e8a9dba44bb31d1",
    "ecard_2_back": "efd3b10fed5ddd0b6a5e38b51ebab725",
    "ecard_3_malformed": "412ce90c2a18a61110a3212eb7a10a4e",
    "ecard_4_back_again": "f51431ccbb5ed089ec6a327c34829eb8",
    "ecard_5_found": "44b862e1b7333bcabc66f944ed6d486b",
    "ecard_6_resent": "424e0017e534674d9600e911d91e6291",
    "ecard_7_link_opened": "cef55c2fcd75789ff4e5af6e173ad1c3",
    "ecard_8_added": "72b3209b024f64bbf4ba5db57a98e851",
    "ecard_9_restarted": "04c71b27bd4a22d832e826142caaac2d",
    "knock_2_wrong_code": "04afeb560dcc4acc80ebcc9c1ac8b357",
    "knock_4_expired": "81e4e491122ad481a48f295881669438",
}


def stored(name: str) -> str:
    return (V1 / f"{name}.json").read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("name", FOLDS)
def test_a_record_of_schema_1_reads_as_it_should(name: str) -> None:
    record = json.loads(stored(name))
    before = json.dumps(record)
    expected = json.loads((V1 / f"{name}.upcast.json").read_text(encoding="utf-8"))
    assert upcast(record) == expected
    assert json.dumps(record) == before, "the record itself stays as it is"
    assert read(record) == read(expected)
    assert fold(record) == fold(expected) == FOLDS[name]


def test_a_chain_of_schema_1_is_judged_by_what_is_stored() -> None:
    names = sorted(name for name in FOLDS if name.startswith("ecard"))
    chain = Chain(json.loads(stored(names[0]))["run"])
    for seq, name in enumerate(names):
        assert chain.add(seq, stored(name), FOLDS[name]) is None
    assert chain.end(9, json.loads(stored(names[-1]))["hash"]) is None


def test_every_golden_record_is_looked_at() -> None:
    kept = {Path(file).name.partition(".")[0] for file in V1.glob("*.json")}
    assert kept == set(FOLDS)


def test_a_newer_schema_is_refused_with_what_to_do() -> None:
    record = {**json.loads(stored("ecard_5_found")), "v": 3}
    with pytest.raises(BadRecord, match=r"record 5: its schema is 3, this program reads up to 2; upgrade it"):
        read(record)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"v":2,"run":"r-1","seq":4}', '{"v":1,"seq":"x"}'])
def test_what_is_no_record_is_refused_by_its_place(text: str) -> None:
    with pytest.raises(BadRecord):
        read_text("r-1", 4, text)
