"""What a notebook shows: cells are run by a kernel of Jupyter's own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

from pipedrive_sql.sandbox import Sandbox

if sys.platform == "win32":
    pytest.skip("kernels over files need Unix", allow_module_level=True)

CONNECT = """
import pipedrive_sql
connection = pipedrive_sql.connect(api_url={!r}, api_token={!r}{})
"""
LONG = """
from time import perf_counter
end = perf_counter() + 1.4
connection.apsw.create_scalar_function('seconds', perf_counter, 0)
connection.execute('''
    with recursive a(i) as (select 1 union all select i + 1 from a where seconds() < ?)
    select count(*) from a
''', (end,)).fetchall()
"""


class Kernel:
    """A kernel, and what it shows below its cells."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def run(self, cell: str) -> list[dict[str, Any]]:
        """The messages that a cell sends, but for those about itself."""
        found: list[dict[str, Any]] = []
        self._client.execute_interactive(cell, output_hook=found.append, timeout=60)
        assert [m for m in found if m["msg_type"] == "error"] == []
        return [m for m in found if m["msg_type"] not in ("status", "execute_input")]


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Kernel]:
    manager = KernelManager(transport="ipc", ip=str(tmp_path / "kernel"))
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield Kernel(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def test_long_statements_show_a_line_of_text(kernel: Kernel) -> None:
    with Sandbox(deals=5) as sandbox:
        kernel.run(CONNECT.format(sandbox.url, sandbox.token, ""))
        first, *more, result = kernel.run(LONG)
        kernel.run(CONNECT.format(sandbox.url, sandbox.token, ", progress=False"))
        silent = kernel.run(LONG)
    assert first["msg_type"] == "display_data"
    assert {m["msg_type"] for m in more} == {"update_display_data"}
    assert len({m["content"]["transient"]["display_id"] for m in [first, *more]}) == 1
    for message in (first, *more):
        [(kind, text)] = message["content"]["data"].items()
        assert kind == "text/plain"
        assert text.startswith("0 rows, 0 requests, 0 tokens, ")
    assert [m["msg_type"] for m in (result, *silent)] == ["execute_result"] * 2
