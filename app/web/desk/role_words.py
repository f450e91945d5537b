"""What a role is called at the desk."""

from collections.abc import Collection

from flask_babel import gettext

from app.runner.staff.who import Role, roles_named


def role_words(roles: Collection[Role]) -> list[str]:
    """The roles in words, in their own order."""
    words: dict[Role, str] = {
        "analyst": gettext("Analyst"),
        "approver": gettext("Approver"),
        "qa": gettext("Quality assurance"),
        "operator": gettext("Operator"),
        "auditor": gettext("Auditor"),
    }
    return [words[role] for role in roles_named(roles)]
