"""Results of waits for runs, and the errors that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks.errors import RequestTimeoutError, RunTimeoutError
from axtasks.text import in_seconds

from .outcome import describe_status, join_first, last_error_note

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from axtasks_api.models import TaskRun

    from axtasks.errors import AxError


class WaitResults:
    """The runs of a wait as last read, by their ids in the order given."""

    def __init__(self, run_ids: Sequence[str]) -> None:
        self.run_ids = run_ids
        self.runs: dict[str, TaskRun] = {}
        self.ended: set[str] = set()
        # Why runs cannot be read, by id.
        self.unreadable: dict[str, AxError] = {}

    @property
    def ordered_runs(self) -> dict[str, TaskRun]:
        """The runs as last read, by id and in the order given; without those not read yet."""
        return {run_id: self.runs[run_id] for run_id in self._ordered(self.runs)}

    def attach_runs(self, error: AxError) -> AxError:
        """Attach all runs as last read to an error, and return it."""
        error.runs = tuple(self.ordered_runs.values())
        return error

    def raise_for_unreadable(self) -> None:
        """Raise the error of the first run that cannot be read, with all runs."""
        if not self.unreadable:
            return
        error = self.unreadable[self._ordered(self.unreadable)[0]]
        note = self._unreadable_note()
        # Each further call raises the same error.
        if note not in getattr(error, "__notes__", ()):
            error.add_note(note)
        raise self.attach_runs(error)

    def timeout_error(self, unfinished: Iterable[str], *, timeout: float, poll_error: AxError | None) -> AxError:
        """Return the error that ends the wait at its timeout, with the error of the last poll, if it failed."""
        runs, unfinished = self.ordered_runs, set(unfinished)
        if not runs and poll_error is not None and not isinstance(poll_error, RequestTimeoutError):
            return poll_error
        unreadable = f"; {self._unreadable_note()}" if self.unreadable else ""
        pending = {run_id: run for run_id, run in runs.items() if run_id in unfinished}
        statuses = join_first([f"{run_id} {describe_status(run)}" for run_id, run in pending.items()])
        late = RunTimeoutError(
            f"{len(unfinished)} of {len(self.run_ids)} runs had not ended after {in_seconds(timeout)}"
            f"{': ' if statuses else ''}{statuses}; {'it goes' if len(unfinished) == 1 else 'they go'} on, and can be"
            f" waited for again{unreadable}{last_error_note(poll_error)}",
            run=next(iter((pending or runs).values()), None),
            timeout_seconds=timeout,
            runs=list(runs.values()),
            finished=[run for run_id, run in runs.items() if run_id in self.ended],
            unseen=[run_id for run_id in self.run_ids if run_id not in runs],
        )
        late.__cause__ = poll_error
        return late

    def _unreadable_note(self) -> str:
        ids = join_first(self._ordered(self.unreadable))
        return f"{len(self.unreadable)} of {len(self.run_ids)} runs cannot be read: {ids}"

    def _ordered(self, ids: Container[str]) -> list[str]:
        return [run_id for run_id in self.run_ids if run_id in ids]


def timeout_error(run_id: str, run: TaskRun | None, *, timeout: float, poll_error: AxError | None) -> AxError:
    """Return the error that ends the wait for one run at its timeout.

    Args:
        run_id: its id.
        run: the run as last read; None if it never was.
        timeout: the timeout in seconds.
        poll_error: the error of the last poll, if it failed; it is the result where a server responded with it and
            never showed the run, and the cause of the result otherwise.
    """
    if run is not None:
        late = RunTimeoutError(
            f"run {run_id} was still {describe_status(run)} after {in_seconds(timeout)}; it goes on, and can be waited"
            f" for again{last_error_note(poll_error)}",
            run=run,
            timeout_seconds=timeout,
        )
    elif poll_error is not None and not isinstance(poll_error, RequestTimeoutError):
        return poll_error
    else:
        late = RunTimeoutError(
            f"the server did not show run {run_id} within {in_seconds(timeout)}; it may go on, and can be waited for"
            f" again{last_error_note(poll_error)}",
            run=None,
            timeout_seconds=timeout,
            unseen=[run_id],
        )
    late.__cause__ = poll_error
    return late
