"""Waiting for runs in front of a person, or in a log."""

from __future__ import annotations

import os
import shlex
import sys
import time
from typing import TYPE_CHECKING, NoReturn

import click

from .exits import Exit
from .values import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from axtasks import AxClient, Poll, TaskRun

CLEAR_LINE = "\r\x1b[K"
USUAL_COLUMNS = 80
SHORTEST_WAIT_SECONDS = 0.01
SERVER_OPTIONS = {"profile": "--profile", "base_url": "--base-url"}


class Progress:
    """Tells on standard error how a run is doing: one line that is rewritten on a terminal, else a line per status."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        # A dumb terminal cannot rewrite a line.
        self._live = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._is_line_open = False
        self._told: tuple[str, str] | None = None
        self._started = time.monotonic()

    def __call__(self, poll: Poll) -> None:
        """Tells of one look at a run."""
        if not self._live:
            self._tell_once(poll.run)
            return
        run, next_look = poll.run, f", next look in {poll.next_poll_seconds:.1f} s"
        brief, counted = self._state(run), f", {counts(run)}"
        # The first that fits; a narrow terminal shows what matters most.
        forms = (f"{escape(run.id)}: {brief}{counted}{next_look}", brief + counted + next_look, brief + next_look)
        room = _columns() - 1
        text = next((form for form in forms if len(form) <= room), brief[:room])
        # Noted before: an interrupt may come as soon as the line is seen.
        self._is_line_open = True
        self._write(CLEAR_LINE + text)

    def ended(self, run: TaskRun) -> None:
        """Tells that a run has ended."""
        self.leave()
        self._tell_once(run)

    def leave(self) -> None:
        """Takes a half-told line away."""
        if self._is_line_open:
            self._write(CLEAR_LINE)
            self._is_line_open = False

    def _state(self, run: TaskRun) -> str:
        return f"{escape(run.status)} after {time.monotonic() - self._started:.0f} s"

    def _tell_once(self, run: TaskRun) -> None:
        if self._told != (run.id, run.status):
            self._told = (run.id, run.status)
            self._write(f"{escape(run.id)}: {self._state(run)}, {counts(run)}\n")

    def _write(self, text: str) -> None:
        if not self._quiet:
            click.echo(text, err=True, nl=False)


def _columns() -> int:
    """The width of the terminal that standard error goes to, wherever standard output goes."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or USUAL_COLUMNS
    except OSError:
        return USUAL_COLUMNS


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
    from axtasks import RunTimeoutError

    deadline = time.monotonic() + timeout
    waiting = list(run_ids)
    progress = Progress(quiet=quiet)
    try:
        while waiting:
            # At least one look is taken at each run, however little time is left.
            remaining = max(round(deadline - time.monotonic(), 2), SHORTEST_WAIT_SECONDS)
            try:
                run = client.tasks.wait_for_run(
                    waiting[0], poll_interval=poll_interval, timeout=remaining, on_poll=progress
                )
            except RunTimeoutError as error:
                # The limit is that of all runs together, not what was left of it for this one.
                raise RunTimeoutError(
                    f"run {error.run.id} was still {error.run.status!s} after {timeout:g} seconds; it goes on, and can"
                    " be waited for again",
                    run=error.run,
                    timeout_seconds=timeout,
                ) from error
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
    ids, server = " ".join(map(escape, run_ids)), _server_options()
    click.echo(f"Stopped waiting; {'the run goes' if len(run_ids) == 1 else 'the runs go'} on.", err=True)
    click.echo(f"To wait again: ax tasks wait-for-run {ids}{server}", err=True)
    for run_id in run_ids:
        click.echo(f"To cancel:     ax tasks cancel-run {escape(run_id)}{server}", err=True)
    raise click.exceptions.Exit(Exit.INTERRUPTED)


def _server_options() -> str:
    """The options that say which server the command talked to, as they were given."""
    context = click.get_current_context()
    given = [
        f" {flag} {shlex.quote(context.params[name])}"
        for name, flag in SERVER_OPTIONS.items()
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    ]
    return "".join(given)
