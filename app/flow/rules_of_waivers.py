"""The rules about waivers: whoever bears a finding does so for what is there, and for a time."""

from collections.abc import Mapping

from app.flow.ruling import Rule

OF_WAIVERS: Mapping[str, Rule] = {
    "N010": Rule(
        "warning",
        "The waiver of {rule} at '{at}' ended on {until}.",
        "Mend what it is about, or let {owner} decide anew.",
    ),
    "N011": Rule("warning", "There is no {rule} at '{at}' to be waived.", "{hint}"),
    "N012": Rule(
        "error", "{rule} at '{at}' is an error that nobody can bear.", "Mend it, and remove the waiver."
    ),
    "N013": Rule("error", "There is no rule {rule}.", "{hint}"),
}
