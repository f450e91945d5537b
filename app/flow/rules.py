"""The rules of flow lint: what each finding says, how grave it is, and how it is mended.

Codes F001-F063 are those of the desk's table; F000 is the grammar. Ours: N001 every page says what Back
does, N002 a code that can be guessed, N003 a person matched by a sensitive answer alone, N004 passwords that
are easily guessed, N005 a code that is right more than once or used up unasked, N010-N013 what is wrong with
waivers. A word after the colon tells the cases of one code apart. The words in Bulgarian and Hungarian are in
`app.flow.worded`.
"""

from collections.abc import Mapping

from app.flow.findings import Finding
from app.flow.ids import id_of
from app.flow.rules_of_waivers import OF_WAIVERS
from app.flow.rules_on_ways import ON_WAYS
from app.flow.rules_on_words import ON_WORDS
from app.flow.rules_seen_from_outside import SEEN_FROM_OUTSIDE
from app.flow.ruling import Rule
from app.flow.source import Path, Source

RULES: Mapping[str, Rule] = {
    "F000": Rule("error", "{what}", "{fix}"),
    "F001": Rule("error", "'{state}' can never be reached.", "Lead a step to it or delete it."),
    "F002": Rule("warning", "'{state}' is reached only by {ways}; that never happens."),
    "F003": Rule(
        "error", "People who reach '{state}' are stuck.", "Add a way on, or mark it as an end with `end:`."
    ),
    "F004a": Rule(
        "error",
        "From '{state}' no end can be reached: people go round {circle}.",
        "Lead a step to a state with `end:`.",
    ),
    "F004b": Rule(
        "error",
        "People may try again in '{state}' ({circle}), but nothing they do there ever leads to success.",
        "Lead a step to a state with `end: success`, or stop offering a retry.",
    ),
    "F005": Rule("error", "{where} names the {sort} '{name}', which does not exist.", "{hint}"),
    "F006": Rule(
        "error",
        "The page of '{state}' raises '{trigger}', but nothing happens there on it.",
        "Add a transition with `trigger: {trigger}`.",
    ),
    "F007": Rule(
        "warning",
        "Nothing can start '{trigger}' in '{state}'.",
        "Word its button in states.{state}.buttons.{trigger}, or delete the transition.",
    ),
    "F008:reserved": Rule(
        "error", "A flow cannot be called '{name}': that address is the house's own.", "Name it otherwise."
    ),
    "F008:realm": Rule(
        "error", "A realm cannot be called '{name}': staff logs in there.", "Name the organisation otherwise."
    ),
    "F008:initial": Rule("error", "The initial state '{name}' does not exist.", "{hint}"),
    "F008:end": Rule(
        "error",
        "'{state}' is an end, yet '{way}' leads on to '{dest}'.",
        "Take `end` away, or lead to an end.",
    ),
    "F008:back": Rule(
        "error", "'{state}' is an end, yet Back leads on to '{dest}'.", "Write `back: locked` or nothing."
    ),
    "F008:twice": Rule("error", "{sort} '{name}' is defined twice (lines {first}, {second}).", "Rename one."),
    "F009": Rule("note", "The {sort} '{name}' is not used by any step."),
    "F010": Rule(
        "error",
        "In '{state}' on '{trigger}' nothing happens when {example}.",
        "Add a last transition without conditions.",
    ),
    "F010:many": Rule(
        "error",
        "In '{state}' on '{trigger}' {count} guards are asked, too many to prove that something always fits.",
        "Add a last transition without conditions.",
    ),
    "F011": Rule(
        "error", "'{way}' never happens: {earlier} above it always wins.", "Move it up or delete it."
    ),
    "F013": Rule("error", "{where} names the {sort} '{name}', which is not known.", "{hint}"),
    "F013:answer": Rule("error", "{where} waits for '{answer}', which '{guard}' never answers.", "{hint}"),
    "F013:options": Rule("error", "{what}", "{fix}"),
    "F013:form": Rule(
        "error", "The form of '{state}' cannot be built: {problem}.", "Correct the options of its fields."
    ),
    "F013:bare": Rule(
        "error", "{where}: '{guard}' cannot be asked without options.", "Give it a name under `guards:`."
    ),
    "F013:argument": Rule("error", "{where}: '{effect}' {problem}.", "{hint}"),
    "F013:never": Rule(
        "error", "The conditions of '{way}' contradict each other: they are never all true.", "Correct them."
    ),
    "F014": Rule(
        "error",
        "'{guard}' may be unavailable, but '{state}' has no step for that on '{trigger}'.",
        "Add a transition with `conditions: [{{{guard}: unavailable}}]`.",
    ),
    "F020": Rule("error", "People may try the code '{code}' without end.", "Set `tries` (usual: 3 to 5)."),
    "F021:pause": Rule(
        "error",
        "'{name}' can be sent again and again from '{state}'; this costs money and annoys people.",
        "Set `resend_after`, e.g. [30 s, 60 s, 120 s].",
    ),
    "F021:asks": Rule(
        "error",
        "'{way}' sends '{name}' again without asking whether its pause is over.",
        "Add a condition whose guard asks about '{name}'.",
    ),
    "F023:missing": Rule("error", "The code '{code}' never goes out of date.", "Set `valid`, e.g. 10 min."),
    "F023:longer": Rule(
        "error",
        "The code '{code}' lives longer than any run may wait for it.",
        "Shorten `valid`, or give the state that asks for it a longer `lifetime`.",
    ),
    "F023:expire": Rule(
        "error",
        "A run in '{state}' goes out of date, but nothing happens there on 'expire'.",
        "Add `{{id: expire, trigger: expire, dest: ...}}` to `everywhere`, or `lifetime: none`.",
    ),
    "F041": Rule(
        "error",
        "Field '{field}' lacks '{key}'.",
        "Say how sensitive it is (`class`), what it is for (`purpose`), how long it is kept (`keep`).",
    ),
    "F050": Rule("error", "'{key}' has no {language} text."),
    "F050:file": Rule(
        "error",
        "There is no {file}, though the flow speaks {language}.",
        "Add it, or take the language away.",
    ),
    "F050:theme": Rule("error", "'{key}' has no {language} text."),
    "F051": Rule(
        "warning",
        "The {language} text of '{key}' is older than its {source} source.",
        "Translate it anew, or mark it as right: `narthex flows texts mark`.",
    ),
    "F051:same": Rule(
        "warning",
        "The {language} text of '{key}' is the {source} one, word for word.",
        "Translate it.",
    ),
    "F052": Rule(
        "error",
        "{language} '{key}' lacks {missing}, which other languages have.",
        "Put it in, or take it out there.",
    ),
    "F052:brace": Rule(
        "error",
        "'{key}' has a brace that belongs to no placeholder; people would read it.",
        "Write placeholders as {{small_letters}}.",
    ),
    "F053:title": Rule("error", "The page of '{state}' has no title.", "Add the text '{key}'."),
    "F053:label": Rule("error", "The field '{field}' has no label.", "Add the text '{key}'."),
    "F053:reason": Rule(
        "error", "'{field}' can fail as '{reason}', but there is no message for it.", "Add the text '{key}'."
    ),
    "F053:say": Rule(
        "error", "'{way}' says '{say}' on the page of '{state}', but there is no such text.", "Add '{key}'."
    ),
    "F053:same": Rule(
        "error",
        "'{first}' and '{second}' have the same {language} text; people cannot tell what to mend.",
        "Word them apart.",
    ),
    "N001": Rule(
        "error",
        "The page of '{state}' does not say what Back does.",
        "Write `back: {{to: ...}}`, or `back: locked` after something that cannot be undone.",
    ),
    "N002": Rule(
        "error",
        "The typed part of '{code}' has only {count:,} possibilities; it can be guessed.",
        "Let people type more characters: at least 6 digits, or 4 letters and digits.",
    ),
    "N003": Rule(
        "error",
        "'{guard}' finds people by '{fields}' alone; whoever knows that number would be taken for its owner.",
        "Compare a contact on file as well.",
    ),
    "N004": Rule(
        "warning",
        "'{guard}' takes passwords of {min} characters{only}, which are guessed far sooner than long ones.",
        "Use `profile: strong`, or write down who bears this risk.",
    ),
    "N005:again": Rule(
        "error",
        "'{way}' takes the code '{code}' for right and leaves it good for another time.",
        "Add `use_code {code}` to its effects.",
    ),
    "N005:unasked": Rule(
        "error",
        "'{way}' uses up the code '{code}' without asking whether it is right.",
        "Add a condition whose guard is `code_right` of '{code}'.",
    ),
    **ON_WAYS,
    **ON_WORDS,
    **SEEN_FROM_OUTSIDE,
    **OF_WAIVERS,
}


def finding(rule: str, source: Source, place: Path, at_key: bool = False, /, **words: object) -> Finding:
    """The finding for a case of RULES at `place` in `source`; with `at_key` at the key, not its value.

    A word called `example`, `path` or `circle` is kept as the finding's example.
    """
    wording = RULES[rule]
    line, column = source.mark(place, key=at_key)
    return Finding(
        source.path,
        line,
        column,
        rule.partition(":")[0],
        wording.severity,
        wording.text.format(**words),
        wording.fix.format(**words),
        rule,
        words,
        id_of(source, place),
        next((str(words[name]) for name in _EXAMPLES if name in words), ""),
    )


_EXAMPLES = ("example", "path", "circle")
