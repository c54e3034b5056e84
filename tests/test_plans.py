"""Every statement in tests/plans becomes just the requests written below it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipedrive_sql.sandbox import Sandbox

from .plan_file import FILES, opened, paragraphs, written

PLANS = [
    pytest.param(paragraph, id=f"{file.stem}-{number}")
    for file in FILES
    for number, paragraph in enumerate(paragraphs(file.read_text("utf-8")), 1)
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with opened() as sandbox:
        yield sandbox


@pytest.mark.parametrize("paragraph", PLANS)
def test_requests(paragraph: str, sandbox: Sandbox) -> None:
    assert written(paragraph, sandbox) == paragraph
