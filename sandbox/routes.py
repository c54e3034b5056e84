"""Which endpoint answers a method and a path."""

from __future__ import annotations

from collections.abc import Iterable

from . import (
    account,
    activities,
    boards,
    calls,
    comments,
    contacts,
    conversions,
    deal_products,
    deal_reports,
    deals,
    deals_v1,
    fields_v1,
    files,
    filter_helpers,
    filters,
    followers,
    goals,
    history,
    installments,
    item_deals,
    item_mail,
    leads,
    mailbox,
    members,
    merges,
    metadata,
    notes,
    participants,
    permission_sets,
    permitted,
    pipeline_deals,
    pipelines,
    product_parts,
    products,
    project_items,
    projects,
    projects_v1,
    recents,
    relationships,
    roles,
    search,
    statistics,
    tasks,
    teams,
    users,
    webhooks,
)
from .endpoint import Endpoint

Segments = tuple[str, ...]

ENDPOINTS: tuple[Endpoint, ...] = (
    *deals.ENDPOINTS,
    *deals_v1.ENDPOINTS,
    *contacts.ENDPOINTS,
    *products.ENDPOINTS,
    *deal_products.ENDPOINTS,
    *deal_reports.ENDPOINTS,
    *installments.ENDPOINTS,
    *participants.ENDPOINTS,
    *projects.ENDPOINTS,
    *project_items.ENDPOINTS,
    *projects_v1.ENDPOINTS,
    *boards.ENDPOINTS,
    *tasks.ENDPOINTS,
    *activities.ENDPOINTS,
    *pipelines.ENDPOINTS,
    *leads.ENDPOINTS,
    *notes.ENDPOINTS,
    *account.ENDPOINTS,
    *filters.ENDPOINTS,
    *users.ENDPOINTS,
    *metadata.ENDPOINTS,
    *permitted.ENDPOINTS,
    *comments.ENDPOINTS,
    *relationships.ENDPOINTS,
    *product_parts.ENDPOINTS,
    *conversions.ENDPOINTS,
    *merges.ENDPOINTS,
    *item_deals.ENDPOINTS,
    *item_mail.ENDPOINTS,
    *history.ENDPOINTS,
    *followers.ENDPOINTS,
    *files.ENDPOINTS,
    *fields_v1.ENDPOINTS,
    *members.ENDPOINTS,
    *roles.ENDPOINTS,
    *permission_sets.ENDPOINTS,
    *teams.ENDPOINTS,
    *goals.ENDPOINTS,
    *webhooks.ENDPOINTS,
    *mailbox.ENDPOINTS,
    *calls.ENDPOINTS,
    *recents.ENDPOINTS,
    *pipeline_deals.ENDPOINTS,
    *statistics.ENDPOINTS,
    *search.ENDPOINTS,
    *filter_helpers.ENDPOINTS,
)

PREFIXES = {"/api/v2/": 2, "/api/v1/": 1, "/v1/": 1}
"""Where the dialects are served (migration guide): v2 under /api only."""


class Routes:
    """Endpoints by the segments of their paths; a literal goes before a blank."""

    def __init__(self, endpoints: Iterable[Endpoint] = ENDPOINTS) -> None:
        self._fixed: dict[tuple[int, Segments], dict[str, Endpoint]] = {}
        self._blank: dict[tuple[int, int], list[Segments]] = {}
        for endpoint in endpoints:
            path = tuple(endpoint.path.strip("/").split("/"))
            methods = self._fixed.setdefault((endpoint.version, path), {})
            assert endpoint.method not in methods, endpoint.name
            if not methods and "{" in endpoint.path:
                size = (endpoint.version, len(path))
                self._blank.setdefault(size, []).append(path)
            methods[endpoint.method] = endpoint
        for paths in self._blank.values():
            paths.sort(key=lambda path: [part.startswith("{") for part in path])

    def find(self, path: str) -> tuple[dict[str, Endpoint], dict[str, str]] | None:
        """The endpoints of a path by method, and what stands in its blanks."""
        for prefix, version in PREFIXES.items():
            if path.startswith(prefix):
                return self._match(version, tuple(path[len(prefix) :].split("/")))
        return None

    def _match(
        self, version: int, given: Segments
    ) -> tuple[dict[str, Endpoint], dict[str, str]] | None:
        if (methods := self._fixed.get((version, given))) is not None:
            return methods, {}
        for path in self._blank.get((version, len(given)), ()):
            blanks = {}
            for wanted, segment in zip(path, given, strict=True):
                if wanted.startswith("{"):
                    blanks[wanted[1:-1]] = segment
                elif wanted != segment:
                    break
            else:
                return self._fixed[version, path], blanks
        return None
