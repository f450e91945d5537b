"""Mails that belong to the portal and to no flow: the interface's words, in the account's language."""

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from babel.support import NullTranslations, Translations

from app.runner.house import House
from app.runner.portal.realms import Realm
from app.store.accounts import Account
from app.store.outbox import Letter

_FOLDER = Path(__file__).parents[2] / "translations"
_USEFUL = timedelta(days=3)


@lru_cache(maxsize=8)
def _catalogue(lang: str) -> NullTranslations:
    return Translations.load(_FOLDER, [lang])


def words(lang: str) -> Callable[[str], str]:
    """The interface's words in `lang`, also where no page is being made, as in a command."""
    return _catalogue(lang).gettext


def answer_waits(house: House, realm: Realm, account: Account, message: str) -> Letter:
    """Tell the account's owner that an answer can be read in the portal, and nothing of what it says."""
    gettext, name = words(account.lang), realm.flow.theme.name
    organisation = name.get(account.lang) or next(iter(name.values()))
    paragraphs = (
        gettext("We have answered your request. Please log in to the customer portal to read the answer:"),
        f"{house.base_url}/portal/{realm.name}/",
        gettext("This message was sent automatically. Please do not reply to it: write to us in the portal."),
        organisation,
    )
    return Letter(
        key=f"answer:{message}",
        channel="mail",
        lang=account.lang,
        expires_at=house.clock() + _USEFUL,
        recipient=account.letters_to or account.address,
        subject=gettext("An answer is waiting for you – %(organisation)s") % {"organisation": organisation},
        body="\n\n".join(paragraphs) + "\n",
    )
