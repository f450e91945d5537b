"""The rules that look at more than the definition: runs under way, the version before, what was walked."""

from collections.abc import Mapping

from app.flow.ruling import Rule

SEEN_FROM_OUTSIDE: Mapping[str, Rule] = {
    "F060": Rule(
        "error",
        "{people} in '{state}', which this version removes.",
        "Say where they go when you move them, once this version is live, or let them finish.",
    ),
    "F060:retyped": Rule(
        "error",
        "{people} in '{state}', which this version makes a page of another kind ('{before}', now '{kind}').",
        "Say where they go when you move them, once this version is live, or let them finish.",
    ),
    "F061": Rule(
        "warning",
        "Was the {sort} '{old}' renamed to '{new}'? Then histories and tests lose it.",
        "Keep the old id (labels may change), or say so in a waiver.",
    ),
    "F062": Rule(
        "warning",
        "{runs} could not go on in this version, or end elsewhere without a change that explains it.",
        "Look at them in the replay.",
    ),
    "F062:starved": Rule(
        "warning",
        "{runs} come to a question here that their records do not answer.",
        "Look at them in the replay.",
    ),
    "F063": Rule(
        "warning",
        "Nobody, and no test, has ever gone from '{state}' to '{dest}' by '{way}'.",
        "Drive its paths (`narthex paths`), or walk there in the sandbox.",
    ),
    "F063:none": Rule(
        "warning",
        "Nobody, and no test, has ever walked through this flow.",
        "Drive its paths (`narthex paths`), or walk through it in the sandbox.",
    ),
}
