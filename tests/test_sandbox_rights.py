"""What the token of a regular user is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipedrive_sql.errors import Refused

from .front_door import Door, connected, opened

REFUSAL = "You do not have permissions to do this."


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with opened(deals=10, role="regular") as found:
        yield found


@pytest.mark.parametrize(
    "path",
    [
        "/v1/roles",
        "/v1/roles/1",
        "/v1/roles/1/assignments",
        "/v1/roles/1/settings",
        "/v1/roles/1/pipelines",
        "/v1/permissionSets",
        "/v1/webhooks",
    ],
)
@pytest.mark.unofficial  # the spec names the scope, not the 403
def test_only_admins_may_read(door: Door, path: str) -> None:
    assert door.refused(403, "GET", path) == REFUSAL


@pytest.mark.unofficial
def test_only_admins_may_write(door: Door) -> None:
    assert door.refused(403, "POST", "/v1/users", {"email": "a@b.c"}) == REFUSAL
    assert door.refused(403, "DELETE", "/api/v2/stages/1") == REFUSAL


def test_the_rest_is_for_all(door: Door) -> None:
    assert door("GET", "/api/v2/pipelines")["data"]
    assert door("GET", "/v1/users")["data"]
    me = door("GET", "/v1/users/me")["data"]
    assert not any(access["admin"] for access in me["access"])


@pytest.mark.unofficial
def test_sql_says_what_is_refused(door: Door) -> None:
    with connected(door.sandbox) as connection:
        assert len(connection.execute("select id from users").fetchall()) > 1
        with pytest.raises(Refused) as caught:
            connection.execute("select * from roles").fetchall()
    assert str(caught.value) == (
        "Pipedrive refuses GET /v1/roles (403): You do not have permissions to do "
        "this. The token's user has no right to it, or the plan does not include it."
    )
