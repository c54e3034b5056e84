"""What SQL of others may use: functions, pragmas, and tables that call functions.

Lists of what is allowed, never of what is not: the next SQLite brings new ones.
Source: sqlite.org/lang_corefunc.html, lang_aggfunc.html, windowfunctions.html,
lang_datefunc.html, lang_mathfunc.html, json1.html, fts5.html and pragma.html.
"""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Not here, of those that only compute: json_patch, whose time is the product of two
# objects' sizes; median and percentile, which keep all values in memory.
FUNCTIONS = _names(
    """
    -> ->> abs avg bm25 ceil ceiling char coalesce concat concat_ws count cume_dist
    current_date current_time current_timestamp date datetime degrees dense_rank exp
    first_value floor format glob group_concat hex highlight if ifnull iif instr
    json json_array json_array_insert json_array_length json_error_position
    json_extract json_group_array json_group_object json_insert json_object
    json_pretty json_quote json_remove json_replace json_set json_type json_valid
    jsonb jsonb_array jsonb_array_insert jsonb_extract jsonb_group_array
    jsonb_group_object jsonb_insert jsonb_object jsonb_remove jsonb_replace jsonb_set
    julianday lag last_value lead length like likelihood likely ln log log10 log2
    lower ltrim match max min mod nth_value ntile nullif octet_length percent_rank pi
    pow power printf quote radians random randomblob rank replace round row_number
    rtrim sign snippet sqlite_source_id sqlite_version sqrt strftime string_agg substr
    substring subtype sum time timediff total trim trunc typeof unhex unicode unistr
    unistr_quote unixepoch unlikely upper acos acosh asin asinh atan atan2 atanh cos
    cosh sin sinh tan tanh
    """
)

# Pragmas that tell of what is named behind them: `pragma table_info(deals)`.
PRAGMAS_OF_NAMES = _names(
    """
    foreign_key_list index_info index_list index_xinfo table_info table_list
    table_xinfo
    """
)

# Those that tell something, and set it where a value stands behind them.
PRAGMAS = PRAGMAS_OF_NAMES | _names(
    """
    application_id collation_list compile_options data_version database_list encoding
    foreign_keys function_list journal_mode module_list page_count page_size
    pragma_list query_only read_uncommitted schema_version user_version
    """
)

# Tables that exist without having been created.
TABLE_FUNCTIONS = frozenset({"json_each", "json_tree"})

# Such tables of SQLite's that its list of modules does not name before their first use,
# or that other builds of it have.
HIDDEN_TABLES = _names(
    """
    bytecode carray completion csv fsdir generate_series sqlite_btreeinfo sqlite_dbdata
    sqlite_dbpage sqlite_dbptr sqlite_memstat sqlite_stmt tables_used zipfile
    """
)

# What others have asked is not everybody's to read.
PRIVATE = frozenset({"pipedrive_requests"})
