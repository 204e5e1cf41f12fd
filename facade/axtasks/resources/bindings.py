"""The resource classes of both clients: which flow stands behind each method."""

from __future__ import annotations

from . import create_task, lookups, raw_request, runs, tasks, trigger_run, trigger_runs, wait_for_run
from .bind import AsyncResource, SyncResource, awaiting, blocking
from .wait_for_runs import as_completed, wait_for_runs


class Tasks(SyncResource):
    """Tasks and their runs."""

    list = blocking(tasks.list_tasks)
    create_evaluation_task = blocking(create_task.create_evaluation_task)
    create_run_experiment_task = blocking(create_task.create_run_experiment_task)
    get = blocking(tasks.get_task)
    update = blocking(tasks.update_task)
    delete = blocking(tasks.delete_task)
    trigger_run = blocking(trigger_run.trigger_run)
    trigger_runs = blocking(trigger_runs.trigger_runs)
    list_runs = blocking(runs.list_runs)
    get_run = blocking(runs.get_run)
    cancel_run = blocking(runs.cancel_run)
    wait_for_run = blocking(wait_for_run.wait_for_run)
    wait_for_runs = blocking(wait_for_runs)
    as_completed = blocking(as_completed)


class AsyncTasks(AsyncResource):
    """Tasks and their runs."""

    list = awaiting(tasks.list_tasks)
    create_evaluation_task = awaiting(create_task.create_evaluation_task)
    create_run_experiment_task = awaiting(create_task.create_run_experiment_task)
    get = awaiting(tasks.get_task)
    update = awaiting(tasks.update_task)
    delete = awaiting(tasks.delete_task)
    trigger_run = awaiting(trigger_run.trigger_run)
    trigger_runs = awaiting(trigger_runs.trigger_runs)
    list_runs = awaiting(runs.list_runs)
    get_run = awaiting(runs.get_run)
    cancel_run = awaiting(runs.cancel_run)
    wait_for_run = awaiting(wait_for_run.wait_for_run)
    wait_for_runs = awaiting(wait_for_runs)
    as_completed = awaiting(as_completed)


class Spaces(SyncResource):
    """Spaces."""

    list = blocking(lookups.list_spaces)
    get = blocking(lookups.get_space)


class AsyncSpaces(AsyncResource):
    """Spaces."""

    list = awaiting(lookups.list_spaces)
    get = awaiting(lookups.get_space)


class Projects(SyncResource):
    """Projects."""

    list = blocking(lookups.list_projects)
    get = blocking(lookups.get_project)


class AsyncProjects(AsyncResource):
    """Projects."""

    list = awaiting(lookups.list_projects)
    get = awaiting(lookups.get_project)


class Datasets(SyncResource):
    """Datasets."""

    list = blocking(lookups.list_datasets)
    get = blocking(lookups.get_dataset)


class AsyncDatasets(AsyncResource):
    """Datasets."""

    list = awaiting(lookups.list_datasets)
    get = awaiting(lookups.get_dataset)


class Experiments(SyncResource):
    """Experiments."""

    list = blocking(lookups.list_experiments)
    get = blocking(lookups.get_experiment)


class AsyncExperiments(AsyncResource):
    """Experiments."""

    list = awaiting(lookups.list_experiments)
    get = awaiting(lookups.get_experiment)


class Evaluators(SyncResource):
    """Evaluators."""

    list = blocking(lookups.list_evaluators)
    get = blocking(lookups.get_evaluator)


class AsyncEvaluators(AsyncResource):
    """Evaluators."""

    list = awaiting(lookups.list_evaluators)
    get = awaiting(lookups.get_evaluator)


class Raw(SyncResource, prefix=""):
    """Requests of one's own."""

    request = blocking(raw_request.request)


class AsyncRaw(AsyncResource, prefix=""):
    """Requests of one's own."""

    request = awaiting(raw_request.request)
