"""Results of a wait for several runs, and the errors that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks.errors import RunTimeoutError

from .outcome import last_error_note, listed

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from axtasks_api_beta.models import TaskRun

    from axtasks.errors import AxError


class WaitResults:
    """What has been seen of runs that are waited for together.

    Args:
        order: their ids in the order given, each once.
    """

    def __init__(self, order: Sequence[str]) -> None:
        self.order = order
        # The runs as they were last seen, those of them that have ended, and why the others cannot be read, if so.
        self.runs: dict[str, TaskRun] = {}
        self.over: set[str] = set()
        self.refusals: dict[str, AxError] = {}

    @property
    def in_order(self) -> dict[str, TaskRun]:
        """The runs as they were last seen, by id and in the order given; without those that never were."""
        return {run_id: self.runs[run_id] for run_id in self._ordered(self.runs)}

    def told_by(self, error: AxError) -> AxError:
        """The error, with all runs as they were last seen."""
        error.runs = tuple(self.in_order.values())
        return error

    def tell_refused(self) -> None:
        """Nothing, where all runs can be read.

        Raises:
            AxError: why the first that cannot be read cannot be; carries all runs.
        """
        if not self.refusals:
            return
        error = self.refusals[self._ordered(self.refusals)[0]]
        note = self._words_on_refused()
        # It is raised again to whoever goes on after it.
        if note not in getattr(error, "__notes__", ()):
            error.add_note(note)
        raise self.told_by(error)

    def out_of_time(self, waiting: Iterable[str], *, timeout: float, trouble: AxError | None) -> AxError:
        """What the waiting ends with when its time is over.

        Args:
            waiting: the ids of the runs that are still waited for.
            timeout: how many seconds were waited.
            trouble: what the last look failed with, if it failed.
        """
        seen, waited = self.in_order, set(waiting)
        if not seen and trouble is not None:
            return trouble
        refused = f"; {self._words_on_refused()}" if self.refusals else ""
        going_on = [run for run_id, run in seen.items() if run_id in waited]
        told = listed([f"{run.id} {run.status!s}" for run in going_on])
        return RunTimeoutError(
            f"{len(waited)} of {len(self.order)} runs had not ended after {timeout:g} seconds"
            f"{': ' if told else ''}{told}; {'it goes' if len(waited) == 1 else 'they go'} on, and can be waited for"
            f" again{refused}{last_error_note(trouble)}",
            run=(going_on or list(seen.values()))[0],
            timeout_seconds=timeout,
            runs=list(seen.values()),
            finished=[run for run_id, run in seen.items() if run_id in self.over],
            unseen=[run_id for run_id in self.order if run_id not in seen],
        )

    def _words_on_refused(self) -> str:
        """Which runs cannot be read."""
        return f"{len(self.refusals)} of {len(self.order)} runs cannot be read: {listed(self._ordered(self.refusals))}"

    def _ordered(self, ids: Container[str]) -> list[str]:
        """Some of the ids, in the order given."""
        return [run_id for run_id in self.order if run_id in ids]
