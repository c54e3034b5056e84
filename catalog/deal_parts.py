"""Installments, discounts and participants of deals."""

from .items import DEAL
from .table import Column, Endpoint, Form, Parameter, Table
from .values import Kind

TABLES = (
    Table(
        "deal_installments",
        "The installments that deals are paid in. Needs the Growth plan or above.",
        key="id",
        parent="deals",
        parent_key="deal_id",
        columns=(
            Column("id", Kind.INTEGER, "The installment's id.", never_null=True),
            Column(
                "deal_id",
                Kind.INTEGER,
                "The deal.",
                references="deals.id",
                never_null=True,
            ),
            Column("description", Kind.TEXT, "What it is for."),
            Column("amount", Kind.REAL, "How much, in the deal's currency."),
            Column("billing_date", Kind.DATE, "When it is charged."),
        ),
        endpoints=(
            Endpoint(
                "/deals/installments",
                price=10,
                parameters=(
                    Parameter(
                        "deal_ids", "deal_id", many=100, required=True, repeated=True
                    ),
                ),
                sorts=("id", "deal_id"),
            ),
        ),
    ),
    Table(
        "deal_discounts",
        "The discounts on whole deals.",
        key="id",
        parent="deals",
        parent_key="deal_id",
        columns=(
            Column("id", Kind.TEXT, "The discount's id, a UUID.", never_null=True),
            Column(
                "deal_id",
                Kind.INTEGER,
                "The deal.",
                references="deals.id",
                never_null=True,
            ),
            Column("description", Kind.TEXT, "What it is called."),
            Column("type", Kind.TEXT, "percentage or amount."),
            Column("amount", Kind.REAL, "How much; see `type`."),
            Column("created_at", Kind.TIMESTAMP, "When it was added."),
            Column(
                "created_by",
                Kind.INTEGER,
                "The user who added it.",
                references="users.id",
            ),
            Column("updated_at", Kind.TIMESTAMP, "When it last changed."),
            Column(
                "updated_by",
                Kind.INTEGER,
                "The user who changed it last.",
                references="users.id",
            ),
        ),
        endpoints=(
            Endpoint(
                "/deals/{id}/discounts",
                price=10,
                page=0,
                parameters=(Parameter("id", "deal_id"),),
            ),
        ),
    ),
    Table(
        "deal_participants",
        "The persons who take part in deals, the main contact too.",
        key="id",
        parent="deals",
        parent_key="deal_id",
        parent_count="participants_count",
        columns=(
            Column("id", Kind.INTEGER, "The participant's id.", never_null=True),
            DEAL.key,
            Column("deal_title", Kind.TEXT, "Its title.", at="related_item_data.title"),
            Column(
                "person_id",
                Kind.INTEGER,
                "The person.",
                at="person_id.value",
                references="persons.id",
            ),
            Column("person_name", Kind.TEXT, "That person's name.", at="person.name"),
            Column(
                "email",
                Kind.TEXT,
                "That person's primary e-mail address.",
                at="person.email",
                form=Form.PRIMARY,
            ),
            Column(
                "phone",
                Kind.TEXT,
                "That person's primary phone number.",
                at="person.phone",
                form=Form.PRIMARY,
            ),
            Column(
                "owner_id",
                Kind.INTEGER,
                "The user who owns the person.",
                at="person.owner_id.value",
                references="users.id",
            ),
            Column(
                "org_id",
                Kind.INTEGER,
                "The person's organization.",
                at="person.org_id.value",
                references="organizations.id",
            ),
            Column("add_time", Kind.TIMESTAMP, "When the person was added."),
            Column(
                "added_by_user_id",
                Kind.INTEGER,
                "The user who added the person.",
                at="added_by_user_id.value",
                references="users.id",
            ),
            Column(
                "is_active",
                Kind.BOOLEAN,
                "Whether the person still takes part.",
                at="active_flag",
            ),
            Column("person", Kind.JSON, "The person as v1 has it."),
        ),
        endpoints=(DEAL.endpoint("participants", 10, version=1),),
    ),
    Table(
        "deal_participants_changelog",
        "Who was added to deals as participant, and removed.",
        key="",
        parent="deals",
        parent_key="deal_id",
        columns=(
            DEAL.key,
            Column(
                "person_id", Kind.INTEGER, "The participant.", references="persons.id"
            ),
            Column("action", Kind.TEXT, "added or removed."),
            Column("time", Kind.TIMESTAMP, "When."),
            Column(
                "actor_user_id",
                Kind.INTEGER,
                "The user who did it.",
                references="users.id",
            ),
        ),
        endpoints=(
            DEAL.endpoint("participantsChangelog", 10, version=1, by_cursor=True),
        ),
    ),
)
