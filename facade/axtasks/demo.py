"""The main job from beginning to end, against the mock server over real HTTP: `python -m axtasks.demo`."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from axtasks import AxClient, TaskType

if TYPE_CHECKING:
    from axtasks import Poll, TaskRun

RUN_SECONDS = 2.0
WINDOW = timedelta(days=7)


def main() -> int:
    """Create a task by name, trigger it, wait for the run and show the outcome; return 0 if the run completed."""
    from axtasks.mock import MockServer

    logging.basicConfig(format="%(message)s")
    with (
        MockServer(run_seconds=RUN_SECONDS) as server,
        AxClient(api_key="demo", base_url=server.url, space="demo") as ax,
    ):
        say(f"Mock server at {server.url}, space {ax.space!r}")
        task = ax.tasks.create_evaluation_task(
            "Relevance Monitor",
            task_type=TaskType.TEMPLATE_EVALUATION,
            project="chat-prod",
            evaluators=["Hallucination Eval"],
            sampling_rate=0.5,
        )
        say(f"Created {task.name!r}: {task.id}")
        end = datetime.now(UTC)
        run = ax.tasks.trigger_run("Relevance Monitor", data_start_time=end - WINDOW, data_end_time=end)
        say(f"Triggered a run: {run.id}")
        run = ax.tasks.wait_for_run(run.id, timeout=60, on_poll=show_progress)
        say(f"The run is {run.status}: {counts(run)}")
    return 0 if run.status is run.status.COMPLETED else 1


def show_progress(poll: Poll) -> None:
    """Show a poll of the run."""
    say(f"  {poll.elapsed_seconds:5.1f} s  {poll.run.status}, next poll in {poll.next_poll_seconds:.1f} s")


def counts(run: TaskRun) -> str:
    """Return the counts of a run, in words."""
    return f"{run.num_successes} succeeded, {run.num_errors} in error, {run.num_skipped} skipped"


def say(line: str) -> None:
    """Write a line to standard output at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
