"""What a field type makes of its options: the boxes on the page and how they are read.

A function registered with `@field_type` takes its options and returns a Question. Boxes are WTForms fields
without labels or messages: the words are the flow's, in the applicant's language, written by the template.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, WithJsonSchema
from pydantic import Field as Option
from wtforms import Field

from app.flow.spec import Frozen, Name

Width = Literal["short", "medium", "long"]

#: How a template draws a question: one line, one to be hidden while typing, a drop-down before a line, a
#: drop-down, a list, tabs that hold the questions depending on them, a check box.
Look = Literal["line", "password", "prefixed", "select", "radio", "tabs", "tick"]

#: What was typed, box by box, and today's date -> the normal form; raises ShapeProblem.
Read = Callable[[tuple[str, ...], date], str]


def _as_text(written: Any) -> Any:
    # YAML reads 20 as a number; what is posted is text. A bare yes or no stays an error: it became a boolean.
    return str(written) if isinstance(written, int) and not isinstance(written, bool) else written


#: A word of the definition that may look like a number.
Written = Annotated[str, BeforeValidator(_as_text), WithJsonSchema({"type": ["string", "integer"]})]


class FieldOptions(Frozen):
    """What every field type offers."""

    when: dict[Name, Written] = Option(
        default={},
        description="Ask only if these fields of the same page have these answers; else what is typed "
        "is ignored.",
    )


@dataclass(frozen=True)
class Question:
    """One field of a flow on a page.

    `boxes` maps the suffix of the posted name to the unbound WTForms field. `longest` is the most characters
    a tidy answer may have. `limits` are numbers a text may name, `{max}` say. `trunk` is what stands fixed
    before a prefix, 06 in Hungary. With `secret` nothing typed is ever shown back. `when` is the option.
    """

    look: Look
    boxes: Mapping[str, Field]
    read: Read
    longest: int
    limits: Mapping[str, int] = field(default_factory=dict)
    trunk: str = ""
    secret: bool = False
    when: Mapping[str, str] = field(default_factory=dict)


def attributes(width: Width, **more: str) -> dict[str, str]:
    """HTML attributes of a box: the template's width hint, no auto-correction, and what the type adds.

    There is no maxlength anywhere: it cuts what is pasted without a word.
    """
    plain = {"data-width": width, "spellcheck": "false", "autocapitalize": "none", "autocorrect": "off"}
    return plain | {name.replace("_", "-"): value for name, value in more.items()}


def width_for(longest: int) -> Width:
    """The width hint that tells how long an answer is expected to be."""
    if longest <= 10:
        return "short"
    return "medium" if longest <= 30 else "long"


def line(
    box: Field,
    read: Callable[[str, date], str],
    longest: int,
    options: FieldOptions,
    *,
    limits: Mapping[str, int] | None = None,
    secret: bool = False,
) -> Question:
    """A question answered in one box."""

    def first(typed: tuple[str, ...], today: date) -> str:
        return read(typed[0], today)

    return Question("line", {"": box}, first, longest, limits=limits or {}, secret=secret, when=options.when)
