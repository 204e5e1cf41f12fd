"""Search for the run of an earlier call: by its window, by the time it was triggered, or by its experiment's name."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, NamedTuple

from axtasks_api.api.task_runs import list_task_runs

from axtasks.engine.attempts import send
from axtasks.engine.server_clock import MOST_SKEW, SLACK, shifted, with_date
from axtasks.errors import FutureTimeError
from axtasks.pagination.cursor import each_page
from axtasks.polling.outcome import is_under_way
from axtasks.validation import LARGEST_PAGE

from .runs import find_experiment, has_bounds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from axtasks_api.models import TaskRun
    from axtasks_api.types import Unset

    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow
    from axtasks.pagination.cursor import ListResponse

# Of a task whose runs are searched without a time.
MOST_RUNS = 100
# A run is queued before its experiment is created; one that was queued for longer is not looked for.
LONGEST_QUEUE = timedelta(days=1)


class RunKey(NamedTuple):
    """The attributes by which the runs of an evaluation are found.

    Attributes:
        window: both ends of the window; None over a dataset, whose runs tell nothing of what was asked for.
        since: only runs created since then count.
        is_telling: False if runs that were found may have been triggered for something else.
        skew: how much earlier than `since` a run may be created and count, as clocks differ.
    """

    window: tuple[datetime, datetime] | None
    since: datetime | None
    is_telling: bool
    skew: timedelta = MOST_SKEW

    @property
    def earliest(self) -> datetime | None:
        """The time before which no run counts; None where all do."""
        # In UTC, since Python counts in local time, which leaves out or repeats an hour for daylight saving.
        return None if self.since is None else shifted(self.since.astimezone(UTC), -self.skew)

    def fits(self, run: TaskRun) -> bool:
        """Return True if a run has the key."""
        return self.window is None or has_bounds(run, self.window)


def search_runs(
    context: ClientContext, task_id: str, key: RunKey, *, until: datetime | None = None
) -> Flow[list[TaskRun]]:
    """Return the runs that have the key, newest first.

    Args:
        context: what the flows of the client share.
        task_id: the id of the task.
        key: the key.
        until: the time before which no run matters, if that is later than the time of the key.

    Raises:
        FutureTimeError: by the server's clock the end of the window or `since` is still to come.
    """
    if key.earliest is not None:
        # A run that did not count before a trigger is none of a caller at the same time either.
        until = key.earliest if until is None else max(key.earliest, until)
    found: dict[str, TaskRun] = {}
    read_runs = 0

    def read(cursor: str | Unset) -> Flow[ListResponse | None]:
        nonlocal read_runs
        page = yield from send(context, with_date(list_task_runs.operation), task_id, limit=LARGEST_PAGE, cursor=cursor)
        _check_not_to_come(key, page.date)
        for run in page.value.task_runs:
            if (until is None or run.created_at >= until) and key.fits(run):
                found[run.id] = run
        read_runs += len(page.value.task_runs)
        is_enough = read_runs >= MOST_RUNS if until is None else has_older(page.value.task_runs, until)
        return None if is_enough else page.value

    yield from each_page(read, "runs", most_pages=context.settings.limits.pages)
    return list(found.values())


def has_older(runs: Iterable[TaskRun], time: datetime) -> bool:
    """Return True if one of the runs of a page was created before a time: those of all later pages were too."""
    return any(run.created_at < time for run in runs)


def _check_not_to_come(key: RunKey, now: datetime | None) -> None:
    """Refuse a window that has not ended, whose data is not complete, and a `since` that no run could meet."""
    if now is None:
        return
    if key.window is not None and key.window[1] > shifted(now, SLACK):
        raise FutureTimeError(
            f"data_end_time ({key.window[1]}) is in the future, as the server's clock shows {now}: a run over data that"
            " is still to come cannot stand for the whole window"
        )
    if key.since is not None and key.since > shifted(now, MOST_SKEW):
        raise FutureTimeError(f"since ({key.since}) is in the future, as the server's clock shows {now}")


class MissingRun(NamedTuple):
    """No run has the experiment of the name; it may still appear, if the experiment is not complete."""

    may_appear: bool


def find_by_experiment(
    context: ClientContext, task_id: str, name: str, *, dataset_id: str | None
) -> Flow[TaskRun | MissingRun]:
    """Return the run of a task whose experiment over a dataset has a name."""
    experiment = yield from find_experiment(context, name, dataset_id=dataset_id)
    if experiment is None:
        return MissingRun(may_appear=True)
    # A run is created before its experiment. Those after it, by whatever clock, do not matter.
    latest, until = shifted(experiment.created_at, MOST_SKEW), shifted(experiment.created_at, -LONGEST_QUEUE)
    is_pending = False
    found: TaskRun | None = None

    def read(cursor: str | Unset) -> Flow[ListResponse | None]:
        nonlocal found, is_pending
        page = yield from send(context, list_task_runs.operation, task_id, limit=LARGEST_PAGE, cursor=cursor)
        for run in page.task_runs:
            if run.experiment_id == experiment.id:
                found = run
            is_pending |= run.experiment_id is None and is_under_way(run) and run.created_at <= latest
        return None if found is not None or has_older(page.task_runs, until) else page

    yield from each_page(read, "runs", most_pages=context.settings.limits.pages)
    return found or MissingRun(may_appear=is_pending)
