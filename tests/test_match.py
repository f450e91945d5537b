"""The match: whom the registers know, whose contact agrees, who is insured today, what must not show."""

from datetime import UTC, datetime
from types import MappingProxyType

import pytest
import yaml
from pydantic import ValidationError
from sqlalchemy import event

from app.config import ROOT
from app.flow.catalogue import CATALOGUE
from app.flow.definition import Flow
from app.flow.spec import FlowSpec
from app.flow.theme import Theme
from app.guards.match import MatchOptions, match
from app.importing import import_register
from app.step import Step, Unavailable, World
from app.store import budgets, registers
from app.store.crypto import Vault

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
VAULT = Vault((b"a secret of the tests, long enough to be one",))
ECARD = ROOT / "workflows" / "ecard"
DECLARED = yaml.safe_load((ECARD / "flow.yaml").read_text(encoding="utf-8"))
OPTIONS = DECLARED["guards"]["card_found"]["match"]
THEME = Theme.model_construct()

MARIA = {"national_id": "9912310123", "email": "maria.sineva.demo@gmail.com", "mobile": "+359888123456"}
IVAN = {"national_id": "8203141590", "email": "ivan.home.sineva.demo@gmail.com", "mobile": "+359888200201"}
IVAN_AT_WORK = IVAN | {"email": "ivan.office.sineva.demo@gmail.com", "mobile": "+359888100201"}
LAPSED = {"national_id": "7511022601", "email": "petar.sineva.demo@gmail.com", "mobile": "+359888100302"}
NOT_YET = {"national_id": "9005173612", "email": "elena.sineva.demo@gmail.com", "mobile": "+359888100403"}
TWO_ROWS = {"national_id": "6812094628", "email": "georgi.sineva.demo@gmail.com", "mobile": "+359888100504"}
OPEN_ENDED = {"national_id": "0043215605", "email": "ana.sineva.demo@gmail.com", "mobile": "+359888100605"}
FOREIGNER = {"national_id": "1007654324", "email": "john.sineva.demo@gmail.com", "mobile": "+359888100706"}
NO_ADDRESS = {"national_id": "7907016820", "email": "silvia@sineva-demo.bg", "mobile": "+359888100807"}
PROFILE_ONLY = {"national_id": "9310108045", "email": "niki.sineva.demo@gmail.com", "mobile": "+359888200303"}
NOBODY = MARIA | {"national_id": "1111111111"}


def flow_of(declared):
    spec = FlowSpec.model_validate(declared)
    nothing = MappingProxyType({})
    return Flow(spec, nothing, nothing, nothing, nothing, nothing, THEME, "sha256:test")


def fill(database, spec, folder):
    for name, register in spec.registers.items():
        import_register(
            database,
            VAULT,
            name,
            register,
            folder / f"{name}.csv",
            replace=True,
            dry_run=False,
            now=NOW,
            progress=lambda _: None,
        )


class Desk:
    """Asks one match over real registers and counters, and remembers which registers were asked."""

    def __init__(self, database, flow, options):
        self.database, self.flow = database, flow
        self.options = MatchOptions.model_validate(options)
        self.asked, self.down = [], set()

    def find(self, register, lookup):
        self.asked.append((register, tuple(lookup)))
        if register in self.down:
            raise Unavailable("timeout")
        with self.database.read() as connection:
            return registers.find(connection, VAULT, register, lookup)

    def ask(self, answers, now=NOW, browser="browser", network="network"):
        self.asked.clear()
        world = World(
            read=self.database.read,
            vault=VAULT,
            mail_domain=lambda _: "takes_mail",
            find=self.find,
            link_url=str,
        )
        step = Step(self.flow, "r-1", 1, "form", "submit", "bg", now, browser, network, world, answers)
        return match(step, self.options)

    def refuse(self, answers, **who):
        verdict = self.ask(answers, **who)
        assert verdict.answer == "no"
        with self.database.write() as connection:
            budgets.charge(connection, VAULT, verdict.charges, NOW)
        return verdict.reason


@pytest.fixture
def desk(database):
    flow = flow_of(DECLARED)
    fill(database, flow.spec, ECARD / "registers")
    return Desk(database, flow, OPTIONS)


def test_the_guides_own_example_is_found_with_what_the_card_needs(desk):
    verdict = desk.ask(MARIA)
    assert (verdict.answer, verdict.reason, verdict.charges) == ("yes", None, ())
    assert verdict.found == {
        "holder": "Мария Примерова Синева",
        "number": "0009900017",
        "insured_until": "2031-12-31",
    }
    assert "Мария" not in repr(verdict)


@pytest.mark.parametrize("person", [TWO_ROWS, OPEN_ENDED, FOREIGNER], ids=["two rows", "open", "foreigner"])
def test_whoever_is_insured_today_in_any_row_is_found(desk, person):
    assert desk.ask(person).answer == "yes"


@pytest.mark.parametrize(
    ("changed", "value"), [("email", " Maria.Sineva.Demo@GMAIL.com "), ("mobile", "0888 123 456")]
)
def test_answers_are_compared_in_the_registers_normal_form(desk, changed, value):
    assert desk.ask(MARIA | {changed: value}).answer == "yes"


@pytest.mark.parametrize(
    ("person", "cause"),
    [
        (NOBODY, "unknown"),
        (MARIA | {"email": "mariya@sineva-demo.bg"}, "contact_differs"),
        (MARIA | {"mobile": "+359888123457"}, "contact_differs"),
        (MARIA | {"mobile": ""}, "contact_differs"),
        (MARIA | {"email": IVAN["email"], "mobile": IVAN["mobile"]}, "contact_differs"),
        (LAPSED, "not_in_force"),
        (NOT_YET, "not_in_force"),
        (PROFILE_ONLY, "not_in_force"),
        (LAPSED | {"email": "x@sineva-demo.bg"}, "contact_differs"),
        (NO_ADDRESS, "contact_differs"),
        (NO_ADDRESS | {"email": ""}, "contact_differs"),
        ({"email": MARIA["email"], "mobile": MARIA["mobile"]}, "unknown"),
    ],
)
def test_every_refusal_has_its_cause_for_the_journal(desk, person, cause):
    verdict = desk.ask(person)
    assert (verdict.answer, verdict.reason, dict(verdict.found)) == ("no", cause, {})
    assert verdict.problems == ()


def test_the_first_register_that_knows_the_person_decides_about_the_contact(desk):
    assert desk.ask(IVAN).answer == "yes"
    assert desk.ask(IVAN_AT_WORK).reason == "contact_differs"


def test_the_contact_must_agree_within_one_row(desk, tmp_path):
    (tmp_path / "profiles.csv").write_text("national_id,email,mobile\n", encoding="utf-8")
    row = "9912310123,Две Лица,{}@sineva-demo.bg,088810010{},{},2025-01-01,2030-01-01,x\n"
    header = ",".join(desk.flow.spec.registers["insured"].columns)
    (tmp_path / "insured.csv").write_text(
        f"{header}\n{row.format('one', 1, 1)}{row.format('two', 2, 2)}", encoding="utf-8"
    )
    fill(desk.database, desk.flow.spec, tmp_path)
    one = {"national_id": "9912310123", "email": "one@sineva-demo.bg", "mobile": "+359888100101"}
    assert desk.ask(one).answer == "yes"
    assert desk.ask(one | {"mobile": "+359888100102"}).reason == "contact_differs"


def test_the_card_carries_the_row_in_force_longest(desk):
    assert desk.ask(TWO_ROWS).found["number"] == "0009900066"
    assert desk.ask(OPEN_ENDED).found["insured_until"] == ""


@pytest.mark.parametrize(
    ("now", "answer"),
    [
        (datetime(2026, 12, 31, 21, 59, tzinfo=UTC), "no"),  # 23:59 on the eve in Sofia
        (datetime(2026, 12, 31, 22, 0, tzinfo=UTC), "yes"),
        (datetime(2027, 12, 31, 21, 59, tzinfo=UTC), "yes"),
        (datetime(2027, 12, 31, 22, 0, tzinfo=UTC), "no"),
    ],
)
def test_a_day_begins_and_ends_at_midnight_where_the_insurer_is(desk, tmp_path, now, answer):
    (tmp_path / "profiles.csv").write_text("national_id,email,mobile\n", encoding="utf-8")
    header = ",".join(desk.flow.spec.registers["insured"].columns)
    row = f"9912310123,Лице,{MARIA['email']},0888123456,1,2027-01-01,2027-12-31,x"
    (tmp_path / "insured.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    fill(desk.database, desk.flow.spec, tmp_path)
    assert desk.ask(MARIA, now=now).answer == answer


def test_a_refusal_costs_every_subject_of_the_budget(desk):
    charges = desk.ask(NOBODY).charges
    assert {c.subject: c.value for c in charges} == {
        "national_id": "1111111111",
        "mobile": "+359888123456",
        "email": "maria.sineva.demo@gmail.com",
        "browser": "browser",
        "network": "network",
    }
    assert {c.budget for c in charges} == {"card_match"}
    assert "maria" not in repr(charges)


def test_two_spellings_of_one_address_share_one_budget(desk):
    plain, shouted = (
        desk.ask(NOBODY).charges,
        desk.ask(NOBODY | {"email": "MARIA.sineva.demo@gmail.com"}).charges,
    )
    assert plain == shouted


def test_a_spent_budget_hides_the_match_but_the_owner_is_served(desk):
    wrong = MARIA | {"mobile": "+359888999999"}
    assert [desk.refuse(wrong) for _ in range(6)] == ["contact_differs"] * 5 + ["over_budget"]
    verdict = desk.ask(MARIA)
    assert (verdict.answer, verdict.reason) == ("no", "match_over_budget")
    assert len(verdict.charges) == 5  # as for everybody: who guesses can see what is counted
    assert verdict.found["number"] == "0009900017"
    assert desk.ask(FOREIGNER, browser="another").answer == "yes"


def test_refusals_over_the_budget_go_on_being_counted(desk):
    for _ in range(5):
        desk.refuse(NOBODY)
    assert len(desk.ask(NOBODY).charges) == 5


@pytest.mark.parametrize("down", ["profiles", "insured"])
def test_a_register_that_does_not_answer_is_no_refusal_and_costs_nothing(desk, down):
    desk.down = {down}
    for person in (MARIA, NOBODY, IVAN):
        verdict = desk.ask(person)
        assert (verdict.answer, verdict.reason, verdict.charges) == (
            "unavailable",
            "register_unavailable",
            (),
        )


def test_all_causes_cost_the_same_questions(desk):
    queries = []

    def queried(_connection, _cursor, statement, *_):
        if statement.startswith("SELECT"):
            queries.append(statement)

    event.listen(desk.database.engine, "before_cursor_execute", queried)

    def cost(person):
        queries.clear()
        verdict = desk.ask(person)
        return tuple(desk.asked), tuple(queries), len(verdict.charges)

    refused = [NOBODY, MARIA | {"mobile": "+359888999999"}, LAPSED, PROFILE_ONLY, IVAN_AT_WORK]
    costs = {cost(person) for person in refused}
    for _ in range(5):
        desk.refuse(NOBODY)
    costs.add(cost(NOBODY))
    assert desk.ask(NOBODY).reason == "over_budget"
    assert len(costs) == 1
    ((asked, _, charged),) = costs
    assert asked == (("profiles", ("national_id",)), ("insured", ("national_id",)))
    assert charged == 5


CONTRACTS = {
    **DECLARED,
    "fields": {
        name: {"type": "text", "class": "personal", "purpose": "find the contract", "keep": "7 days"}
        for name in ("policy_number", "account_number", "mobile")
    },
    "registers": {
        "contracts": {
            "columns": {
                "policy_number": "text",
                "account_number": "text",
                "sms_mobile": "mobile",
                "in_force": "boolean",
            },
            "key": ["policy_number", "account_number"],
            "may_be_empty": ["policy_number", "account_number"],
            "search": ["policy_number", "account_number"],
            "region": "HU",
        }
    },
}
BY = {"any_of": {"policy_number": "policy_number", "account_number": "account_number"}}
CONTRACT_FOUND = {
    "contact": [{"register": "contracts", "by": BY, "equal": {"sms_mobile": "mobile"}}],
    "in_force": {"register": "contracts", "by": BY, "flag": "in_force"},
    "facts": {"mobile": "sms_mobile"},
    "timezone": "Europe/Budapest",
}


@pytest.fixture
def contracts(database, tmp_path):
    flow = flow_of(CONTRACTS)
    (tmp_path / "contracts.csv").write_text(
        "policy_number,account_number,sms_mobile,in_force\n"
        "P1,0000A1,06201234567,yes\n"
        "P2,,06201234568,yes\n"
        "P3,0000A3,06201234569,no\n"
        ",0000A4,06201234570,1\n",
        encoding="utf-8",
    )
    fill(database, flow.spec, tmp_path)
    return Desk(database, flow, CONTRACT_FOUND)


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"policy_number": "P1", "mobile": "+36201234567"}, None),
        ({"account_number": "0000A1", "mobile": "+36201234567"}, None),
        ({"account_number": "0000A1", "policy_number": "", "mobile": "+36201234567"}, None),
        ({"policy_number": "P1", "account_number": "0000A1", "mobile": "+36201234567"}, None),
        ({"policy_number": "P1", "mobile": "+36201234568"}, "contact_differs"),
        ({"policy_number": "P3", "mobile": "+36201234569"}, "not_in_force"),
        ({"policy_number": "P9", "mobile": "+36201234567"}, "unknown"),
        ({"policy_number": "0000A1", "mobile": "+36201234567"}, "unknown"),
        ({"policy_number": "P3", "account_number": "0000A1", "mobile": "+36201234569"}, "unknown"),
        ({"mobile": "+36201234567"}, "unknown"),
        ({"policy_number": "", "account_number": "", "mobile": "+36201234570"}, "unknown"),
    ],
)
def test_either_number_finds_the_contract_and_both_must_be_of_one_row(contracts, answers, outcome):
    verdict = contracts.ask(answers)
    assert verdict.reason == outcome
    assert verdict.charges == ()
    assert verdict.answer == ("no" if outcome else "yes")


def test_only_the_numbers_answered_are_looked_up_each_alone(contracts):
    contracts.ask({"policy_number": "P1", "mobile": "+36201234567"})
    assert contracts.asked == [("contracts", ("policy_number",))]
    contracts.ask({"policy_number": "P1", "account_number": "x", "mobile": "+36201234567"})
    assert contracts.asked == [("contracts", ("policy_number",)), ("contracts", ("account_number",))]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"contact": [{**OPTIONS["contact"][0], "equal": {}}]}, "a key alone proves nobody's identity"),
        (
            {"contact": [{**OPTIONS["contact"][0], "equal": {"national_id": "national_id"}}]},
            "a key alone proves nobody's identity",
        ),
        ({"contact": []}, "which register knows the person"),
        ({"contact": [{**OPTIONS["contact"][0], "by": {}}]}, "which column of 'profiles' is looked up"),
        ({"in_force": {"register": "insured", "by": {"a": "b"}}}, "either `from` and `until`, or `flag`"),
        (
            {"in_force": {"register": "insured", "by": {"a": "b"}, "flag": "x", "until": "y"}},
            "either `from` and `until`, or `flag`",
        ),
        ({"timezone": "Europe/Sredets"}, "no such time zone: 'Europe/Sredets'"),
        ({"timezone": "../../etc/passwd"}, "no such time zone"),
    ],
)
def test_a_definition_that_matches_by_too_little_is_refused_with_a_sentence(changed, said):
    with pytest.raises(ValidationError, match="1 validation error") as refused:
        MatchOptions.model_validate({**OPTIONS, **changed})
    assert said in str(refused.value)


EQUAL = ("email", "mobile")
READ = ("insured_from", "insured_until", "name", "card_number")


def test_what_the_options_name_can_be_checked():
    guard = CATALOGUE.guards["match"]
    named = set(guard.references(MatchOptions.model_validate(OPTIONS)))
    assert named == {
        ("registers", "profiles"),
        ("registers", "insured"),
        ("registers.profiles.search", "national_id"),
        ("registers.insured.search", "national_id"),
        *((f"registers.{name}.columns", column) for name in ("profiles", "insured") for column in EQUAL),
        *(("registers.insured.columns", column) for column in READ),
        ("fields", "national_id"),
        ("fields", "email"),
        ("fields", "mobile"),
        ("budgets", "card_match"),
    }
    assert guard.may_be_unavailable
