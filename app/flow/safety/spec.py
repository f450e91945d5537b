"""The grammar of `safety.yaml`: what must never happen, what must always follow, what may happen how often.

The file is a list of rules. Each speaks of things that happen in a run: a state is reached, an effect is
ordered, a guard answers, a button is pressed, a transition is taken. One step's things happen at once.
"""

from typing import Annotated, Any, cast

from pydantic import Field, model_validator

from app.flow.schema import DIALECT, Schema, tidy
from app.flow.spec import Frozen, Name

_THINGS = ("reach", "order", "says", "press", "take")


class Thing(Frozen):
    """Something that happens in a step; exactly one of the keys says what."""

    reach: Name | None = Field(
        default=None, description="A step leads to this state, or the run begins there."
    )
    order: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*( [a-z][a-z0-9_]*)?$")] | None = Field(
        default=None, description="A step orders this effect, e.g. `send phone_code`; `send` alone means any."
    )
    says: Name | dict[Name, str] | None = Field(
        default=None,
        description="A guard says yes, or answers so: `{pin_right: no_tries_left}`; yes, no, "
        "unavailable or a reason.",
    )
    press: Name | None = Field(
        default=None, description="This trigger is fired: a button, a link, the clock."
    )
    take: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")] | None = Field(
        default=None, description="This transition is taken: `state.id`."
    )

    @model_validator(mode="after")
    def _one_thing(self) -> "Thing":
        told = [word for word in _THINGS if getattr(self, word) is not None]
        if len(told) != 1:
            raise ValueError(f"say one thing that happens: {', '.join(_THINGS)}")
        if isinstance(self.says, dict) and len(self.says) != 1:
            raise ValueError("'says' takes one guard and its answer, e.g. `{card_found: unavailable}`")
        return self


#: A guard by its name alone has said yes.
Told = Name | Thing
#: Any one of them.
Some = Told | Annotated[list[Told], Field(min_length=1)]


class Never(Thing):
    """What must not happen: at all, after something, without something before it or along with it."""

    after: Some | None = Field(
        default=None, description="Only in the steps after one in which this happened."
    )
    without: Some | None = Field(
        default=None,
        description="It may once one of these has happened, at the latest in that step; with `after`, since.",
    )
    unless: Some | None = Field(
        default=None, description="It may happen in a step in which one of these happens, too."
    )


class Always(Frozen):
    """What must follow, or must not any more, once something has happened."""

    after: Some = Field(description="Whenever this has happened ...")
    no: Some | None = Field(default=None, description="... none of these happens in any later step.")
    comes: Some | None = Field(
        default=None,
        description="... one of these happens in the same step or later, before the run ends; a run that is "
        "cancelled or out of time is excused.",
    )
    before: Some | None = Field(default=None, description="With `comes`: and before any of these happens.")

    @model_validator(mode="after")
    def _no_or_comes(self) -> "Always":
        if (self.no is None) == (self.comes is None):
            raise ValueError("say either `no`, what must not follow, or `comes`, what must")
        if self.before is not None and self.comes is None:
            raise ValueError("'before' needs `comes`, what must happen by then")
        return self


class AtMost(Thing):
    """How often something may happen in a run."""

    times: int = Field(ge=0, le=100)
    per: Some | None = Field(default=None, description="Counting begins anew with every step of this.")


class Rule(Frozen):
    """One rule; exactly one of `never`, `always` and `at_most` says what it demands."""

    rule: str = Field(min_length=3, max_length=160, description="The rule in one sentence, for people.")
    never: Never | None = None
    always: Always | None = None
    at_most: AtMost | None = None

    @model_validator(mode="after")
    def _one_demand(self) -> "Rule":
        if sum(each is not None for each in (self.never, self.always, self.at_most)) != 1:
            raise ValueError("a rule says one of `never`, `always` and `at_most`")
        return self


def json_schema() -> Schema:
    """The JSON Schema (2020-12) of the file, for editors."""
    rule: dict[str, Any] = cast(Schema, tidy(Rule.model_json_schema(ref_template="#/$defs/{model}")))
    parts = rule.pop("$defs")
    title = "Safety rules of a flow of Narthex"
    return {"$schema": DIALECT, "title": title, "type": "array", "items": rule, "$defs": parts}
