"""The documents of the customer acted for: a list, and each to be saved."""

from flask import abort
from werkzeug.wrappers import Response

from app.runner.portal import documents
from app.runner.portal.visitor import Visitor
from app.store.documents import Document
from app.web.downloads import download, file_size
from app.web.house import house
from app.web.portal_pages import bp, for_visitors, portal_page
from app.web.security import security_event

_NEWEST = 3

bp.add_app_template_filter(file_size)


@bp.get("/documents", endpoint="documents")
@for_visitors
def all_documents(visitor: Visitor) -> Response:
    """What the organisation has filed, the newest first."""
    return portal_page(visitor, "portal/documents.html", documents=documents.of_visitor(house(), visitor))


@bp.get("/documents/<document>", endpoint="document")
@for_visitors
def one_document(visitor: Visitor, document: str) -> Response:
    """One document's file; somebody else's is as unknown as one that never was."""
    found = documents.find(house(), visitor, document)
    if found is None:
        security_event("portal_not_found", endpoint="portal.document")
        abort(404)
    return download(found.file)


def newest(visitor: Visitor) -> list[Document]:
    """What the portal's home page shows of them."""
    return documents.of_visitor(house(), visitor, _NEWEST)
