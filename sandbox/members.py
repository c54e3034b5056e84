"""What belongs to one user: followers, permissions, role; and one's own settings."""

from __future__ import annotations

from .collection import Row
from .company import Company
from .endpoint import Call, Endpoint, Reply, success
from .followers import follower_row
from .items import cursor_page
from .pages import page_v1
from .parameters import CURSOR, START
from .roles import assignment
from .users import found_user

# The permissions of the spec's schema, and those that only admins have.
_ALL = (
    *("can_add_custom_fields", "can_add_products", "can_add_prospects_as_leads"),
    *("can_bulk_edit_items", "can_change_visibility_of_items"),
    *("can_convert_deals_to_leads", "can_create_own_workflow"),
    *("can_delete_activities", "can_delete_custom_fields", "can_delete_deals"),
    *("can_edit_custom_fields", "can_edit_deals_closed_date", "can_edit_products"),
    *("can_edit_shared_filters", "can_export_data_from_lists"),
    *("can_follow_other_users", "can_merge_deals", "can_merge_organizations"),
    *("can_merge_people", "can_modify_labels", "can_see_company_wide_statistics"),
    *("can_see_deals_list_summary", "can_see_hidden_items_names"),
    *("can_see_other_users", "can_see_other_users_statistics"),
    *("can_see_security_dashboard", "can_share_filters", "can_share_insights"),
    *("can_use_api", "can_use_email_tracking", "can_use_import"),
)
_ADMIN = {
    *("can_delete_custom_fields", "can_edit_custom_fields", "can_modify_labels"),
    *("can_see_company_wide_statistics", "can_see_security_dashboard"),
    *("can_delete_deals", "can_use_import"),
}


def permissions_of(user: Row) -> dict[str, bool]:
    """`{"can_use_api": true, ...}`."""
    admin = any(access["admin"] for access in user["access"])
    return {name: admin or name not in _ADMIN for name in _ALL}


def permissions(call: Call) -> Reply:
    return success(permissions_of(found_user(call)))


def role_assignments(call: Call) -> Reply:
    return page_v1(call, [assignment(call.company, found_user(call))])


def role_settings(call: Call) -> Reply:
    role = call.company["roles"].rows[found_user(call)["role_id"]]
    return success(role["settings"])


def followers(call: Call) -> Reply:
    rows = followers_of(call.company, found_user(call))
    return cursor_page(call, rows, follower_row)


def followers_of(company: Company, user: Row) -> list[Row]:
    """Rows of the users who follow this one."""
    return list(company["followers"].children("item", ("user", user["id"])))


def followers_v1(call: Call) -> Reply:
    """The ids alone."""
    rows = followers_of(call.company, found_user(call))
    return success([row["user_id"] for row in rows])


CONNECTIONS = {"google": "awesomeid-123-4567890"}
SETTINGS = {
    "marketplace_team": False,
    "list_limit": 100,
    "beta_app": True,
    "prevent_salesphone_callto_override": False,
    "file_upload_destination": "s3",
    "callto_link_syntax": "callto:[number]",
    "autofill_deal_expected_close_date": False,
    "person_duplicate_condition": "name && (org_id || email || phone)",
}


def connections(call: Call) -> Reply:
    return success(CONNECTIONS)


def settings(call: Call) -> Reply:
    return success(SETTINGS)


ENDPOINTS = (
    Endpoint("GET", 2, "/users/{id}/followers", 10, followers, CURSOR),
    Endpoint("GET", 1, "/users/{id}/followers", 20, followers_v1),
    Endpoint("GET", 1, "/users/{id}/permissions", 10, permissions),
    Endpoint("GET", 1, "/users/{id}/roleAssignments", 10, role_assignments, START),
    Endpoint("GET", 1, "/users/{id}/roleSettings", 10, role_settings),
    Endpoint("GET", 1, "/userConnections", 20, connections),
    Endpoint("GET", 1, "/userSettings", 2, settings),
)
