"""Plans as files: SQL, and below each statement the requests it must become.

A file is paragraphs of SQL. Each has a sentence, then statements, each followed by
lines that begin with `-->`: the requests in order, with the pages read of each, and
the API tokens in all. A paragraph is one connection, so its second statement may use
what the first one brought. In requests a custom field's key is its column in braces,
long lists show their ends and their length, and the cursor of a page that does not
follow the page before it directly is an ellipsis.

`python -m tests.plan_file` writes what the statements become today.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipedrive_sql.sandbox import Heard, Sandbox

from .front_door import connected

FOLDER = Path(__file__).parent / "plans"
FILES = sorted(FOLDER.glob("*.sql"))
DEALS = 300
ROWS_A_PAGE = 100  # of the sandbox, whatever the limit says
_LONG = 4  # a list of more values is shortened
_KEY = re.compile(r"[0-9a-f]{40}")
_LIST = re.compile(r"(?<==)[^&=]+,[^&=]+")
_CURSOR = re.compile(r"&(cursor|start)=[^&]*")


def opened() -> Sandbox:
    """The sandbox that the files are about."""
    return Sandbox(deals=DEALS, page_cap=ROWS_A_PAGE)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a file."""
    return [part for part in text.strip().split("\n\n") if part.strip()]


def written(paragraph: str, sandbox: Sandbox) -> str:
    """The paragraph with the requests that its statements become now."""
    lines: list[str] = []
    with connected(sandbox) as connection:
        names = {
            key: f"{{{name}}}"
            for name, key in connection.execute(
                "SELECT name, field_key FROM pipedrive_columns "
                "WHERE field_key IS NOT NULL ORDER BY table_name, position DESC"
            )
        }
        waiting: list[str] = []
        for line in paragraph.splitlines():
            if line.startswith("-->"):
                continue
            lines.append(line)
            if not line.startswith("--"):
                waiting.append(line)
            if line.endswith(";") and waiting:
                sandbox.reset()
                list(connection.execute("\n".join(waiting)))
                waiting.clear()
                lines += [f"--> {found}" for found in _requests(sandbox.heard, names)]
    return "\n".join(lines)


def _requests(heard: Sequence[Heard], names: dict[str, str]) -> Iterator[str]:
    if not heard:
        yield "no request"
        return
    shown: list[tuple[str, int]] = []
    for one in heard:
        line = _KEY.sub(lambda key: names[key[0]], str(one))
        line = _LIST.sub(lambda some: _shortened(some[0].split(",")), line)
        first = _CURSOR.sub("", line)
        if line != first and shown and shown[-1][0] in (first, f"{first}&…"):
            shown[-1] = (shown[-1][0], shown[-1][1] + 1)
        else:
            shown.append((first if line == first else f"{first}&…", 1))
    for line, pages in shown:
        yield f"{line}  ({pages} pages)" if pages > 1 else line
    tokens = sum(one.tokens for one in heard)
    yield f"{tokens} token{'' if tokens == 1 else 's'}"


def _shortened(values: list[str]) -> str:
    if len(values) <= _LONG:
        return ",".join(values)
    return f"{values[0]},{values[1]},…,{values[-1]} ({len(values)})"


def _main() -> None:
    with opened() as sandbox:
        for file in FILES:
            found = [written(p, sandbox) for p in paragraphs(file.read_text("utf-8"))]
            file.write_text("\n\n".join(found) + "\n", "utf-8")


if __name__ == "__main__":
    _main()
