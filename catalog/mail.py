"""The mailbox of the token's user: threads and messages; and the user's calls (v1)."""

from .table import Brought, Column, Endpoint, Parameter, Table
from .values import Kind

_BODY = "/mailbox/mailMessages/{id}"


def _flags(*names: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(
        Column(name, Kind.BOOLEAN, about, at=f"{flag}_flag")
        for name, flag, about in names
    )


_OF_BOTH = _flags(
    ("is_read", "read", "Whether it was read."),
    ("is_deleted", "deleted", "Whether it is deleted."),
    ("is_synced", "synced", "Whether it came from a mail server."),
    ("has_attachments", "has_attachments", "Whether files are attached."),
    (
        "has_inline_attachments",
        "has_inline_attachments",
        "Whether files are shown within the text.",
    ),
    (
        "has_real_attachments",
        "has_real_attachments",
        "Whether files are attached that are not within the text.",
    ),
    ("is_smart_bcc", "smart_bcc", "Whether it came by the Smart Bcc address."),
    (
        "is_mail_link_tracking_enabled",
        "mail_link_tracking_enabled",
        "Whether clicks on its links are tracked.",
    ),
)
_TEXTS = (
    Column("subject", Kind.TEXT, "The subject."),
    Column("snippet", Kind.TEXT, "Its first words."),
    Column("user_id", Kind.INTEGER, "Whose it is.", references="users.id"),
    Column("account_id", Kind.TEXT, "The id of the mail account."),
    Column("mail_tracking_status", Kind.TEXT, "opened, not opened, or untracked."),
)
_TIMES = (
    Column("add_time", Kind.TIMESTAMP, "When it was added."),
    Column("update_time", Kind.TIMESTAMP, "When it last changed."),
)

TABLES = (
    Table(
        "mail_threads",
        "Mail threads of your own mailbox, of all folders: mail_threads('inbox').",
        key="id",
        columns=(
            Column("id", Kind.INTEGER, "The thread's id.", never_null=True),
            *_TEXTS,
            Column("folders", Kind.JSON, "The folders it is in."),
            Column("from_parties", Kind.JSON, "Who wrote.", at="parties.from"),
            Column("to_parties", Kind.JSON, "To whom.", at="parties.to"),
            Column("drafts_parties", Kind.JSON, "To whom drafts go."),
            Column("message_count", Kind.INTEGER, "How many messages it has."),
            Column("version", Kind.INTEGER, "How often it changed."),
            Column("deal_id", Kind.INTEGER, "Its deal.", references="deals.id"),
            Column("deal_status", Kind.TEXT, "open, won, lost or deleted."),
            Column("lead_id", Kind.TEXT, "Its lead.", references="leads.id"),
            Column("snippet_draft", Kind.TEXT, "First words of the draft."),
            Column("snippet_sent", Kind.TEXT, "First words of the last one sent."),
            *_OF_BOTH,
            *_flags(
                ("has_draft", "has_draft", "Whether there is a draft."),
                ("has_sent", "has_sent", "Whether a message was sent."),
                ("is_archived", "archived", "Whether it is archived."),
                ("is_shared", "shared", "Whether others may see it."),
                (
                    "is_externally_deleted",
                    "external_deleted",
                    "Whether it was deleted on the mail server.",
                ),
                (
                    "is_first_message_to_me",
                    "first_message_to_me",
                    "Whether the first message was to you.",
                ),
                (
                    "is_all_sent",
                    "all_messages_sent",
                    "Whether you sent all of its messages.",
                ),
            ),
            Column("first_message_timestamp", Kind.TIMESTAMP, "Of the first message."),
            Column("last_message_timestamp", Kind.TIMESTAMP, "Of the last message."),
            Column(
                "last_message_sent_timestamp", Kind.TIMESTAMP, "Of the last one sent."
            ),
            Column(
                "last_message_received_timestamp",
                Kind.TIMESTAMP,
                "Of the last one received.",
            ),
            *_TIMES,
            Column(
                "folder",
                Kind.TEXT,
                "The folder to look in: inbox, drafts, sent or archive.",
                at="?.folder",
                hidden=True,
            ),
        ),
        endpoints=(
            # No /mailbox/mailThreads/{id}: it costs as much, and knows no folder.
            Endpoint(
                "/mailbox/mailThreads",
                20,
                version=1,
                echo=True,
                parameters=(
                    Parameter(
                        "folder",
                        "folder",
                        values=("inbox", "drafts", "sent", "archive"),
                        required=True,
                    ),
                ),
            ),
        ),
    ),
    Table(
        "mail_messages",
        "Messages of the threads of your own mailbox.",
        key="id",
        parent="mail_threads",
        parent_key="mail_thread_id",
        columns=(
            Column("id", Kind.INTEGER, "The message's id.", never_null=True),
            Column(
                "mail_thread_id",
                Kind.INTEGER,
                "The thread.",
                references="mail_threads.id",
                never_null=True,
            ),
            *_TEXTS,
            Column("from_parties", Kind.JSON, "Who wrote it.", at="from"),
            Column("to_parties", Kind.JSON, "To whom.", at="to"),
            Column("cc_parties", Kind.JSON, "Who got a copy.", at="cc"),
            Column("bcc_parties", Kind.JSON, "Who got a blind copy.", at="bcc"),
            Column("draft", Kind.TEXT, "The message as JSON, if it is a draft."),
            Column("message_time", Kind.TIMESTAMP, "When it was sent or received."),
            *_OF_BOTH,
            *_flags(
                ("is_draft", "draft", "Whether it is a draft."),
                ("is_sent", "sent", "Whether it was sent, not received."),
                (
                    "is_sent_from_pipedrive",
                    "sent_from_pipedrive",
                    "Whether it was sent from Pipedrive.",
                ),
                ("has_body", "has_body", "Whether it has a body."),
            ),
            *_TIMES,
            Column("body_url", Kind.TEXT, "Where its body is."),
            Column(
                "body",
                Kind.TEXT,
                "Its body, HTML.",
                brought=Brought.FURTHER,
                further=_BODY,
            ),
        ),
        endpoints=(
            Endpoint(
                "/mailbox/mailThreads/{id}/mailMessages",
                20,
                version=1,
                page=0,
                parameters=(Parameter("id", "mail_thread_id"),),
            ),
        ),
        further=(
            Endpoint(
                _BODY,
                2,
                version=1,
                one=True,
                parameters=(Parameter("id", "id"),),
                fixed=(("include_body", "1"),),
            ),
        ),
    ),
    Table(
        "call_logs",
        "Calls that you have logged.",
        key="id",
        columns=(
            Column("id", Kind.TEXT, "The call's id.", never_null=True),
            Column("subject", Kind.TEXT, "The subject of its activity."),
            Column("outcome", Kind.TEXT, "connected, no_answer, busy and so on."),
            Column("duration", Kind.INTEGER, "How long it was, in seconds."),
            Column("start_time", Kind.TIMESTAMP, "When it began."),
            Column("end_time", Kind.TIMESTAMP, "When it ended."),
            Column("from_phone_number", Kind.TEXT, "Who called."),
            Column("to_phone_number", Kind.TEXT, "Who was called."),
            Column("user_id", Kind.INTEGER, "Who logged it.", references="users.id"),
            Column(
                "activity_id",
                Kind.INTEGER,
                "Its activity.",
                references="activities.id",
            ),
            Column("person_id", Kind.INTEGER, "Its person.", references="persons.id"),
            Column(
                "org_id",
                Kind.INTEGER,
                "Its organization.",
                references="organizations.id",
            ),
            Column("deal_id", Kind.INTEGER, "Its deal.", references="deals.id"),
            Column("lead_id", Kind.TEXT, "Its lead.", references="leads.id"),
            Column("company_id", Kind.INTEGER, "The company's id."),
            Column("has_recording", Kind.BOOLEAN, "Whether it was recorded."),
            Column("note", Kind.TEXT, "A note on it, HTML."),
        ),
        # No /callLogs/{id}: it may serve calls of others.
        endpoints=(Endpoint("/callLogs", 20, version=1, page=50),),
    ),
)
