"""Shared helpers of the command line tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from axtasks.cli import main
from axtasks.mock import default_world as known
from click.testing import CliRunner

if TYPE_CHECKING:
    from pathlib import Path

    from axtasks.mock import Mock

NEW_TASK = "Fresh Task"
RUN_CONFIGURATION = json.dumps(
    {
        "experiment_type": "llm_generation",
        "ai_integration_id": known.OPENAI_MAIN,
        "messages": [{"role": "user", "content": "{{input}}"}],
    }
)


@dataclass(frozen=True)
class Finished:
    """A finished command: its exit code and output."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The standard output as JSON."""
        return json.loads(self.stdout)


@dataclass(frozen=True)
class Ax:
    """A runner of `ax` in this process, without a terminal."""

    folder: Path
    mock: Mock

    def __call__(self, *arguments: str, stdin: str | None = None) -> Finished:
        """Run a command of `ax`."""
        finished = CliRunner().invoke(main, list(arguments), input=stdin, prog_name="ax")
        if finished.exception is not None and not isinstance(finished.exception, SystemExit):
            raise finished.exception
        return Finished(finished.exit_code, finished.stdout, finished.stderr)

    def tasks(self, *arguments: str, stdin: str | None = None) -> Finished:
        """Run a command of `ax tasks`."""
        return self("tasks", *arguments, stdin=stdin)

    @property
    def task_names(self) -> list[str]:
        """The names of all tasks in the world."""
        return [task.name for task in self.mock.world.tasks.all()]
