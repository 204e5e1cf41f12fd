"""`ax tasks`: the commands of the documents' command line, a file for each."""

from __future__ import annotations

from axtasks.cli.app import CommandGroup

_LINES = {
    "list": "List tasks.",
    "get": "Show a task.",
    "list-runs": "List the runs of a task.",
    "get-run": "Show a run.",
    "create": "Create a task of any type.",
    "create-evaluation": "Create an evaluation task.",
    "create-run-experiment": "Create a run_experiment task.",
    "update": "Change a task.",
    "delete": "Delete a task and its runs.",
    "trigger-run": "Trigger a run of a task.",
    "backfill": "Evaluate a long span of time, window by window.",
    "cancel-run": "Cancel a run.",
    "wait-for-run": "Wait until runs have ended.",
}


def _place(name: str) -> str:
    module = name.replace("-", "_")
    return f"{__name__}.{module}:{module}"


group = CommandGroup(
    "tasks",
    help="Create, change and run tasks.",
    commands_at={name: (_place(name), line) for name, line in _LINES.items()},
)
