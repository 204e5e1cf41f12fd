"""List, get and cancel runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks_api import models
from axtasks_api.api.task_runs import cancel_task_run as cancel_operation
from axtasks_api.api.task_runs import get_task_run as get_operation
from axtasks_api.api.task_runs import list_task_runs as list_operation
from axtasks_api.types import UNSET

from axtasks.engine.attempts import send, write
from axtasks.pagination.page import PageKinds, first_page
from axtasks.pagination.resource_pages import AsyncTaskRunPage, TaskRunPage
from axtasks.reconcile.runs import CancelRunProbe
from axtasks.resolution.ids import RUN, expect_id, explain_name
from axtasks.resolution.kinds import TASK
from axtasks.resolution.resolver import resolve
from axtasks.validation import enum_member, page_size, reference

if TYPE_CHECKING:
    from axtasks_api.models import TaskRun, TaskRunStatus
    from axtasks_api.models.task_run_status import TaskRunStatusText

    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow
    from axtasks.pagination.page import Paged


RUN_PAGES = PageKinds(TaskRunPage, AsyncTaskRunPage)


def list_runs(
    context: ClientContext,
    task: str,
    *,
    space: str | None = None,
    status: TaskRunStatus | TaskRunStatusText | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Flow[Paged[TaskRunPage, AsyncTaskRunPage]]:
    """One page of a task's runs, newest first; iterating over it goes on through all pages.

    Args:
        task: the task's name or id.
        space: name or id of the space that a name is looked up in.
        status: only runs in this status, as member or text.
        limit: the most runs on one page, from 1 to 100.
        cursor: where to go on, from an earlier page.

    Raises:
        InvalidArgumentError: an argument cannot be sent.
        ResolutionError: the name or id leads nowhere, or to several tasks.
        APIError: the server refused.
    """
    limit = page_size(limit)
    status_filter = UNSET if status is None else enum_member("status", models.TaskRunStatus, status)
    task_id = yield from resolve(context, TASK, task, space=space)
    return (
        yield from first_page(
            context,
            RUN_PAGES,
            lambda context, at: send(
                context, list_operation.operation, task_id, status=status_filter, limit=limit, cursor=at
            ),
            cursor=cursor,
        )
    )


def get_run(context: ClientContext, run_id: str) -> Flow[TaskRun]:
    """A run by its id.

    Args:
        run_id: its id; runs have no names.

    Raises:
        InvalidArgumentError: it is text that is no id.
        WrongKindError: it is the id of something else.
        NotFoundError: there is no such run.
        APIError: the server refused otherwise.
    """
    expect_id(reference("run_id", run_id), RUN)
    return (yield from explain_name(send(context, get_operation.operation, run_id), run_id))


def cancel_run(context: ClientContext, run_id: str) -> Flow[TaskRun]:
    """Cancel a run that is pending or running, and return it.

    Args:
        run_id: its id; runs have no names.

    Raises:
        InvalidArgumentError: it is text that is no id.
        WrongKindError: it is the id of something else.
        BadRequestError: the run has already ended.
        NotFoundError: there is no such run.
        AmbiguousOutcomeError: the answer was lost, and whether the run was cancelled cannot be told.
        APIError: the server refused otherwise.
    """
    expect_id(reference("run_id", run_id), RUN)
    cancelled = write(context, CancelRunProbe(run_id), cancel_operation.operation, run_id)
    return (yield from explain_name(cancelled, run_id))
