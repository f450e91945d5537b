"""What the catalogue says of kinds, field types, guards and effects, listed once to be translated.

A test holds the list against the catalogue.
"""

from typing import Final

from app.web.desk.outline_labels import N_

HELP: Final = (
    N_(
        "Asks for the code that was sent, in the field of type `code`: the masked address, what became "
        "of the\n"
        "message, the signs that need not be typed, another message after a pause.\n"
        "\n"
        "The state's first trigger is the button that checks the code; its words are `buttons.<trigger>`."
    ),
    N_(
        "The page of the code once the right one was given: nothing more to type, the first trigger's "
        "button\n"
        "active."
    ),
    N_("Asks for the state's fields in the order given; the first trigger's button sends them."),
    N_("Says that a link is on its way to the masked address, and offers to send it again after a pause."),
    N_("Tells the applicant something and what to do next; a button for every way on."),
    N_("Has no page of its own: leads to the home page of the realm's portal."),
    N_("Lists, in words, why each answer of the page before was not taken."),
    N_("Says that it is done and what comes next, with a reference to quote; a button for every way on."),
    N_("Shows the card and offers Apple's and Google's wallet, the chosen device's first."),
    N_("A check box that must be ticked before one can go on, never ticked beforehand. Kept as `accept`."),
    N_("One of the answers given in `options`; none is chosen beforehand, but of tabs the first is open."),
    N_(
        "A one-time code in one box: lower case, spaces and dashes, and Cyrillic look-alikes are "
        "forgiven.\n"
        "\n"
        "Whether it is the right one is asked by a guard."
    ),
    N_("Accept or decline; one must be chosen, neither is chosen beforehand. Kept as `accept` or `decline`."),
    N_("A number to be copied, digits only; leading zeros are kept, spaces and dashes between are dropped."),
    N_("ЕИК of a company (9 digits) or a branch (13) with right check digits; placeholders are refused."),
    N_(
        "An e-mail address with the right syntax; kept as typed, compared without regard to case.\n"
        "\n"
        "Whether its domain exists is asked by the guard `mail_domain_exists`."
    ),
    N_(
        "A mobile number of the countries accepted, typed in any usual way and kept as +359888123456.\n"
        "\n"
        "With `prefixes` there are two boxes, posted as <field>_prefix and <field>_number, behind the "
        "fixed 0 or\n"
        "06 of the country."
    ),
    N_(
        "ЕГН or ЛНЧ (ЕНЧ): everything but the digits 0-9 is dropped, then exactly ten must be left.\n"
        "\n"
        "With `check_digit: true` also the check digit must be right and the birth date not lie in the "
        "future."
    ),
    N_(
        "A password exactly as typed: not trimmed, not cut, not normalised, never shown back.\n"
        "\n"
        "Whether it is good enough, and typed twice alike, is asked by a guard."
    ),
    N_("One line of text, trimmed, with single spaces; control characters are refused."),
    N_("The field has an answer by now, given on a page or brought to light by a guard."),
    N_("A code was sent to this address in this run, and it can still be given."),
    N_(
        "The code typed, whole or its typed part, is the newest one sent to this address in this run, in "
        "date\n"
        "and not used.\n"
        "\n"
        "Whatever else is typed costs a try, codes out of date and older ones too; the last try is "
        "answered with\n"
        "`no_tries_left`, and so is everything after it. Ten failures of an address within a day, or a "
        "hundred\n"
        "within thirty, end its tries in all runs; they are forgotten once a code of it is right (S19, "
        "S20)."
    ),
    N_("Every field of the page is filled in as its type asks; if not, one reason per field."),
    N_("The customer whose numbers the run knows has a login already."),
    N_("The link the person came by is in force, the newest of its kind, and not used too often."),
    N_("Whoever is in front of this browser is logged in to the portal as the login that this run made."),
    N_("The login that this run made, or else the customer's, has a confirmed address."),
    N_("The address is at one of these hosts, whose owners need to be told something."),
    N_("The address's domain exists and takes mail, as DNS tells; unavailable when DNS does not answer."),
    N_(
        "The registers know this person by the answers given, the contact on file agrees, and it is in "
        "force.\n"
        "\n"
        "The first register that knows the person decides about the contact. All registers are asked and "
        "all\n"
        "counters read whatever the outcome, so that the causes cost the same. Refused: `unknown`,\n"
        "`contact_differs`, `not_in_force`; once the budget is spent `over_budget`, or "
        "`match_over_budget` for\n"
        "the right person, whose page looks refused and who gets the message all the same. Every refusal "
        "is\n"
        "counted, those over the budget and that last one too: what is counted can be seen by who "
        "guesses."
    ),
    N_("The pause since the last message is over and the recipient has not had as many as are allowed."),
    N_(
        "The password keeps every rule of the profile and was typed twice alike; every rule broken is "
        "told.\n"
        "\n"
        "`seed`: at least 6 signs, small and capital letter and digit, nothing but unaccented letters "
        "and digits.\n"
        "`strong`: at least 15 of any signs. Both refuse what is used most, what repeats the user name, "
        "and what\n"
        "holds the customer's name, the brand or the numbers of `unlike`. Nothing is trimmed or folded "
        "(S40)."
    ),
    N_("Both e-mail addresses are the same without regard to case, or there is nothing to compare with."),
    N_("The address of the login that this run made is its owner's. No second factor: it was asked by mail."),
    N_("Count one use of the link the person came by; if it died meanwhile, the step is decided anew."),
    N_(
        "Make the login: its customer may be served by it, its consents are kept, its `confirm` code "
        "goes out.\n"
        "\n"
        "A user name that is taken makes nothing; its owner gets the `taken` notice, and everything else "
        "looks\n"
        "alike (S17). Where a customer may have one login only and has got one meanwhile, it is decided "
        "anew."
    ),
    N_("Issue the named card to the person found: the same serial as before if there is one."),
    N_(
        "Open a login for the user name given; the answer hands its cookie to this very browser.\n"
        "\n"
        "It begins with the customer named here: whoever adds a second one wants to see that one.\n"
        "Stands after whatever sets the password, which ends all logins there are."
    ),
    N_(
        "Have this refusal looked at again: if the person is right and only the budget was spent, the "
        "named\n"
        "transition of this state is carried out in a run of its own that no browser holds.\n"
        "\n"
        "Belongs to every refusal of a match, whatever its cause: all of them leave the same work behind "
        "(C6)."
    ),
    N_("Give the customer's login the new password; every open session ends, its owner is told (S31, S48)."),
    N_(
        "Send the named code or link to the address its definition names; an older one dies.\n"
        "\n"
        "Nothing is sent, and the older one stays good, when the recipient has had as many messages as "
        "allowed."
    ),
    N_(
        "Make the login, or give the one with this user name the new password; it may serve the "
        "customer.\n"
        "\n"
        "A login that was there loses every open session and its owner gets the `renewed` notice."
    ),
    N_(
        "Use up the named code, found right in this very step: it is never right again, earlier failures "
        "are\n"
        "forgotten, and the browser gets a new identity in the place of the old one (S22, S45)."
    ),
)
