"""Files, all of them and those of deals, persons, organizations and products (v1)."""

from dataclasses import replace

from .items import DEAL, ORGANIZATION, PERSON, PRODUCT, Item
from .table import Column, Endpoint, Parameter, Table
from .values import Kind

ACTIVE = (("is_active", True),)
MOST = 100  # rows a page; Pipedrive serves no more to a larger limit

COLUMNS = (
    Column("id", Kind.INTEGER, "The file's id.", never_null=True),
    Column("name", Kind.TEXT, "What it is called."),
    Column("description", Kind.TEXT, "What it is."),
    Column("file_name", Kind.TEXT, "The name it is stored under."),
    Column("file_type", Kind.TEXT, "pdf, img and so on."),
    Column("file_size", Kind.INTEGER, "Its size, in bytes."),
    Column("user_id", Kind.INTEGER, "The user who uploaded it.", references="users.id"),
    Column("deal_id", Kind.INTEGER, "The deal it is on.", references="deals.id"),
    Column("deal_name", Kind.TEXT, "That deal's title."),
    Column("person_id", Kind.INTEGER, "The person it is on.", references="persons.id"),
    Column("person_name", Kind.TEXT, "That person's name."),
    Column(
        "org_id",
        Kind.INTEGER,
        "The organization it is on.",
        references="organizations.id",
    ),
    Column("org_name", Kind.TEXT, "That organization's name."),
    Column(
        "product_id", Kind.INTEGER, "The product it is on.", references="products.id"
    ),
    Column("product_name", Kind.TEXT, "That product's name."),
    Column("lead_id", Kind.TEXT, "The lead it is on.", references="leads.id"),
    Column("lead_name", Kind.TEXT, "That lead's title."),
    Column(
        "activity_id",
        Kind.INTEGER,
        "The activity it is on.",
        references="activities.id",
    ),
    Column(
        "project_id",
        Kind.INTEGER,
        "The project it is on.",
        references="projects.id",
    ),
    Column("project_name", Kind.TEXT, "That project's title."),
    Column("log_id", Kind.INTEGER, "The call log it is on."),
    Column("mail_message_id", Kind.TEXT, "The e-mail it came with."),
    Column("mail_template_id", Kind.TEXT, "The e-mail template it belongs to."),
    Column("cid", Kind.TEXT, "Its content id within an e-mail."),
    Column("remote_location", Kind.TEXT, "Where it is stored: s3 or googledocs."),
    Column("remote_id", Kind.TEXT, "Its id there."),
    Column("s3_bucket", Kind.TEXT, "The bucket it is stored in."),
    Column("url", Kind.TEXT, "Where to download it, with a token."),
    Column("add_time", Kind.TIMESTAMP, "When it was added.", never_null=True),
    Column("update_time", Kind.TIMESTAMP, "When it last changed.", never_null=True),
    Column(
        "is_inline",
        Kind.BOOLEAN,
        "Whether it is shown within an e-mail.",
        at="inline_flag",
    ),
    Column("is_active", Kind.BOOLEAN, "Whether not deleted.", at="active_flag"),
)
# What a product's own list leaves out.
NOT_OF_PRODUCT = {
    *("user_id", "deal_id", "deal_name", "person_id", "person_name"),
    *("org_id", "org_name", "lead_id", "lead_name", "activity_id", "project_id"),
    *("project_name", "log_id", "mail_message_id", "mail_template_id", "cid"),
}


def files(item: Item) -> Table:
    """The files of an item; the parent's column is what the request gave."""
    left_out = {item.column} | (NOT_OF_PRODUCT if item is PRODUCT else set())
    return Table(
        f"{item.name}_files",
        f"The files of {item.table}, one row each.",
        key="",
        parent=item.table,
        parent_key=item.column,
        parent_count="files_count" if item.counts else "",
        columns=(
            item.key,
            replace(COLUMNS[0], references="files.id"),
            *(c for c in COLUMNS[1:] if c.name not in left_out),
        ),
        apart=("id",),
        endpoints=(item.endpoint("files", 20, version=1, page=MOST),),
    )


TABLES = (
    Table(
        "files",
        "Files that are not deleted.",
        key="id",
        columns=COLUMNS,
        endpoints=(
            Endpoint(
                "/files/{id}",
                price=2,
                version=1,
                one=True,
                parameters=(Parameter("id", "id"),),
                only=ACTIVE,
            ),
            Endpoint(
                "/files",
                price=20,
                version=1,
                page=MOST,
                sorts=("id", "update_time"),
                only=ACTIVE,
            ),
        ),
    ),
    *map(files, (DEAL, PERSON, ORGANIZATION, PRODUCT)),
)
