"""Registering for the insurer's portal, walked over HTTP from the first page to the portal's."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from flask import Flask

from app.config import Settings
from app.delivery.post import Post
from app.runner.house import House
from app.runner.sweep import sweep
from app.store import runs
from tests.apps import ready_app
from tests.conftest import Clock
from tests.lodge import CHEAP
from tests.walk import Walk, carries_code, code_in

ESZTER = {
    "id_kind": "policy",
    "policy_number": "HU-20471183",
    "mobile_prefix": "20",
    "mobile_number": "1234567",
}
BENCE = {
    "id_kind": "policy",
    "policy_number": "HU-30911742",
    "mobile_prefix": "30",
    "mobile_number": "7654321",
}
BALAZS = {
    "id_kind": "account",
    "account_number": "0045678",
    "mobile_prefix": "30",
    "mobile_number": "2345678",
}
ADDRESS, OTHER_ADDRESS = "eszter.kohid.demo@gmail.com", "bence.kohid.demo@gmail.com"
CONSENTS = {"marketing": "decline", "personalised": "accept", "contract": "on", "notice": "on"}
PASSWORD, NEW_PASSWORD = "Harmat37x", "Zivatar52y"
LOGIN, HOME = "/portal/registration/login", "/portal/registration/"


@pytest.fixture
def dialect(request: pytest.FixtureRequest) -> str:
    """SQLite, but for tests that say otherwise: what differs is asked below."""
    return str(getattr(request, "param", "sqlite"))


both = pytest.mark.parametrize(
    "dialect",
    ["sqlite", "postgresql"],
    indirect=True,
)


@pytest.fixture
def house(house: House) -> House:
    return replace(house, passwords=CHEAP)


@pytest.fixture
def app(settings: Settings, house: House) -> Flask:
    return ready_app(settings, house)


@dataclass
class Applicant:
    """A browser on its way, and the post office that delivers what it is sent."""

    walk: Walk
    post: Post
    clock: Clock

    def newest(self, channel: str) -> dict[str, str]:
        self.clock.pass_(seconds=1)  # so that what is delivered now is the newest
        self.post.deliver(100)
        return [each for each in self.walk.messages() if each["channel"] == channel and carries_code(each)][
            -1
        ]

    def mails(self) -> list[str]:
        self.post.deliver(100)
        return [each["subject"] for each in self.walk.messages() if each["channel"] == "mail"]

    def code(self, channel: str) -> str:
        return code_in(self.newest(channel))[-5:]

    def identify(self, person: dict[str, str] = ESZTER, **changes: str) -> "Applicant":
        self.walk.get("/registration/").post(**{**person, **changes})
        return self

    def prove_phone(self, person: dict[str, str] = ESZTER) -> "Applicant":
        self.identify(person)
        assert self.walk.at == "/registration/verify_phone"
        self.walk.post(code=self.code("sms"))
        return self

    def give_address(self, address: str = ADDRESS, person: dict[str, str] = ESZTER) -> "Applicant":
        self.prove_phone(person)
        assert self.walk.at == "/registration/email"
        self.walk.post(email=address, **CONSENTS)
        return self

    def choose(self, password: str = PASSWORD) -> "Applicant":
        self.walk.post(password=password, password_again=password)
        return self

    def register(self, address: str = ADDRESS, person: dict[str, str] = ESZTER) -> "Applicant":
        self.give_address(address, person).choose()
        assert self.walk.at == "/registration/registered"
        return self

    def log_in(self, address: str = ADDRESS, password: str = PASSWORD) -> "Applicant":
        self.walk.get(LOGIN).post(username=address, password=password)
        return self

    def confirm(self) -> "Applicant":
        self.register().log_in()
        self.walk.post(code=self.code("mail"))
        assert self.walk.at == HOME
        return self


@pytest.fixture
def person(browser: Callable[..., Walk], post: Post, clock: Clock) -> Callable[..., Applicant]:
    return lambda **more: Applicant(browser(**{"lang": "hu", **more}), post, clock)


@pytest.fixture
def one(person: Callable[..., Applicant]) -> Applicant:
    return person()


def words(walk: Walk) -> str:
    """The page without what differs from run to run: tokens, the reference."""
    without_tokens = re.sub(r'value="[^"]*"', 'value=""', walk.text)
    return re.sub(r'<dd class="number">[^<]*</dd>', "", without_tokens)


@both
def test_from_the_first_page_to_the_portal(one: Applicant) -> None:
    one.identify(policy_number=" HU-20471183 ", mobile_number="123 4567")
    walk = one.walk
    assert walk.at == "/registration/verify_phone"
    assert "1234567" not in walk.text
    sms = one.newest("sms")
    assert sms["to"] == "+36201234567"
    assert sms["text"].endswith(f"@localhost #{code_in(sms)[-5:]}")
    assert code_in(sms)[1:] not in walk.text
    walk.post(code=code_in(sms)[-5:])
    assert walk.at == "/registration/email"
    walk.post(email=ADDRESS.upper(), **CONSENTS)
    assert walk.at == "/registration/password"
    one.choose()
    assert walk.at == "/registration/registered"
    for page in ("", "kerdesek", "utmutato"):  # the main page, and where questions are answered
        assert f'href="https://kohid-demo.hu/{page}"' in walk.text
    walk.post(trigger="log_in")
    assert walk.at == LOGIN
    walk.post(username=ADDRESS, password=PASSWORD)
    assert walk.at == "/registration/verify_email"
    assert walk.get(HOME).at == "/registration/verify_email"
    walk.post(code=one.code("mail"))
    assert (walk.at, walk.status) == (HOME, 200)
    assert "Kovács Eszter" in walk.text
    assert walk.get("/registration/password").at == HOME


def test_the_first_login_may_be_in_another_browser(person: Callable[..., Applicant]) -> None:
    person().register()
    other = person(address="198.51.100.7")
    assert other.log_in().walk.at == "/registration/verify_email"
    other.walk.post(code=other.code("mail"))
    assert other.walk.at == HOME


def test_who_is_not_logged_in_is_not_asked_for_the_mailed_code(one: Applicant) -> None:
    one.register().walk.post(trigger="log_in")
    one.walk.get("/registration/verify_email")
    assert one.walk.at == LOGIN


def test_a_code_may_be_typed_whole_and_as_people_type(one: Applicant) -> None:
    one.identify()
    code = code_in(one.newest("sms")).lower()
    one.walk.post(code=f" {code[0]} {code[1:3]}-{code[3:]} ")
    assert one.walk.at == "/registration/email"


def test_the_number_of_the_other_tab_is_ignored(one: Applicant) -> None:
    one.identify(id_kind="account", policy_number="nobody's", account_number="1234567")
    assert one.walk.at == "/registration/verify_phone"


@pytest.mark.parametrize(("typed", "page"), [("45678", "identify"), ("004 5678", "verify_phone")])
def test_a_number_with_leading_zeros_is_found_as_it_stands(one: Applicant, typed: str, page: str) -> None:
    one.identify({**BALAZS, "account_number": typed})
    assert one.walk.at == f"/registration/{page}"


def test_every_cause_of_a_refusal_says_the_same_and_sends_nothing(person: Callable[..., Applicant]) -> None:
    causes = (
        {"policy_number": "HU-99999999"},
        {"mobile_number": "1234568"},
        {"policy_number": "HU-11110000", "mobile_prefix": "70", "mobile_number": "5550100"},
        {"id_kind": "account", "account_number": "1234568"},
    )
    refused = [person().identify(**changes) for changes in causes]
    assert {each.walk.at for each in refused} == {"/registration/identify"}
    assert len({_said(each.walk) for each in refused}) == 1
    assert "biztosításközvetítő" in _said(refused[0].walk)
    assert refused[0].post.deliver() == 0


def _said(walk: Walk) -> str:
    return walk.text.partition('id="problems"')[2].partition("</div>")[0]


def test_a_malformed_phone_is_told_apart(one: Applicant) -> None:
    one.identify(mobile_number="12345")
    assert one.walk.at == "/registration/identify"
    assert "biztosításközvetítő" not in _said(one.walk)
    assert 'aria-invalid="true"' in one.walk.text


def test_too_many_refusals_from_one_network_do_not_lock_the_owner_out(
    person: Callable[..., Applicant],
) -> None:
    for _ in range(6):
        person(address="198.51.100.1").identify(mobile_number="7777777")
    assert person(address="198.51.100.1").identify().walk.at == "/registration/identify"
    assert person(address="203.0.113.1").identify().walk.at == "/registration/verify_phone"


def test_five_wrong_codes_end_the_registration(one: Applicant) -> None:
    one.identify()
    right = one.code("sms")
    for _ in range(4):
        one.walk.post(code="ZZZZZ")
        assert one.walk.at == "/registration/verify_phone"
        assert "Ez nem az a kód" in one.walk.text
    one.walk.post(code="ZZZZZ")
    assert one.walk.at == "/registration/locked"
    one.walk.post("/registration/verify_phone", code=right)
    assert one.walk.at == "/registration/locked"


def test_an_older_code_and_one_out_of_date_are_told_for_what_they_are(one: Applicant, clock: Clock) -> None:
    one.identify()
    old = one.code("sms")
    one.walk.post(trigger="resend")
    assert "Még nem kérhet új kódot" in one.walk.text
    clock.pass_(seconds=31)
    one.walk.post(trigger="resend")
    assert "Új kódot küldtünk" in one.walk.text
    new = one.code("sms")
    one.walk.post(code=old)
    assert "újabb kódot küldtünk" in one.walk.text
    clock.pass_(minutes=10)
    one.walk.post(code=new)
    assert "csak 10 percig" in one.walk.text
    one.walk.post(trigger="resend")
    one.walk.post(code=one.code("sms"))
    assert one.walk.at == "/registration/email"


def test_a_code_of_one_number_proves_no_other(one: Applicant) -> None:
    one.identify()
    of_eszter = one.code("sms")
    one.walk.post(trigger="back")
    one.walk.post(**BENCE)
    one.walk.post(code=of_eszter)
    assert one.walk.at == "/registration/verify_phone"


def test_the_right_code_gives_the_browser_a_new_identity(
    one: Applicant, browser: Callable[..., Walk]
) -> None:
    one.identify()
    (planted,) = one.walk.client._cookies.values()
    thief = browser(lang="hu")
    thief.client.set_cookie(planted.key, planted.value, domain=planted.domain)
    assert thief.get("/registration/verify_phone").at == "/registration/verify_phone"
    one.walk.post(code=one.code("sms"))
    assert one.walk.at == "/registration/email"
    assert thief.get("/registration/email").at == "/registration/identify"


def test_the_right_code_sent_twice_counts_once(one: Applicant) -> None:
    one.identify()
    token, code = one.walk.hidden(), one.code("sms")
    one.walk.post(code=code)
    again = one.walk._ask("POST", "/registration/verify_phone", data={**token, "code": code})
    assert again.location == "/registration/email"


@pytest.mark.parametrize(("address", "told"), [(ADDRESS.title(), False), ("e.masik.demo@gmail.com", True)])
def test_another_address_than_the_one_on_file_is_pointed_out(
    one: Applicant, address: str, told: bool
) -> None:
    one.give_address(address)
    assert one.walk.at == "/registration/password"
    assert ("eltér attól" in one.walk.text) is told


def test_nothing_on_file_is_nothing_to_compare_with(one: Applicant) -> None:
    one.give_address(OTHER_ADDRESS, BENCE)
    assert "eltér attól" not in one.walk.text


def test_owners_of_strict_mailboxes_are_told_of_the_spam_folder(one: Applicant) -> None:
    one.register("e.demo@Freemail.hu")
    assert "Citromail" in one.walk.text


def test_nothing_is_consented_to_by_silence(one: Applicant) -> None:
    one.prove_phone()
    assert " checked" not in one.walk.text
    for missing in CONSENTS:
        one.walk.post(email=ADDRESS, **{name: "accept" for name in CONSENTS if name != missing})
        assert one.walk.at == "/registration/email"
        assert one.walk.text.count("field-wrong") == 1


def test_a_weak_password_is_refused_and_never_shown(one: Applicant) -> None:
    one.give_address()
    for weak in (
        "Ab1cd",
        "harmat37",
        "HARMAT37",
        "Harmatos",
        "Hármat37",
        "Har mat37",
        "Eszter37a",
        "Password1",
    ):
        one.choose(weak)
        assert one.walk.at == "/registration/password"
        assert weak not in one.walk.text
    one.walk.post(password=PASSWORD, password_again=PASSWORD + "x")
    assert one.walk.at == "/registration/password"
    assert one.choose().walk.at == "/registration/registered"


def test_a_taken_user_name_looks_like_a_free_one_and_its_owner_is_told(
    person: Callable[..., Applicant],
) -> None:
    owner, stranger, newcomer = person().register(), person(), person()
    sent = len(owner.mails())
    stranger.register(ADDRESS.upper(), BENCE)
    assert owner.mails()[sent:] == ["Ezzel az e-mail-címmel már van regisztráció"]
    newcomer.register("szabad.kohid.demo@gmail.com", BALAZS)
    assert words(stranger.walk) == words(newcomer.walk)
    assert stranger.walk.post(trigger="log_in").at == newcomer.walk.post(trigger="log_in").at == LOGIN
    stranger.log_in(ADDRESS, NEW_PASSWORD)
    assert stranger.walk.at == LOGIN
    assert owner.log_in().walk.at == "/registration/verify_email"


def test_a_known_contract_gets_a_new_password_and_every_login_ends(
    person: Callable[..., Applicant],
) -> None:
    owner, again = person().confirm(), person()
    again.prove_phone()
    assert again.walk.at == "/registration/already_registered"
    assert f'href="{LOGIN}"' in again.walk.text  # for whoever knows the password after all
    hidden = f"{ADDRESS[:1]}•••@gmail.com"
    assert hidden in again.walk.text and ADDRESS not in again.walk.text
    again.walk.post(trigger="renew")
    assert again.walk.at == "/registration/password"
    assert owner.walk.get(HOME).at == HOME
    again.choose(NEW_PASSWORD)
    assert again.walk.at == "/registration/renewed"
    assert hidden in again.walk.text
    assert again.mails()[-1] == "Megváltozott a jelszava"
    assert owner.walk.get(HOME).at == LOGIN
    assert owner.log_in().walk.at == LOGIN
    assert again.walk.post(trigger="log_in").at == LOGIN
    assert again.log_in(password=NEW_PASSWORD).walk.at == HOME


@both
def test_who_proved_the_phone_before_the_password_was_renewed_has_to_prove_it_again(
    person: Callable[..., Applicant], clock: Clock
) -> None:
    person().confirm()
    clock.pass_(minutes=11)
    thief, owner = person().prove_phone(), person()
    thief.walk.post(trigger="renew")
    assert thief.walk.at == "/registration/password"
    clock.pass_(minutes=3)
    owner.prove_phone().walk.post(trigger="renew")
    owner.choose(NEW_PASSWORD)
    assert owner.walk.at == "/registration/renewed"
    thief.choose("Hatalom88q")
    assert thief.walk.at == "/registration/identify"
    assert person().log_in(password="Hatalom88q").walk.at == LOGIN
    assert owner.walk.get("/registration/renewed").at == "/registration/renewed"
    assert owner.log_in(password=NEW_PASSWORD).walk.at == HOME


def test_a_login_never_confirmed_gets_a_new_password_and_a_code_at_login(
    person: Callable[..., Applicant], clock: Clock
) -> None:
    first, again = person().register(), person()
    first.post.deliver(100)
    clock.pass_(minutes=11)
    again.prove_phone().walk.post(trigger="renew")
    again.choose(NEW_PASSWORD)
    assert again.walk.at == "/registration/registered"
    assert "amikor belép" in again.walk.text
    assert again.log_in().walk.at == LOGIN
    assert again.log_in(password=NEW_PASSWORD).walk.at == "/registration/verify_email"
    assert "újat küldtünk" in again.walk.text
    again.walk.post(code=again.code("mail"))
    assert again.walk.at == HOME


@both
def test_who_was_slower_never_changes_the_password_of_who_was_quicker(
    person: Callable[..., Applicant], clock: Clock
) -> None:
    slower = person().give_address("lassabb.kohid.demo@gmail.com")
    clock.pass_(minutes=1)
    quicker = person().register()
    slower.choose(NEW_PASSWORD)
    assert slower.walk.at == "/registration/already_registered"
    assert "időközben" in slower.walk.text
    assert quicker.log_in().walk.at == "/registration/verify_email"
    assert slower.log_in(password=NEW_PASSWORD).walk.at == LOGIN
    slower.walk.get("/registration/already_registered").post(trigger="renew")
    slower.choose(NEW_PASSWORD)
    assert slower.log_in(password=NEW_PASSWORD).walk.at == "/registration/verify_email"


def test_a_mailed_code_out_of_date_is_renewed_at_login(one: Applicant, clock: Clock) -> None:
    one.register()
    old = one.code("mail")
    clock.pass_(hours=25)
    assert one.log_in().walk.at == "/registration/verify_email"
    assert "újat küldtünk" in one.walk.text
    new = one.code("mail")
    assert new != old
    one.walk.post(code=old)
    assert one.walk.at == "/registration/verify_email"
    one.walk.post(code=new)
    assert one.walk.at == HOME


def test_five_wrong_mailed_codes_ask_for_another_one(one: Applicant, clock: Clock) -> None:
    one.register().log_in().code("mail")
    for _ in range(5):
        one.walk.post(code="ZZZZZ")
    assert one.walk.at == "/registration/verify_email"
    assert "Túl sok volt a hibás kód" in one.walk.text
    clock.pass_(seconds=31)
    one.walk.post(trigger="resend")
    one.walk.post(code=one.code("mail"))
    assert one.walk.at == HOME


def test_one_may_leave_on_every_page(one: Applicant) -> None:
    for reach in (
        lambda: one.walk.get("/registration/"),
        one.identify,
        one.prove_phone,
        one.give_address,
    ):
        reach()
        one.walk.post(trigger="cancel")
        assert one.walk.at == "/registration/cancelled"
        one.walk.post("/registration/", trigger="restart")
        assert one.walk.at == "/registration/identify"


def test_leaving_after_registration_keeps_it(one: Applicant) -> None:
    one.register().walk.post(trigger="cancel")
    assert one.walk.at == "/registration/registered"
    assert "megmarad" in one.walk.text
    one.log_in().walk.post(trigger="cancel")
    assert one.walk.at == "/registration/verify_email"
    assert "megmarad" in one.walk.text


def test_a_registration_that_made_no_login_is_forgotten_after_a_month(
    person: Callable[..., Applicant], house: House, clock: Clock
) -> None:
    person().confirm()
    stranger = person().register(ADDRESS, BENCE)
    clock.pass_(days=29)
    sweep(house)
    with house.database.read() as connection:
        assert runs.left_behind(connection, clock(), 10)
    clock.pass_(days=2)
    sweep(house)
    assert stranger.walk.get("/registration/registered").at == "/registration/expired"
    with house.database.read() as connection:
        assert runs.left_behind(connection, clock(), 10) == []
