"""Errors about runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .root import AxError

if TYPE_CHECKING:
    from axtasks_api.models import TaskRun


class RunError(AxError):
    """About a run.

    Attributes:
        run: the run as it was last seen.
    """

    def __init__(self, message: str, *, run: TaskRun) -> None:
        super().__init__(message)
        self.run = run


class RunTimeoutError(RunError, TimeoutError):
    """The run did not end in time. It goes on; waiting for it again is safe.

    Attributes:
        timeout_seconds: how long was waited.
    """

    def __init__(self, message: str, *, run: TaskRun, timeout_seconds: float) -> None:
        super().__init__(message, run=run)
        self.timeout_seconds = timeout_seconds


class RunFailedError(RunError):
    """The run ended failed: the work itself broke."""


class RunCancelledError(RunError):
    """The run ended cancelled: by someone, or since there was nothing to do."""


class UnknownRunStatusError(RunError):
    """The run is in a status that this version does not know, so it cannot tell whether the run has ended."""
