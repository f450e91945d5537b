"""A flow with one page that asks a field of every type, built by hand."""

from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

import app.forms
from app.flow.catalogue import scan
from app.flow.definition import Flow, compile_transitions
from app.flow.spec import FlowSpec
from app.flow.theme import Palette, Theme
from app.forms.build import Reading, form_class, read

TODAY = date(2026, 11, 22)
CATALOGUE = scan(app.forms)
PALETTE = Palette(brand="#004488", brand_ink="#ffffff")
THEME = Theme(
    name={"en": "Demo"},
    legal_name={"en": "Demo"},
    mark="M0 0 H48",
    light=PALETTE,
    dark=PALETTE,
    help_phone="+35921234567",
    support_mail="help@demo.bg",
)

EVERY = {
    "email": {"type": "email"},
    "mobile": {"type": "mobile"},
    "sms_number": {"type": "mobile", "region": "HU", "prefixes": [20, 30, 70]},
    "national_id": {"type": "national_id", "class": "sensitive"},
    "checked_id": {"type": "national_id", "check_digit": True},
    "company": {"type": "eik"},
    "device": {"type": "choice", "options": ["android", "ios"]},
    "id_kind": {"type": "choice", "options": ["policy", "account"], "as": "radio"},
    "policy_number": {"type": "text", "max": 20, "when": {"id_kind": "policy"}},
    "account_number": {"type": "digits", "max": 7, "when": {"id_kind": "account"}},
    "note": {"type": "text", "optional": True},
    "phone_code": {"type": "code", "min": 5, "max": 6, "class": "secret"},
    "pin": {"type": "code", "alphabet": "digits", "min": 6, "max": 6, "class": "secret"},
    "password": {"type": "password", "class": "secret"},
    "marketing": {"type": "consent"},
    "contract": {"type": "agreement"},
    "data": {"type": "text"},
    "validate": {"type": "text"},
}
WELL_FORMED = {
    "email": " Ivan@Abv.bg ",
    "mobile": "0888 123 456",
    "sms_number_prefix": "20",
    "sms_number_number": "123 4567",
    "national_id": "991231-0123",
    "checked_id": "9912310125",
    "company": "175 074 752",
    "device": "ios",
    "id_kind": "account",
    "policy_number": "of the other tab",
    "account_number": "003 4567",
    "note": "",
    "phone_code": "ав7мх",
    "pin": "012 345",
    "password": " Тайна1 ",
    "marketing": "decline",
    "contract": "on",
    "data": "d",
    "validate": "v",
}


def flow_with(fields: dict[str, dict[str, Any]]) -> Flow:
    """A flow whose one page asks `fields`, built by hand."""
    common = {"class": "personal", "purpose": "a test", "keep": "1 h"}
    spec = FlowSpec.model_validate(
        {
            "flow": "demo",
            "realm": "demo",
            "languages": ["en"],
            "initial": "page",
            "lifetime": {"idle": "30 min", "absolute": "24 h"},
            "fields": {name: {**common, **written} for name, written in fields.items()},
            "states": {
                "page": {
                    "kind": "form",
                    "fields": list(fields),
                    "transitions": [{"id": "on", "trigger": "submit", "dest": "done"}],
                },
                "done": {"kind": "message", "end": "success"},
            },
        }
    )
    options = {
        name: CATALOGUE.field_types[each.type].options.model_validate(each.options)
        for name, each in spec.fields.items()
    }
    return Flow(spec, compile_transitions(spec), {}, options, {}, {"en": {}}, THEME, "sha256:0")


DEMO = flow_with(EVERY)


def read_post(posted: dict[str, Any], flow: Flow = DEMO) -> Reading:
    return read(form_class(flow, "page")(MultiDict(posted)), TODAY)


def codes(reading: Reading) -> dict[str | None, str]:
    return {problem.field: problem.code for problem in reading.problems}
