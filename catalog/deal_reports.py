"""Reports on deals that Pipedrive computes: summaries and timelines (v1).

Their inputs are hidden columns, so `select * from deal_summary('won')` works.
"""

from .table import Column, Endpoint, Parameter, Shape, Table
from .values import Kind

DAY = r"\d{4}-\d\d-\d\d"


def _input(name: str, kind: Kind, about: str, references: str = "") -> Column:
    return Column(name, kind, about, at=f"?.{name}", references=references, hidden=True)


OWNER = _input("user_id", Kind.INTEGER, "Deals of this user only.", "users.id")
PIPELINE = _input(
    "pipeline_id", Kind.INTEGER, "Deals in this pipeline only.", "pipelines.id"
)
FILTER = _input(
    "filter_id", Kind.INTEGER, "Deals of this saved filter only.", "filters.id"
)
OF_SUMMARY = (
    _input("status", Kind.TEXT, "open, won or lost deals only."),
    PIPELINE,
    _input("stage_id", Kind.INTEGER, "Deals in this stage only.", "stages.id"),
    _input(
        "user_id",
        Kind.INTEGER,
        "Deals of this user only; Pipedrive ignores it beside filter_id.",
        "users.id",
    ),
    FILTER,
)
OF_TIMELINE = (
    _input("start_date", Kind.DATE, "Where the first interval starts."),
    _input("interval", Kind.TEXT, "day, week, month or quarter."),
    _input("amount", Kind.INTEGER, "How many intervals."),
    _input("field_key", Kind.TEXT, "The date field that counts, as in won_time."),
    PIPELINE,
    OWNER,
    FILTER,
    _input("exclude_deals", Kind.INTEGER, "1 to leave the deals out."),
    _input(
        "totals_convert_currency",
        Kind.TEXT,
        "The currency of `totals_converted`, as in EUR.",
        "currencies.code",
    ),
)
TOTALS = (
    Column("total_count", Kind.INTEGER, "How many deals."),
    Column(
        "total_value",
        Kind.REAL,
        "What they are worth, in the company's currency.",
        at="total_currency_converted_value",
    ),
    Column(
        "total_value_formatted",
        Kind.TEXT,
        "The same as Pipedrive shows it.",
        at="total_currency_converted_value_formatted",
    ),
    Column(
        "total_weighted_value",
        Kind.REAL,
        "What they are worth by their chances, in the company's currency.",
        at="total_weighted_currency_converted_value",
    ),
    Column(
        "total_weighted_value_formatted",
        Kind.TEXT,
        "The same as Pipedrive shows it.",
        at="total_weighted_currency_converted_value_formatted",
    ),
    Column("values_total", Kind.JSON, "Count and value in each currency."),
    Column("weighted_values_total", Kind.JSON, "Value by chance in each currency."),
)
PERIODS = (
    Column("period_start", Kind.TIMESTAMP, "Where the interval starts."),
    Column("period_end", Kind.TIMESTAMP, "Its last second."),
    Column("deals_count", Kind.INTEGER, "How many deals.", at="totals.count"),
    Column("open_count", Kind.INTEGER, "How many open ones.", at="totals.open_count"),
    Column("won_count", Kind.INTEGER, "How many won ones.", at="totals.won_count"),
    Column(
        "deals_values", Kind.JSON, "Their value in each currency.", at="totals.values"
    ),
    Column(
        "weighted_values",
        Kind.JSON,
        "Their value by chance in each currency.",
        at="totals.weighted_values",
    ),
    Column(
        "open_values",
        Kind.JSON,
        "The open ones' value in each currency.",
        at="totals.open_values",
    ),
    Column(
        "weighted_open_values",
        Kind.JSON,
        "The open ones' value by chance in each currency.",
        at="totals.weighted_open_values",
    ),
    Column(
        "won_values",
        Kind.JSON,
        "The won ones' value in each currency.",
        at="totals.won_values",
    ),
    Column(
        "totals_converted",
        Kind.JSON,
        "The totals in the currency of `totals_convert_currency`.",
    ),
    Column("deals", Kind.JSON, "The deals, as v1 has them."),
)


def _summary(name: str, about: str, path: str, price: int) -> Table:
    known = {"status": ("open", "won", "lost")}
    return Table(
        name,
        about,
        key="",
        columns=(*TOTALS, *OF_SUMMARY),
        endpoints=(
            Endpoint(
                path,
                price=price,
                version=1,
                page=0,
                shape=Shape.ROW,
                echo=True,
                parameters=tuple(
                    Parameter(c.name, c.name, values=known.get(c.name, ()))
                    for c in OF_SUMMARY
                ),
            ),
        ),
    )


def _timeline(name: str, about: str, path: str, price: int) -> Table:
    return Table(
        name,
        about,
        key="",
        columns=(*PERIODS, *OF_TIMELINE),
        apart=("period_start",),
        endpoints=(
            Endpoint(
                path,
                price=price,
                version=1,
                page=0,
                # An object by its schema, an array of them by its description.
                shape=Shape.ROW,
                echo=True,
                parameters=(
                    Parameter("start_date", "start_date", pattern=DAY, required=True),
                    # A pattern, because closed sets are walked if no value is given.
                    Parameter(
                        "interval",
                        "interval",
                        pattern="day|week|month|quarter",
                        required=True,
                    ),
                    Parameter("amount", "amount", required=True),
                    Parameter("field_key", "field_key", required=True),
                    Parameter("pipeline_id", "pipeline_id"),
                    Parameter("user_id", "user_id"),
                    Parameter("filter_id", "filter_id"),
                    Parameter("exclude_deals", "exclude_deals", values=("0", "1")),
                    Parameter("totals_convert_currency", "totals_convert_currency"),
                ),
            ),
        ),
    )


TABLES = (
    _summary(
        "deal_summary",
        "Count and value of all deals that are not archived, in one row.",
        "/deals/summary",
        40,
    ),
    _summary(
        "deal_summary_archived",
        "Count and value of all archived deals, in one row. Pipedrive may stop it.",
        "/deals/summary/archived",
        80,
    ),
    _timeline(
        "deal_timeline",
        "Open and won deals by intervals of a date field, one row for each interval.",
        "/deals/timeline",
        20,
    ),
    _timeline(
        "deal_timeline_archived",
        "Archived deals by intervals of a date field. Pipedrive may stop it.",
        "/deals/timeline/archived",
        40,
    ),
)
