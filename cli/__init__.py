"""The command line and the shell."""

from .command import main

__all__ = ["main"]
