"""The grammar of `scenarios.yaml`: given these rows, these steps, that state, that message.

The file is a list of scenarios. Each begins on a database of its own, at noon of a day in 2026 unless it says
otherwise, with the flow's demo registers and a DNS in which every domain takes mail.
"""

from datetime import date
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from app.flow.durations import Duration
from app.flow.schema import DIALECT, Schema, tidy
from app.flow.spec import Frozen, Language, Name
from app.store.links import Fate

Channel = Literal["sms", "mail"]

#: A browser; beyond the third they are called `browser 4`, `browser 5` and so on.
Person = Annotated[
    str, Field(pattern=r"^(first browser|another browser|a third browser|browser ([4-9]|[1-9][0-9]))$")
]

#: What a run may be asked as a whole, whatever its page.
Choice = Literal["continue", "restart"]

FIRST: Person = "first browser"

#: The keys of which every step has exactly one: what is done.
ACTS = (
    "at",
    "open",
    "wallet",
    "wait",
    "choose",
    "as",
    "log_in",
    "log_out",
    "registers",
    "operator_forgets",
)

#: The keys that say what must have come of it.
EXPECTATIONS = (
    "then",
    "says",
    "tells",
    "problems",
    "message",
    "no_message",
    "ended",
    "resting",
    "link",
    "handed_over",
    "portal",
)


def _as_cell(written: Any) -> Any:
    """YAML reads 1234567 as a number, true as a truth and nothing as nothing; a register's file has texts."""
    if isinstance(written, bool):
        return "true" if written else "false"
    if written is None:
        return ""
    return str(written) if isinstance(written, int) else written


_SCALAR = WithJsonSchema({"type": ["string", "integer", "boolean", "null"]})
Cell = Annotated[str, BeforeValidator(_as_cell), _SCALAR]
Row = dict[Name, Cell]


class Given(Frozen):
    """What is so before the first step."""

    today: date | None = Field(default=None, description="The day of the first step.")
    registers: dict[Name, list[Row]] = Field(
        default={}, description="These rows stand in the register, and no others."
    )
    also: dict[Name, list[Row]] = Field(
        default={},
        description="Rows beside the demo's; one with the same key is replaced.",
    )
    no_such_domain: list[str] = Field(default=[], description="Domains that do not exist.")
    takes_no_mail: list[str] = Field(default=[], description="Domains that exist and take no mail.")
    nobody_knows_domain: list[str] = Field(default=[], description="Domains that DNS does not answer about.")


class CodeFrom(Frozen):
    """The code in the newest message, or its last characters."""

    channel: Channel = Field(alias="from")
    last: int | None = Field(default=None, ge=1, le=12, description="Only so many characters of its end.")


class OlderCode(Frozen):
    """The code in the message before the newest, or its last characters."""

    channel: Channel = Field(alias="older")
    last: int | None = Field(default=None, ge=1, le=12, description="Only so many characters of its end.")


class WrongCode(Frozen):
    """A code of the right length that none of the messages holds."""

    wrong: Literal[True]


Answer = Cell | CodeFrom | OlderCode | WrongCode


class Message(Frozen):
    """A message that the step must have sent."""

    channel: Channel
    to: str | None = Field(default=None, description="The address or number, written in any usual way.")
    contains: str | list[str] = []
    subject: str | None = Field(default=None, description="Words that the subject holds.")


class Credentials(Frozen):
    """What is typed on the portal's login page."""

    username: str
    password: str


class Step(Frozen):
    """One thing that is done, and what must have come of it."""

    at: Name | None = Field(default=None, description="Post this state's page; the run must stand there.")
    answers: dict[str, Answer] = Field(default={}, description="What is typed, by the names the page posts.")
    press: Name | None = Field(default=None, description="The button; without it, the page's first.")
    late: Duration | None = Field(
        default=None, description="The page was open for so long before it is posted."
    )
    open: Literal["link", "older link"] | None = Field(
        default=None, description="Open the link in the newest message, or in the one before."
    )
    wallet: Literal["apple", "google"] | None = Field(
        default=None, description="Press this wallet's button on the link's page."
    )
    wait: Duration | None = Field(default=None, description="Let time pass.")
    choose: Choice | None = Field(default=None, description="Continue the run that is there, or start again.")
    person: Person | None = Field(default=None, alias="as", description="Go on in this browser.")
    log_in: Credentials | None = Field(default=None, description="Log in to the portal.")
    log_out: Literal[True] | None = Field(default=None, description="Log out of the portal.")
    registers: Literal["silent", "answering"] | None = Field(
        default=None, description="From here on no register answers, or all do again."
    )
    operator_forgets: str | None = Field(
        default=None, description="The operator erases the login with this user name for good."
    )

    then: Name | None = Field(default=None, description="The state reached.")
    says: Name | None = Field(default=None, description="The code of what the page says is wrong.")
    tells: Name | None = Field(default=None, description="The code of what the page says is good to know.")
    problems: dict[Name, Name | list[Name]] | None = Field(
        default=None, description="Every field with a problem, and its code or codes; {} for none."
    )
    message: Message | list[Message] | None = None
    no_message: Literal[True] | None = Field(default=None, description="Nothing was sent to anybody.")
    ended: Literal["success", "refused", "locked", "expired", "cancelled"] | None = None
    resting: bool | None = Field(
        default=None, description="Whether the page has waited so long that it offers to continue."
    )
    link: Fate | None = Field(default=None, description="What has become of the link that was opened.")
    handed_over: bool | None = Field(default=None, description="Whether the wallet got the card.")
    portal: Literal["open", "asks for a code", "closed"] | None = Field(
        default=None, description="What the portal shows: its pages, the page for the code, the login page."
    )

    @model_validator(mode="after")
    def _one_act(self) -> "Step":
        acts = [name for name in ACTS if getattr(self, "person" if name == "as" else name) is not None]
        if not acts:
            raise ValueError(f"a step says what is done: one of {', '.join(ACTS)}")
        if len(acts) > 1:
            raise ValueError(f"'{acts[0]}' and '{acts[1]}' are two steps; begin the second with `- `")
        for word in ("answers", "press", "late"):
            if self.at is None and getattr(self, word):
                raise ValueError(f"'{word}' needs `at`, the page it belongs to")
        if self.no_message and self.message:
            raise ValueError("'message' and 'no_message' contradict each other")
        return self

    @property
    def expects(self) -> bool:
        """Whether anything must have come of it."""
        return any(getattr(self, name) is not None for name in EXPECTATIONS)


class Scenario(Frozen):
    """One story. With `after` it goes on where another one ended, whatever others did after that."""

    name: str = Field(min_length=3, max_length=120)
    lang: Language | None = Field(default=None, description="The reader's language; without it the first.")
    given: Given = Given()
    after: str | None = Field(
        default=None, description="The scenario above that this one goes on after, all of it still so."
    )
    steps: list[Step] = Field(min_length=1)


def json_schema() -> Schema:
    """The JSON Schema (2020-12) of the file, for editors."""
    scenario = cast(Schema, tidy(Scenario.model_json_schema(ref_template="#/$defs/{model}")))
    parts = scenario.pop("$defs")
    title = "Scenarios of a flow of Narthex"
    return {"$schema": DIALECT, "title": title, "type": "array", "items": scenario, "$defs": parts}
