"""The files of a flow at the desk: read by whoever looks, written by analysts, never lost by anybody."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.flow.edit import SetValue
from app.runner.drafting.changing import change
from app.runner.drafting.drafts import discard, draft_of
from app.runner.drafting.saving import Saved
from app.runner.house import House
from app.web.desk.typed_text import as_in_file
from tests.desk import cheap, log_in, staffed
from tests.drafting import BELA, changed, drafted
from tests.test_desk_release import press, send
from tests.walk import HIDDEN, Walk

AT = "/desk/flows/activation/files"
TRIES = ("codes", "pin_code", "tries")
EXPIRE = ("everywhere", "#expire", "dest")


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@dataclass
class Desk:
    house: House
    anna: Walk
    chief: Walk

    def file(self, name: str = "flow.yaml") -> str:
        return draft_of(self.house, "activation").files[name]


@pytest.fixture
def desk(house: House, browser: Callable[..., Walk]) -> Desk:
    staffed(cheap(house), "anna", "analyst")
    staffed(cheap(house), "chief", "approver")
    drafted(house)
    return Desk(house, log_in(browser(lang="en"), "anna"), log_in(browser(lang="en"), "chief"))


def typed(walk: Walk) -> str:
    """What stands in the box, as a browser sends it back."""
    box = re.search(r'<textarea id="text".*?>\n(.*?)</textarea>', walk.text, re.S)
    assert box
    return re.sub(r"\r\n|\r|\n", "\r\n", html.unescape(box[1]))


def save(walk: Walk, file: str = "flow.yaml", *, text: str | None = None, **more: str) -> Walk:
    walk.get(f"{AT}?file={file}")
    return send(walk, AT, text=typed(walk) if text is None else text, **more)


def test_opened_and_saved_without_an_edit_every_file_is_the_same_to_the_letter(desk: Desk) -> None:
    before = dict(draft_of(desk.house, "activation").files)
    for name in before:
        assert "Nothing was changed" in save(desk.anna, name).text
    after = draft_of(desk.house, "activation")
    assert (after.files, after.revision) == (before, 0)


ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@given(st.lists(st.tuples(st.sampled_from(["a: 1", "", "# ő", "  b"]), ENDS)), st.sampled_from(["", "end"]))
def test_whatever_ends_its_lines_a_text_comes_back_from_a_form_as_it_was(
    lines: list[tuple[str, str]], last: str
) -> None:
    text = "".join(line + end for line, end in lines) + last
    text = text.replace("\r\n", "\0").replace("\0", "\r\n")
    assert as_in_file(re.sub(r"\r\n|\r|\n", "\r\n", text), text) == text


def test_a_new_line_ends_as_the_others_of_its_file() -> None:
    assert as_in_file("a\r\nnew\r\nb", "a\r\nb") == "a\r\nnew\r\nb"
    assert as_in_file("a\r\nnew\r\nb", "a\nb") == "a\nnew\nb"


def test_a_text_is_saved_with_its_comments_and_leads_back_to_the_line(desk: Desk) -> None:
    desk.anna.get(AT)
    save(desk.anna, text=typed(desk.anna).replace("tries: 5", "tries: 4  # fewer"), line="74")
    assert "Saved in the draft." in desk.anna.text
    assert "tries: 4  # fewer\n" in desk.file() and "# so that no stranger" in desk.file()
    assert "Line 74: <code>    tries: 4  # fewer" in desk.anna.text


def test_a_text_that_is_no_yaml_is_kept_and_marked_with_line_column_and_cure(desk: Desk) -> None:
    save(desk.anna, text="flow: activation\r\nstates: [a,\r\n")
    assert desk.file() == "flow: activation\nstates: [a,\n"
    assert "Saved as it is, though it cannot be read" in desk.anna.text
    assert "line 3, column 1" in desk.anna.text
    assert "Check the indentation, and that quotes and brackets are closed." in desk.anna.text
    assert 'data-found="[[3, &#34;error&#34;]]"' in desk.anna.text
    assert f"{AT}?of=draft&amp;file=flow.yaml&amp;line=3#line" in desk.anna.text


def test_the_chooser_counts_what_is_wrong_in_each_file(desk: Desk) -> None:
    save(desk.anna, "safety.yaml", text="- rule: x\n  never: {reach: nowhere}\n")
    row = re.search(r'aria-current="page">safety.yaml</a>(.*?)</li>', desk.anna.text, re.S)
    assert row and "1 error" in row[1]
    save(desk.anna, "scenarios.yaml", text="- a: [")
    assert "1 error" in desk.anna.text


def test_whoever_does_not_edit_reads_the_lines(desk: Desk) -> None:
    changed(desk.house, "activation", ("initial",), "nowhere", BELA)
    text = desk.chief.get(f"{AT}?file=flow.yaml&line=6").text
    assert "<textarea" not in text and f'action="{AT}"' not in text
    assert re.search(r'id="line">.*6</span><span class="numbered-mark">.*Error', text)
    assert desk.anna.get(f"{AT}?of=live").text.count("<textarea") == 0
    for asked, status in (("?file=../x", 404), ("?of=77", 404), ("?line=999999999", 200), ("?line=x", 200)):
        assert desk.chief.get(f"{AT}{asked}").status == status


def test_markup_in_a_file_is_text_everywhere(desk: Desk) -> None:
    save(desk.anna, text="</textarea><script>alert(1)</script>{{ 7 * 7 }}")
    assert "<script>alert" not in desk.anna.text and "{{ 7 * 7 }}" in desk.anna.text
    assert "<script>alert" not in desk.chief.get(AT).text


def clashing(desk: Desk) -> None:
    """anna has typed, meanwhile bela changed two of the same places and one of his own."""
    desk.anna.get(AT)
    mine = typed(desk.anna).replace("tries: 5", "tries: 3").replace("dest: expired}", "dest: locked}")
    mine = mine.replace("keep: 1 h", "keep: 2 h", 1)
    changed(desk.house, "activation", TRIES, 4, BELA)
    changed(desk.house, "activation", EXPIRE, "identify", BELA)
    changed(desk.house, "activation", ("codes", "pin_code", "valid"), "5 min", BELA)
    send(desk.anna, AT, text=mine)
    assert desk.anna.status == 409


def test_a_clash_is_shown_by_place_with_both_sides_and_nothing_is_lost(desk: Desk) -> None:
    clashing(desk)
    said = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", desk.anna.text)).split())
    assert "You and bela changed the same places." in said
    assert "code “pin_code”, tries It was 5 Yours 3 Theirs (bela) 4" in said
    assert "way “expire” from everywhere, dest It was expired Yours locked Theirs (bela) identify" in said
    assert "tries: 3" in typed_whole(desk.anna) and "keep: 2 h" in typed_whole(desk.anna)
    assert draft_of(desk.house, "activation").revision == 3


def typed_whole(walk: Walk) -> str:
    box = re.search(r'<textarea class="input whole" id="text".*?>\n(.*?)</textarea>', walk.text, re.S)
    assert box
    return html.unescape(box[1])


def settle(walk: Walk, how: str, **choices: str) -> Walk:
    form = next(each for each in walk.text.split("<form")[1:] if f'action="{AT}"' in each)
    own = {html.unescape(n): html.unescape(v) for n, v in HIDDEN.findall(form)}
    return walk.post(AT, **own | {"text": typed_whole(walk), "settle": how} | choices)


def test_places_are_settled_one_by_one_and_what_did_not_clash_stays_of_both(desk: Desk) -> None:
    clashing(desk)
    settle(desk.anna, "places", **{"clash-0": "mine", "clash-1": "theirs"})
    assert "Saved in the draft." in desk.anna.text
    for line in ("tries: 3", "dest: identify}", "keep: 2 h", "valid: 5 min"):
        assert line in desk.file()


def test_a_whole_text_is_put_over_the_others_only_when_one_says_so(desk: Desk) -> None:
    clashing(desk)
    mine = typed_whole(desk.anna).replace("\r\n", "\n")
    settle(desk.anna, "whole")
    assert desk.file() == mine
    assert "valid: 10 min" in desk.file()


def test_the_others_text_is_left_as_it_is(desk: Desk) -> None:
    clashing(desk)
    before = desk.file()
    assert "stays as the others have it" in settle(desk.anna, "theirs").text
    assert desk.file() == before


def test_what_moved_again_while_one_settled_clashes_again(desk: Desk) -> None:
    clashing(desk)
    changed(desk.house, "activation", TRIES, 6, BELA)
    settle(desk.anna, "places", **{"clash-0": "mine", "clash-1": "mine"})
    assert desk.anna.status == 409
    assert "It was 4 Yours 3 Theirs (bela) 6" in " ".join(re.sub(r"<[^>]+>", " ", desk.anna.text).split())
    settle(desk.anna, "places", **{"clash-0": "mine"})
    assert "tries: 3" in desk.file() and "dest: locked}" in desk.file()


def test_edits_of_other_places_are_merged_and_it_says_so(desk: Desk) -> None:
    desk.anna.get(AT)
    mine = typed(desk.anna).replace("tries: 5", "tries: 3")
    changed(desk.house, "activation", EXPIRE, "identify", BELA)
    send(desk.anna, AT, text=mine)
    assert "Others had changed the file meanwhile" in desk.anna.text
    assert "tries: 3" in desk.file() and "dest: identify}" in desk.file()


def test_a_place_taken_away_by_the_others_is_put_back_or_not(desk: Desk) -> None:
    desk.anna.get(AT)
    mine = typed(desk.anna).replace("to: customer_email", "to: email")
    codes = {"pin_code": {"channel": "mail", "to": "customer_email", "alphabet": "digits", "valid": "10 min"}}
    codes["pin_code"] |= {"tries": 5, "resend_after": ["30 s", "60 s", "120 s"]}  # type: ignore[dict-item]
    edit = SetValue("flow.yaml", ("codes",), {"other": {}}, codes)
    assert isinstance(change(desk.house, BELA, "activation", [edit]), Saved)
    send(desk.anna, AT, text=mine)
    assert desk.anna.status == 409
    settle(desk.anna, "places", **{"clash-0": "mine"})
    assert "no room in what the others made" in desk.anna.text
    settle(desk.anna, "whole")
    assert "to: email" in desk.file()


def test_a_draft_closed_while_somebody_wrote_loses_nothing(desk: Desk) -> None:
    desk.anna.get(AT)
    page, mine = desk.anna.page, typed(desk.anna).replace("tries: 5", "tries: 3")
    discard(desk.house, BELA, "activation", 0)
    send(desk.anna, AT, text=mine)
    assert desk.anna.status == 409
    assert "is closed" in desk.anna.text and "tries: 3" in typed_whole(desk.anna)
    drafted(desk.house, staff=BELA)
    desk.anna.page = page
    send(desk.anna, AT, text=mine)
    assert "there is a new one" in desk.anna.text
    settle(desk.anna, "whole")
    assert "tries: 3" in desk.file()


def test_a_text_too_large_is_refused_and_still_in_the_box(desk: Desk) -> None:
    large = "# " + "ж" * 600_000
    save(desk.anna, text=large)
    assert desk.anna.status == 422
    assert "larger than 1 MiB" in desk.anna.text and "жжж" in typed(desk.anna)
    assert draft_of(desk.house, "activation").revision == 0
    save(desk.anna, text="# " + "ж" * 400_000)
    assert desk.anna.status == 200 and draft_of(desk.house, "activation").revision == 1


def test_a_revision_to_come_is_nobodys(desk: Desk) -> None:
    desk.anna.get(AT)
    send(desk.anna, AT, text="x", revision="9")
    assert desk.anna.status == 400
    send(desk.anna.get(AT), AT, text="x", file="../../etc/passwd")
    assert desk.anna.status == 404


def test_a_text_is_checked_while_one_types_and_nothing_is_written(desk: Desk) -> None:
    walk = desk.anna.get(AT)
    text = typed(walk).replace("dest: try_later", "dest: nowhere", 1)
    answer = walk._ask("POST", f"{AT}/look", data={**walk.hidden(), "file": "flow.yaml", "text": text})
    told = answer.json
    assert told["found"] == [{"line": 116, "severity": "error"}]
    assert told["words"] == "1 error"
    assert "line 116" in told["list"] and "nowhere" in told["list"]
    assert draft_of(desk.house, "activation").revision == 0
    fine = walk._ask("POST", f"{AT}/look", data={**walk.hidden(), "file": "flow.yaml", "text": typed(walk)})
    assert fine.json["found"] == [] and fine.json["words"] == "no findings"
    odd = walk._ask("POST", f"{AT}/look", data={**walk.hidden(), "file": "x.yaml", "text": ""})
    assert odd.status_code == 404


def test_a_language_is_added_with_its_file_and_taken_out_again(desk: Desk) -> None:
    press(desk.anna, AT, f"{AT}/add", file="texts.hu.yaml")
    assert "The file is in the draft." in desk.anna.text
    assert "languages: [bg, en, hu]" in desk.file() and desk.file("texts.hu.yaml") == ""
    press(desk.anna, f"{AT}?file=texts.hu.yaml", f"{AT}/remove")
    assert "languages: [bg, en]" in desk.file()
    assert "texts.hu.yaml" not in draft_of(desk.house, "activation").files
    press(desk.anna, AT, "/desk/flows/activation/undo")
    assert desk.file("texts.hu.yaml") == ""


def test_what_makes_a_flow_is_not_taken_out(desk: Desk) -> None:
    for name in ("flow.yaml", "theme.yaml", "texts.bg.yaml"):
        desk.anna.get(f"{AT}?file={name}")
        assert "out of the draft" not in desk.anna.text
    odd = (("remove", "flow.yaml"), ("remove", "texts.bg.yaml"), ("add", "flow.yaml"), ("add", "../x"))
    for act, name in odd:
        press(desk.anna, f"{AT}?file=safety.yaml", f"{AT}/{act}", file=name)
        assert "Somebody was quicker" in desk.anna.text
    assert draft_of(desk.house, "activation").revision == 0
