"""The e-mails of deals, persons and organizations (v1)."""

from collections.abc import Iterator

from .items import DEAL, ORGANIZATION, PERSON, Item
from .table import Brought, Column, Table
from .values import Kind

# The key in Pipedrive's row, the kind, the sentence. What Pipedrive calls a "flag" is
# named as elsewhere: is_read for read_flag.
_MESSAGE = (
    ("id", Kind.INTEGER, "The message's id."),
    ("subject", Kind.TEXT, "The subject."),
    ("snippet", Kind.TEXT, "The beginning of the text."),
    ("mail_thread_id", Kind.INTEGER, "The thread it belongs to."),
    ("user_id", Kind.INTEGER, "The user whose mailbox it is in."),
    ("account_id", Kind.TEXT, "The mail account it is in."),
    ("message_time", Kind.TIMESTAMP, "When it was sent."),
    ("add_time", Kind.TIMESTAMP, "When it was added."),
    ("update_time", Kind.TIMESTAMP, "When it last changed."),
    ("mail_tracking_status", Kind.TEXT, "opened or not opened; null if not tracked."),
    ("draft", Kind.TEXT, "The draft, where it is one."),
    ("body_url", Kind.TEXT, "Where the whole text is, for a while."),
    ("nylas_id", Kind.TEXT, "Its id at the mail provider's gateway."),
    ("mua_message_id", Kind.TEXT, "Its Message-ID header."),
    ("s3_bucket", Kind.TEXT, "The bucket its text is stored in."),
    ("s3_bucket_path", Kind.TEXT, "The path in that bucket."),
    ("template_id", Kind.INTEGER, "The template it was written with."),
    ("item_type", Kind.TEXT, "mailMessage."),
    ("company_id", Kind.INTEGER, "The id of the company's account."),
)
_REFERENCES = {
    "id": "mail_messages.id",
    "mail_thread_id": "mail_threads.id",
    "user_id": "users.id",
}
_PARTIES = {
    "from": "Who sent it",
    "to": "Whom it was sent to",
    "cc": "Who got a copy",
    "bcc": "Who got a hidden copy",
}
_FLAGS = {
    "is_read": ("read_flag", "Whether the user has read it."),
    "is_draft": ("draft_flag", "Whether it is a draft."),
    "is_sent": ("sent_flag", "Whether the user sent it."),
    "is_sent_from_pipedrive": (
        "sent_from_pipedrive_flag",
        "Whether it was sent from Pipedrive.",
    ),
    "is_smart_bcc": ("smart_bcc_flag", "Whether it came by a smart bcc address."),
    "is_synced": ("synced_flag", "Whether it is synced with the mail provider."),
    "is_deleted": ("deleted_flag", "Whether it is deleted."),
    "is_external_deleted": (
        "external_deleted_flag",
        "Whether it is deleted at the mail provider.",
    ),
    "is_mail_link_tracking_enabled": (
        "mail_link_tracking_enabled_flag",
        "Whether links in it are tracked.",
    ),
    "has_body": ("has_body_flag", "Whether it has a text."),
    "has_attachments": ("has_attachments_flag", "Whether it has attachments."),
    "has_inline_attachments": (
        "has_inline_attachments_flag",
        "Whether it has attachments shown within the text.",
    ),
    "has_real_attachments": (
        "has_real_attachments_flag",
        "Whether it has attachments that are not shown within the text.",
    ),
}


def _columns() -> Iterator[Column]:
    """The columns of a message, which stands under "data" here."""
    for name, kind, about in _MESSAGE:
        references = _REFERENCES.get(name, "")
        yield Column(name, kind, about, at=f"data.{name}", references=references)
    for name, about in _PARTIES.items():
        about = f"{about}: names, addresses, persons."
        yield Column(f"{name}_parties", Kind.JSON, about, at=f"data.{name}")
    for name, (flag, about) in _FLAGS.items():
        yield Column(name, Kind.BOOLEAN, about, at=f"data.{flag}")
    yield Column("object", Kind.TEXT, "mailMessage.")
    yield Column("timestamp", Kind.TIMESTAMP, "When it was sent or came in.")
    yield Column(
        "body",
        Kind.TEXT,
        "The whole text, in HTML.",
        at="data.body",
        brought=Brought.INCLUDED,
    )


def mail_messages(item: Item) -> Table:
    """The table of the e-mails of items of this kind."""
    return Table(
        f"{item.name}_mail_messages",
        f"The e-mails of {item.table}, one row each.",
        key="",
        parent=item.table,
        parent_key=item.column,
        parent_count="email_messages_count",
        columns=(item.key, *_columns()),
        apart=("id",),
        endpoints=(
            item.endpoint(
                "mailMessages", 20, version=1, included_by=("include_body", "1")
            ),
        ),
    )


TABLES = tuple(map(mail_messages, (DEAL, PERSON, ORGANIZATION)))
