"""Drafts for tests: what is live with places of its files rewritten, as an analyst may have left it."""

from app.flow.loader import digest
from app.runner.house import House
from app.store import drafts, versions
from app.store.drafts import StoredDraft
from app.store.ids import ulid

#: (file, what stands there, what shall stand there)
Change = tuple[str, str, str]


def drafted(house: House, flow: str, *changes: Change) -> dict[str, str]:
    """Open a draft of the live version with these changes; its files."""
    with house.database.read() as connection:
        live = versions.live(connection, flow)
        assert live is not None
        base = versions.content(connection, live.digest)
    assert base is not None
    files = dict(base)
    for name, old, new in changes:
        assert old in files[name], f"{old!r} is not in {name}"
        files[name] = files[name].replace(old, new, 1)
    now = house.clock()
    made = StoredDraft(ulid(now), flow, live.number, base, files, digest(files), 0, "vera", now, now)
    with house.database.write() as connection:
        drafts.put(connection, house.vault, made)
    return files
