"""A neighbour that keeps failing is left alone for a while."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from app.gateways.breaker import Breaker

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PAUSE = timedelta(seconds=30)


def opened(failures=3):
    breaker = Breaker(failures, PAUSE)
    for _ in range(failures):
        breaker.failed(NOON)
    return breaker


def test_it_opens_at_the_last_allowed_failure_in_a_row():
    breaker = Breaker(3, PAUSE)
    breaker.failed(NOON)
    breaker.failed(NOON)
    assert breaker.allows(NOON)
    breaker.failed(NOON)
    assert not breaker.allows(NOON)
    assert breaker.state(NOON) == "open"


def test_a_success_in_between_starts_the_count_anew():
    breaker = Breaker(2, PAUSE)
    breaker.failed(NOON)
    breaker.succeeded(NOON)
    breaker.failed(NOON)
    assert breaker.state(NOON) == "closed"


def test_after_the_pause_one_trial_is_allowed():
    breaker = opened()
    assert not breaker.allows(NOON + PAUSE - SECOND)
    assert breaker.allows(NOON + PAUSE)
    assert not breaker.allows(NOON + PAUSE)


def test_a_trial_that_succeeds_closes_it():
    breaker = opened()
    breaker.allows(NOON + PAUSE)
    breaker.succeeded(NOON + PAUSE)
    assert breaker.state(NOON + PAUSE) == "closed"
    breaker.failed(NOON + PAUSE)
    assert breaker.allows(NOON + PAUSE)


def test_a_trial_that_fails_opens_it_for_another_pause():
    breaker = opened()
    breaker.allows(NOON + PAUSE)
    breaker.failed(NOON + PAUSE)
    assert not breaker.allows(NOON + 2 * PAUSE - SECOND)
    assert breaker.allows(NOON + 2 * PAUSE)


def test_late_news_of_earlier_calls_neither_close_it_nor_prolong_the_pause():
    breaker = opened()
    breaker.succeeded(NOON + SECOND)
    assert breaker.state(NOON + SECOND) == "open"
    breaker.failed(NOON + SECOND)
    assert breaker.allows(NOON + PAUSE)


def test_a_trial_never_reported_is_given_up_after_a_pause():
    breaker = opened()
    assert breaker.allows(NOON + PAUSE)
    assert not breaker.allows(NOON + 2 * PAUSE - SECOND)
    assert breaker.allows(NOON + 2 * PAUSE)


def test_of_many_threads_one_gets_the_trial():
    breaker, start, said = opened(), Barrier(8), []

    def ask():
        start.wait(10)
        said.append(breaker.allows(NOON + PAUSE))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [False] * 7 + [True]


@pytest.mark.parametrize(("failures", "pause"), [(0, PAUSE), (1, timedelta(0))])
def test_a_breaker_without_limit_or_pause_is_refused(failures, pause):
    with pytest.raises(ValueError, match="at least one failure"):
        Breaker(failures, pause)
