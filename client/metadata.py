"""The account's own fields: from Pipedrive, or as they were kept on disk.

v2 tells all but two things, which v1 tells at 20 API tokens an entity: the numbers
that saved filters use, and the labels of deleted options. Those are asked for when
somebody first wants them.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from ..catalog.conditions import NumberedField
from ..catalog.fields import Field, Options, field_from_v1, field_from_v2
from ..catalog.table import Endpoint
from ..errors import NotThere, Refused, ScopeMissing, Unavailable
from .transport import Client
from .usage import Meter

# Entities with custom fields. 10 API tokens a page of v2, 20 of v1 (specs, dealFields).
ENTITIES = ("deal", "person", "organization", "product", "project")
# What an account has only with an add-on, and what v1 does not tell.
ADDED, UNTOLD = ("project",), ("project",)
WHOLE = ("activity",)  # lists of v1 that have no pages
MAX_AGE = timedelta(days=1)

_VERSION = 2  # of the file


class _Kept(msgspec.Struct):
    """The file: rows as Pipedrive sent them, by entity."""

    version: int
    read: datetime
    v2: dict[str, msgspec.Raw]
    v1: dict[str, msgspec.Raw] = {}


class Metadata:
    """The fields of one account.

    `folder` is where they are kept between connections, None for nowhere. `meter`
    gives the bill that what is asked for late goes to. `notice` says what a user
    should know about them, if anything.
    """

    def __init__(
        self, client: Client, folder: Path | None, meter: Callable[[], Meter]
    ) -> None:
        self.notice = ""
        self._client = client
        self._meter = meter
        self._file = folder / f"{fingerprint(client)}.json" if folder else None
        self._kept: _Kept | None = None
        self._numbered: dict[str, Mapping[str, NumberedField]] = {}

    @property
    def read(self) -> datetime | None:
        """When they were read from Pipedrive."""
        return self._kept.read if self._kept else None

    def fields(self, *, anew: bool = False) -> dict[str, list[Field]]:
        """The fields of every entity, by entity; asked `anew`, from Pipedrive.

        Without a network those kept on disk serve, however old; `notice` says so.
        Raises RequestError's classes.
        """
        kept = None if anew else self._kept or self._load()
        self.notice = ""
        if kept is None or datetime.now(UTC) - kept.read > MAX_AGE:
            try:
                kept = self._ask()
            except Unavailable as error:
                if kept is None:
                    raise
                self.notice = _old(kept, error)
            else:
                self._save(kept)
        if kept is not self._kept:
            self._kept, self._numbered = kept, {}
        return {entity: self._entity(entity, rows) for entity, rows in kept.v2.items()}

    def v1(self, entity: str) -> Mapping[str, NumberedField]:
        """By key: what saved filters need of the fields, with options that are gone.

        Also for "activity" and "lead". Costs 20 API tokens a day for each entity.
        """
        if entity not in self._numbered:
            self._numbered[entity] = self._v1(entity)
        return self._numbered[entity]

    def knows_v1(self, entity: str) -> bool:
        """Whether `v1` costs nothing for this entity."""
        return entity in UNTOLD or bool(self._kept and entity in self._kept.v1)

    def _v1(self, entity: str) -> Mapping[str, NumberedField]:
        if entity in UNTOLD:
            return {}
        assert self._kept is not None
        rows = self._kept.v1.get(entity)
        if rows is None:
            page = 0 if entity in WHOLE else 500
            endpoint = Endpoint(f"/{entity}Fields", price=20, version=1, page=page)
            rows = self._rows(endpoint, f"/v1/{entity}Fields", self._meter())
            self._kept.v1[entity] = rows
            self._save(self._kept)
        found: list[dict[str, Any]] = msgspec.json.decode(rows)
        return {
            str(row["key"]): NumberedField(
                row.get("id"), field_from_v1(row), bool(row.get("filtering_allowed"))
            )
            for row in found
        }

    def _entity(self, entity: str, rows: msgspec.Raw) -> list[Field]:
        fields = map(field_from_v2, msgspec.json.decode(rows))
        return [
            replace(
                field,
                options=Options(field.options, partial(self._old, entity, field.code)),
            )
            for field in fields
        ]

    def _old(self, entity: str, code: str) -> Mapping[int | str, str]:
        """The options of a field, deleted ones too."""
        found = self.v1(entity).get(code)
        return found.field.options if found else {}

    def _ask(self) -> _Kept:
        meter = self._meter()
        pool = ThreadPoolExecutor(len(ENTITIES))
        try:
            asked = {
                entity: pool.submit(
                    self._rows,
                    Endpoint(f"/{entity}Fields", price=10),
                    f"/api/v2/{entity}Fields",
                    meter,
                )
                for entity in ENTITIES
            }
            rows = {e: _answered(e, future) for e, future in asked.items()}
        except Exception:
            # Who failed closes the client; no request may be on its way then.
            pool.shutdown(cancel_futures=True)
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # Ctrl-C does not wait
        return _Kept(_VERSION, datetime.now(UTC), rows)

    def _rows(self, endpoint: Endpoint, path: str, meter: Meter) -> msgspec.Raw:
        """All rows of a list, as one JSON array."""
        rows: list[bytes] = []
        rest: list[tuple[str, str]] = []
        while True:
            limit = [("limit", str(endpoint.page))] if endpoint.page else []
            query = [*limit, *rest]
            page = self._client.get(endpoint, path, query, meter)
            if page.count:
                rows.append(page.rows[1:-1])
            if page.rest is None:
                return msgspec.Raw(b"[" + b",".join(rows) + b"]")
            rest = [page.rest]

    def _load(self) -> _Kept | None:
        """What is on disk, if it can be read."""
        if self._file is None:
            return None
        try:
            kept = msgspec.json.decode(self._file.read_bytes(), type=_Kept)
        except (OSError, msgspec.DecodeError):
            return None  # asked for anew
        return kept if kept.version == _VERSION else None

    def _save(self, kept: _Kept) -> None:
        """Keep them on disk, whole or not at all."""
        if self._file is None:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._file.parent)
            with open(handle, "wb") as file:
                file.write(msgspec.json.encode(kept))
            os.replace(name, self._file)
        except OSError as error:
            self.notice = (
                f"The account's fields cannot be kept in {self._file.parent} "
                f"({error.strerror}), so each connection asks for them again."
            )


def fingerprint(client: Client) -> str:
    """A name for the account that tells nothing of its token."""
    account = client.account
    text = f"{account.url} {account.credentials.identity}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _answered(entity: str, asked: Future[msgspec.Raw]) -> msgspec.Raw:
    """The rows; none where the account does not have what the fields are of."""
    try:
        return asked.result()
    except (Refused, NotThere) as error:
        # Who may not see the fields may not see the rows either, and is told then.
        without = isinstance(error, ScopeMissing)
        if without or (entity in ADDED and error.status != 401):
            return msgspec.Raw(b"[]")
        raise


def _old(kept: _Kept, error: Unavailable) -> str:
    days = (datetime.now(UTC) - kept.read).total_seconds() / 86_400
    return (
        f"Pipedrive cannot be asked for the account's fields; those of "
        f"{kept.read:%Y-%m-%d %H:%M} UTC are used ({days:.1f} days old). {error}"
    )
