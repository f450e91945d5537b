"""What the grammar says of its keys, listed once so that it is translated with the other words of the desk.

A test holds the list against the classes it is taken from.
"""

from typing import Final

from app.web.desk.outline_labels import N_

HINTS: Final = (
    N_("Guards that have said yes on every way here; lint proves it (F026)."),
    N_("How long one may stand here; without it, the flow's."),
    N_("What is wrong, told on the page it leads to."),
    N_("Good to know, told on the page it leads to."),
    N_("It stands below those that fit at the same time on purpose (F012)."),
    N_("What the answer is used for."),
    N_("How long the answer is kept after the run has ended."),
    N_("The field whose answer is the address."),
    N_("Pauses before the 1st, 2nd, ... resend."),
    N_("Wrong codes before it is dead."),
    N_("The state whose page the link shows."),
    N_("How often the human's button may be pressed."),
    N_("The columns that together name one row."),
    N_("The columns a match may look up."),
    N_("Country of the `mobile` columns without +."),
    N_("Count a field's refusals per network only."),
    N_("The match guard that supplies the facts."),
    N_("The field that says whose card it is; one card a subject."),
    N_("The field with the e-mail address that becomes the user name."),
    N_("The field with the password."),
    N_("Numbers that name the customer, each with the field that holds it."),
    N_("The field with the customer's name."),
    N_("One login a customer; without it, one for each address."),
    N_(
        "The code that goes to the address and is asked for at the first login; without it the address "
        "counts as confirmed."
    ),
    N_("The consents and agreements kept as proof."),
    N_("The notice to the owner of a user name somebody wants to register."),
    N_("The notice to the owner whose password was set anew."),
    N_("A state, state.transition, section.name, a text's key, as lint names it."),
    N_("Who answers for it."),
    N_("Why it stays as it is."),
    N_("The last day it holds, as 2027-01-31."),
    N_("Codes and links sent in 24 hours, to whomever; then no more."),
    N_("Guards with options: own name, one guard of the catalogue, its options."),
    N_("Ways on from every state but ends."),
    N_("Findings of lint that somebody bears."),
    N_("The account whose user name is shown, masked, to its customer."),
    N_("Only for who is logged in as this run's account; others log in first."),
    N_("The trigger of what comes after the right code, a button not yet active."),
    N_("Say, counting down, how long the page stays valid."),
    N_("The field whose answer (android or ios) says which wallet is offered first."),
    N_("The field that remembers, with `yes`, that there was a login here."),
    N_("For example freemail.hu."),
    N_("Facts that later steps need: the field that keeps it, and its column."),
    N_("Whose today it is, e.g. Europe/Budapest."),
    N_("The fewest characters."),
    N_("What must be among them."),
    N_("No other signs, and letters without accents; without it, any signs."),
    N_("Further fields with names, numbers and addresses it must not repeat."),
    N_("Ask only if these fields of the same page have these answers; else what is typed is ignored."),
    N_("The answers, in the order shown."),
    N_(
        "A drop-down, a list, or two to four tabs: questions of the same page with `when` this answer "
        "stand inside its tab."
    ),
    N_("What the code is made of."),
    N_("The fewest characters; fewer cost no try."),
    N_("The most characters."),
    N_("Refuse a wrong check digit or birth date."),
    N_("The fewest digits."),
    N_("The most digits."),
    N_("Whether a password is chosen or given."),
    N_("Country of numbers typed without +, two capitals."),
    N_("Countries accepted; without it, the region only."),
    N_("Offered in a drop-down before the number, for numbers of the region only."),
    N_("What the browser may fill in."),
)
