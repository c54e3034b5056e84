"""/v1/users."""

from __future__ import annotations

from . import bodies
from .collection import Row
from .endpoint import Call, Endpoint, Reply, success
from .pages import whole_v1
from .parameters import flag, plain
from .refusal import INFO, Refusal, invalid
from .sample import add_user
from .times import stamp_v1


def list_users(call: Call) -> Reply:
    """All of them, the inactive and deleted ones too, without pages."""
    return whole_v1(call, list(call.company["users"].on("live")))


def me(call: Call) -> Reply:
    company = call.company
    return success(
        company["users"].rows[company.me]
        | {
            "company_id": company.id,
            "company_name": company.name,
            "company_domain": company.domain,
            "company_country": "EE",
            "company_industry": "IT Services",
            "language": {"language_code": "en", "country_code": "US"},
        }
    )


def one_user(call: Call) -> Reply:
    return success(found_user(call))


def find_users(call: Call) -> Reply:
    """By part of the name, or of the email."""
    term = call.query.get("term", "").casefold()
    if not term:
        raise invalid("term", "is required")
    column = "email" if call.query.get("search_by_email") else "name"
    users = call.company["users"].on("live")
    return whole_v1(call, [row for row in users if term in row[column].casefold()])


def add(call: Call) -> Reply:
    accepted: dict[str, bodies.Checker] = {
        "email": bodies.filled,
        "access": bodies.records(
            app=bodies.text, admin=bodies.boolean, permission_set_id=bodies.text
        ),
        "active_flag": bodies.boolean,
    }
    values = bodies.read_body(accepted, call.body, ("email",))
    users = call.company["users"]
    if any(row["email"] == values["email"] for row in users.on("live")):
        raise invalid("email", "is already in use")
    call.company.tick()
    now = stamp_v1(call.company.now)
    row = add_user(call.company, values["email"].partition("@")[0])
    changes = {"created": now, "modified": now, "last_login": None, "activated": False}
    changes |= {key: value for key, value in values.items() if value is not None}
    return success(users.change(row["id"], changes))


def change(call: Call) -> Reply:
    """Only active_flag can be changed."""
    key = found_user(call)["id"]
    accepted = {"active_flag": bodies.boolean}
    values = bodies.read_body(accepted, call.body, ("active_flag",))
    call.company.tick()
    values["modified"] = stamp_v1(call.company.now)
    return success(call.company["users"].change(key, values))


def found_user(call: Call) -> Row:
    """The user whose id is in the path."""
    text = call.path["id"]
    row = call.company["users"].get(int(text)) if text.isdigit() else None
    if row is not None:
        return row
    error = "User not found or not accessible."
    raise Refusal(404, {"success": False, "error": error, "error_info": INFO})


ENDPOINTS = (
    Endpoint("GET", 1, "/users", 20, list_users),
    Endpoint("POST", 1, "/users", 10, add),
    Endpoint("GET", 1, "/users/me", 2, me),
    Endpoint(
        "GET",
        1,
        "/users/find",
        40,
        find_users,
        {"term": plain, "search_by_email": flag},
    ),
    Endpoint("GET", 1, "/users/{id}", 2, one_user),
    Endpoint("PUT", 1, "/users/{id}", 10, change),
)
