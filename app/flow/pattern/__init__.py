"""Path patterns: which runs went a certain way, said over the recorded steps of a run.

A run is read as places and steps in turn: where it stood, the step taken there, where it stood then, ..., to
where it stands now. A step that stayed on its page leads to the same place once more. A pattern fits a run if
it fits some stretch of it.

    code                at the state `code`              .        at any state
    resend!             a step by this trigger           .!       any step
    card_found:no       a step in which this guard       card_found:.   a step that asked it
                        answered so: yes, no,
                        unavailable or a reason code
    form.not_found      the step that took the way `not_found` out of `form`
    code & resend!      a step of which all of these are true; a state is the one it was taken from
    locked|expired      either
    A > B               B next: the very next place if B is a place, the very next step if it is a step
    A >> B              B some time later
    A{2} A{2,} A{2,5}   twice, twice or more, two to five times, one next to the other
    A? A* A+            perhaps; any number of times, also none; once or more
    (A > B){2,}         brackets repeat, or offer with |, a whole stretch
    ^A   B$             A is the run's first, B its last place (or step)

`&` binds closest, then the repetition, then `|`, then `>`. Examples: `code{2,} > locked`: two steps or more
in `code`, the last of them into `locked`. `identify > registry:unavailable > try_later`: a step from
`identify` during which the registry did not answer led to `try_later`.
"""

from app.flow.pattern.letters import Letter, Place, Taken, letters
from app.flow.pattern.match import Matcher
from app.flow.pattern.parse import parse
from app.flow.pattern.problems import PatternProblem
from app.flow.pattern.words import Vocabulary, check, vocabulary

__all__ = [
    "Letter",
    "Matcher",
    "PatternProblem",
    "Place",
    "Taken",
    "Vocabulary",
    "check",
    "letters",
    "parse",
    "vocabulary",
]
