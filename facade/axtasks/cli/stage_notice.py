"""The notice of the stage that the contract is in, shown by the command line once a day."""

from __future__ import annotations

import logging
import os
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOGGER = logging.getLogger("axtasks.alpha")
_DAY_SECONDS = 24 * 60 * 60


@contextmanager
def stage_notice(*, quiet: bool) -> Iterator[None]:
    """Show the notice at most once a day for each stage; never, if quiet."""

    def is_due(record: logging.LogRecord) -> bool:
        return not quiet and _is_due(str(vars(record).get("stage", "")).lower())

    _LOGGER.addFilter(is_due)
    try:
        yield
    finally:
        _LOGGER.removeFilter(is_due)


def _is_due(stage: str) -> bool:
    """Return True if the notice was not shown within a day, and note that it is now.

    Where the folder cannot be used, it is shown each time.
    """
    with suppress(OSError, RuntimeError):
        shown = _cache_folder() / f"{stage}-notice"
        with suppress(FileNotFoundError):
            if 0 <= time.time() - shown.stat().st_mtime < _DAY_SECONDS:
                return False
        shown.parent.mkdir(parents=True, exist_ok=True)
        shown.touch()
    return True


def _cache_folder() -> Path:
    """Return the folder that the user's programs may keep things in which can be lost.

    Raises:
        RuntimeError: the home folder is unknown.
    """
    variable, usual = {"win32": ("LOCALAPPDATA", "AppData/Local"), "darwin": ("", "Library/Caches")}.get(
        sys.platform, ("XDG_CACHE_HOME", ".cache")
    )
    given = Path(os.environ.get(variable, ""))
    return (given if given.is_absolute() else Path.home() / usual) / "ax-tasks"
