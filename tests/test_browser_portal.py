"""The portal in Chromium: a document, a request with a file and its answer, another customer, out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, expect

from app.cli import main
from app.config import Settings
from app.delivery.post import Post
from tests.asking import PDF
from tests.conftest import SECRET, Clock
from tests.screens import Screen
from tests.test_activation_walk import BROD, ELENA, HOME, LIPA, LOGIN, PASSWORD, Colleague
from tests.walk import Walk

pytestmark = pytest.mark.browser

ANSWER = "Приехме новия адрес.\nОт декември фактурите отиват там."


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def elena(browser: Callable[..., Walk], post: Post, clock: Clock) -> Colleague:
    """Somebody with a profile who acts for two companies."""
    for eik in (BROD, LIPA):
        colleague = Colleague(browser(), post, clock)
        colleague.prove(eik).choose()
        clock.pass_(minutes=11)
    return colleague


@pytest.fixture
def narthex(settings: Settings) -> Callable[..., str]:
    """What staff sees who types `narthex portal …` beside the running demo."""
    environment = {"NARTHEX_VAR": str(settings.var), "NARTHEX_SECRET_KEYS": SECRET}

    def run(*words: str) -> str:
        answer = CliRunner().invoke(main, ["portal", *words], env=environment)
        assert answer.exit_code == 0, answer.output
        return answer.output

    return run


@pytest.mark.parametrize(("lang", "wide"), [("bg", False), ("en", True)])
def test_documents_a_request_its_answer_another_customer_and_out(
    window: Browser,
    at_home: str,
    elena: Colleague,
    narthex: Callable[..., str],
    tmp_path: Path,
    lang: str,
    wide: bool,
) -> None:
    screen, dark = Screen(window, at_home, lang, "portal", wide=wide), lang == "bg"
    page = screen.page
    screen.go(HOME).arrives(LOGIN)
    screen.fill(username=ELENA, password=PASSWORD).send()
    screen.arrives(HOME)
    choose(screen, LIPA)
    expect(page.locator("h1")).to_contain_text("Липа Строй")
    screen.seen("home", dark)

    contract = tmp_path / "Договор 2026.pdf"
    contract.write_bytes(PDF)
    whose = ("--realm", "activation", "--customer", f"eik={LIPA}")
    narthex("documents", "file", *whose, "--title", "Нов договор", str(contract))
    screen.go(f"{HOME}documents").seen("documents", dark)
    with page.expect_download() as download:
        page.get_by_role("link", name="Нов договор").click()
    assert download.value.path().read_bytes() == PDF

    ask(screen, contract, dark)
    narthex("requests", "answer", page.url.rsplit("/", 1)[1], "--text", ANSWER)
    assert ANSWER.splitlines()[0] not in "".join(each["text"] for each in elena.walk.messages())
    page.reload()
    expect(page.locator(".word-staff")).to_contain_text(ANSWER.splitlines()[1])
    screen.seen("request-answered", dark)
    with page.expect_download() as download:
        page.get_by_role("link", name=contract.name).click()
    assert download.value.path().read_bytes() == PDF
    screen.go(f"{HOME}requests").seen("requests")

    screen.go(f"{HOME}profile")
    expect(page.locator("main")).to_contain_text(ELENA)
    screen.seen("profile", dark)
    screen.go(HOME)
    choose(screen, BROD)
    screen.go(f"{HOME}requests")
    expect(page.locator("main")).not_to_contain_text("Фактурите")
    screen.go(f"{HOME}documents")
    expect(page.locator("main")).not_to_contain_text("Нов договор")
    leave(screen)


def choose(screen: Screen, eik: str) -> None:
    """Act for the customer of this EIK."""
    name = {LIPA: "„Липа Строй“ ООД", BROD: "„Брод Логистик“ АД"}[eik]
    screen.page.locator("[name=customer]").select_option(label=name)
    with screen.page.expect_navigation():
        screen.page.locator(".switcher button").click()
    expect(screen.page.locator("[name=customer] [selected]")).to_have_text(name)


def ask(screen: Screen, attachment: Path, dark: bool) -> None:
    """Write a request: first nothing, then a text that is kept while the rest is mended, then all of it."""
    page = screen.page
    screen.go(f"{HOME}requests").seen("requests-empty")
    screen.fill(text="Моля, пращайте фактурите на новия ни адрес.").send()
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("[name=text]")).to_have_value("Моля, пращайте фактурите на новия ни адрес.")
    screen.seen("requests-errors", dark)
    screen.fill(subject="Фактурите на нов адрес")
    page.locator("[name=file]").set_input_files(attachment)
    screen.send()
    expect(page.locator("h1")).to_have_text("Фактурите на нов адрес")
    screen.seen("request-open")
    screen.go(f"{HOME}requests")
    page.get_by_role("link", name="Фактурите на нов адрес").click()
    screen.harmless()


def leave(screen: Screen) -> None:
    """Log out; neither Back nor a link of before shows anything of the portal."""
    with screen.page.expect_navigation():
        screen.page.locator(".ways form button").click()
    screen.arrives(LOGIN)
    for _ in range(2):
        screen.page.go_back()
        expect(screen.page.locator(".ways nav")).to_have_count(0)
    screen.go(f"{HOME}profile").arrives(LOGIN)
