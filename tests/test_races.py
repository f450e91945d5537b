"""What several hands do at once, and what comes back that should not."""

import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import event, text

from app import wiring
from app.config import Settings
from app.delivery.post import Post
from app.runner.house import House
from app.runner.second_look import look_again
from app.store.database import Database
from tests.apps import ready_app
from tests.conftest import Clock
from tests.walk import PERSON, Walk, link_in


def requested(walk: Walk, **changes: str) -> Walk:
    return walk.get("/ecard/").post(**{**PERSON, **changes})


def count(database: Database, table: str) -> int:
    with database.read() as connection:
        return int(connection.execute(text(f"select count(*) from {table}")).scalar_one())


def together(jobs: list[Callable[[], object]]) -> list[object]:
    """Run the jobs in threads that start at one barrier; their results in any order."""
    barrier, results = threading.Barrier(len(jobs)), []

    def run(job: Callable[[], object]) -> None:
        barrier.wait()
        results.append(job())

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_guessing_in_parallel_gets_no_more_verdicts_than_one_by_one(
    app: Flask, house: House, clock: Clock
) -> None:
    """Twelve guesses at once, the limit is five: the right one after them is refused (S13)."""
    walks = [Walk(app, address=f"198.51.100.{n}").get("/ecard/form") for n in range(12)]
    together([lambda w=w: w.post(**{**PERSON, "email": "wrong@sineva-demo.bg"}) for w in walks])  # type: ignore[misc]
    with house.database.read() as connection:
        records = connection.execute(text("select record from journal where seq = 1")).scalars().all()
    told = [record for record in records if '"reason":"contact_differs"' in record]
    assert len(told) == 5
    assert len(records) == 12
    assert requested(Walk(app, address="203.0.113.1")).at == "/ecard/not_found"


def test_every_refusal_costs_the_same_statements(app: Flask, house: House) -> None:
    """Unknown, differing, lapsed, over the budget, right but over the budget: one amount of work (S12)."""
    causes = [
        {"national_id": "1111111111", "email": "x@sineva-demo.bg", "mobile": "0888000001"},
        {"email": "wrong@sineva-demo.bg", "mobile": "0888000002"},
        {
            "national_id": "7511022601",
            "email": "petar.sineva.demo@gmail.com",
            "mobile": "0888100302",
        },
    ]
    counts: list[int] = []

    def refused(number: int, **changes: str) -> None:
        walk = Walk(app, address=f"198.51.100.{number}").get("/ecard/form")
        seen = []

        def note(*_: object) -> None:
            seen.append(1)

        event.listen(house.database.engine, "before_cursor_execute", note)
        walk.post(follow=False, **{**PERSON, **changes})
        event.remove(house.database.engine, "before_cursor_execute", note)
        assert walk.page is not None
        assert walk.page.location == "/ecard/not_found"
        counts.append(len(seen))

    for number, changes in enumerate(causes):
        refused(number, **changes)
    for number in range(10, 15):
        refused(number, email="wrong@sineva-demo.bg")
    refused(20, email="wrong@sineva-demo.bg")
    refused(21)
    assert len(set(counts)) == 1, counts


def test_what_was_emptied_does_not_come_back(app: Flask) -> None:
    walk = requested(Walk(app), email="wrong@sineva-demo.bg")
    walk.post(trigger="back")
    assert "wrong@sineva-demo.bg" in walk.text
    walk.post(**{**PERSON, "email": ""})
    assert walk.at == "/ecard/invalid"
    walk.post(trigger="back")
    assert "wrong@sineva-demo.bg" not in walk.text


def test_a_stale_tab_cannot_throw_away_a_newer_run(app: Flask) -> None:
    walk = requested(Walk(app), email="wrong@sineva-demo.bg")
    stale = walk.get("/ecard/").hidden()
    walk.post(trigger="restart")
    requested(walk)
    walk.page = walk._ask("POST", "/ecard/", data={**stale, "trigger": "restart"})
    assert walk.get("/ecard/form").at == "/ecard/requested"


def test_the_link_hands_out_the_card_ten_times_and_no_more(app: Flask, post: Post, clock: Clock) -> None:
    walk = requested(Walk(app))
    post.deliver()
    walk.get(link_in(walk.messages()[0]))
    kept = walk.hidden()
    handed = 0
    for _ in range(14):
        clock.pass_(minutes=2)
        walk.page = walk._ask("POST", "/w/card", data={**kept, "trigger": "add", "wallet": "google"})
        handed += "pay.google.com" in walk.page.location
    assert handed == 10
    clock.pass_(minutes=6)
    assert walk._ask("GET", "/w/card.pkpass").status_code == 303


def test_pressing_a_button_that_does_nothing_does_not_prolong_a_run(
    app: Flask, post: Post, clock: Clock
) -> None:
    walk = requested(Walk(app))
    clock.pass_(hours=23, minutes=59, seconds=45)
    walk.post(trigger="resend")
    walk.post(trigger="resend")
    clock.pass_(hours=24, minutes=1)
    walk.get("/ecard/requested").post(trigger="resend")
    assert walk.get("/ecard/requested").at == "/ecard/expired"


def test_a_run_on_an_older_version_is_shown_in_a_language_it_speaks(app: Flask, house: House) -> None:
    walk = requested(Walk(app, lang="hu"), email="wrong@sineva-demo.bg")
    assert walk.status == 200
    walk.client.set_cookie("lang", "hu")
    assert walk.get("/ecard/not_found").status == 200
    assert walk.get("/ecard/").status == 200


def test_a_run_whose_version_is_gone_offers_a_new_start(app: Flask, house: House) -> None:
    walk = requested(Walk(app), email="wrong@sineva-demo.bg")
    with house.database.write() as connection:
        connection.execute(text("update runs set digest = 'sha256:gone', number = 99"))
    walk.get("/ecard/not_found")
    assert walk.status == 200
    assert walk.post(trigger="restart").at == "/ecard/form"
    assert walk.status == 200


def test_a_double_click_on_a_resting_page_is_a_page(app: Flask, clock: Clock) -> None:
    walk = requested(Walk(app), national_id="1")
    walk.post(trigger="back")
    hidden = walk.hidden()
    clock.pass_(minutes=31)
    with walk.client.session_transaction() as session:
        cookie = dict(session)

    def post() -> int:
        other = Walk(app)
        with other.client.session_transaction() as session:
            session.update(cookie)
        return other._ask("POST", "/ecard/form", data={**hidden, **PERSON}).status_code

    assert set(together([post] * 6)) == {303}


def test_a_busy_database_gets_a_page_that_says_so(app: Flask, house: House) -> None:
    walk = Walk(app).get("/ecard/form")
    with house.database.write() as connection:
        if not house.database.is_sqlite:  # on SQLite one writer keeps all others out
            connection.execute(text("lock table runs in access exclusive mode"))
        other = Walk(app)
        with walk.client.session_transaction() as session:
            cookie = dict(session)
        with other.client.session_transaction() as session:
            session.update(cookie)
        answers: list[int] = []

        def post() -> None:
            answers.append(other._ask("POST", "/ecard/form", data={**walk.hidden(), **PERSON}).status_code)

        thread = threading.Thread(target=post)
        thread.start()
        thread.join()
    assert answers == [503]
    assert walk.post(**PERSON).at == "/ecard/requested"


def test_secrets_rotate_while_budgets_and_runs_go_on(settings: Settings, house: House, app: Flask) -> None:
    for number in range(5):
        requested(Walk(app, address=f"198.51.100.{number}"), email="wrong@sineva-demo.bg")
    rotated = settings.model_copy(
        update={"secret_keys": type(settings.secret_keys)(f"{'n' * 40},{settings.secrets()[0].decode()}")}
    )
    after = wiring.open_house(rotated, house.clock)
    walk = requested(Walk(ready_app(rotated, after), address="203.0.113.1"))
    assert walk.at == "/ecard/not_found"
    assert look_again(after) == 6
    assert count(after.database, "outbox") == 1
    after.database.close()
