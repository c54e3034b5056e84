"""Small files of the user's own: written whole, and read by nobody else."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from ..errors import InterfaceError

_OTHERS = 0o077


def written(path: Path, content: bytes) -> None:
    """Put `content` there, whole or not at all, for this user only.

    Raises InterfaceError if that cannot be.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # mkstemp lets nobody else read the file, whatever the umask.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with open(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)
            raise
    except OSError as error:
        raise InterfaceError(f"{path} cannot be written ({error.strerror}).") from error


def private(path: Path) -> bytes | None:
    """What is in a file that only this user may read; None if there is none.

    Raises InterfaceError if others may read it, or it is not this user's. On Windows
    that is left to the rights of the user's folder.
    """
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            if os.name == "posix":
                if about.st_mode & _OTHERS:
                    raise InterfaceError(
                        f"{path} can be read by others (mode "
                        f"{about.st_mode & 0o777:o}), so the secrets in it are not "
                        f"used. Type: chmod 600 '{path}'; if others did read it, sign "
                        "in anew: pipedrive-sql login"
                    )
                if about.st_uid != os.getuid():
                    raise InterfaceError(
                        f"{path} belongs to another user, so the secrets in it are "
                        "not used. Sign in as yourself: pipedrive-sql login"
                    )
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InterfaceError(f"{path} cannot be read ({error.strerror}).") from error
