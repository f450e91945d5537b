"""What three whole walks leave behind: nobody's data in a log, an address, the journal or a database's bytes.

One served process at its most talkative log level, people with strings nobody else has, right and wrong
steps; then everything it wrote is searched (S29, S54, S56).
"""

import html
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import requests

from tests.server import Server, serving
from tests.walk import HIDDEN, carries_code, code_in

WITHIN = 20  # seconds for one answer
ESZTER = {
    "id_kind": "policy",
    "policy_number": "HU-20471183",
    "mobile_prefix": "20",
    "mobile_number": "1234567",
}
CONSENTS = {"marketing": "accept", "personalised": "decline", "contract": "on", "notice": "on"}
MARIA = {"mobile": "0888123456", "national_id": "9912310123", "device": "android"}
MARIA |= {"email": "maria.sineva.demo@gmail.com"}
ELENA = {"eik": "203955619", "email": "elena.opora.demo@gmail.com"}
USER = "kanari.kohid.demo@gmail.com"
LETTERS = "kanarileveleknek.demo@gmail.com"
PASSWORDS = ("Kanarimadar73", "Kanarimadar74", "KanarDvorets", "wrong Kanari words")
WRITTEN = ("Kanarinak irt targy", "Kanarinak irt szoveg", "kanarifajl.pdf")

#: By the sort of thing, every spelling somebody might have written down.
CANARIES = {
    "national id": ("9912310123",),
    "phone": ("888123456", "888 123 456", "201234567", "20 123 4567"),
    "address": ("maria.sineva", USER.partition("@")[0], LETTERS.partition("@")[0], "elena.opora"),
    "number": ("HU-20471183", "hu-20471183"),
    "name": ("Kovács Eszter", "Мария", "Липа Строй"),
    "password": PASSWORDS,
    "words": WRITTEN,
}


@dataclass
class Person:
    """A browser that remembers every address it was sent to."""

    server: Server
    seen: list[str] = field(default_factory=list)
    session: requests.Session = field(default_factory=requests.Session)
    page: str = ""
    at: str = ""

    def get(self, path: str) -> "Person":
        return self._took(self.session.get(f"{self.server.url}{path}", timeout=WITHIN))

    def post(
        self, path: str = "", files: dict[str, tuple[str, bytes]] | None = None, **fields: str
    ) -> "Person":
        main = self.page.partition("<main")[2] or self.page
        form = main.partition("<form")[2].partition("</form>")[0]
        hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(form)}
        url = f"{self.server.url}{path or self.at}"
        return self._took(self.session.post(url, data={**hidden, **fields}, files=files, timeout=WITHIN))

    def _took(self, answer: requests.Response) -> "Person":
        for each in (*answer.history, answer):
            self.seen += [each.url, each.headers.get("Location", "")]
        self.page, self.at = answer.text, urlsplit(answer.url).path
        assert answer.status_code < 500, self.at
        return self

    def messages(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = requests.get(
            f"{self.server.url}/inbox/messages.json", timeout=WITHIN
        ).json()["messages"]
        return found

    def code(self, channel: str, before: int = 0) -> str:
        """The newest code on this channel, once there are more than `before`."""
        while True:  # the receiver's own thread delivers; pytest's time-out is the last word
            came = [m for m in self.messages() if m["channel"] == channel and carries_code(m)]
            if len(came) > before:
                return code_in(came[-1])

    def card(self) -> "Person":
        self.get("/ecard/").post(**{**MARIA, "national_id": "9912310124"}).post(trigger="back")
        self.post(**MARIA)
        assert self.at == "/ecard/requested"
        return self

    def register(self) -> "Person":
        self.get("/registration/").post(**{**ESZTER, "mobile_number": "1234560"}).post(**ESZTER)
        assert self.at == "/registration/verify_phone"
        self.post(code="22222").post(code=self.code("sms")[-5:])
        self.post(email=USER, **CONSENTS)
        self.post(password="kanari", password_again="Kanari").post(
            password=PASSWORDS[0], password_again=PASSWORDS[0]
        )
        assert self.at == "/registration/registered"
        self.get("/portal/registration/login").post(username=USER, password=PASSWORDS[3])
        self.post(username=USER, password=PASSWORDS[0])
        self.post(code=self.code("mail")[-5:])
        assert self.at == "/portal/registration/"
        return self

    def use_the_portal(self) -> "Person":
        self.get("/portal/registration/requests")
        self.post(subject=WRITTEN[0], text=WRITTEN[1], files={"file": (WRITTEN[2], b"%PDF-1.4 kanari")})
        assert WRITTEN[1] in self.page
        self.get("/portal/registration/profile").post("/portal/registration/profile/address", address=LETTERS)
        return self

    def activate(self) -> "Person":
        before = len([m for m in self.messages() if m["channel"] == "mail" and carries_code(m)])
        self.get("/activation/").post(**{**ELENA, "email": LETTERS}).post(**ELENA)
        assert self.at == "/activation/pin"
        self.post(pin="000000", trigger="check").post(pin=self.code("mail", before), trigger="check")
        self.post(trigger="activate").post(password=PASSWORDS[2], password_again=PASSWORDS[2])
        assert self.at == "/portal/activation/"
        return self


class Desk(Person):
    """A member of staff who looks at everything there is to see of every run."""

    def enter(self, var: Path, role: str) -> "Desk":
        words = (var / "desk-passwords.txt").read_text().splitlines()
        name, password = next(line.split()[:2] for line in words if line.startswith(role))
        self.get("/desk/login").post(name=name, password=password)
        assert self.at == "/desk/"
        return self

    def look_at_all(self, runs: list[tuple[str, int]]) -> Iterator[str]:
        """Each page and file of these runs (id, newest step), as it came; a scenario of the first alone."""
        addresses = ["/desk/runs", f"/desk/runs/{runs[0][0]}/export/scenario"]
        for run, newest in runs:
            addresses += [f"/desk/runs/{run}?replay=strict"]
            for seq in range(newest + 1):
                addresses += [f"/desk/runs/{run}?step={seq}", f"/desk/runs/{run}/page/{seq}"]
            addresses += [f"/desk/runs/{run}/export/{form}" for form in ("jsonl", "cloudevents")]
        for address in addresses:
            yield self.get(address).page


def runs_in(var: Path) -> list[tuple[str, int]]:
    """All runs with the number of their newest record."""
    connection = sqlite3.connect(var / "narthex.db")
    found = connection.execute("select id, seq from runs where seq > 0").fetchall()
    connection.close()
    return found


def published(var: Path) -> str:
    """The definitions as they stand in the database."""
    connection = sqlite3.connect(var / "narthex.db")
    words = "\n".join(files for (files,) in connection.execute("select files from flow_contents"))
    connection.close()
    return words


def test_nothing_of_anyone_is_left_where_it_does_not_belong(tmp_path: Path) -> None:
    with serving(tmp_path, NARTHEX_LOG_LEVEL="DEBUG", NARTHEX_GETS_PER_MINUTE="100000") as server:
        people = [
            Person(server).card(),
            Person(server).register().use_the_portal(),
            Person(server).activate(),
        ]
        codes = {code_in(m) for m in people[0].messages() if carries_code(m)}
        runs = runs_in(tmp_path)
        seen = [*Desk(server).enter(tmp_path, "qa").look_at_all(runs)]
        operator = Desk(server).enter(tmp_path, "operator")
        seen += [operator.get(f"/desk/runs/{run}").page for run, _ in runs]
    log = server.log.read_text()
    assert len(codes) >= 3 and "letter" in log, "the walks were seen"
    addresses = "\n".join(address for person in people for address in person.seen)
    desk, texts = "\n".join(seen), published(tmp_path)
    assert "card_found" in desk and "•••" in desk
    for sort, spellings in {**CANARIES, "code": tuple(codes)}.items():
        for spelling in spellings:
            assert spelling not in log, f"a {sort} is in the log"
            # Six signs of a code may stand in a hash by chance.
            if spelling not in texts and len(spelling) > 6:
                assert spelling not in desk, f"a {sort} is on the desk"
            assert spelling not in addresses and quote(spelling) not in addresses, f"a {sort} is in a URL"
    assert not [address for address in people[0].seen if parse_qs(urlsplit(address).query)]
    _search_database(tmp_path, codes)


def _search_database(var: Path, codes: set[str]) -> None:
    connection = sqlite3.connect(var / "narthex.db")
    both = "select record from journal union all select record from asides"
    journal = "\n".join(record for (record,) in connection.execute(both))
    connection.close()
    words = published(var)
    kept = b"".join(file.read_bytes() for file in sorted(var.glob("narthex.db*")))
    assert '"event":"submit"' in journal and b"registration" in kept
    for sort, spellings in {**CANARIES, "code": tuple(codes)}.items():
        for spelling in spellings:
            assert spelling not in journal, f"a {sort} is in the journal"
            # Pages give 0888 123 456 as an example, and six digits may stand in a hash by chance: the tests
            # of codes look for those column by column.
            if spelling not in words and not re.fullmatch(r"[0-9]{6}", spelling):
                assert spelling.encode() not in kept, f"a {sort} is in the database's bytes"
