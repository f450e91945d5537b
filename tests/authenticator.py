"""A phone with an authenticator app: what it shows for a key, by a clock of the test's own."""

import base64
import html
import re
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from tests.conftest import Clock
from tests.walk import Walk

CODE = "/desk/login/code"


def shown_by(key: str, now: datetime) -> str:
    """The six digits an app with this key, in groups or not, shows at that moment."""
    totp = TOTP(base64.b32decode(key.replace(" ", "")), 6, SHA1(), 30)
    return totp.generate(int(now.timestamp())).decode()


class Phone:
    """The app, once the key on the page in view was typed into it."""

    def __init__(self, walk: Walk, clock: Clock) -> None:
        found = re.search(r'<code class="app-key">([A-Z2-7 ]+)</code>', walk.text)
        assert found, "no key on this page"
        self.key = found.group(1).replace(" ", "")
        self._clock = clock

    def code(self, later: float = 0) -> str:
        """The six digits it shows now, or so many seconds later."""
        return shown_by(self.key, self._clock() + timedelta(seconds=later))


def recovery_codes(walk: Walk) -> list[str]:
    """The codes on the page in view."""
    return [html.unescape(code) for code in re.findall(r"<li><code>([^<]+)</code></li>", walk.text)]
