"""Who works at the desk, for those who watch over it. People are taken in and let go at the console alone."""

from werkzeug.wrappers import Response

from app.runner.staff import people as staff_people
from app.runner.staff.who import Staff, roles_named
from app.store.staff import issuer_of
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.desk.role_words import role_words
from app.web.house import house


@bp.get("/staff")
@for_staff
def people(_staff: Staff) -> Response:
    """Everybody by name, those who have left last: roles, how they log in, when they last did."""
    logins = staff_people.last_logins(house())
    members = sorted(staff_people.everyone(house()), key=lambda member: member.left_at is not None)
    rows = [
        {
            "member": member,
            "roles": role_words(roles_named(member.roles)),
            "issuer": issuer_of(member.subject) if member.subject else None,
            "last": logins.get(member.id),
        }
        for member in members
    ]
    return desk_page("desk/people.html", rows=rows)
