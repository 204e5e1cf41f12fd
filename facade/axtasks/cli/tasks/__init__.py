"""`ax tasks`: everything the documents' command line has, and what its readers would expect."""

from __future__ import annotations

from axtasks.cli.app import LazyGroup
from axtasks.cli.errors import table

_HERE = "axtasks.cli.tasks"

group = LazyGroup(
    "tasks",
    help="Create, change and run tasks.",
    epilog=f"\b\nExit codes:\n{table()}",
    commands_at={
        "list": (f"{_HERE}.reading:list_tasks", "List tasks."),
        "get": (f"{_HERE}.reading:get", "Show a task."),
        "list-runs": (f"{_HERE}.reading:list_runs", "List the runs of a task."),
        "get-run": (f"{_HERE}.reading:get_run", "Show a run."),
        "create": (f"{_HERE}.creating:create", "Create a task of any type."),
        "create-evaluation": (f"{_HERE}.creating:create_evaluation", "Create an evaluation task."),
        "create-run-experiment": (f"{_HERE}.creating:create_run_experiment", "Create a run_experiment task."),
        "update": (f"{_HERE}.changing:update", "Change a task."),
        "delete": (f"{_HERE}.changing:delete", "Delete a task and its runs."),
        "trigger-run": (f"{_HERE}.running:trigger_run", "Trigger a run of a task."),
        "cancel-run": (f"{_HERE}.running:cancel_run", "Cancel a run."),
        "wait-for-run": (f"{_HERE}.running:wait_for_run", "Wait until runs have ended."),
    },
)
