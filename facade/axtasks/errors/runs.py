"""Errors about runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .root import AxError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from axtasks_api_beta.models import TaskRun


class RunError(AxError):
    """About a run, or about several that were waited for together.

    Attributes:
        run: the run as it was last seen; of several the first that the error is about.
        runs: all that were waited for as they were last seen, in the order they were given in.
    """

    def __init__(self, message: str, *, run: TaskRun, runs: Sequence[TaskRun] = ()) -> None:
        super().__init__(message)
        self.run = run
        self.runs = tuple(runs) or (run,)


class RunTimeoutError(RunError, TimeoutError):
    """The run did not end in time, or not all runs did. What has not ended goes on; waiting again is safe.

    Attributes:
        timeout_seconds: how long was waited.
        finished: those of the runs that have ended.
        unfinished: those that were still going on.
        unseen: the ids of those that the server did not show in all the time.
    """

    def __init__(
        self,
        message: str,
        *,
        run: TaskRun,
        timeout_seconds: float,
        runs: Sequence[TaskRun] = (),
        finished: Sequence[TaskRun] = (),
        unseen: Sequence[str] = (),
    ) -> None:
        super().__init__(message, run=run, runs=runs)
        self.timeout_seconds = timeout_seconds
        self.finished = tuple(finished)
        ended = {one.id for one in finished}
        self.unfinished = tuple(one for one in self.runs if one.id not in ended)
        self.unseen = tuple(unseen)


class RunFailedError(RunError):
    """The run ended failed: the work itself broke."""


class RunCancelledError(RunError):
    """The run ended cancelled: by someone, or since there was nothing to do."""


class UnknownRunStatusError(RunError):
    """The run is in a status that this version does not know, so it cannot tell whether the run has ended."""
