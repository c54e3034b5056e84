"""Persons, with their e-mail addresses, phones and labels."""

from .addresses import address_columns
from .inputs import given, narrowed, saved_filters, searched
from .rollups import (
    ACTIVITIES,
    ACTIVITIES_NEXT_AND_LAST,
    ATTACHED,
    EMAIL_TIMES,
    EMAILS,
    OPEN_AND_CLOSED_DEALS,
    SMART_BCC,
    WON_AND_LOST_DEALS,
)
from .table import Brought, Column, Endpoint, Form, Parameter, Table
from .values import Kind

INCLUDED = Brought.INCLUDED

PERSON_ID = Column(
    "person_id", Kind.INTEGER, "The person.", at="^.id", references="persons.id"
)
POSITION = Column("position", Kind.INTEGER, "Its place in the list, from 0.", at="#")

COLUMNS = (
    Column("id", Kind.INTEGER, "The person's id.", never_null=True),
    Column("name", Kind.TEXT, "The full name.", searched="name"),
    Column("first_name", Kind.TEXT, "The first name."),
    Column("last_name", Kind.TEXT, "The last name."),
    Column(
        "email",
        Kind.TEXT,
        "The primary address.",
        at="emails",
        form=Form.PRIMARY,
        searched="email",
    ),
    Column(
        "phone",
        Kind.TEXT,
        "The primary phone.",
        at="phones",
        form=Form.PRIMARY,
        searched="phone",
    ),
    Column("emails", Kind.JSON, "All addresses; see person_emails."),
    Column("phones", Kind.JSON, "All phones; see person_phones."),
    Column("owner_id", Kind.INTEGER, "The user who owns it.", references="users.id"),
    Column(
        "org_id",
        Kind.INTEGER,
        "The organization the person belongs to.",
        references="organizations.id",
    ),
    Column("label_ids", Kind.JSON, "The ids of the labels.", form=Form.IDS),
    Column("labels", Kind.JSON, "The labels.", at="label_ids", form=Form.LABELS),
    Column("job_title", Kind.TEXT, "The job title; only with contact sync."),
    Column("birthday", Kind.DATE, "The birthday; only with contact sync."),
    Column("notes", Kind.TEXT, "Notes of the contact; only with contact sync."),
    Column("im", Kind.JSON, "Messenger accounts; only with contact sync."),
    *address_columns("postal_address"),
    Column(
        "picture_id",
        Kind.INTEGER,
        "The id of the picture.",
        references="person_pictures.id",
    ),
    Column("visible_to", Kind.INTEGER, "Who may see it: 1 the owner, up to 7 all."),
    Column("add_time", Kind.TIMESTAMP, "When it was added.", never_null=True),
    Column("update_time", Kind.TIMESTAMP, "When it last changed.", never_null=True),
    Column("is_deleted", Kind.BOOLEAN, "Whether it is deleted."),
    *ACTIVITIES_NEXT_AND_LAST,
    *OPEN_AND_CLOSED_DEALS,
    Column(
        "participant_open_deals_count",
        Kind.INTEGER,
        "In how many open deals it takes part.",
        brought=INCLUDED,
    ),
    Column(
        "participant_closed_deals_count",
        Kind.INTEGER,
        "In how many won and lost deals it takes part.",
        brought=INCLUDED,
    ),
    EMAILS,
    *ACTIVITIES,
    *ATTACHED,
    *WON_AND_LOST_DEALS,
    *EMAIL_TIMES,
    Column(
        "marketing_status",
        Kind.TEXT,
        "Its consent to campaigns; only with Campaigns.",
        brought=INCLUDED,
    ),
    Column(
        "doi_status",
        Kind.INTEGER,
        "State of the double opt-in; only with Campaigns.",
        brought=INCLUDED,
    ),
    SMART_BCC,
)

DEAL_ID = given(
    "deal_id", Kind.INTEGER, "Input: only the persons linked to this deal.", "deals.id"
)
TABLES = (
    Table(
        "persons",
        "Persons that are not deleted.",
        key="id",
        fields="person",
        search=searched("person", "/persons/search"),
        columns=(*COLUMNS, DEAL_ID, *narrowed("persons")),
        endpoints=(
            Endpoint(
                "/persons/{id}",
                price=1,
                one=True,
                parameters=(Parameter("id", "id"),),
                only=(("is_deleted", False),),
                include_fields=True,
                custom_fields=True,
            ),
            Endpoint(
                "/persons",
                price=10,
                parameters=(
                    Parameter("ids", "id", many=100),
                    Parameter("owner_id", "owner_id"),
                    Parameter("org_id", "org_id"),
                    Parameter("updated_since", "update_time", ">="),
                    Parameter("updated_until", "update_time", "<"),
                    Parameter("deal_id", "deal_id"),
                    *saved_filters("people"),
                ),
                sorts=("id", "add_time", "update_time"),
                only=(("is_deleted", False),),
                include_fields=True,
                custom_fields=True,
            ),
        ),
    ),
    Table(
        "person_emails",
        "The e-mail addresses of persons, one row each.",
        key="",
        source="persons",
        each="emails",
        columns=(
            PERSON_ID,
            POSITION,
            Column("email", Kind.TEXT, "The address.", at="value", searched="email"),
            Column("label", Kind.TEXT, "What it is for: work, home, other."),
            Column("is_primary", Kind.BOOLEAN, "Whether used first.", at="primary"),
        ),
    ),
    Table(
        "person_phones",
        "The phones of persons, one row each.",
        key="",
        source="persons",
        each="phones",
        columns=(
            PERSON_ID,
            POSITION,
            Column(
                "phone",
                Kind.TEXT,
                "The number as it was typed.",
                at="value",
                searched="phone",
            ),
            Column("label", Kind.TEXT, "What it is for: work, home, mobile, other."),
            Column("is_primary", Kind.BOOLEAN, "Whether used first.", at="primary"),
        ),
    ),
    Table(
        "person_labels",
        "The labels of persons, one row each.",
        key="",
        fields="person",
        source="persons",
        each="label_ids",
        columns=(
            PERSON_ID,
            POSITION,
            Column("label_id", Kind.INTEGER, "The label's id.", at="."),
            Column("label", Kind.TEXT, "The label.", at=".", form=Form.LABEL),
        ),
    ),
)
