"""How fast libraries read pages of deals, and whether reading only a part pays.

`python -m bench.decoders`. pysimdjson is measured where it is installed.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator, Sequence
from time import process_time
from typing import Any

import msgspec
import orjson

from .served import Served, fetched, served
from .table import Cells, table

HEADS = ("pages of 500 deals read with", "processor time to the fastest whole")
RUNS = 9  # the least of them counts

_KEYS = (
    *("id", "title", "value", "person_id", "org_id", "stage_id", "currency"),
    *("add_time", "update_time", "status"),
)
_PAGES = 20

Decode = Callable[[bytes], object]


def decoders(sandbox: Served) -> Iterator[Cells]:
    """A line for each way to read the pages."""
    path = f"/api/v2/deals?limit=500&custom_fields={_custom_field(sandbox)}"
    pages = list(fetched(sandbox, [path])) * _PAGES
    ways: dict[str, Decode] = {
        "msgspec, whole": msgspec.json.Decoder().decode,
        "orjson, whole": orjson.loads,
        "json of Python, whole": json.loads,
        "msgspec, ten keys as a Struct": _struct().decode,
        "msgspec, rows left as bytes": msgspec.json.Decoder(_Rows).decode,
        **_simdjson(),
    }
    times = {name: _time(decode, pages) for name, decode in ways.items()}
    fastest = min(t for name, t in times.items() if name.endswith("whole"))
    for name, seconds in times.items():
        yield name, f"{seconds / fastest:.2f}"


class _Rows(msgspec.Struct):
    data: list[msgspec.Raw]


def _struct() -> msgspec.json.Decoder[Any]:
    row = msgspec.defstruct("Row", [(key, Any, None) for key in _KEYS], gc=False)
    page = msgspec.defstruct("Page", [("data", list[row])])  # type: ignore[valid-type]
    return msgspec.json.Decoder(page)


def _simdjson() -> dict[str, Decode]:
    try:
        parser = importlib.import_module("simdjson").Parser()
    except ModuleNotFoundError:
        return {}

    def whole(page: bytes) -> object:
        return parser.parse(page).as_dict()

    def keys(page: bytes) -> object:
        return [[row[key] for key in _KEYS] for row in parser.parse(page)["data"]]

    return {"pysimdjson, whole": whole, "pysimdjson, ten keys": keys}


def _custom_field(sandbox: Served) -> str:
    (fields,) = fetched(sandbox, ["/api/v2/dealFields?limit=500"])
    found = msgspec.json.decode(fields)["data"]
    codes: list[str] = [field["field_code"] for field in found]
    return next(code for code in codes if len(code) == 40)


def _time(decode: Decode, pages: Sequence[bytes]) -> float:
    found = []
    for _ in range(RUNS):
        began = process_time()
        for page in pages:
            decode(page)
        found.append(process_time() - began)
    return min(found)


if __name__ == "__main__":
    with served(deals=500) as company:
        print(table(HEADS, decoders(company)))
