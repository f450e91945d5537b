"""Who may ask for what: every endpoint stands in exactly one list, and a test says so."""

from collections.abc import Collection, Mapping

from app.runner.staff.who import READS_REASONS, ROLES, Role

#: Anybody, without a run: pages, files and probes that show nothing of anyone.
PUBLIC = frozenset({"static", "home.index", "home.theme_css", "home.live", "home.ready"})

#: A vendor, by the signature or the secret of each call.
VENDOR = frozenset({"receipts.sms"})

#: Of those, the ones that need not know who asks: they carry no session.
STATELESS = (PUBLIC | VENDOR) - {"home.index"}

#: The browser that holds the run, by its session; the views ask `runner`, which checks.
RUN = frozenset({"wizard.start", "wizard.choose", "wizard.page", "wizard.submit_page"})

#: Whoever has the link: its secret in a cookie.
LINK = frozenset({"wallet.arrive", "wallet.card", "wallet.press", "wallet.apple_pass"})

#: A realm's portal: whoever is logged in to it, by a cookie of its own; the login page is for anybody.
PORTAL = frozenset(
    {
        "portal.login",
        "portal.log_in",
        "portal.log_out",
        "portal.home",
        "portal.switch",
        "portal.documents",
        "portal.document",
        "portal.requests",
        "portal.request_write",
        "portal.request_page",
        "portal.request_answer",
        "portal.request_close",
        "portal.request_file",
        "portal.profile",
        "portal.ask_address",
        "portal.use_user_name",
        "portal.address",
        "portal.confirm_address",
        "portal.send_code_again",
        "portal.give_up_address",
        "portal.decide_consent",
        "portal.end_login",
        "portal.end_other_logins",
    }
)

#: The demo alone: registered nowhere else.
DEMO = frozenset({"inbox.index", "inbox.messages"})

#: The desk's door: anybody may look at it, nobody gets further without a login of the desk.
DESK_DOOR = frozenset(
    {
        "desk.login",
        "desk.log_in",
        "desk.log_out",
        "desk.second_step",
        "desk.give_code",
        "desk.ask_provider",
        "desk.provider_answered",
    }
)

#: Of the desk: whoever works there; who looks at runs and definitions, tries, edits, decides, operates,
#: watches over what others did.
EVERYBODY: frozenset[Role] = frozenset(ROLES)
LOOKS: frozenset[Role] = READS_REASONS
TRIES: frozenset[Role] = frozenset({"analyst", "approver", "qa"})
EDITS: frozenset[Role] = frozenset({"analyst"})
DECIDES: frozenset[Role] = frozenset({"approver"})
OPERATES: frozenset[Role] = frozenset({"operator"})
WATCHES: frozenset[Role] = frozenset({"approver", "auditor"})
#: Of what is operated, the pages that show nothing of anybody: who operates, and who looks at all.
OVERSEES: frozenset[Role] = frozenset({"operator", "auditor"})

#: The desk: staff that has one of the roles named.
DESK: Mapping[str, frozenset[Role]] = {
    "desk.home": EVERYBODY,
    "desk.runs": EVERYBODY,
    "desk.run": EVERYBODY,
    "desk.run_page": LOOKS,
    "desk.run_theme": LOOKS,
    "desk.run_export": frozenset({"qa", "auditor"}),
    "desk.coverage": LOOKS,
    "desk.coverage_of": LOOKS,
    "desk.flows": LOOKS | OPERATES,
    "desk.flow": LOOKS,
    "desk.flow_outline_save": EDITS,
    "desk.flow_outline_add": EDITS,
    "desk.flow_outline_move": EDITS,
    "desk.flow_outline_remove": EDITS,
    "desk.flow_outline_rename": EDITS,
    "desk.flow_outline_copy": EDITS,
    "desk.flow_duplicate": EDITS,
    "desk.flow_new": EDITS,
    "desk.flow_draft": EDITS,
    "desk.flow_yaml": LOOKS,
    "desk.flow_yaml_save": EDITS,
    "desk.flow_yaml_look": EDITS,
    "desk.flow_yaml_add": EDITS,
    "desk.flow_yaml_remove": EDITS,
    "desk.flow_history": LOOKS,
    "desk.flow_restore": EDITS,
    "desk.flow_undo": EDITS,
    "desk.flow_redo": EDITS,
    "desk.flow_check": LOOKS,
    "desk.flow_check_ask": EDITS | DECIDES,
    "desk.flow_release": LOOKS,
    "desk.flow_release_ask": EDITS,
    "desk.flow_release_decide": DECIDES,
    "desk.flow_release_publish": EDITS | DECIDES,
    "desk.flow_release_call_off": EDITS | DECIDES,
    "desk.flow_release_catch_up": EDITS,
    "desk.flow_release_discard": EDITS,
    "desk.flow_versions": LOOKS | OPERATES,
    "desk.flow_versions_roll_back": DECIDES,
    "desk.flow_versions_pause": DECIDES | OPERATES,
    "desk.flow_move": DECIDES | OPERATES,
    "desk.flow_move_carry_out": DECIDES,
    "desk.flow_compare": LOOKS,
    "desk.flow_export": LOOKS,
    "desk.flow_import": EDITS,
    "desk.account": EVERYBODY,
    "desk.end_other_logins": EVERYBODY,
    "desk.change_password": EVERYBODY,
    "desk.begin_factor": EVERYBODY,
    "desk.factor": EVERYBODY,
    "desk.confirm_factor": EVERYBODY,
    "desk.codes": EVERYBODY,
    "desk.keep_codes": EVERYBODY,
    "desk.flow_texts": LOOKS,
    "desk.flow_texts_xlsx": LOOKS,
    "desk.flow_texts_save": EDITS,
    "desk.flow_texts_upload": EDITS,
    "desk.acts": WATCHES,
    "desk.acts_csv": WATCHES,
    "desk.people": frozenset({"auditor"}),
    "desk.flow_funnel": LOOKS,
    "desk.flow_diagram": LOOKS,
    "desk.flow_diagram_file": LOOKS,
    "desk.flow_diagram_edit": EDITS,
    "desk.flow_preview": LOOKS,
    "desk.flow_preview_page": LOOKS,
    "desk.flow_preview_theme": LOOKS,
    "desk.flow_preview_messages": LOOKS,
    "desk.flow_preview_look": LOOKS,
    "desk.flow_what_if": LOOKS,
    "desk.requests": OPERATES,
    "desk.request": OPERATES,
    "desk.request_answer": OPERATES,
    "desk.request_close": OPERATES,
    "desk.request_file": OPERATES,
    "desk.documents": OPERATES,
    "desk.documents_find": OPERATES,
    "desk.documents_of": OPERATES,
    "desk.document": OPERATES,
    "desk.document_file": OPERATES,
    "desk.document_file_first": OPERATES,
    "desk.document_withdraw": OPERATES,
    "desk.registers": OVERSEES,
    "desk.register_ask": OPERATES,
    "desk.register_matching": OVERSEES,
    "desk.register_import": OPERATES,
    "desk.register_upload": OPERATES,
    "desk.register_columns": OPERATES,
    "desk.register_columns_told": OPERATES,
    "desk.register_preview": OPERATES,
    "desk.register_report": OPERATES,
    "desk.register_take": OPERATES,
    "desk.register_put_aside": OPERATES,
    "desk.outbox": OVERSEES,
    "desk.letter": OVERSEES,
    "desk.letter_retry": OPERATES,
    "desk.letter_give_up": OPERATES,
    "desk.gateways": OVERSEES,
    "sandbox.index": TRIES,
    "sandbox.make": TRIES,
    "sandbox.fork_run": TRIES,
    "sandbox.remove": TRIES,
    "sandbox.control": TRIES,
    "sandbox.alone": TRIES,
    "sandbox.inside": TRIES,
    "sandbox.clock": TRIES,
    "sandbox.check": TRIES,
    "sandbox.preset": TRIES,
    "sandbox.scenario": TRIES,
    "sandbox.keep": EDITS,
    "desk.nowhere": EVERYBODY,
    "desk.no_act": EVERYBODY,
}

LISTS: Mapping[str, Collection[str]] = {
    "public": PUBLIC,
    "vendor": VENDOR,
    "run": RUN,
    "link": LINK,
    "portal": PORTAL,
    "demo": DEMO,
    "desk door": DESK_DOOR,
    "desk": DESK,
}
