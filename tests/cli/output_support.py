"""A small command that shows prepared results, and helpers of the output tests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
from axtasks.cli import iostreams
from axtasks.cli.app import CommandGroup
from axtasks.cli.command import AxCommand
from axtasks.cli.options import output_options
from axtasks.cli.output.show import Result, show
from click.testing import CliRunner

from tests.cli.support import Finished

if TYPE_CHECKING:
    import pytest

MADE = "2026-03-10T15:00:00.000Z"
EVALUATORS = [
    {
        "evaluator_id": "RXY6MTphYg==",
        "evaluator_name": "Hallucination Eval",
        "query_filter": None,
        "column_mappings": {"input": "attributes.input.value", "gen.model": "attributes.model"},
    },
    {"evaluator_id": "RXY6MjphYg==", "evaluator_name": "Bias", "query_filter": "a = 1", "column_mappings": None},
]
MONITOR: dict[str, Any] = {
    "id": "VGFzazoxOmFiYw==",
    "name": "Relevance Monitor",
    "type": "template_evaluation",
    "project_id": "UHJvamVjdDox",
    "dataset_id": None,
    "is_continuous": True,
    "query_filter": None,
    "sampling_rate": 0.1,
    "evaluators": EVALUATORS,
    "experiment_ids": [],
    "last_run_at": "2026-03-10T14:59:58.250Z",
    "created_at": MADE,
    "updated_at": MADE,
    "created_by_user_id": None,
}
EXPERIMENT: dict[str, Any] = {
    "id": "VGFzazoyOmFiYw==",
    "name": 'Zürich, "日本語" 🙂',
    "type": "run_experiment",
    "dataset_id": "RGF0YXNldDo1",
    "is_continuous": False,
    "query_filter": None,
    "evaluators": [],
    "experiment_ids": ["RXhwOjE=", "RXhwOjI="],
    "run_configuration": {
        "experiment_type": "llm_generation",
        "messages": [{"role": "system", "content": "Be brief.\nBe kind."}, {"role": "user", "content": "{{input}}"}],
        "invocation_parameters": {},
    },
    "last_run_at": None,
    "created_at": MADE,
    "updated_at": MADE,
    "created_by_user_id": "VXNlcjox",
    "from_a_later_server": [1, 2.5, None],
}
# Everything that could upset a terminal or a file: colour, bell, lines, tabs, C1, right-to-left, NUL, a lone surrogate.
HOSTILE = {
    **MONITOR,
    "name": "a\x1b[31mb\x07c\r\nd\te\x9bf\u202eg\x00h\ud800i\x7f",
    "query_filter": "",
    "evaluators": [],
}
TASKS = [MONITOR, EXPERIMENT]


def run(status: str, **changed: object) -> dict[str, Any]:
    """Return a run with a status."""
    return {
        "id": "VGFza1J1bjo5OTk6YUJjRA==",
        "task_id": "VGFzazoxOmFiYw==",
        "experiment_id": None,
        "status": status,
        "run_started_at": MADE,
        "run_finished_at": None,
        "data_start_time": MADE,
        "data_end_time": MADE,
        "num_successes": 10,
        "num_errors": 0,
        "num_skipped": 1,
        "created_at": MADE,
        "created_by_user_id": None,
    } | changed


STATUSES = ("pending", "running", "completed", "failed", "cancelled", "paused")


def listed(rows: list[dict[str, Any]], noun: str = "task", *, cursor: str | None = None) -> Result:
    """Return the result of a list."""
    pagination: dict[str, Any] = {"has_more": cursor is not None} | ({"next_cursor": cursor} if cursor else {})
    return Result({f"{noun}s": rows, "pagination": pagination}, rows, noun, single=False, next_cursor=cursor)


RESULTS = {
    "tasks": listed(TASKS),
    "more": listed(TASKS, cursor="the cursor"),
    "none": listed([]),
    "runs": listed([run(status) for status in STATUSES], "run"),
    "monitor": Result(MONITOR, [MONITOR], "task", single=True),
    "experiment": Result(EXPERIMENT, [EXPERIMENT], "task", single=True),
    "hostile": listed([HOSTILE]),
    "hostile-one": Result(HOSTILE, [HOSTILE], "task", single=True),
    "run": Result(run("failed"), [run("failed")], "run", single=True),
    "nameless": listed([{"id": "X", "value": 1}], "thing"),
}


def main(*names: str) -> click.Group:
    """Return a program with a command for each result; `change` counts as a change before it shows a task."""
    group = CommandGroup("show")
    for name in names or RESULTS:

        @group.command(name, cls=AxCommand)
        @output_options()
        def command(name: str = name, **options: Any) -> None:
            show(RESULTS[name], options["output"])

    @group.command("change", cls=AxCommand)
    @output_options("task")
    def change(**options: Any) -> None:
        click.echo("changed", err=True)
        show(RESULTS["monitor"], options["output"])

    return group


def ax(*arguments: str) -> Finished:
    """Run `ax`; fail on any undocumented error."""
    finished = CliRunner().invoke(main(), list(arguments), prog_name="ax")
    if finished.exception is not None and not isinstance(finished.exception, SystemExit):
        raise finished.exception
    return Finished(finished.exit_code, finished.stdout_bytes.decode("utf-8"), finished.stderr)


def without(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Simulate a missing package."""
    for name in [package, *(name for name in sys.modules if name.startswith(f"{package}."))]:
        monkeypatch.setitem(sys.modules, name, None)


def on_terminal(monkeypatch: pytest.MonkeyPatch, columns: int = 80) -> None:
    """Simulate a terminal of a width as standard output."""
    monkeypatch.setattr(iostreams, "is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")


if __name__ == "__main__":
    main()(prog_name="ax")
