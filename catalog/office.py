"""Teams, goals and how far they are, webhooks, add-ons (all v1)."""

from .table import Column, Endpoint, Parameter, Shape, Table
from .values import Kind

DAY = r"\d{4}-\d\d-\d\d"
_GOAL = (
    Column("title", Kind.TEXT, "What it is called."),
    Column("owner_id", Kind.INTEGER, "Who made it.", references="users.id"),
    Column("type", Kind.TEXT, "Deals won, Activities added and so on.", at="type.name"),
    Column(
        "pipeline_ids",
        Kind.JSON,
        "The pipelines that count; null for all.",
        at="type.params.pipeline_id",
    ),
    Column(
        "stage_id",
        Kind.INTEGER,
        "The stage that deals progress to.",
        at="type.params.stage_id",
        references="stages.id",
    ),
    Column(
        "activity_type_ids",
        Kind.JSON,
        "The activity types that count; null for all.",
        at="type.params.activity_type_id",
    ),
    Column("assignee_type", Kind.TEXT, "person, company or team.", at="assignee.type"),
    Column(
        "assignee_id", Kind.INTEGER, "The id of who is to reach it.", at="assignee.id"
    ),
    Column("interval", Kind.TEXT, "weekly, monthly, quarterly or yearly."),
    Column("start_date", Kind.DATE, "Its first day.", at="duration.start"),
    Column("end_date", Kind.DATE, "Its last day; null if open.", at="duration.end"),
    Column("target", Kind.REAL, "What to reach.", at="expected_outcome.target"),
    Column(
        "tracking_metric",
        Kind.TEXT,
        "quantity or sum.",
        at="expected_outcome.tracking_metric",
        never_null=True,
    ),
    Column(
        "currency_id",
        Kind.INTEGER,
        "The currency of a sum.",
        at="expected_outcome.currency_id",
        references="currencies.id",
    ),
    Column("is_active", Kind.BOOLEAN, "Whether it is active.", never_null=True),
    Column("report_ids", Kind.JSON, "The ids of its reports."),
)

TABLES = (
    Table(
        "teams",
        "Teams of users. Pipedrive may stop serving them.",
        key="id",
        columns=(
            Column("id", Kind.INTEGER, "The team's id.", never_null=True),
            Column("name", Kind.TEXT, "What it is called."),
            Column("description", Kind.TEXT, "What it is for."),
            Column("manager_id", Kind.INTEGER, "Who leads it.", references="users.id"),
            Column("user_ids", Kind.JSON, "Who is in it; see team_users.", at="users"),
            Column("is_active", Kind.BOOLEAN, "Whether active.", at="active_flag"),
            Column("is_deleted", Kind.BOOLEAN, "Whether deleted.", at="deleted_flag"),
            Column("add_time", Kind.TIMESTAMP, "When it was added."),
            Column(
                "creator_user_id",
                Kind.INTEGER,
                "Who added it.",
                at="created_by_user_id",
                references="users.id",
            ),
        ),
        # No /legacyTeams/{id}: it may serve teams that the list does not.
        endpoints=(Endpoint("/legacyTeams", 20, version=1, page=0),),
    ),
    Table(
        "team_users",
        "Which user is in which team, one row each.",
        key="",
        source="teams",
        each="users",
        columns=(
            Column(
                "team_id", Kind.INTEGER, "The team.", at="^.id", references="teams.id"
            ),
            Column("position", Kind.INTEGER, "Its place in the list, from 0.", at="#"),
            Column("user_id", Kind.INTEGER, "The user.", at=".", references="users.id"),
        ),
    ),
    Table(
        "goals",
        "Goals of all users, teams and the company, the inactive ones too.",
        key="id",
        columns=(
            Column("id", Kind.TEXT, "The goal's id, 32 hex digits.", never_null=True),
            *_GOAL,
        ),
        endpoints=(
            # Without tracking_metric only your own come, without is_active the active.
            Endpoint(
                "/goals/find",
                20,
                version=1,
                page=0,
                within="goals",
                parameters=(
                    Parameter(
                        "expected_outcome.tracking_metric",
                        "tracking_metric",
                        values=("quantity", "sum"),
                        required=True,
                    ),
                    Parameter(
                        "is_active",
                        "is_active",
                        values=("false", "true"),
                        required=True,
                    ),
                    Parameter(
                        "assignee.type",
                        "assignee_type",
                        values=("person", "company", "team"),
                    ),
                ),
            ),
        ),
    ),
    Table(
        "goal_results",
        "How far goals are in a period: goal_results('2026-01-01', '2026-03-31').",
        key="",
        parent="goals",
        parent_key="goal_id",
        columns=(
            Column(
                "goal_id",
                Kind.TEXT,
                "The goal.",
                at="?.id",
                references="goals.id",
                never_null=True,
            ),
            Column("progress", Kind.REAL, "What was reached in the period."),
            Column(
                "target",
                Kind.REAL,
                "What to reach.",
                at="goal.expected_outcome.target",
            ),
            Column("title", Kind.TEXT, "What the goal is called.", at="goal.title"),
            Column(
                "period_start",
                Kind.DATE,
                "The first day, not before that of the goal.",
                at="?.period_start",
                hidden=True,
            ),
            Column(
                "period_end",
                Kind.DATE,
                "The last day, not after that of the goal.",
                at="?.period_end",
                hidden=True,
            ),
        ),
        endpoints=(
            Endpoint(
                "/goals/{id}/results",
                20,
                version=1,
                page=0,
                shape=Shape.ROW,
                echo=True,
                parameters=(
                    Parameter("id", "goal_id", pattern="[0-9a-f]{32}"),
                    Parameter(
                        "period.start", "period_start", pattern=DAY, required=True
                    ),
                    Parameter("period.end", "period_end", pattern=DAY, required=True),
                ),
            ),
        ),
    ),
    Table(
        "webhooks",
        "Webhooks of the company. Only admins may read them.",
        key="id",
        columns=(
            Column("id", Kind.INTEGER, "The webhook's id.", never_null=True),
            Column("name", Kind.TEXT, "What it is called."),
            Column("company_id", Kind.INTEGER, "The company's id."),
            Column("owner_id", Kind.INTEGER, "Who owns it.", references="users.id"),
            Column(
                "user_id", Kind.INTEGER, "Whose rights it has.", references="users.id"
            ),
            Column("admin_id", Kind.INTEGER, "Its admin.", references="users.id"),
            Column("event_action", Kind.TEXT, "create, change, delete or *."),
            Column("event_object", Kind.TEXT, "deal, person and so on, or *."),
            Column("subscription_url", Kind.TEXT, "Where events are sent to."),
            Column("version", Kind.TEXT, "1.0 or 2.0."),
            Column("type", Kind.TEXT, "general, application or automation."),
            Column("is_active", Kind.BOOLEAN, "Whether it is active."),
            Column("http_auth_user", Kind.TEXT, "The user name at the URL."),
            Column("http_auth_password", Kind.TEXT, "The password at the URL."),
            Column("add_time", Kind.TIMESTAMP, "When it was added."),
            Column("remove_time", Kind.TIMESTAMP, "When it was removed."),
            Column("remove_reason", Kind.TEXT, "Why it was removed."),
            Column("last_delivery_time", Kind.TIMESTAMP, "When it last sent."),
            Column("last_http_status", Kind.INTEGER, "What the URL answered last."),
        ),
        endpoints=(Endpoint("/webhooks", 10, version=1, page=0),),
    ),
    Table(
        "billing_addons",
        "The add-ons that the company has bought.",
        key="code",
        columns=(
            Column("code", Kind.TEXT, "The add-on: leadbooster_v2.", never_null=True),
        ),
        endpoints=(Endpoint("/billing/subscriptions/addons", 20, version=1, page=0),),
    ),
)
