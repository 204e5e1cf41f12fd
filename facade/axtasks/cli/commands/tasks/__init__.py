"""`ax tasks`: everything the documents' command line has, and what its readers would expect."""

from __future__ import annotations

from axtasks.cli.app import LazyGroup
from axtasks.cli.errors import table

_HERE = "axtasks.cli.commands.tasks"

group = LazyGroup(
    "tasks",
    help="Create, change and run tasks.",
    epilog=f"\b\nExit codes:\n{table()}",
    commands_at={
        "list": (f"{_HERE}.list:list_tasks", "List tasks."),
        "get": (f"{_HERE}.get:get", "Show a task."),
        "list-runs": (f"{_HERE}.list_runs:list_runs", "List the runs of a task."),
        "get-run": (f"{_HERE}.get_run:get_run", "Show a run."),
        "create": (f"{_HERE}.create:create", "Create a task of any type."),
        "create-evaluation": (f"{_HERE}.create_evaluation:create_evaluation", "Create an evaluation task."),
        "create-run-experiment": (
            f"{_HERE}.create_run_experiment:create_run_experiment",
            "Create a run_experiment task.",
        ),
        "update": (f"{_HERE}.update:update", "Change a task."),
        "delete": (f"{_HERE}.delete:delete", "Delete a task and its runs."),
        "trigger-run": (f"{_HERE}.trigger_run:trigger_run", "Trigger a run of a task."),
        "cancel-run": (f"{_HERE}.cancel_run:cancel_run", "Cancel a run."),
        "wait-for-run": (f"{_HERE}.wait_for_run:wait_for_run", "Wait until runs have ended."),
    },
)
