"""What holds for all tests."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.sandbox import Heard, Sandbox

from . import official
from .front_door import connected

ALIKE = 2  # requests with the same parameters to one endpoint that are judged
judged: Counter[tuple[object, ...]] = Counter()


def pytest_configure(config: pytest.Config) -> None:
    # Nobody's own profiles and keyring.
    nowhere = Path(tempfile.gettempdir()) / f"no-settings-{os.getpid()}"
    os.environ["PIPEDRIVE_CONFIG_DIR"] = str(nowhere)
    os.environ["PIPEDRIVE_SECRETS"] = "file"
    os.environ.pop("PIPEDRIVE_PROFILE", None)
    config.addinivalue_line(
        "markers", "unofficial: sends on purpose what the official specs do not allow"
    )


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """With PIPEDRIVE_SQL_CASES=5 each fifth case of a test with many, for a look."""
    step = int(os.environ.get("PIPEDRIVE_SQL_CASES", "1"))
    seen: Counter[str] = Counter()
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        name = item.nodeid.partition("[")[0]
        (left_out if seen[name] % step else kept).append(item)
        seen[name] += 1
    items[:] = kept
    if left_out:
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(autouse=True)
def official_traffic(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each request to a sandbox, and each answer, is as the official specs say."""
    asked: list[Heard] = []

    def listen(heard: Heard) -> None:
        names = tuple(part.partition("=")[0] for part in heard.query.split("&"))
        kind = (heard.endpoint, heard.status, names)
        if heard.endpoint and judged[kind] < ALIKE:
            judged[kind] += 1
            asked.append(heard)

    wanted = request.node.get_closest_marker("unofficial") is None
    if wanted and official.SPECS.exists():
        Sandbox.listeners.append(listen)
        yield
        Sandbox.listeners.remove(listen)
    else:
        yield
    assert [line for heard in asked for line in official.problems(heard)] == []


@pytest.fixture
def live(sandbox: Sandbox) -> Iterator[Connection]:
    """A connection to the module's own sandbox, which has heard nothing yet."""
    with connected(sandbox) as connection:
        sandbox.reset()
        yield connection
    sandbox.faults.clear()
