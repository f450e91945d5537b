"""The grammar of `flow.yaml`: what an analyst may write, and what each word means.

The JSON Schema in `workflows/schema.json` is made from these classes. What belongs to one guard, effect,
kind or field type is declared beside its code and reached through the catalogue.
"""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.flow.durations import Duration

NAME_PATTERN = r"^[a-z][a-z0-9_]{0,39}$"
Name = Annotated[str, Field(pattern=NAME_PATTERN)]
Language = Literal["bg", "en", "hu"]
DataClass = Literal["none", "coarse", "personal", "sensitive", "secret"]
End = Literal["success", "refused", "locked", "expired", "cancelled"]


class Frozen(BaseModel):
    """A part of the definition: immutable, and without room for words nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Open(BaseModel):
    """A part whose further keys belong to the field type or kind it names."""

    model_config = ConfigDict(frozen=True, extra="allow")

    @property
    def options(self) -> dict[str, Any]:
        """The keys that are not of this class, as written."""
        return dict(self.model_extra or {})


class FieldSpec(Open):
    """One thing the applicant is asked; further keys are the field type's options."""

    type: Name
    data_class: DataClass = Field(alias="class")
    purpose: str = Field(min_length=3, description="What the answer is used for.")
    keep: Duration = Field(description="How long the answer is kept after the run has ended.")
    optional: bool = False


class RegisterSpec(Frozen):
    """What the organisation knows: its columns and where rows come from."""

    columns: dict[Name, Literal["text", "reference", "digits", "email", "mobile", "date", "boolean"]]
    key: list[Name] = Field(min_length=1, description="The columns that together name one row.")
    may_be_empty: list[Name] = []
    search: list[Name] = Field(min_length=1, description="The columns a match may look up.")
    region: str = Field(default="BG", description="Country of the `mobile` columns without +.")
    source: Literal["imported"] | dict[Literal["sql", "http"], dict[str, Any]] = "imported"


class SendPolicy(Frozen):
    """How often something may be sent; counted on the server (S27)."""

    channel: Literal["sms", "mail"]
    to: Name = Field(description="The field whose answer is the address.")
    resend_after: list[Duration] = Field(default=[], description="Pauses before the 1st, 2nd, ... resend.")
    per_10_minutes: int = Field(default=5, ge=1, le=20)
    per_day: int = Field(default=10, ge=1, le=100)


class CodeSpec(SendPolicy):
    """A one-time code."""

    alphabet: Literal["digits", "letters and digits"] = "letters and digits"
    length: int = Field(default=6, ge=4, le=12)
    typed: str | None = Field(default=None, pattern=r"^last [1-9][0-9]?$")
    valid: Duration | None = None
    tries: int | None = Field(default=None, ge=1, le=100, description="Wrong codes before it is dead.")

    @property
    def typed_length(self) -> int:
        """How many characters at the end of the code are typed."""
        return min(int(self.typed.split()[1]), self.length) if self.typed else self.length


class LinkSpec(SendPolicy):
    """A link sent to the applicant that opens a page of this flow elsewhere, on the phone say."""

    page: Name = Field(description="The state whose page the link shows.")
    valid: Duration
    opens: int = Field(default=10, ge=1, description="How often the human's button may be pressed.")


class CardSpec(Frozen):
    """A wallet pass: which facts of which match fill it."""

    facts: Name = Field(description="The match guard that supplies the facts.")
    subject: Name = Field(description="The field that says whose card it is; one card a subject.")
    holder: Name
    number: Name
    valid_until: Name


class NoticeSpec(Frozen):
    """A message that only tells the owner of a login something: no code, no link."""

    channel: Literal["mail"] = "mail"


class AccountSpec(Frozen):
    """Logins of the realm's portal that this flow makes, and whose password it renews."""

    username: Name = Field(description="The field with the e-mail address that becomes the user name.")
    password: Name = Field(description="The field with the password.")
    customer: dict[Name, Name] = Field(
        min_length=1, description="Numbers that name the customer, each with the field that holds it."
    )
    customer_name: Name | None = Field(default=None, description="The field with the customer's name.")
    sole: bool = Field(default=False, description="One login a customer; without it, one for each address.")
    confirm: Name | None = Field(
        default=None,
        description="The code that goes to the address and is asked for at the first login; without it the "
        "address counts as confirmed.",
    )
    consents: list[Name] = Field(default=[], description="The consents and agreements kept as proof.")
    taken: Name = Field(description="The notice to the owner of a user name somebody wants to register.")
    renewed: Name = Field(description="The notice to the owner whose password was set anew.")


class BudgetSpec(Frozen):
    """How many refusals are allowed within a span, per field's answer, `browser` or `network` (C6)."""

    within: Annotated[Duration, Field(le=timedelta(days=7))]
    per: dict[Name, Annotated[int, Field(ge=1)]]
    same_network: bool = Field(default=False, description="Count a field's refusals per network only.")


#: A guard that must say yes, or one guard with the answer that fits: `{card_found: unavailable}`.
ConditionSpec = Name | Annotated[dict[Name, str], Field(min_length=1, max_length=1)]


class TransitionSpec(Frozen):
    """One way on: tried in the order written, the first that fits wins."""

    id: Name
    trigger: Name
    dest: Name
    conditions: list[ConditionSpec] = []
    unless: list[ConditionSpec] = []
    effects: list[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*( [a-z][a-z0-9_]*)*$")]] = []
    say: Name | None = Field(default=None, description="What is wrong, told on the page it leads to.")
    tell: Name | None = Field(default=None, description="Good to know, told on the page it leads to.")
    ordered: bool = Field(
        default=False, description="It stands below those that fit at the same time on purpose (F012)."
    )


class Back(Frozen):
    """Where Back leads and what of the answers is kept."""

    to: Name
    keep: Literal["all", "all but secrets", "nothing"] = "all but secrets"


class StateSpec(Open):
    """Where the applicant is; further keys are the kind's options."""

    kind: Name
    fields: list[Name] = []
    back: Back | Literal["locked"] | None = None
    end: End | None = None
    requires: list[Name] = Field(
        default=[], description="Guards that have said yes on every way here; lint proves it (F026)."
    )
    lifetime: Duration | Literal["none"] | None = Field(
        default=None, description="How long one may stand here; without it, the flow's."
    )
    transitions: list[TransitionSpec] = []


class Lifetime(Frozen):
    """When a run rests and when it is over."""

    idle: Duration
    absolute: Duration


class WaiverSpec(Frozen):
    """Who bears what lint finds at one place, why, and until when."""

    rule: str = Field(pattern=r"^[FN][0-9]{3}$")
    at: str = Field(
        min_length=1, description="A state, state.transition, section.name, a text's key, as lint names it."
    )
    owner: str = Field(min_length=2, description="Who answers for it.")
    reason: str = Field(min_length=10, description="Why it stays as it is.")
    until: date = Field(description="The last day it holds, as 2027-01-31.")


class FlowSpec(Frozen):
    """A whole `flow.yaml`."""

    flow: Name
    realm: Name
    languages: list[Language] = Field(min_length=1)
    initial: Name
    lifetime: Lifetime
    messages_per_day: int = Field(
        default=10_000, ge=1, description="Codes and links sent in 24 hours, to whomever; then no more."
    )
    fields: dict[Name, FieldSpec] = {}
    registers: dict[Name, RegisterSpec] = {}
    budgets: dict[Name, BudgetSpec] = {}
    codes: dict[Name, CodeSpec] = {}
    links: dict[Name, LinkSpec] = {}
    cards: dict[Name, CardSpec] = {}
    notices: dict[Name, NoticeSpec] = {}
    accounts: dict[Name, AccountSpec] = {}
    guards: dict[Name, Annotated[dict[Name, Any], Field(min_length=1, max_length=1)]] = Field(
        default={}, description="Guards with options: own name, one guard of the catalogue, its options."
    )
    everywhere: list[TransitionSpec] = Field(default=[], description="Ways on from every state but ends.")
    states: dict[Name, StateSpec] = Field(min_length=1)
    waivers: list[WaiverSpec] = Field(default=[], description="Findings of lint that somebody bears.")
