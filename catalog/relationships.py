"""Which organizations belong together (v1)."""

from collections.abc import Iterator

from .table import Column, Endpoint, Parameter, Table
from .values import Kind


def _end(name: str, what: str) -> Iterator[Column]:
    """The columns of one side of a relationship, under `rel_owner_org_id` or so."""
    at = f"rel_{name}_org_id"
    yield Column(
        at,
        Kind.INTEGER,
        f"The organization that is {what}.",
        at=f"{at}.value",
        references="organizations.id",
    )
    for part, kind, about, references in (
        ("name", Kind.TEXT, "name", ""),
        ("people_count", Kind.INTEGER, "number of persons", ""),
        ("owner_id", Kind.INTEGER, "owner", "users.id"),
        ("address", Kind.TEXT, "address", ""),
        ("cc_email", Kind.TEXT, "address for e-mails", ""),
        ("active_flag", Kind.BOOLEAN, "state: whether not deleted", ""),
    ):
        plain = {"cc_email": "smart_bcc_email", "active_flag": "is_active"}
        yield Column(
            f"rel_{name}_{plain.get(part, part)}",
            kind,
            f"That organization's {about}.",
            at=f"{at}.{part}",
            references=references,
        )


TABLES = (
    Table(
        "organization_relationships",
        "Which organizations are related: one row as seen from each of the two.",
        # The same relationship, with the same id, is listed for both sides.
        key="",
        parent="organizations",
        parent_key="org_id",
        columns=(
            Column(
                "org_id",
                Kind.INTEGER,
                "The organization that it is seen from.",
                at="?.org_id",
                references="organizations.id",
                never_null=True,
            ),
            Column("id", Kind.INTEGER, "The relationship's id."),
            Column("type", Kind.TEXT, "parent or related."),
            Column(
                "calculated_type",
                Kind.TEXT,
                "What the other one is to this one: parent, daughter or related.",
            ),
            Column(
                "calculated_related_org_id",
                Kind.INTEGER,
                "The other organization.",
                references="organizations.id",
            ),
            Column("related_organization_name", Kind.TEXT, "The other one's name."),
            *_end("owner", "the parent, or the first"),
            *_end("linked", "the daughter, or the second"),
            Column("add_time", Kind.TIMESTAMP, "When it was added."),
            Column("update_time", Kind.TIMESTAMP, "When it last changed."),
            Column("is_active", Kind.BOOLEAN, "Whether it holds.", at="active_flag"),
        ),
        apart=("id",),
        endpoints=(
            Endpoint(
                "/organizationRelationships",
                price=20,
                version=1,
                page=0,
                parameters=(Parameter("org_id", "org_id", required=True),),
                echo=True,
            ),
        ),
    ),
)
