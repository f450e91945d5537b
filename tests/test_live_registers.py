"""Registers asked live, over real HTTP and in real databases: whoever cannot tell is unavailable."""

import json
import logging
import sqlite3
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from app.flow.spec import RegisterSpec
from app.gateways.registers import RegisterUnavailable, open_source, source_options
from app.gateways.registers.answer import as_text
from app.gateways.registers.source import AnswerUnusable
from tests.receivers import HttpSmsReceiver, certificate

COLUMNS = {
    "eik": "digits",
    "name": "text",
    "email": "email",
    "mobile": "mobile",
    "contract_from": "date",
    "contract_until": "date",
    "active": "boolean",
}
ROW = {
    "eik": "000123456",
    "name": "Мостра ЕООД",
    "email": "Office@Mostra-Demo.bg",
    "mobile": "0888 100 100",
    "contract_from": "2026-01-01",
    "contract_until": None,
    "active": True,
}
CLEAN = {
    "eik": "000123456",
    "name": "Мостра ЕООД",
    "email": "office@mostra-demo.bg",
    "mobile": "+359888100100",
    "contract_from": "2026-01-01",
    "contract_until": "",
    "active": "true",
}
LOOKUP = {"eik": "000123456"}
SECRETS = {"NARTHEX_REGISTER_TOKEN": "s3cret-token"}


def spec(source, **changed):
    declared = {
        "columns": COLUMNS,
        "key": ["eik", "email"],
        "search": ["eik"],
        "may_be_empty": ["contract_until"],
        "source": source,
    }
    return RegisterSpec.model_validate(declared | changed)


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def service():
    with HttpSmsReceiver() as receiver:
        receiver.answer = (200, {"rows": [ROW]})
        yield receiver


def http(receiver, clock=None, **options):
    secrets = SECRETS | {"NARTHEX_REGISTER_URL": f"{receiver.url}/customers"}
    declared = spec({"http": {"url_from": "NARTHEX_REGISTER_URL", "timeout": 0.5, **options}})
    return open_source(declared, secrets, clock or Clock())


def refusal(source, lookup=LOOKUP):
    with pytest.raises(RegisterUnavailable) as refused:
        source.find(lookup)
    return str(refused.value)


def test_a_service_gives_rows_in_normal_form(service):
    assert http(service, token_from="NARTHEX_REGISTER_TOKEN").find(LOOKUP) == [CLEAN]
    (request,) = service.requests
    assert (request.method, request.path, request.query) == ("POST", "/customers", {})
    assert request.json() == LOOKUP
    assert request.headers["Authorization"] == "Bearer s3cret-token"


def test_a_service_may_be_asked_by_get(service):
    assert http(service, method="GET").find({"eik": "000123456"}) == [CLEAN]
    assert (service.requests[0].method, service.requests[0].query) == ("GET", LOOKUP)


@pytest.mark.parametrize(
    ("path", "answer"), [("", [ROW]), ("data.found", {"data": {"found": [ROW], "count": 1}})]
)
def test_the_rows_stand_where_the_definition_says(service, path, answer):
    service.answer = (200, answer)
    assert http(service, rows=path).find(LOOKUP) == [CLEAN]


def test_rows_that_were_not_asked_for_are_left_out(service):
    service.answer = (200, {"rows": [ROW | {"eik": "999999999"}, ROW, ROW | {"eik": None}]})
    assert http(service).find(LOOKUP) == [CLEAN]


def test_no_row_is_an_answer(service):
    service.answer = (200, {"rows": []})
    assert http(service).find(LOOKUP) == []


def test_404_means_no_row_only_where_the_definition_says_so(service):
    service.answer = (404, {})
    assert refusal(http(service)) == "status_not_200"
    assert http(service, unknown_is_404=True).find(LOOKUP) == []


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("5xx", "status_not_200"),
        ("429", "status_not_200"),
        ("hang", "timeout"),
        ("drip", "timeout"),
        ("timeout", "timeout"),
        ("redirect", "status_not_200"),
    ],
)
def test_a_service_that_is_unwell_is_unavailable_and_never_an_empty_answer(service, mode, code):
    service.mode = mode
    service.answer = None
    assert refusal(http(service)) == code
    assert len(service.requests) == 1


def test_a_closed_port_is_unavailable():
    with HttpSmsReceiver("refuse") as receiver:
        assert refusal(http(receiver)) == "unreachable"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"<html>maintenance</html>", "answer_garbled"),
        (b"", "answer_garbled"),
        (b'{"rows": [', "answer_garbled"),
        ({"rows": None}, "answer_garbled"),
        ({"rows": {"eik": "000123456"}}, "answer_garbled"),
        ({"rows": [1]}, "answer_garbled"),
        ({"data": []}, "answer_garbled"),
        ([], "answer_garbled"),
        ({"rows": [{"eik": "000123456"}]}, "column_missing"),
        ({"rows": [ROW | {"name": ["nested"]}]}, "value_unreadable"),
        ({"rows": [ROW | {"contract_until": "soon"}]}, "value_unreadable"),
        ({"rows": [ROW | {"active": "perhaps"}]}, "value_unreadable"),
        ({"rows": [ROW | {"active": None}]}, "value_missing"),
        ({"rows": [ROW] * 51}, "too_many_rows"),
        (json.dumps({"rows": [], "padding": "x" * 300_000}).encode(), "answer_too_long"),
    ],
)
def test_garbage_is_unavailable_and_never_no_match(service, answer, code):
    service.answer = (200, answer)
    assert refusal(http(service)) == code


def test_an_unreadable_contact_never_matches_but_the_row_is_there(service):
    service.answer = (200, {"rows": [ROW | {"email": "none", "mobile": "ask the office"}]})
    (row,) = http(service).find(LOOKUP)
    assert (row["name"], row["email"], row["mobile"]) == ("Мостра ЕООД", "", "")


def test_a_certificate_nobody_vouches_for_is_refused_and_a_private_authority_believed(tmp_path):
    own = certificate(tmp_path)
    with HttpSmsReceiver(certificate=own) as receiver:
        receiver.answer = (200, {"rows": [ROW]})
        assert refusal(http(receiver)) == "tls_untrusted"
        assert len(receiver.requests) == 0
        secrets = {
            "NARTHEX_REGISTER_URL": f"{receiver.url}/customers",
            "NARTHEX_REGISTER_CA": own.cert_file,
        }
        options = {"url_from": "NARTHEX_REGISTER_URL", "ca_file_from": "NARTHEX_REGISTER_CA", "timeout": 5}
        assert open_source(spec({"http": options}), secrets).find(LOOKUP) == [CLEAN]


def test_after_failures_in_a_row_the_service_is_left_alone_and_tried_again_later(service):
    clock = Clock()
    source = http(service, clock)
    service.answer = (500, {})
    assert [refusal(source) for _ in range(6)] == ["status_not_200"] * 5 + ["resting"]
    assert len(service.requests) == 5
    service.answer = (200, {"rows": [ROW]})
    clock.now += timedelta(seconds=31)
    assert source.find(LOOKUP) == [CLEAN]


def test_one_customers_odd_row_does_not_shut_the_register_for_all(service):
    source = http(service)
    service.answer = (200, {"rows": [ROW | {"active": "perhaps"}]})
    assert {refusal(source) for _ in range(20)} == {"value_unreadable"}
    service.answer = (200, {"rows": [ROW]})
    assert source.find(LOOKUP) == [CLEAN]


def test_neither_values_nor_secrets_reach_a_log_or_an_error(service, caplog):
    caplog.set_level(logging.DEBUG)
    source = http(service, token_from="NARTHEX_REGISTER_TOKEN")
    said = []
    for answer in (
        (500, "canary"),
        (200, b"canary"),
        (200, {"rows": [ROW | {"active": "canary", "mobile": "canary"}]}),
    ):
        service.answer = answer
        said.append(refusal(source, {"eik": "canary"}))
    lines = said + [f"{record.getMessage()} {vars(record)}" for record in caplog.records] + [repr(source)]
    assert len(caplog.records) >= 3
    for line in lines:
        assert "canary" not in line
        assert "s3cret" not in line


QUERY = (
    "SELECT eik, title AS name, mail AS email, phone AS mobile, since AS contract_from, "
    "until AS contract_until, active FROM clients WHERE eik = :eik"
)


@pytest.fixture
def customers(database):
    """Somebody's database with a table of customers; its URL."""
    with database.write() as connection:
        connection.execute(
            text(
                "create table clients (eik text, title text, mail text, phone text, since date, "
                "until date, active boolean)"
            )
        )
        connection.execute(
            text("insert into clients values (:eik, :name, :email, :mobile, :since, null, true)"),
            {name: ROW[name] for name in ("eik", "name", "email", "mobile")}
            | {"since": date(2026, 1, 1).isoformat()},
        )
    return database.url.render_as_string(hide_password=False)


def sql(url, query=QUERY, timeout=2.0, **changed):
    options = {"url_from": "NARTHEX_REGISTER_URL", "query": query, "timeout": timeout}
    return open_source(spec({"sql": options}, **changed), {"NARTHEX_REGISTER_URL": url}, Clock())


def test_a_database_gives_rows_in_normal_form(customers):
    source = sql(customers)
    assert source.find(LOOKUP) == [CLEAN]
    assert source.find({"eik": "000000000"}) == []


def test_values_are_bound_and_never_part_of_the_query(customers):
    assert sql(customers).find({"eik": "' OR '1'='1"}) == []


def test_a_column_that_is_not_asked_for_is_bound_to_null(customers):
    query = QUERY + " OR mail = :email"
    source = sql(customers, query, search=["eik", "email"])
    assert source.find(LOOKUP) == [CLEAN]
    assert source.find({"email": "office@mostra-demo.bg"}) == []
    assert sql(customers, QUERY + " OR lower(mail) = :email", search=["eik", "email"]).find(
        {"email": "office@mostra-demo.bg"}
    ) == [CLEAN]


def test_a_query_that_writes_is_stopped_by_the_database(customers, database):
    writing = "WITH gone AS (DELETE FROM clients RETURNING *) " + QUERY.replace("clients", "gone")
    assert refusal(sql(customers, writing)) == "database_error"
    with database.read() as connection:
        assert connection.execute(text("select count(*) from clients")).scalar_one() == 1


def test_too_many_rows_are_unavailable_not_a_part_of_them(customers):
    many = QUERY.replace("FROM clients", "FROM clients, (" + " UNION ALL ".join(["SELECT 1"] * 51) + ") x")
    assert refusal(sql(customers, many)) == "too_many_rows"


def test_a_missing_table_and_a_missing_column_are_unavailable(customers):
    assert refusal(sql(customers, QUERY.replace("clients", "nothing"))) == "database_error"
    assert refusal(sql(customers, "SELECT eik FROM clients WHERE eik = :eik")) == "column_missing"


def test_a_locked_database_is_given_up_in_time(tmp_path):
    path = tmp_path / "theirs.db"
    locked = sqlite3.connect(path, isolation_level=None)
    try:
        locked.execute("create table clients (eik, title, mail, phone, since, until, active)")
        locked.execute("begin exclusive")
        assert refusal(sql(f"sqlite:///{path}", timeout=0.2)) == "timeout"
    finally:
        locked.close()


def test_a_slow_query_is_given_up_in_time(postgres):
    slow = "SELECT '1' AS eik FROM (SELECT pg_sleep(60)) x WHERE '1' = :eik"
    assert refusal(sql(postgres, slow, timeout=0.2), {"eik": "1"}) in {"timeout", "database_error"}


def test_a_server_that_is_not_there_is_unavailable():
    url = "postgresql://nobody:s3cret@127.0.0.1:1/none"
    assert refusal(sql(url)) == "database_error"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"sql": {"url_from": "PATH", "query": QUERY}}, "url_from"),
        ({"http": {"url_from": "NARTHEX_SECRET_KEYS"}}, "url_from"),
        ({"http": {"url_from": "NARTHEX_REGISTER_URL", "token_from": "NARTHEX_SMTP_PASSWORD"}}, "token_from"),
        ({"http": {"url_from": "NARTHEX_REGISTER_URL", "timeout": 6}}, "timeout"),
        ({"http": {"url_from": "NARTHEX_REGISTER_URL", "follow": True}}, "follow"),
        ({"sql": {"url_from": "NARTHEX_REGISTER_URL", "query": "DELETE FROM clients"}}, "one SELECT"),
        ({"sql": {"url_from": "NARTHEX_REGISTER_URL", "query": QUERY + "; DROP TABLE x"}}, "one SELECT"),
        ({"sql": {}, "http": {}}, "exactly one source"),
        ({}, "exactly one source"),
    ],
)
def test_a_source_that_reaches_for_more_than_it_may_is_refused(source, said):
    with pytest.raises(ValueError, match=said):
        source_options(source)


@pytest.mark.parametrize(
    ("source", "url", "said"),
    [
        ("http", "", "set NARTHEX_REGISTER_URL"),
        ("http", "http://register.example.org/x", "https"),
        ("http", "https://user:s3cret@register.example.org/x", "user and password"),
        ("sql", "", "set NARTHEX_REGISTER_URL"),
        ("sql", "no url at all s3cret", "is no database URL"),
    ],
)
def test_a_setting_that_is_missing_or_wrong_is_told_by_name_and_not_by_value(source, url, said):
    options = {"url_from": "NARTHEX_REGISTER_URL"} | ({"query": QUERY} if source == "sql" else {})
    with pytest.raises(ValueError, match=said) as refused:
        open_source(spec({source: options}), {"NARTHEX_REGISTER_URL": url})
    assert "s3cret" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (QUERY.replace(":eik", "'1'"), "must use :eik"),
        (QUERY + " AND mail = :email", "list that column under search"),
    ],
)
def test_a_query_that_does_not_fit_what_is_searched_is_refused(query, said):
    with pytest.raises(ValueError, match=said):
        sql("sqlite://", query)


def test_an_imported_register_has_no_source_to_open():
    with pytest.raises(ValueError, match="imported"):
        open_source(spec("imported"), {})


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (41, "41"),
        (41.0, "41"),
        (1.5, "1.5"),
        (Decimal("12.00"), "12"),
        (date(2026, 1, 31), "2026-01-31"),
        ("0012", "0012"),
    ],
)
def test_what_a_database_or_json_holds_becomes_text(raw, said):
    assert as_text(raw) == said


@pytest.mark.parametrize("raw", [[], {}, b"bytes", float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_single_value_is_refused(raw):
    with pytest.raises(AnswerUnusable):
        as_text(raw)
