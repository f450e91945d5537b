"""The rules about the ways through a flow: what is known, proven, sent and kept on each of them."""

from collections.abc import Mapping

from app.flow.ruling import Rule

ON_WAYS: Mapping[str, Rule] = {
    "F012": Rule(
        "warning",
        "Both '{first}' and '{second}' fit when {example}; the first wins.",
        "Confirm the order with `ordered: true` at '{second}', or make their conditions exclude each other.",
    ),
    "F015": Rule(
        "error",
        "'{guard}' reads {what} itself ({name}).",
        "Take it from the step (`step.now`, `step.world`), so that replays agree.",
    ),
    "F016": Rule(
        "error",
        "'{reader}' needs '{field}', but on the way {path} it is not asked.",
        "Ask for it on a page before, or go there only once it is known.",
    ),
    "F016:facts": Rule(
        "error",
        "'{way}' makes out '{card}' without asking '{guard}', which says what stands on it.",
        "Add '{guard}' to its conditions.",
    ),
    "F022": Rule(
        "error",
        "'{state}' does not say what happens when no tries of '{code}' are left.",
        "Add a transition with `conditions: [{{{guard}: no_tries_left}}]`.",
    ),
    "F022:stuck": Rule(
        "error",
        "Whoever has no tries of '{code}' left stays in '{state}', where no other one can be sent.",
        "Lead '{way}' to another state, or send a new code from there.",
    ),
    "F024": Rule(
        "error",
        "The code '{code}' is sent, but '{end}' is reached without asking for it: {path}.",
        "Ask for it before the end, or do not send it.",
    ),
    "F025:unsent": Rule(
        "error",
        "On the way {path} '{state}' asks for the code '{code}', which was never sent.",
        "Add `send {code}` to the effects of a transition before.",
    ),
    "F025:changed": Rule(
        "error",
        "On the way {path} '{state}' asks for the code '{code}', but '{field}' was typed anew since then.",
        "Send a new code to the new address.",
    ),
    "F026": Rule(
        "error",
        "'{state}' needs a yes of '{guard}', but {path} gets there without it.",
        "Add '{guard}' to the conditions of that way, or take it from `requires`.",
    ),
    "F027": Rule(
        "warning",
        "People lose their answers after {hours} h without being warned.",
        "Give them 20 h or more (WCAG 2.2.1).",
    ),
    "F030": Rule(
        "error",
        "'{effect}' would happen twice if people go Back to '{state}': {path}.",
        "Write `back: locked` on a page after it.",
    ),
    "F031": Rule(
        "warning",
        "If the message with '{name}' gets lost, people cannot ask for another one.",
        "Add a transition that sends it again, `trigger: resend` say, to a page after '{way}'.",
    ),
    "F032": Rule(
        "error",
        "A stranger can make us send '{name}' to any address from '{state}': {path}.",
        "Ask a guard with a budget that counts `network` first.",
    ),
    "F042": Rule(
        "error",
        "'{state}' shows what is on file ('{name}') before we know who is looking: {path}.",
        "Move it behind the right code or the link that was sent, or do not show it.",
    ),
    "F044": Rule(
        "error",
        "'{found}' and '{missing}' tell a stranger what '{guard}' knows, as often as they ask.",
        "Lead both to one page with the same words, or give '{guard}' a budget.",
    ),
    "F044:limited": Rule(
        "warning",
        "'{found}' and '{missing}' tell a stranger what '{guard}' knows, until its budget is spent.",
        "Lead both to one page with the same words, or write down who bears this.",
    ),
}
