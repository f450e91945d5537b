"""Who may ask for what: every endpoint stands in exactly one list, and a test says so."""

from collections.abc import Collection, Mapping

from app.runner.staff.who import Role

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
DESK_DOOR = frozenset({"desk.login", "desk.log_in", "desk.log_out"})

#: The desk: staff that has one of the roles named.
DESK: Mapping[str, frozenset[Role]] = {
    "desk.home": frozenset({"qa", "operator"}),
    "desk.runs": frozenset({"qa", "operator"}),
    "desk.run": frozenset({"qa", "operator"}),
    "desk.run_page": frozenset({"qa"}),
    "desk.run_theme": frozenset({"qa"}),
    "desk.run_export": frozenset({"qa"}),
    "desk.coverage": frozenset({"qa"}),
    "desk.coverage_of": frozenset({"qa"}),
    "sandbox.index": frozenset({"qa"}),
    "sandbox.make": frozenset({"qa"}),
    "sandbox.fork_run": frozenset({"qa"}),
    "sandbox.remove": frozenset({"qa"}),
    "sandbox.control": frozenset({"qa"}),
    "sandbox.alone": frozenset({"qa"}),
    "sandbox.inside": frozenset({"qa"}),
    "sandbox.clock": frozenset({"qa"}),
    "sandbox.check": frozenset({"qa"}),
    "sandbox.preset": frozenset({"qa"}),
    "sandbox.scenario": frozenset({"qa"}),
    "desk.nowhere": frozenset({"qa", "operator"}),
    "desk.no_act": frozenset({"qa", "operator"}),
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
