"""Documents at the desk: a customer found by a number, what is filed for it, filing and withdrawing.

A number is asked for by a form that posts it: it never stands in an address. From there on the customer's own
id does, which says nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.normal.shape import ShapeProblem
from app.runner.portal import documents as filing
from app.runner.portal.documents import LARGEST, LONGEST_TITLE, CustomerMissing
from app.runner.portal.realms import Realm, RealmMissing, realm, realms
from app.runner.portal.uploads import NotTaken
from app.runner.staff.who import Staff
from app.store.customers import Customer
from app.store.documents import Document
from app.web.desk.frame import NOTICES, act_of_staff, bp, desk_page, for_staff, note
from app.web.desk.large import takes_file
from app.web.desk.read_once import noted
from app.web.downloads import download
from app.web.house import house

_MEGABYTE = 1024 * 1024
_LONGEST_NAME = 200

NOTICES.update(
    desk_filed=lambda: gettext("The document is filed; the customer finds it in the portal."),
    desk_withdrawn=lambda: gettext("The document is withdrawn; nobody can read it any more."),
    desk_not_there=lambda: gettext("The document was not there any more."),
)

Errors = Mapping[str, str]


@bp.get("/documents", endpoint="documents")
@for_staff
def all_documents(_staff: Staff) -> Response:
    """The form that finds a customer."""
    return _find_page()


@bp.post("/documents")
@act_of_staff
def documents_find(_staff: Staff) -> Response:
    """Lead to the customer with this number; offer to make one the portal does not know."""
    here, kind, number = _asked()
    try:
        known_by = filing.numbers(house(), here, kind, number)
        found = filing.of_customer(house(), here.name, known_by)[0]
    except ShapeProblem:
        return _find_page({"number": gettext("This cannot be such a number. Compare it sign by sign.")}, 422)
    except CustomerMissing:
        return _find_page(unknown=True)
    return redirect(url_for("desk.documents_of", customer=found.id), 303)


def _asked() -> tuple[Realm, str, str]:
    """Realm, kind of number, and number, as the form has them."""
    realm_name, _, kind = request.form.get("of", "").partition(" ")
    try:
        here = realm(house(), realm_name)
    except RealmMissing:
        abort(400)
    if kind not in here.spec.customer:
        abort(400)
    return here, kind, request.form.get("number", "")


def _find_page(
    errors: Errors | None = None, status: int = 200, unknown: bool = False, **typed: str
) -> Response:
    kinds = [
        (f"{each.name} {kind}", _kind_words(each, kind))
        for each in realms(house())
        for kind in each.spec.customer
    ]
    return desk_page(
        "desk/documents.html",
        status,
        kinds=kinds,
        unknown=unknown,
        **_form(
            errors, {"of": request.form.get("of", ""), "number": request.form.get("number", ""), **typed}
        ),
    )


def _kind_words(here: Realm, kind: str) -> str:
    """The realm and what its flow calls the field, in the page's language where the flow speaks it."""
    field, flow = here.spec.customer[kind], here.flow
    lang = g.lang if g.lang in flow.texts else next(iter(flow.texts))
    key = f"fields.{field}.label"
    return f"{here.name}: {flow.text(lang, key) if flow.has_text(lang, key) else kind}"


def _form(errors: Errors | None, typed: Mapping[str, str]) -> dict[str, Any]:
    errors = errors or {}
    return {
        "errors": errors,
        "problems": [{"text": words, "href": f"#{field}"} for field, words in errors.items()],
        "typed": {"title": "", "name": "", "of": "", "number": "", **typed},
        "largest": LARGEST // _MEGABYTE,
    }


@bp.get("/documents/<customer>")
@for_staff
def documents_of(staff: Staff, customer: str) -> Response:
    """The customer's documents and the form for one more."""
    return _customer_page(staff, customer)


def _customer_page(staff: Staff, customer: str, errors: Errors | None = None, status: int = 200) -> Response:
    found, theirs, readers = _found(customer)
    noted(staff, "read documents", customer)
    return desk_page(
        "desk/documents_of.html",
        status,
        customer=found,
        documents=theirs,
        readers=readers,
        **_form(errors, {"title": request.form.get("title", "")}),
    )


def _found(customer: str) -> tuple[Customer, list[Document], int]:
    try:
        return filing.customer_of_id(house(), customer)
    except CustomerMissing:
        abort(404)


@bp.post("/documents/new")
@takes_file(LARGEST)
@act_of_staff
def document_file_first(staff: Staff) -> Response:
    """File the first document of a customer the portal does not know, who is made under the name given."""
    here, kind, number = _asked()
    name = " ".join(request.form.get("name", "").split())[:_LONGEST_NAME]
    typed = {"name": name, "title": request.form.get("title", "")}
    if not name:
        return _find_page({"name": gettext("Write the customer’s name.")}, 422, True, **typed)
    try:
        known_by = filing.numbers(house(), here, kind, number)
    except ShapeProblem:
        return _find_page({"number": gettext("This cannot be such a number. Compare it sign by sign.")}, 422)
    errors = _filed(staff, here.name, known_by, name)
    if errors:
        return _find_page(errors, 422, True, **typed)
    found = filing.of_customer(house(), here.name, known_by)[0]
    return redirect(url_for("desk.documents_of", customer=found.id), 303)


@bp.post("/documents/<customer>")
@takes_file(LARGEST)
@act_of_staff
def document_file(staff: Staff, customer: str) -> Response:
    """File a document for this customer."""
    found = _found(customer)[0]
    errors = _filed(staff, found.realm, found.numbers, "")
    if errors:
        return _customer_page(staff, customer, errors, 422)
    return redirect(url_for("desk.documents_of", customer=customer), 303)


def _filed(staff: Staff, realm_name: str, known_by: Mapping[str, str], name: str) -> Errors:
    """File what the form brings; what is wrong with it where it cannot be taken."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return {"file": gettext("Choose the file.")}
    title = request.form.get("title", "")
    try:
        filing.file_document(
            house(), realm_name, known_by, title, file.filename, file.stream, customer_name=name, by=staff
        )
    except NotTaken as problem:
        return {"file": _not_taken()[problem.code]()}
    except ShapeProblem as problem:
        return {"title": _title_words(problem.code)}
    note("desk_filed")
    return {}


def _not_taken() -> dict[str, Callable[[], str]]:
    most = LARGEST // _MEGABYTE
    return {
        "empty": lambda: gettext("The file is empty. Choose another one."),
        "too_large": lambda: gettext("The file is larger than %(most)s MB. Make it smaller.", most=most),
        "wrong_type": lambda: gettext(
            "The file is no PDF, JPEG or PNG. Save it as one of these and choose it again."
        ),
    }


def _title_words(code: str) -> str:
    if code == "too_long":
        return str(gettext("The title is too long: %(most)s characters at most.", most=LONGEST_TITLE))
    if code == "required":
        return str(gettext("Write the title that the customer reads in the list."))
    return str(gettext("The title holds characters we cannot show. Type it here instead of pasting it."))


@bp.get("/documents/<customer>/<document>")
@for_staff
def document(staff: Staff, customer: str, document: str) -> Response:
    """The document's file, to be saved."""
    found = filing.find_filed(house(), customer, document)
    if found is None:
        abort(404)
    noted(staff, "save document", document)
    return download(found.file)


@bp.post("/documents/<customer>/<document>/withdraw")
@act_of_staff
def document_withdraw(staff: Staff, customer: str, document: str) -> Response:
    """Take a document back for good."""
    _found(customer)
    note("desk_withdrawn" if filing.withdraw(house(), customer, document, staff) else "desk_not_there")
    return redirect(url_for("desk.documents_of", customer=customer), 303)
