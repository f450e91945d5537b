"""Reading messages as their receiver does: the code that stands in one, the link, whose address it is."""

import re
from collections.abc import Sequence
from itertools import count

from app.flow.definition import PLACEHOLDER, Flow
from app.flow.normal import phone
from app.flow.normal.shape import ShapeProblem
from app.flow.spec import CodeSpec
from app.scenarios.failed import Failed
from app.store.inbox import Message

_LINK = re.compile(r"/w/(\S+)")
_HOLE = "\0"  # stands in no text
_SIGNS = {"digits": "[0-9]", "letters and digits": "[A-Z0-9]"}


def code_in(flow: Flow, messages: Sequence[Message], channel: str, back: int, last: int | None) -> str:
    """The code in the newest message of the channel that holds one, or `back` before it; its `last` signs.

    Raises Failed when there are not so many.
    """
    codes = [code for each in messages if each.channel == channel for code in _codes(flow, each)]
    if len(codes) <= back:
        which = "one before the newest" if back else "one"
        raise Failed("answers", f"no {channel} with a code has come, or not {which}")
    code = codes[-1 - back]
    return code[-last:] if last else code


def wrong_code(flow: Flow, messages: Sequence[Message], spec: CodeSpec) -> str:
    """A well-formed code, or its typed part, that none of the messages holds."""
    typed = spec.typed_length
    sent = {code[-typed:] for each in messages for code in _codes(flow, each)}
    return next(code for number in count(1) if (code := f"{number:0{typed}}") not in sent)


def token_in(messages: Sequence[Message], back: int) -> str:
    """The token of the link in the newest message that holds one, or `back` before it; raises Failed."""
    tokens = [found[1] for each in messages if (found := _LINK.search(each.text))]
    if len(tokens) <= back:
        raise Failed("open", "no message with a link has come, or not one before the newest")
    return tokens[-1 - back]


def is_for(flow: Flow, message: Message, to: str) -> bool:
    """Whether a message went to this address or number, written in any usual way."""
    if message.channel == "mail":
        return message.to.casefold() == to.strip().casefold()
    regions = {getattr(options, "region", None) for options in flow.field_options.values()} - {None}
    return any(_number(to, str(region)) == message.to for region in regions)


def _number(typed: str, region: str) -> str | None:
    try:
        return phone.mobile(typed, region)
    except ShapeProblem:
        return None


def _codes(flow: Flow, message: Message) -> list[str]:
    """The code in a message, if the flow words a message with a code like that in any of its languages."""
    found = [
        match["code"]
        for name, spec in flow.spec.codes.items()
        for lang in flow.spec.languages
        if spec.channel == message.channel
        and (match := _like(flow.text(lang, f"messages.{name}.{spec.channel}"), spec).match(message.text))
    ]
    return found[:1]


def _like(words: str, spec: CodeSpec) -> re.Pattern[str]:
    """What a message so worded looks like; more may follow.

    What fills a placeholder ends at what follows it, for good: a text of nothing but placeholders would else
    be tried in every way that it could be filled.
    """
    parts, at, text, code = [], 0, words.strip(), f"(?P<code>{_SIGNS[spec.alphabet]}{{{spec.length}}})"
    for hole in PLACEHOLDER.finditer(text):
        parts.append(re.escape(text[at : hole.start()]))
        if hole[1] == "code":
            parts.append(code)
            code = "(?P=code)"
        else:
            parts.append(_HOLE)
        at = hole.end()
    first, *further = "".join([*parts, re.escape(text[at:])]).split(_HOLE)
    return re.compile(first + "".join(f"(?>.*?{each})" for each in further), re.DOTALL)
