"""Which sentence tells a difference: by where it stands in a definition.

`*` is any name. What is not here is told as a setting of the entry it stands in, so nothing goes untold.
"""

from collections.abc import Mapping

from app.flow.difference.change import Path
from app.flow.difference.leaves import fits

#: Compared as a whole, though they may be mappings.
WHOLE: frozenset[Path] = frozenset(
    {
        ("states", "*", "back"),
        ("fields", "*", "when"),
        ("registers", "*", "source"),
        ("guards", "*", "match", "contact", "*", "by"),
        ("guards", "*", "match", "in_force", "by"),
    }
)

_WAY = {
    "trigger": "way_trigger",
    "dest": "way_dest",
    "conditions": "way_conditions",
    "unless": "way_unless",
    "effects": "way_effects",
    "say": "way_say",
    "tell": "way_tell",
}

_FRAMES: Mapping[str, str] = {
    "flow": "flow_name",
    "realm": "realm",
    "initial": "initial",
    "lifetime.idle": "idle",
    "lifetime.absolute": "absolute",
    "messages_per_day": "messages_per_day",
    "fields.*.type": "field_type",
    "fields.*.class": "field_class",
    "fields.*.purpose": "field_purpose",
    "fields.*.keep": "field_keep",
    "fields.*.max": "field_max",
    "fields.*.min": "field_min",
    "fields.*.when": "field_when",
    "fields.*.prefixes": "field_prefixes",
    "fields.*.optional": "field_optional",
    "registers.*.key": "register_key",
    "registers.*.search": "register_search",
    "registers.*.source": "register_source",
    "registers.*.may_be_empty": "register_may_be_empty",
    "registers.*.columns.*": "register_column",
    "budgets.*.within": "budget_within",
    "budgets.*.per.*": "budget_per",
    "codes.*.tries": "code_tries",
    "codes.*.valid": "code_valid",
    "codes.*.length": "code_length",
    "codes.*.typed": "code_typed",
    "codes.*.alphabet": "code_alphabet",
    "codes.*.channel": "code_channel",
    "codes.*.to": "code_to",
    "codes.*.resend_after": "code_pauses",
    "codes.*.per_10_minutes": "code_per_10_minutes",
    "codes.*.per_day": "code_per_day",
    "links.*.valid": "link_valid",
    "links.*.opens": "link_opens",
    "links.*.page": "link_page",
    "links.*.channel": "link_channel",
    "links.*.to": "link_to",
    "links.*.resend_after": "link_pauses",
    "links.*.per_10_minutes": "link_per_10_minutes",
    "links.*.per_day": "link_per_day",
    "accounts.*.confirm": "account_confirm",
    "accounts.*.consents": "account_consents",
    "guards.*.mail_at.hosts": "guard_hosts",
    "guards.*.password_good.profile": "guard_password",
    "guards.*.password_good.profile.min": "guard_password_min",
    "guards.*.match.contact.*.equal.*": "match_equal",
    "guards.*.match.contact.*.by": "match_by",
    "guards.*.match.contact.*": "match_contact",
    "guards.*.match.budget": "match_budget",
    "guards.*.match.timezone": "match_timezone",
    "states.*.kind": "state_kind",
    "states.*.end": "state_end",
    "states.*.back": "state_back",
    "states.*.lifetime": "state_lifetime",
    "theme.name.*": "theme_name",
    "theme.legal_name.*": "theme_legal_name",
    "theme.light.*": "theme_light",
    "theme.dark.*": "theme_dark",
    "theme.mark": "theme_mark",
    "theme.help_phone": "theme_help_phone",
    "theme.booking_phones": "theme_booking_phones",
    "theme.support_mail": "theme_support_mail",
    "theme.time_zone": "theme_time_zone",
    "texts.*.*": "text",
    **{f"states.*.transitions.*.{part}": code for part, code in _WAY.items()},
    **{f"everywhere.*.{part}": f"everywhere_{code}" for part, code in _WAY.items()},
}
_PATTERNS: Mapping[Path, str] = {tuple(pattern.split(".")): code for pattern, code in _FRAMES.items()}

#: The sentence of a setting that has none of its own.
SETTING = "setting"


def frame_of(path: Path) -> str:
    """The code of the sentence that tells of `path`."""
    return next((code for pattern, code in _PATTERNS.items() if fits(path, pattern)), SETTING)


def codes() -> frozenset[str]:
    """Every code that a place leads to."""
    return frozenset({*_PATTERNS.values(), SETTING})
