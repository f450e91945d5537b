"""Several people publishing one flow in the same moment: numbers never fork, and whoever was late is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.runner import releases
from app.runner.house import House
from app.runner.releasing import going_live
from app.store import releases as noted
from app.store import versions
from app.store.versions import SomebodyQuicker

FLOW = "activation"


def test_versions_published_at_once_get_numbers_of_their_own_or_none(house: House) -> None:
    live = house.shelf.live(FLOW)
    barrier = Barrier(4)

    def publish(number: int) -> int | None:
        files = {**live.files, "theme.yaml": live.files["theme.yaml"] + f"# {number}\n"}
        barrier.wait()
        try:
            with house.database.write() as connection:
                return versions.publish(connection, FLOW, f"sha256:{number}", files, house.clock()).number
        except SomebodyQuicker:
            return None

    with ThreadPoolExecutor(4) as pool:
        made = [each for each in pool.map(publish, range(4)) if each is not None]
    history = [each.version.number for each in releases.history(house, FLOW)]
    assert sorted(made) == list(range(2, 2 + len(made)))
    assert history == list(range(1 + len(made), 0, -1))


def test_of_two_roll_backs_at_once_one_is_carried_out(house: House) -> None:
    first = house.shelf.live(FLOW)
    with house.database.write() as connection:
        files = {**first.files, "theme.yaml": first.files["theme.yaml"] + "# another\n"}
        versions.publish(connection, FLOW, "sha256:another", files, house.clock())
    barrier = Barrier(2)

    def back(_: int) -> bool:
        barrier.wait()
        try:
            going_live.roll_back(house, "chief", FLOW, 1, "both of us saw it")
        except (SomebodyQuicker, going_live.SameContent):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(back, range(2))) == [False, True]
    assert house.shelf.live(FLOW).digest == first.digest
    assert [each.version.number for each in releases.history(house, FLOW)] == [3, 2, 1]


def test_whoever_notes_a_release_second_is_told(house: House) -> None:
    release = releases.history(house, FLOW)[0].release
    assert release is not None
    with pytest.raises(SomebodyQuicker), house.database.write() as connection:
        noted.put(connection, house.vault, release, None)
    assert len(releases.history(house, FLOW)) == 1
