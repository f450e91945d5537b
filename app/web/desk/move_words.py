"""Why a run is not moved to another version, and what one can do, in the reader's language."""

from flask_babel import gettext

from app.flow.moving import Hindrance, Obstacle


def why(hindrance: Hindrance) -> str:
    """The reason as a sentence."""
    name = hindrance.name
    words: dict[Obstacle, str] = {
        "left": gettext("They are left where they are."),
        "no_state": gettext("There is no state “%(name)s” any more.", name=name),
        "other_kind": gettext("The state is a page of another kind now (%(name)s).", name=name),
        "unproven": gettext("The state wants “%(name)s” proven, which was not asked for before.", name=name),
        "code_differs": gettext("The code “%(name)s” is another one now.", name=name),
        "link_differs": gettext("The link “%(name)s” is another one now.", name=name),
        "card_differs": gettext("The card “%(name)s” is filled in otherwise now.", name=name),
        "account_differs": gettext("The account “%(name)s” is made otherwise now.", name=name),
        "field_missing": gettext("“%(name)s” was never asked, and the state needs it.", name=name),
        "field_type": gettext("What was answered to “%(name)s” would not be accepted now.", name=name),
        "erased": gettext("Their answers are erased."),
        "over": gettext("Their time is over."),
        "moved_on": gettext("They have taken a step in the meantime."),
    }
    return words[hindrance.why]


def cure(hindrance: Hindrance) -> str:
    """What one can do about it."""
    finish: str = gettext("Let them finish on their version.")
    choose: str = gettext("Choose another state for them, or let them finish.")
    words: dict[Obstacle, str] = {
        "left": gettext("Choose a state for them if they shall go too."),
        "no_state": choose,
        "other_kind": choose,
        "unproven": choose,
        "field_missing": gettext("Choose a state before that question, or let them finish."),
        "field_type": gettext("Choose a state before that question, or let them finish."),
        "over": gettext("The clock ends them by itself."),
        "moved_on": gettext("Try once more."),
    }
    return words.get(hindrance.why, finish)
