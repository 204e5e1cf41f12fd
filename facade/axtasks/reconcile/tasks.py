"""Probes of writes to tasks whose response was lost. Documented for callers in README's table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from axtasks_api_beta.api.tasks import get_task, list_tasks
from axtasks_api_beta.types import UNSET, Unset

from axtasks.engine.caches import snapshot_of
from axtasks.engine.effects import Applied, Flow, NotObserved, Undecided, send
from axtasks.engine.server_clock import MOST_SKEW, sent_after, with_date
from axtasks.errors import AxError, ConflictError, NotFoundError
from axtasks.inputs.task_bodies import UPDATES, check_applicable
from axtasks.pagination.cursor import follow
from axtasks.validation import LARGEST_PAGE, LONGEST_NAME_FILTER

if TYPE_CHECKING:
    from axtasks_api_beta.models import CreateRunExperimentTaskRequest, Task

    from axtasks.engine.caches import TaskSnapshot
    from axtasks.engine.context import ClientContext
    from axtasks.inputs.task_bodies import EvaluationBody, UpdateBody


def shows(wanted: object, seen: object) -> bool:
    """Whether JSON that was read has everything that was sent. The server may add to it; absent and null are alike."""
    if isinstance(wanted, dict):
        return isinstance(seen, dict) and all(shows(value, seen.get(name)) for name, value in wanted.items())
    if isinstance(wanted, list):
        return (
            isinstance(seen, list)
            and len(wanted) == len(seen)
            and all(shows(*pair) for pair in zip(wanted, seen, strict=True))
        )
    return wanted == seen


@dataclass(frozen=True, slots=True)
class CreateTaskProbe:
    """A task that may have been created: found by its name, which is unique, and its content.

    Attributes:
        body: what was sent.
    """

    body: EvaluationBody | CreateRunExperimentTaskRequest
    is_repeatable = True

    def check(
        self, context: ClientContext, sent_at: float, *, refused: bool = False
    ) -> Flow[Applied[Task] | NotObserved | Undecided]:
        """The task with that name and content, if it is no older than the sending."""
        del refused
        wanted = self.body.to_dict()
        alike: list[Task] = []
        cursor: str | Unset = UNSET
        followed: set[str] = set()
        while True:
            page = yield from send(
                with_date(list_tasks.operation),
                name=self.body.name[:LONGEST_NAME_FILTER],
                project_id=wanted.get("project_id", UNSET),
                dataset_id=wanted.get("dataset_id", UNSET),
                limit=LARGEST_PAGE,
                cursor=cursor,
            )
            earliest = yield from sent_after(page, sent_at)
            for task in page.value.tasks:
                is_new = earliest is None or task.created_at >= earliest
                if is_new and shows(wanted, task.to_dict()):
                    return Applied(task)
                if self._is_alike(task) and (earliest is None or task.created_at >= earliest - MOST_SKEW):
                    alike.append(task)
            following = follow(page.value, followed, "tasks", most_pages=context.settings.limits.pages)
            if following is None:
                break
            cursor = following
        # The server may have its own way of writing things down, and more than one clock.
        return Undecided("there is a task of that name, made at about that time", alike) if alike else NotObserved()

    def _is_alike(self, task: Task) -> bool:
        """Whether a task has what neither the server nor an update can have changed about it."""
        return task.name == self.body.name and (not task.type.is_known or task.type == self.body.type)

    def may_echo(self, error: AxError) -> bool:
        """A taken name."""
        return isinstance(error, ConflictError)


@dataclass(frozen=True, slots=True)
class UpdateTaskProbe:
    """A task that may have been updated: its fields say so. Setting them twice comes to the same as once.

    Attributes:
        task_id: its id.
        before: the task as it was last seen before the update, if it was.
        body: what was sent.
    """

    task_id: str
    before: TaskSnapshot | None
    body: UpdateBody
    is_repeatable = True

    def check(
        self, context: ClientContext, sent_at: float, *, refused: bool = False
    ) -> Flow[Applied[Task] | NotObserved | Undecided]:
        """The task, if it has the new values.

        Raises:
            NotApplicableError: a field does not apply to it, so nothing came of the update.
        """
        del refused
        seen = yield from send(with_date(get_task.operation), self.task_id)
        task = seen.value
        self._check_applicable(context, task, sent_at)
        # What was there before may look like what was sent, and have more: lists and configurations are replaced whole.
        if self.before is not None and task.updated_at == self.before.updated_at:
            return NotObserved()
        earliest = yield from sent_after(seen, sent_at)
        if earliest is not None and task.updated_at < earliest:
            # Should clocks go differently, it is still no more than a later update of the same.
            return NotObserved()
        if shows(self.body.to_dict(), task.to_dict()):
            return Applied(task)
        return Undecided("the task was changed meanwhile, or just before, and has other values now", [task])

    def _check_applicable(self, context: ClientContext, task: Task, sent_at: float) -> None:
        """Refuses what no server carries out, whatever the task shows: fields that tasks of its type do not have."""
        if task.type.is_known:
            given = {field.name: value for field, value in self.body.present()}
            check_applicable(
                snapshot_of(task, requested_at=sent_at), UPDATES.of_type(task.type), given, context.dialect
            )

    def may_echo(self, error: AxError) -> bool:
        """Nothing: the new values do not stand in their own way."""
        del error
        return False


@dataclass(frozen=True, slots=True)
class DeleteTaskProbe:
    """A task that may have been deleted: then it is gone, and ids are not given twice.

    Attributes:
        task_id: its id.
    """

    task_id: str
    is_repeatable = True

    def check(
        self, context: ClientContext, sent_at: float, *, refused: bool = False
    ) -> Flow[Applied[None] | NotObserved | Undecided]:
        """None, if the task is gone."""
        del context, sent_at, refused
        try:
            yield from send(get_task.operation, self.task_id)
        except NotFoundError:
            return Applied(None)
        return NotObserved()

    def may_echo(self, error: AxError) -> bool:
        """A task that is gone."""
        return isinstance(error, NotFoundError)
