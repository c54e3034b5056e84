"""What a disk can refuse while a file is brought up to date, in plain words."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from ..errors import OperationalError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def disk_of(target: Path) -> Iterator[None]:
    """Work on the file and those beside it. Raises OperationalError for its disk."""
    folder = target.absolute().parent
    try:
        yield
    except apsw.FullError as error:
        raise _full(target, "is full") from error
    except apsw.IOError as error:
        raise _full(target, f"is full, or fails ({error})") from error
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise OperationalError(
            f"{target}.staged, where a run keeps what it has read, is damaged "
            f"({error}). Remove it, and run again: all of that is read anew."
        ) from error
    except (apsw.CantOpenError, apsw.ReadOnlyError, PermissionError) as error:
        raise OperationalError(
            f"{target} cannot be written ({error}): its next version is made beside "
            f"it. See that {folder} may be written, or give another name."
        ) from error
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise _full(target, "is full") from error


def _full(target: Path, why: str) -> OperationalError:
    size = target.stat().st_size if target.exists() else 0
    need = f" It takes about {size * 2 // 1_000_000 + 1:,} MB." if size else ""
    return OperationalError(
        f"{target} stays as it was: the disk of {target.absolute().parent} {why}. What "
        f"was read is kept beside it. Make room, and run again.{need}"
    )
