"""Many statements at once, while answers fail: the right rows, or a stated error."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import many
from bench.served import Served
from pipedrive_sql.sandbox import Fault, Sandbox


@pytest.mark.unofficial
def test_no_fault_costs_a_row_of_many_statements_at_once(tmp_path: Path) -> None:
    with Sandbox(deals=60, page_cap=25) as sandbox:
        served = Served(sandbox.url, sandbox.token)
        right = many.right_rows(served, tmp_path)
        assert all(right.values())
        faults = [Fault.read(rule) for rule in many.FAULTS]
        for fault in faults:
            sandbox.faults.add(fault)
        found = many.outcomes(served, tmp_path, right)
    assert found.keys() <= {many.RIGHT, many.REFUSED}
    assert found.total() == 200
    assert found[many.RIGHT] > 180
    assert all(fault.hits for fault in faults)
