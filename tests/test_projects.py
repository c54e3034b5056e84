"""Projects: shelves, custom fields, the add-on that not everybody has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipedrive_sql import Connection
from pipedrive_sql.errors import Refused
from pipedrive_sql.sandbox import Company, Sandbox
from pipedrive_sql.sandbox.switches import Switches

from .front_door import asked, connected


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(deals=60) as sandbox:
        yield sandbox


@pytest.mark.parametrize("shelf", ["projects_archived", "projects_deleted"])
def test_a_project_elsewhere_is_not_found_by_its_key(
    shelf: str, sandbox: Sandbox, live: Connection
) -> None:
    """Pipedrive serves it to who asks by id; a list of projects does not hold it."""
    key = sandbox.company.rows(shelf)[0]["id"]
    assert not live.execute(f"select * from projects where id = {key}").fetchall()
    assert asked(sandbox) == [f"GET /api/v2/projects/{key}"]


def test_several_statuses_are_one_request(sandbox: Sandbox, live: Connection) -> None:
    query = "select count(*) from projects where status in ('open', 'canceled')"
    wanted = {"open", "canceled"}
    rows = [r for r in sandbox.company.rows("projects") if r["status"] in wanted]
    assert live.execute(query).fetchone() == (len(rows),)
    assert asked(sandbox) == ["GET /api/v2/projects?status=canceled,open&limit=500"]


def test_deleted_ones_are_never_asked_for(sandbox: Sandbox, live: Connection) -> None:
    query = "select * from projects where status = 'deleted'"
    assert live.execute(query).fetchall() == []
    assert asked(sandbox) == []


def test_custom_fields_have_names(sandbox: Sandbox, live: Connection) -> None:
    fields = sandbox.company.fields("project")
    code = next(f["field_code"] for f in fields if f["field_name"] == "Vendor")
    rows = sandbox.company.rows("projects")
    wanted = [row["custom_fields"][code] or None for row in rows]
    found = live.execute("select vendor from projects order by id").fetchall()
    assert [vendor for (vendor,) in found] == wanted


def test_phases_are_those_of_all_boards(sandbox: Sandbox, live: Connection) -> None:
    assert live.execute("select count(*) from phases").fetchone() == (7,)
    boards = [f"GET /api/v2/phases?board_id={n}" for n in (1, 2, 3)]
    assert sorted(asked(sandbox)) == sorted(["GET /api/v2/boards", *boards])


def test_tasks_of_a_project_are_asked_for_alone(
    sandbox: Sandbox, live: Connection
) -> None:
    live.execute("select * from tasks where project_id = 4 and is_done").fetchall()
    assert asked(sandbox) == ["GET /api/v2/tasks?project_id=4&limit=500"]


def test_without_the_add_on_everything_else_works() -> None:
    company = Company.sample(deals=10, switches=Switches(has_projects=False))
    with Sandbox(company=company) as sandbox, connected(sandbox) as live:
        assert live.execute("select count(*) from deals").fetchone() == (10,)
        with pytest.raises(Refused, match="the plan does not include it"):
            live.execute("select * from projects").fetchall()
