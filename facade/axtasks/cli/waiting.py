"""Waiting for runs in front of a person, or in a log."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING, NoReturn

import click

from .exits import Exit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from axtasks import AxClient, Poll, TaskRun

CLEAR_LINE = "\r\x1b[K"


class Progress:
    """Tells on standard error how a run is doing: one line that is rewritten on a terminal, else a line per status."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._live = sys.stderr.isatty()
        self._told: tuple[str, str] | None = None
        self._started = time.monotonic()

    def __call__(self, poll: Poll) -> None:
        """Tells of one look at a run."""
        if self._live:
            self._rewrite(f"{self._state(poll.run)}, next look in {poll.next_poll_seconds:.1f} s")
        else:
            self._tell_once(poll.run)

    def ended(self, run: TaskRun) -> None:
        """Tells that a run has ended."""
        if self._live:
            self._rewrite("")
            self._write(self._state(run) + "\n")
        else:
            self._tell_once(run)

    def leave(self) -> None:
        """Takes a half-told line away."""
        if self._live:
            self._rewrite("")

    def _state(self, run: TaskRun) -> str:
        elapsed = time.monotonic() - self._started
        return f"{run.id}: {run.status} after {elapsed:.0f} s, {counts(run)}"

    def _tell_once(self, run: TaskRun) -> None:
        if self._told != (run.id, run.status):
            self._told = (run.id, run.status)
            self._write(self._state(run) + "\n")

    def _rewrite(self, text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        self._write(CLEAR_LINE + text[:width])

    def _write(self, text: str) -> None:
        if not self._quiet:
            click.echo(text, err=True, nl=False)


def counts(run: TaskRun) -> str:
    """What a run has done so far."""
    return f"{run.num_successes} succeeded, {run.num_errors} in error, {run.num_skipped} skipped"


def wait_for(
    client: AxClient, run_ids: Sequence[str], *, poll_interval: float | None, timeout: float, quiet: bool
) -> Iterator[TaskRun]:
    """The runs as they end, in the order given, within one time limit for all.

    Args:
        client: whom to ask.
        run_ids: their ids.
        poll_interval: seconds between two looks; short at first and growing when None.
        timeout: the most seconds to wait.
        quiet: whether to say nothing on the way.
    """
    deadline = time.monotonic() + timeout
    waiting = list(run_ids)
    progress = Progress(quiet=quiet)
    try:
        while waiting:
            # At least one look is taken at each run, however little time is left.
            remaining = max(deadline - time.monotonic(), 0.001)
            run = client.tasks.wait_for_run(
                waiting[0], poll_interval=poll_interval, timeout=remaining, on_poll=progress
            )
            progress.ended(run)
            waiting.pop(0)
            yield run
    except KeyboardInterrupt:
        progress.leave()
        _leave_alone(waiting)
    finally:
        progress.leave()


def verdict(runs: Sequence[TaskRun], *, no_exit_status: bool, fail_on_errors: bool) -> Exit:
    """The exit code that ended runs call for.

    Args:
        runs: the runs.
        no_exit_status: whether how they ended shall not matter.
        fail_on_errors: whether items in error shall matter too.
    """
    completed = all(run.status is type(run.status).COMPLETED for run in runs)
    clean = not fail_on_errors or all(run.num_errors == 0 for run in runs)
    return Exit.DONE if no_exit_status or (completed and clean) else Exit.RUN_FAILED


def _leave_alone(run_ids: Sequence[str]) -> NoReturn:
    ids = " ".join(run_ids)
    click.echo(f"Stopped waiting; {'the run goes' if len(run_ids) == 1 else 'the runs go'} on.", err=True)
    click.echo(f"To wait again: ax tasks wait-for-run {ids}", err=True)
    for run_id in run_ids:
        click.echo(f"To cancel:     ax tasks cancel-run {run_id}", err=True)
    raise click.exceptions.Exit(Exit.INTERRUPTED)
