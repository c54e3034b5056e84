"""The lines typed in the shell, kept between sessions in the user's own folder."""

import os
from pathlib import Path

import platformdirs


def history_file() -> str:
    """A file that only its owner can read, or the null device if there can be none."""
    folder = Path(platformdirs.user_state_dir("pipedrive-sql", appauthor=False))
    path = folder / "history"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
    except OSError:
        return os.devnull
    return str(path)
