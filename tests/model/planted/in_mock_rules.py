"""Bugs to plant in the state and the rules of the mock server."""

from __future__ import annotations

from .bug import PlantedBug

NAMES_AND_DELETION = (
    PlantedBug(
        "rename-takes-a-taken-name",
        "C8: a name is unique within its space, on update as well",
        "mock/operations/rules/evaluators.py",
        "if holder is not None and (task is None or holder != task.id):",
        "if holder is not None and task is None:",
    ),
    PlantedBug(
        "taken-name-is-422",
        "C8, J1: a taken name is a 409",
        "mock/problems.py",
        "HTTPStatus.CONFLICT, detail",
        "HTTPStatus.UNPROCESSABLE_ENTITY, detail",
    ),
    PlantedBug(
        "taken-experiment-name-is-201",
        "C25: an experiment name is unique within its dataset",
        "mock/operations/rules/trigger.py",
        '    check_experiment_name(state, dataset.id, body["experiment_name"])\n',
        "",
    ),
    PlantedBug(
        "old-name-stays-taken",
        "C8: a renamed task gives its name back",
        "mock/world/world.py",
        "        del self._task_names[task.space_id, task.name]\n        with self.tasks",
        "        with self.tasks",
    ),
    PlantedBug(
        "delete-keeps-the-task",
        "C38: a deleted task is gone",
        "mock/operations/tasks.py",
        "    call.world.remove_task(_task(call))\n",
        "    _task(call)\n",
    ),
    PlantedBug(
        "delete-keeps-the-runs",
        "C38, J13: the runs go with their task",
        "mock/world/world.py",
        "            self.task_runs.remove(run.id)\n",
        "",
    ),
    PlantedBug(
        "deleted-name-stays-taken",
        "C8, C38: the name of a deleted task is free",
        "mock/world/world.py",
        "        self.tasks.remove(task.id)\n        del self._task_names[task.space_id, task.name]\n",
        "        self.tasks.remove(task.id)\n",
    ),
)
BODIES = (
    PlantedBug(
        "evaluator-twice",
        "C7: an evaluator stands at most once in a list",
        "mock/operations/rules/evaluators.py",
        "        seen.add(identifier)\n",
        "",
    ),
    PlantedBug(
        "rate-of-zero-over-a-dataset",
        "C19: no rate at all is for an update of a task over a dataset",
        "mock/operations/rules/update.py",
        "body.get(field, False) is not False:",
        "body.get(field):",
    ),
    PlantedBug(
        "experiment-of-another-dataset",
        "C13, C30: the experiments of a task are over its dataset",
        "mock/operations/rules/create.py",
        "if experiment is None or experiment.dataset_id != dataset_id:",
        "if experiment is None:",
    ),
    PlantedBug(
        "filter-is-not-cleared",
        "C16: null clears the filter",
        "mock/operations/rules/update.py",
        'query_filter = body.get("query_filter", task.query_filter)',
        'query_filter = body.get("query_filter") or task.query_filter',
    ),
    PlantedBug(
        "evaluators-are-added",
        "C17: the list of evaluators is replaced",
        "mock/operations/rules/update.py",
        "else attach(state.world, evaluators)",
        "else (*task.evaluators, *attach(state.world, evaluators))",
    ),
    PlantedBug(
        "configurations-are-merged",
        "C18: nothing of the old configuration stays",
        "mock/operations/rules/update.py",
        "task.run_configuration = stored_configuration(configuration)",
        "task.run_configuration = {**(task.run_configuration or {}), **stored_configuration(configuration)}",
    ),
    PlantedBug(
        "rate-of-zero-is-lost",
        "J14: what was said at creation is kept",
        "mock/operations/rules/create.py",
        'task.sampling_rate = body.get("sampling_rate")\n',
        'task.sampling_rate = body.get("sampling_rate") or None\n',
    ),
    PlantedBug(
        "evaluator-filter-is-lost",
        "C39: an evaluator's own filter is kept as given",
        "mock/operations/rules/evaluators.py",
        '            query_filter=each.get("query_filter"),\n',
        "            query_filter=None,\n",
    ),
    PlantedBug(
        "updated-at-stands-still",
        "an update moves updated_at",
        "mock/operations/rules/update.py",
        "        task.run_configuration = stored_configuration(configuration)\n    task.updated_at = state.now\n",
        "        task.run_configuration = stored_configuration(configuration)\n",
    ),
    PlantedBug(
        "refused-update-changes-the-filter",
        "a refused write changes nothing",
        "mock/operations/rules/update.py",
        '    evaluators = body.get("evaluators")\n',
        '    task.query_filter = body.get("query_filter", task.query_filter)\n'
        '    evaluators = body.get("evaluators")\n',
    ),
)
RUNS = (
    PlantedBug(
        "thirty-days-are-too-long",
        "C26, J8: exactly 30 days is allowed",
        "mock/operations/rules/trigger.py",
        "if ends_at - starts_at > LONGEST_WINDOW:",
        "if ends_at - starts_at >= LONGEST_WINDOW:",
    ),
    PlantedBug(
        "empty-window",
        "C26: the start is before the end",
        "mock/operations/rules/trigger.py",
        "if starts_at >= ends_at and (start or end):",
        "if starts_at > ends_at and (start or end):",
    ),
    PlantedBug(
        "first-run-needs-no-start",
        "C27: the first run over a project gives its start",
        "mock/operations/rules/trigger.py",
        "if start is None and task.last_run_at is None:",
        "if start is None and end is None and task.last_run_at is None:",
    ),
    PlantedBug(
        "default-start-is-not-limited",
        "C28, J9: a default start is at most 30 days back",
        "mock/operations/rules/trigger.py",
        "start or max(task.last_run_at or now, ends_at - LONGEST_WINDOW)",
        "start or task.last_run_at or ends_at - LONGEST_WINDOW",
    ),
    PlantedBug(
        "window-end-over-a-dataset",
        "C29: no window for tasks over a dataset",
        "mock/operations/rules/trigger.py",
        'WINDOW_FIELDS = ("data_start_time", "data_end_time")',
        'WINDOW_FIELDS = ("data_start_time",)',
    ),
    PlantedBug(
        "times-without-offset",
        "C32: a time has an offset",
        "mock/clock.py",
        r"(?:[Zz]|[+-]\d{2}(?::?\d{2})?)",
        r"(?:[Zz]|[+-]\d{2}(?::?\d{2})?)?",
    ),
    PlantedBug(
        "last-run-is-forgotten",
        "J10: last_run_at is the creation time of the newest run",
        "mock/world/world.py",
        "task.last_run_at = run.created_at if task.last_run_at is None",
        "task.last_run_at = None if task.last_run_at is None",
    ),
    PlantedBug(
        "cancel-again",
        "C36, J12: a run that ended cannot be cancelled",
        "mock/operations/tasks.py",
        "    if run.status not in vocabulary.CANCELLABLE:",
        "    if run.status == vocabulary.COMPLETED:",
    ),
    PlantedBug(
        "runs-without-work-are-cancelled",
        "C37: a run that finds no work completes",
        "mock/simulation/runs.py",
        "vocabulary.CANCELLED if state.contract.has_beta_rules else vocabulary.COMPLETED",
        "vocabulary.CANCELLED",
    ),
    PlantedBug(
        "cancelled-run-goes-on",
        "C34, C36: a run that ended stays as it is",
        "mock/simulation/runs.py",
        "    state.world.free_experiment_name(run)\n    run.plan = None\n\n\ndef read(",
        "    state.world.free_experiment_name(run)\n\n\ndef read(",
    ),
    PlantedBug(
        "cancelled-without-an-end",
        "J12: run_finished_at is the moment of cancelling",
        "mock/simulation/runs.py",
        "    run.run_finished_at = state.now\n",
        "",
    ),
    PlantedBug(
        "running-without-a-start",
        "J12, C33: a run that runs has a start",
        "mock/simulation/runs.py",
        "    state.world.change_status(run, vocabulary.RUNNING)\n    run.run_started_at = moment\n",
        "    state.world.change_status(run, vocabulary.RUNNING)\n",
    ),
    PlantedBug(
        "experiment-is-not-shown",
        "C35, J26: a run that runs has its experiment",
        "mock/simulation/runs.py",
        "    run.experiment_id = experiment.id\n",
        "",
    ),
)
IN_MOCK_RULES = (*NAMES_AND_DELETION, *BODIES, *RUNS)
