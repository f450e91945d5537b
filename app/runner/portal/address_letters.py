"""The mails about the address for letters: the code to the new one, the notice to the old one (S31)."""

from datetime import datetime

from app.flow.normal.phone import spoken
from app.runner.portal.letters import words
from app.runner.portal.realms import Realm
from app.store.accounts import Account
from app.store.outbox import Letter


def _organisation(realm: Realm, account: Account) -> str:
    name = realm.flow.theme.name
    return name.get(account.lang) or next(iter(name.values()))


def code_letter(
    realm: Realm, account: Account, address: str, code: str, key: str, expires_at: datetime
) -> Letter:
    """The code, to the address it confirms; no link, nothing about whose it is."""
    gettext, organisation = words(account.lang), _organisation(realm, account)
    paragraphs = (
        code,
        gettext("Type this code into the profile page of the customer portal; it is valid for 10 minutes. "
                "After that our emails come to this address."),
        gettext("If you did not ask for this, you need not do anything."),
        organisation,
    )  # fmt: skip
    subject = gettext("Code for your email address – %(organisation)s") % {"organisation": organisation}
    body = "\n\n".join(paragraphs) + "\n"
    return Letter(key, "mail", account.lang, expires_at, recipient=address, body=body, subject=subject)


def changed_letter(realm: Realm, account: Account, to: str, key: str, expires_at: datetime) -> Letter:
    """Letters go elsewhere from now on: told to where they went until now, without saying where."""
    gettext, organisation = words(account.lang), _organisation(realm, account)
    paragraphs = (
        gettext("The address for our emails was changed in the customer portal. From now on they go to "
                "another address. Your user name stays the same."),
        gettext("If that was not you, please call us at once: %(phone)s")
        % {"phone": spoken(realm.flow.theme.help_phone)},
        organisation,
    )  # fmt: skip
    subject = gettext("The address for our emails was changed – %(organisation)s")
    return Letter(
        key,
        "mail",
        account.lang,
        expires_at,
        recipient=to,
        body="\n\n".join(paragraphs) + "\n",
        subject=subject % {"organisation": organisation},
    )
