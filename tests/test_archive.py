"""Archives of definitions: the same bytes for the same content; what is hostile in one is refused by name."""

import io
import json
import re
import stat
import warnings
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.config import ROOT
from app.flow.archive import ABOUT, Archive, BadArchive, read_archive, write_archive
from app.flow.archive_words import WORDS, sentence
from app.flow.loader import digest, read_folder
from app.flow.source import LARGEST

FILES = read_folder(ROOT / "workflows" / "ecard")
TOLD = {"flow": "ecard", "number": 3, "digest": digest(FILES), "exported_at": "2026-11-24T10:00:00+00:00"}
WHOLE = write_archive(FILES, TOLD)


def packed(
    *entries: tuple[str | zipfile.ZipInfo, bytes], flow: bool = True, how: int = zipfile.ZIP_DEFLATED
) -> bytes:
    into = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(into, "w", how) as archive:
        warnings.simplefilter("ignore")  # of names that stand there twice
        if flow:
            archive.writestr("flow.yaml", "flow: x\n")
        for name, content in entries:
            archive.writestr(name, content)
    return into.getvalue()


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("theme.yaml")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


def encrypted() -> bytes:
    content = bytearray(packed(("theme.yaml", b"x")))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.rindex(mark)
        content[start + at] |= 1
    return bytes(content)


def with_nul() -> bytes:
    return packed(("themeX.yaml", b"x")).replace(b"themeX.yaml", b"theme\0yaml.")


def lying() -> bytes:
    """Its heads say that the file has one byte."""
    content = bytearray(packed(("theme.yaml", b"a" * (LARGEST + 1))))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.rindex(mark)
        content[start + at : start + at + 4] = (1).to_bytes(4, "little")
    return bytes(content)


#: Nearly as large as a file may be, and not packed tightly.
MANY = "\n".join(map(str, range(140_000))).encode()

HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("no_archive", lambda: b""),
    "another file": ("no_archive", lambda: b"%PDF-1.7 " * 100),
    "cut off": ("no_archive", lambda: WHOLE[: len(WHOLE) // 2]),
    "too large": ("too_large", lambda: WHOLE + b"\0" * (4 * 1024 * 1024)),
    "too many": ("too_many", lambda: packed(*((f"{n}.txt", b"") for n in range(60)))),
    "up": ("leads_out", lambda: packed(("../flow.yaml", b"x"))),
    "up inside": ("leads_out", lambda: packed(("a/../../b", b"x"))),
    "root": ("absolute", lambda: packed(("/etc/passwd", b"x"))),
    "drive": ("absolute", lambda: packed(("C:theme.yaml", b"x"))),
    "backslash": ("leads_out", lambda: packed(("..\\theme.yaml", b"x"))),
    "link": ("link", lambda: packed((link(), b"/etc/passwd"))),
    "encrypted": ("encrypted", encrypted),
    "nested by name": ("nested", lambda: packed(("more.ZIP", b"x"))),
    "nested by content": ("nested", lambda: packed(("theme.yaml", WHOLE))),
    "twice": ("double", lambda: packed(("theme.yaml", b"a"), ("theme.yaml", b"b"))),
    "twice but for case": ("double", lambda: packed(("theme.yaml", b"a"), ("THEME.yaml", b"b"))),
    "large": ("bursts", lambda: packed(("theme.yaml", b"a" * (LARGEST + 1)))),
    "tight": ("bursts", lambda: packed(("theme.yaml", b"a" * LARGEST))),
    "all together": ("bursts", lambda: packed(*((f"texts.{sign}a.yaml", MANY) for sign in "abcdefghij"))),
    "otherwise packed": ("odd_packing", lambda: packed(("theme.yaml", b"x" * 99), how=zipfile.ZIP_BZIP2)),
    "not UTF-8": ("no_text", lambda: packed(("theme.yaml", b"\xff\xfe"))),
    "NUL": ("no_text", lambda: packed(("theme.yaml", b"a\0b"))),
    "NUL in a name": ("odd_name", with_nul),
    "no flow": ("no_flow", lambda: packed(("theme.yaml", b"x"), flow=False)),
    "too deep": ("no_flow", lambda: packed(("a/b/flow.yaml", b"x"), flow=False)),
    "two flows": ("several", lambda: packed(("a/flow.yaml", b"x"), ("b/flow.yaml", b"x"), flow=False)),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_archive_is_refused_by_name_with_what_to_do(case: str) -> None:
    code, made = HOSTILE[case]
    with pytest.raises(BadArchive) as refused:
        read_archive(made())
    assert refused.value.code == code
    for lang in ("en", "bg", "hu"):
        told = sentence(refused.value, lang)
        assert told.endswith(".") and "{" not in told and "\0" not in told


def test_what_lies_in_heads_is_not_believed() -> None:
    with pytest.raises(BadArchive):
        read_archive(lying())


def test_every_refusal_is_worded_in_three_languages_with_the_same_name() -> None:
    assert set(WORDS) == {code for code, _ in HOSTILE.values()}
    for code, words in WORDS.items():
        assert set(words) == {"en", "bg", "hu"}
        assert len({"{name}" in each for each in words.values()}) == 1, code
        assert re.search("[а-я]", words["bg"])


def test_what_is_written_is_read_again_and_equal_content_gives_equal_bytes() -> None:
    assert read_archive(WHOLE) == Archive(FILES, TOLD)
    backwards = dict(reversed(FILES.items()))
    assert write_archive(backwards, dict(reversed(TOLD.items()))) == WHOLE
    assert write_archive({**FILES, "flow.yaml": "flow: y\n"}, TOLD) != WHOLE
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as archive:
        assert json.loads(archive.read(ABOUT)) == TOLD
        assert {each.date_time[0] for each in archive.infolist()} == {1980}


def test_one_folder_around_is_forgiven_and_what_is_no_definition_is_left_out_by_name() -> None:
    entries = [(f"ecard/{name}", text.encode()) for name, text in FILES.items()]
    strange = [("ecard/registers/insured.csv", b"1,2"), ("__MACOSX/x", b"x"), ("ecard/", b"")]
    found = read_archive(packed(*entries, *strange, flow=False))
    assert found == Archive(FILES, {}, ("__MACOSX/x", "ecard/registers/insured.csv"))


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda each: b"PK\x03\x04" + each))
def test_whatever_bytes_come_nothing_else_is_raised(content: bytes) -> None:
    with pytest.raises(BadArchive):
        read_archive(content)


SMALL = write_archive({"flow.yaml": "flow: x\n" * 9, "theme.yaml": "name: Ж\n"}, {"flow": "x"})


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_however_an_archive_is_damaged_nothing_else_is_raised(data: st.DataObject) -> None:
    content = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        found = read_archive(bytes(content))
    except BadArchive as refused:
        assert sentence(refused, "en")
    else:
        assert "flow.yaml" in found.files
        assert all(re.fullmatch(r"[a-z.]+", name) for name in found.files)
