"""Organizations and their labels."""

from .addresses import address_columns
from .inputs import narrowed, saved_filters, searched
from .rollups import (
    ACTIVITIES,
    ACTIVITIES_NEXT_AND_LAST,
    ATTACHED,
    EMAILS,
    OPEN_AND_CLOSED_DEALS,
    SMART_BCC,
    WON_AND_LOST_DEALS,
)
from .table import Brought, Column, Endpoint, Form, Parameter, Table
from .values import Kind

INCLUDED = Brought.INCLUDED

COLUMNS = (
    Column("id", Kind.INTEGER, "The organization's id.", never_null=True),
    Column("name", Kind.TEXT, "The organization's name.", searched="name"),
    Column("owner_id", Kind.INTEGER, "The user who owns it.", references="users.id"),
    *address_columns("address", searched="address"),
    Column("website", Kind.TEXT, "The website."),
    Column("linkedin", Kind.TEXT, "The LinkedIn profile."),
    Column("industry", Kind.TEXT, "The industry.", form=Form.LABEL),
    Column("industry_id", Kind.INTEGER, "The industry's option id.", at="industry"),
    Column("annual_revenue", Kind.INTEGER, "The revenue a year."),
    Column("employee_count", Kind.INTEGER, "How many people work there."),
    Column("label_ids", Kind.JSON, "The ids of its labels.", form=Form.IDS),
    Column("labels", Kind.JSON, "Its labels.", at="label_ids", form=Form.LABELS),
    Column("visible_to", Kind.INTEGER, "Who may see it: 1 the owner, up to 7 all."),
    Column("add_time", Kind.TIMESTAMP, "When it was added.", never_null=True),
    Column("update_time", Kind.TIMESTAMP, "When it last changed.", never_null=True),
    Column("is_deleted", Kind.BOOLEAN, "Whether it is deleted."),
    *ACTIVITIES_NEXT_AND_LAST,
    *OPEN_AND_CLOSED_DEALS,
    EMAILS,
    Column(
        "people_count", Kind.INTEGER, "How many persons belong to it.", brought=INCLUDED
    ),
    *ACTIVITIES,
    *ATTACHED,
    *WON_AND_LOST_DEALS,
    SMART_BCC,
)

TABLES = (
    Table(
        "organizations",
        "Organizations that are not deleted.",
        key="id",
        fields="organization",
        search=searched("organization", "/organizations/search"),
        columns=(*COLUMNS, *narrowed("organizations")),
        endpoints=(
            Endpoint(
                "/organizations/{id}",
                price=1,
                one=True,
                parameters=(Parameter("id", "id"),),
                only=(("is_deleted", False),),
                include_fields=True,
                custom_fields=True,
            ),
            Endpoint(
                "/organizations",
                price=10,
                parameters=(
                    Parameter("ids", "id", many=100),
                    Parameter("owner_id", "owner_id"),
                    Parameter("updated_since", "update_time", ">="),
                    Parameter("updated_until", "update_time", "<"),
                    *saved_filters("org"),
                ),
                sorts=("id", "add_time", "update_time"),
                only=(("is_deleted", False),),
                include_fields=True,
                custom_fields=True,
            ),
        ),
    ),
    Table(
        "organization_labels",
        "The labels of organizations, one row each.",
        key="",
        fields="organization",
        source="organizations",
        each="label_ids",
        columns=(
            Column(
                "org_id",
                Kind.INTEGER,
                "The organization.",
                at="^.id",
                references="organizations.id",
            ),
            Column("position", Kind.INTEGER, "Its place in the list, from 0.", at="#"),
            Column("label_id", Kind.INTEGER, "The label's id.", at="."),
            Column("label", Kind.TEXT, "The label.", at=".", form=Form.LABEL),
        ),
    ),
)
