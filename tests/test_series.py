"""A column taken at once has the values that its rule gives one by one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipedrive_sql.catalog.series import series
from pipedrive_sql.catalog.values import CONVERSIONS, Kind

_OFTEN = st.sampled_from(
    (
        *("2026-01-02T03:04:05Z", "1999-12-31T23:59:59Z", "2026-01-02", "2026-02-29"),
        *("0000-00-00", "-001-11-30", "2026-01-02T03:04:0\nZ", "2026-01-02TZZ:04:05Z"),
        *(None, None, "", "x\n", 7, 2**63, 1.5, True),
    )
)
_NEARLY = st.text("2026T-Z:\n0 ", min_size=9, max_size=21)


@settings(max_examples=200, derandomize=True)
@given(st.sampled_from(Kind), st.lists(st.one_of(_OFTEN, _OFTEN, _NEARLY), max_size=5))
def test_a_column_at_once_is_its_values(kind: Kind, values: list[object]) -> None:
    found = series(kind, values)
    rule = CONVERSIONS[kind]
    if found is not None:
        assert list(found) == [None if v is None else rule(v) for v in values]


@settings(max_examples=50, derandomize=True)
@given(st.lists(st.sampled_from(("2026-01-02T03:04:05Z", None, "")), min_size=1))
def test_usual_times_are_taken_at_once(values: list[str | None]) -> None:
    some = any(values)
    found = series(Kind.TIMESTAMP, values)
    assert (found is not None) == (some or set(values) == {None})
    if found is not None:
        assert list(found) == ["2026-01-02 03:04:05" if v else None for v in values]
