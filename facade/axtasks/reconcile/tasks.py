"""Probes of task writes whose response was lost, as the table of docs/guides/retries.md documents them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from axtasks_api.api.tasks import get_task, list_tasks
from axtasks_api.codec import has
from axtasks_api.types import UNSET, Unset

from axtasks.engine.attempts import send
from axtasks.engine.caches import snapshot_of
from axtasks.engine.effects import Applied, Flow, NotObserved, Undecided
from axtasks.engine.server_clock import MOST_SKEW, sent_after, shifted, with_date
from axtasks.errors import AxError, ConflictError, NotFoundError
from axtasks.inputs.task_bodies import UPDATES, check_applicable
from axtasks.pagination.cursor import each_page
from axtasks.validation import LARGEST_PAGE, LONGEST_NAME_FILTER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from axtasks_api.codec import Model
    from axtasks_api.models import CreateRunExperimentTaskRequest, Task

    from axtasks.engine.caches import TaskSnapshot
    from axtasks.engine.context import ClientContext
    from axtasks.inputs.task_bodies import EvaluationBody, UpdateBody
    from axtasks.pagination.cursor import ListResponse


def has_values(model: Model, sent: Mapping[str, object]) -> bool:
    """Return True if a model has all fields that were sent, with these values. One that is missing has none."""
    found = model.to_dict()
    return all(name in found and contains(found[name], value) for name, value in sent.items())


def contains(found: object, sent: object) -> bool:
    """Return True if JSON has all that was sent; the server may add fields, and absent and null are equal within it."""
    if isinstance(sent, dict):
        return isinstance(found, dict) and all(contains(found.get(name), value) for name, value in sent.items())
    if isinstance(sent, list):
        return (
            isinstance(found, list)
            and len(found) == len(sent)
            and all(contains(*pair) for pair in zip(found, sent, strict=True))
        )
    return found == sent


@dataclass(frozen=True, slots=True)
class CreateTaskProbe:
    """Find a created task by its name, which is unique, and the content of the request's body."""

    body: EvaluationBody | CreateRunExperimentTaskRequest
    is_repeatable = True

    def check(
        self, context: ClientContext, sent_at: float, *, refused: bool = False
    ) -> Flow[Applied[Task] | NotObserved | Undecided]:
        """Return the task with that name and content, if it is no older than the request."""
        del refused
        fields = self.body.to_dict()
        created: Task | None = None
        similar: list[Task] = []

        def read(cursor: str | Unset) -> Flow[ListResponse | None]:
            nonlocal created
            page = yield from send(
                context,
                with_date(list_tasks.operation),
                name=self.body.name[:LONGEST_NAME_FILTER],
                project_id=fields.get("project_id", UNSET),
                dataset_id=fields.get("dataset_id", UNSET),
                limit=LARGEST_PAGE,
                cursor=cursor,
            )
            earliest = sent_after(page, sent_at, context.clock)
            for task in page.value.tasks:
                if _is_since(task, earliest) and has_values(task, fields):
                    created = task
                    return None
                if self._is_similar(task) and not _is_before(task, earliest):
                    similar.append(task)
            return page.value

        yield from each_page(read, "tasks", most_pages=context.settings.limits.pages)
        if created is not None:
            return Applied(created)
        # The server may rewrite values, and have more than one clock.
        return Undecided("there is a task of that name, made at about that time", similar) if similar else NotObserved()

    def _is_similar(self, task: Task) -> bool:
        """Return True if a task may have the values that neither the server nor an update can have changed."""
        has_name = not has(task, "name") or task.name == self.body.name
        return has_name and (not has(task, "type") or not task.type.is_known or task.type == self.body.type)

    def may_echo(self, error: AxError) -> bool:
        """Return True for a taken name."""
        return isinstance(error, ConflictError)


def _is_since(task: Task, earliest: datetime | None) -> bool:
    """Return True if a task is known to be no older than the request; any is if the server sends no `Date`."""
    return earliest is None or (has(task, "created_at") and task.created_at >= earliest)


def _is_before(task: Task, earliest: datetime | None) -> bool:
    """Return True if a task is known to be older than the request, whatever the clocks."""
    return earliest is not None and has(task, "created_at") and task.created_at < shifted(earliest, -MOST_SKEW)


@dataclass(frozen=True, slots=True)
class UpdateTaskProbe:
    """Detect an update by the task's fields, compared with those `before`. Setting them twice is the same as once."""

    task_id: str
    before: TaskSnapshot | None
    body: UpdateBody
    is_repeatable = True

    def check(
        self, context: ClientContext, sent_at: float, *, refused: bool = False
    ) -> Flow[Applied[Task] | NotObserved | Undecided]:
        """Return the task, if it has the new values.

        Raises:
            NotApplicableError: a field does not apply to it, so the update was not applied.
        """
        del refused
        response = yield from send(context, with_date(get_task.operation), self.task_id)
        task = response.value
        self._check_applicable(context, task, sent_at)
        if not has(task, "updated_at"):
            # A repeated update sets the same values.
            return NotObserved()
        # Lists and configurations are replaced whole: the old task may contain the sent fields, and more.
        if self.before is not None and task.updated_at == self.before.updated_at:
            return NotObserved()
        earliest = sent_after(response, sent_at, context.clock)
        if earliest is not None and task.updated_at < earliest:
            # If the clocks differ, a repeated update still sets the same values.
            return NotObserved()
        if has_values(task, self.body.to_dict()):
            return Applied(task)
        return Undecided("the task was changed meanwhile, or just before, and has other values now", [task])

    def _check_applicable(self, context: ClientContext, task: Task, sent_at: float) -> None:
        """Raise NotApplicableError for fields that tasks of this type do not have."""
        if has(task, "type") and task.type.is_known:
            fields = {field.name: value for field, value in self.body.present()}
            snapshot = snapshot_of(self.task_id, task, requested_at=sent_at)
            check_applicable(snapshot, UPDATES.of_type(task.type), fields, context.dialect)

    def may_echo(self, error: AxError) -> bool:
        """Return False: a repeated update does not conflict with the first."""
        del error
        return False


@dataclass(frozen=True, slots=True)
class DeleteTaskProbe:
    """Detect a deletion by a 404; ids are not reused."""

    task_id: str
    is_repeatable = True

    def check(
        self, context: ClientContext, sent_at: float, *, refused: bool = False
    ) -> Flow[Applied[None] | NotObserved | Undecided]:
        """Return `Applied(None)` if the task is gone."""
        del sent_at, refused
        try:
            yield from send(context, get_task.operation, self.task_id)
        except NotFoundError:
            return Applied(None)
        return NotObserved()

    def may_echo(self, error: AxError) -> bool:
        """Return True for a task that is gone."""
        return isinstance(error, NotFoundError)
