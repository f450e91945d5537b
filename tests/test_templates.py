"""What every page keeps to, state by state and language by language, before a browser sees it."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask

from app.config import ROOT
from app.gateways.sms.length import plan
from app.gateways.wallet.card import LABELS
from tests.drawn import STATIC, TYPED, application, texts, theme
from tests.drawn_pages import HOUSE, PAGES

TRANSLATIONS = ROOT / "app" / "translations"
LINK = "https://zdravna-karta.sineva-demo.bg/w/" + "x" * 50
CYRILLIC = re.compile("[А-Яа-яѝѐ]")
DRAWN = [(name, lang) for name in PAGES for lang in (("bg", "hu", "en") if name in HOUSE else ("bg", "en"))]
BUDGET = 100_000


class Seen(HTMLParser):
    """The tags of a page, what they hold, and the words of its title and headings."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: dict[str, list[str]] = {"title": [], "h1": [], "script": []}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)
        if tag in self.words:
            self.words[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.words:
            self.words[self.open[-1]][-1] += data

    def having(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.tags if attribute in attrs]


@pytest.fixture(scope="module")
def pages() -> Flask:
    compile_translations()
    return application(PAGES)


@cache
def compile_translations() -> None:
    """As `make` does, once for each process; a test run must not show yesterday's words."""
    for po in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        out = BytesIO()
        write_mo(out, read_po(BytesIO(po.read_bytes())))
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.read_bytes() != out.getvalue():
            mo.write_bytes(out.getvalue())


def draw(pages: Flask, name: str, lang: str) -> str:
    answer = pages.test_client().get(f"/page/{name}?lang={lang}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(("name", "lang"), DRAWN)
def test_a_page_is_whole(pages: Flask, name: str, lang: str) -> None:
    seen = Seen(draw(pages, name, lang))
    assert ("html", {"lang": lang}) in seen.tags
    (title,), (h1,) = seen.words["title"], seen.words["h1"]
    assert h1.strip() and (h1 in title or name == "home")
    wrong = {"bg": "Грешка: ", "en": "Error: ", "hu": "Hiba: "}[lang]
    erring = name == "invalid" or name.endswith(("_error", "_errors", "_questions"))
    assert title.startswith(wrong) is erring
    ids = [given for tag, attrs in seen.tags if tag != "path" and (given := attrs.get("id"))]
    assert len(ids) == len(set(ids))
    assert {target for value in seen.having("aria-describedby") for target in value.split()} <= set(ids)
    assert set(seen.having("for")) <= set(ids)
    assert {href[1:] for href in seen.having("href") if href.startswith("#")} <= set(ids)
    assert [tag for tag, _ in seen.tags if tag in {"header", "main", "footer"}] == [
        "header",
        "main",
        "footer",
    ]


@pytest.mark.parametrize(("name", "lang"), DRAWN)
def test_nothing_stands_inline_that_the_policy_refuses(pages: Flask, name: str, lang: str) -> None:
    seen = Seen(draw(pages, name, lang))
    assert not [a for _, attrs in seen.tags for a in attrs if a == "style" or a.startswith("on")]
    assert not any(words.strip() for words in seen.words["script"])
    assert not [tag for tag, _ in seen.tags if tag == "style"]
    assert all(src.startswith("/") for src in seen.having("src"))


@pytest.mark.parametrize(("name", "lang"), [pair for pair in DRAWN if pair[0] not in HOUSE])
def test_every_form_is_a_post_that_carries_the_tokens(pages: Flask, name: str, lang: str) -> None:
    page = draw(pages, name, lang)
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        assert 'method="post"' in form
        assert '<input type="hidden" name="csrf_token" value="a.b-c">' in form
        assert '<input type="hidden" name="step" value="7">' in form


def test_titles_tell_the_pages_apart(pages: Flask) -> None:
    for lang in ("bg", "en"):
        one_each = ("form", "invalid", "not_found", "try_later", "expired", "requested", "wallet")
        one_each += ("wallet_added", "wallet_expired", "wallet_replaced", "wallet_used_up", "resume")
        titles = [Seen(draw(pages, name, lang)).words["title"][0] for name in one_each]
        assert len(set(titles)) == len(titles)
        assert all(title.endswith(theme().name[lang]) for title in titles)


def test_each_error_is_said_once_on_top_and_once_at_its_field(pages: Flask) -> None:
    page = draw(pages, "form_all_errors", "bg")
    for name in TYPED:
        sentence = texts("bg")[f"fields.{name}.errors.required"]
        assert page.count(sentence) == 2
        assert f'<a href="#{name}">{sentence}</a>' in page
        box = re.search(rf'<(?:input|select)[^>]*\bid="{name}"[^>]*>', page)
        assert box and f'aria-describedby="{name}-hint {name}-error"' in box[0]
        assert 'aria-invalid="true"' in box[0]


def test_a_page_without_errors_marks_nothing(pages: Flask) -> None:
    assert "aria-invalid" not in draw(pages, "form_filled", "bg")


def test_the_card_never_shows_a_national_id_and_says_the_number_in_groups(pages: Flask) -> None:
    page = draw(pages, "wallet", "bg")
    assert "0009 9001 08" in page
    assert "31.12.2031 г." in page
    assert not re.search(r"(?<!\d)\d{10}(?!\d)", re.sub(r"<svg.*?</svg>|<input[^>]*>", "", page, flags=re.S))


def test_the_chosen_wallet_comes_first_and_each_is_a_form_of_its_own(pages: Flask) -> None:
    forms = re.findall(r"<form.*?</form>", draw(pages, "wallet", "bg").partition('class="wallets"')[2], re.S)
    assert ["google" in form and "Добавяне към Google Wallet" in form for form in forms] == [True, False]
    assert ["apple" in form and "Добави в Apple Wallet" in form for form in forms] == [False, True]


@pytest.mark.parametrize("lang", ["bg", "hu"])
def test_no_word_of_the_interface_is_left_in_english(lang: str) -> None:
    catalogue = read_po(BytesIO((TRANSLATIONS / lang / "LC_MESSAGES" / "messages.po").read_bytes()))
    assert not catalogue.fuzzy
    used = set(interface_words())
    said = {forms(message.id)[0]: message for message in catalogue if message.id}
    assert used - set(said) == set(), "not in the catalogue: pybabel extract, then translate"
    assert set(said) - used == set(), "no longer used"
    for english, message in said.items():
        assert message.string and "fuzzy" not in message.flags
        assert len(forms(message.string)) == (catalogue.num_plurals if message.pluralizable else 1)
        for words in forms(message.string):
            assert sorted(slots(english)) == sorted(slots(words))
            assert lang != "bg" or english == "SMS" or CYRILLIC.search(words), english


def forms(words: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """A sentence alone, or one that depends on a number with all it can become."""
    return (words,) if isinstance(words, str) else tuple(words)


def interface_words() -> Iterator[str]:
    methods = [("app/**.py", "python"), ("templates/**.html", "jinja2.ext.babel_extract")]
    for top in ("app", "templates"):
        here = [(pattern.removeprefix(f"{top}/"), how) for pattern, how in methods]
        for _, _, words, _, _ in extract_from_dir(ROOT / top, here):
            yield forms(words)[0]


def slots(text: str) -> list[str]:
    return re.findall(r"%\([a-z_]+\)s|\{[a-z_]+\}", text)


def test_the_flow_says_the_same_things_in_both_languages() -> None:
    bulgarian, english = texts("bg"), texts("en")
    assert list(bulgarian) == list(english)
    for key, words in bulgarian.items():
        assert sorted(slots(words)) == sorted(slots(english[key])), key
        assert words.strip() == words != ""
        named = key.startswith(("try.", "fields.device.options."))
        assert named or CYRILLIC.search(words), f"{key} is not in Bulgarian"
        assert named or not CYRILLIC.search(english[key]), f"{key} is not in English"


def test_every_label_of_the_pass_is_there() -> None:
    assert {f"pass.{label}" for label in LABELS} <= set(texts("bg"))


def test_only_a_success_is_exclaimed() -> None:
    for lang in ("bg", "en"):
        shouted = {key for key, words in texts(lang).items() if "!" in words}
        assert shouted <= {"states.requested.title"}


@pytest.mark.parametrize(("lang", "encoding"), [("bg", "ucs2"), ("en", "gsm7")])
def test_the_message_is_at_most_two_parts_with_the_link_alone_on_its_line(lang: str, encoding: str) -> None:
    words = texts(lang)["messages.card_link.sms"]
    message = words.replace("{brand}", theme().name[lang]).replace("{link}", LINK)
    planned = plan(message)
    assert (planned.encoding, planned.parts <= 2) == (encoding, True)
    assert LINK in message.splitlines()


@pytest.mark.parametrize("name", list(PAGES))
def test_the_first_view_weighs_little(pages: Flask, name: str) -> None:
    page = draw(pages, name, "bg")
    files = set(re.findall(r"/static/([^?\"]+)", page))
    weight = len(page.encode()) + sum((STATIC / file).stat().st_size for file in files)
    assert weight <= BUDGET


def test_every_static_file_is_used() -> None:
    templates = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "templates").rglob("*.html"))
    named = set(re.findall(r"asset\('([^']+)'\)", templates))
    there = {p.relative_to(STATIC).as_posix() for p in Path(STATIC).rglob("*") if p.is_file()}
    assert {name for name in there if not name.startswith("wallet/")} == named
