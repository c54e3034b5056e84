"""How far leads are on the way to becoming deals, and deals to becoming leads.

Functions of the source and of the conversion's id, which the request to convert gave:
Pipedrive has no list of conversions.
"""

from .leads import UUID
from .table import Column, Endpoint, Parameter, Shape, Table
from .values import Kind

_STATUS = (
    Column(
        "conversion_id",
        Kind.TEXT,
        "The conversion's id, a UUID.",
        at="?.conversion_id",
        never_null=True,
        hidden=True,
    ),
    Column("status", Kind.TEXT, "not_started, running, completed, failed or rejected."),
)
_CONVERSION = Parameter("conversion_id", "conversion_id", pattern=UUID, required=True)

TABLES = (
    Table(
        "lead_conversion_status",
        "How far a lead's conversion into a deal is; kept for a few days.",
        key="",
        columns=(
            Column(
                "lead_id",
                Kind.TEXT,
                "The lead.",
                at="?.id",
                references="leads.id",
                never_null=True,
                hidden=True,
            ),
            *_STATUS,
            Column(
                "deal_id",
                Kind.INTEGER,
                "The deal that it became.",
                references="deals.id",
            ),
        ),
        endpoints=(
            Endpoint(
                "/leads/{id}/convert/status/{conversion_id}",
                price=1,
                page=0,
                shape=Shape.ROW,
                parameters=(Parameter("id", "lead_id", pattern=UUID), _CONVERSION),
                echo=True,
            ),
        ),
    ),
    Table(
        "deal_conversion_status",
        "How far a deal's conversion into a lead is; kept for a few days.",
        key="",
        columns=(
            Column(
                "deal_id",
                Kind.INTEGER,
                "The deal.",
                at="?.id",
                references="deals.id",
                never_null=True,
                hidden=True,
            ),
            *_STATUS,
            Column(
                "lead_id", Kind.TEXT, "The lead that it became.", references="leads.id"
            ),
        ),
        endpoints=(
            Endpoint(
                "/deals/{id}/convert/status/{conversion_id}",
                price=1,
                page=0,
                shape=Shape.ROW,
                parameters=(Parameter("id", "deal_id"), _CONVERSION),
                echo=True,
            ),
        ),
    ),
)
