"""The resource classes of both clients: the flow of each method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    create_task,
    ensure_run,
    integrations,
    lookups,
    raw_request,
    runs,
    tasks,
    trigger_run,
    trigger_runs,
    versions,
    wait_for_run,
)
from .backfill import backfill
from .bind import AsyncResource, SyncResource, async_method, async_pages, blocking_method, blocking_pages
from .stage import warn_of_stage
from .wait_for_runs import as_completed, wait_for_runs
from .watch import RunWatch

if TYPE_CHECKING:
    from axtasks.engine.drivers import AsyncDriver, SyncDriver


class Tasks(SyncResource):
    """Tasks and their runs."""

    def __init__(self, driver: SyncDriver) -> None:
        driver.context.dialect.when_spoken(warn_of_stage)
        super().__init__(driver)

    list = blocking_pages(tasks.list_tasks)
    create_evaluation_task = blocking_method(create_task.create_evaluation_task)
    create_run_experiment_task = blocking_method(create_task.create_run_experiment_task)
    get = blocking_method(tasks.get_task)
    update = blocking_method(tasks.update_task)
    delete = blocking_method(tasks.delete_task)
    trigger_run = blocking_method(trigger_run.trigger_run)
    trigger_runs = blocking_method(trigger_runs.trigger_runs)
    ensure_run = blocking_method(ensure_run.ensure_run)
    list_runs = blocking_pages(runs.list_runs)
    get_run = blocking_method(runs.get_run)
    cancel_run = blocking_method(runs.cancel_run)
    wait_for_run = blocking_method(wait_for_run.wait_for_run)
    wait_for_runs = blocking_method(wait_for_runs)
    as_completed = blocking_pages(as_completed)
    backfill = blocking_pages(backfill)


class AsyncTasks(AsyncResource):
    """Tasks and their runs."""

    def __init__(self, driver: AsyncDriver) -> None:
        driver.context.dialect.when_spoken(warn_of_stage)
        super().__init__(driver)

    list = async_pages(tasks.list_tasks)
    create_evaluation_task = async_method(create_task.create_evaluation_task)
    create_run_experiment_task = async_method(create_task.create_run_experiment_task)
    get = async_method(tasks.get_task)
    update = async_method(tasks.update_task)
    delete = async_method(tasks.delete_task)
    trigger_run = async_method(trigger_run.trigger_run)
    trigger_runs = async_method(trigger_runs.trigger_runs)
    ensure_run = async_method(ensure_run.ensure_run)
    list_runs = async_pages(runs.list_runs)
    get_run = async_method(runs.get_run)
    cancel_run = async_method(runs.cancel_run)
    wait_for_run = async_method(wait_for_run.wait_for_run)
    wait_for_runs = async_method(wait_for_runs)
    as_completed = async_pages(as_completed)
    backfill = async_pages(backfill)

    def watch(self, *, poll_interval: float | None = None) -> RunWatch:
        """Wait for runs that are not all known at first: `async with ax.tasks.watch() as watch`.

        `await watch.wait(run)` returns a run once it has ended. Any task of the event loop may wait for any run at any
        time, and one request tells of all runs of a task. Without waiters there are no requests.

        Args:
            poll_interval: seconds between two looks at the runs of a task; as in `wait_for_runs` when left out.

        Raises:
            InvalidArgumentError: the number of seconds is not positive.
        """
        return RunWatch(self._driver, poll_interval=poll_interval)


class Spaces(SyncResource):
    """Spaces."""

    list = blocking_pages(lookups.list_spaces)
    get = blocking_method(lookups.get_space)


class AsyncSpaces(AsyncResource):
    """Spaces."""

    list = async_pages(lookups.list_spaces)
    get = async_method(lookups.get_space)


class Projects(SyncResource):
    """Projects."""

    list = blocking_pages(lookups.list_projects)
    get = blocking_method(lookups.get_project)


class AsyncProjects(AsyncResource):
    """Projects."""

    list = async_pages(lookups.list_projects)
    get = async_method(lookups.get_project)


class Datasets(SyncResource):
    """Datasets."""

    list = blocking_pages(lookups.list_datasets)
    get = blocking_method(lookups.get_dataset)


class AsyncDatasets(AsyncResource):
    """Datasets."""

    list = async_pages(lookups.list_datasets)
    get = async_method(lookups.get_dataset)


class Experiments(SyncResource):
    """Experiments."""

    list = blocking_pages(lookups.list_experiments)
    get = blocking_method(lookups.get_experiment)


class AsyncExperiments(AsyncResource):
    """Experiments."""

    list = async_pages(lookups.list_experiments)
    get = async_method(lookups.get_experiment)


class Evaluators(SyncResource):
    """Evaluators."""

    list = blocking_pages(lookups.list_evaluators)
    get = blocking_method(lookups.get_evaluator)
    list_versions = blocking_pages(versions.list_evaluator_versions)
    get_version = blocking_method(versions.get_evaluator_version)


class AsyncEvaluators(AsyncResource):
    """Evaluators."""

    list = async_pages(lookups.list_evaluators)
    get = async_method(lookups.get_evaluator)
    list_versions = async_pages(versions.list_evaluator_versions)
    get_version = async_method(versions.get_evaluator_version)


class AiIntegrations(SyncResource):
    """AI integrations."""

    list = blocking_pages(integrations.list_ai_integrations)
    get = blocking_method(integrations.get_ai_integration)


class AsyncAiIntegrations(AsyncResource):
    """AI integrations."""

    list = async_pages(integrations.list_ai_integrations)
    get = async_method(integrations.get_ai_integration)


class Integrations(SyncResource):
    """Integrations of all kinds."""

    list = blocking_pages(integrations.list_integrations)
    get = blocking_method(integrations.get_integration)


class AsyncIntegrations(AsyncResource):
    """Integrations of all kinds."""

    list = async_pages(integrations.list_integrations)
    get = async_method(integrations.get_integration)


class Prompts(SyncResource):
    """Prompts and their versions."""

    list = blocking_pages(versions.list_prompts)
    get = blocking_method(versions.get_prompt)
    list_versions = blocking_pages(versions.list_prompt_versions)
    get_version = blocking_method(versions.get_prompt_version)


class AsyncPrompts(AsyncResource):
    """Prompts and their versions."""

    list = async_pages(versions.list_prompts)
    get = async_method(versions.get_prompt)
    list_versions = async_pages(versions.list_prompt_versions)
    get_version = async_method(versions.get_prompt_version)


class Raw(SyncResource, prefix=""):
    """Requests of your own."""

    request = blocking_method(raw_request.request)


class AsyncRaw(AsyncResource, prefix=""):
    """Requests of your own."""

    request = async_method(raw_request.request)
