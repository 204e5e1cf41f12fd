"""Progress of runs on standard error, and the wait for them."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

from axtasks.text import escape, printable

from .command import same_server, say
from .errors import Exit, code_of_interrupt
from .iostreams import leads_to_terminal, tell, write_error
from .output.formats import Format
from .output.show import one, several, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from axtasks import AxClient, Poll, Task, TaskRun

    from .output.settings import OutputSettings


CLEAR_LINE = "\r\x1b[K"
USUAL_COLUMNS = 80


class LiveLine:
    """A line on standard error that is rewritten where that is a terminal, between lines that stay.

    Args:
        quiet: whether to write nothing.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        # A dumb terminal cannot rewrite a line.
        self.is_live = leads_to_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"
        self._is_open = False

    def rewrite(self, text: str) -> None:
        """Write the line, in place of what stands there."""
        # Noted before: an interrupt may come as soon as the line is seen.
        self._is_open = True
        self.write(CLEAR_LINE + text)

    def clear(self) -> None:
        """Clear the line."""
        if self._is_open:
            self.write(CLEAR_LINE)
            self._is_open = False

    def write(self, text: str) -> None:
        """Write text that stays."""
        if not self._quiet:
            write_error(text)


class Progress(LiveLine):
    """Progress of runs on standard error: one line that is rewritten on a terminal, else a line per status.

    Args:
        quiet: whether to say nothing.
        count: the number of runs.
    """

    def __init__(self, *, quiet: bool, count: int) -> None:
        super().__init__(quiet=quiet)
        self._count = count
        self._ended = 0
        self._told: set[tuple[str, str]] = set()
        self._started = time.monotonic()

    def __call__(self, poll: Poll) -> None:
        """Show a poll of a run."""
        if not self.is_live:
            self._tell_once(poll.run)
            return
        run, next_poll = poll.run, f", next poll in {poll.next_poll_seconds:.1f} s"
        among = f"{self._ended} of {self._count} runs ended, " if self._count > 1 else ""
        brief, counted = self._state(run), f", {counts_of(run)}"
        # The first that fits; a narrow terminal shows what matters most.
        named = f"{among}{escape(shown_id(run))}: {brief}"
        forms = (named + counted + next_poll, f"{among}{brief}{counted}{next_poll}", among + brief + next_poll)
        room = _columns() - 1
        text = next((form for form in forms if len(form) <= room), brief[:room])
        self.rewrite(text)

    def ended(self, run: TaskRun) -> None:
        """Show that a run has ended."""
        self.clear()
        self._ended += 1
        self._tell_once(run)
        if run.failure_reason:
            self.write(f"{_wall_clock()} {escape(shown_id(run))}: {printable(run.failure_reason)}\n")

    def _state(self, run: TaskRun) -> str:
        status = printable(_status(run), most=USUAL_COLUMNS)
        return f"{status} after {time.monotonic() - self._started:.0f} s"

    def _tell_once(self, run: TaskRun) -> None:
        known = (shown_id(run), _status(run))
        if known not in self._told:
            self._told.add(known)
            self.write(f"{_wall_clock()} {escape(shown_id(run))}: {self._state(run)}, {counts_of(run)}\n")


def _wall_clock() -> str:
    """Return the time in UTC, by which lines of a log are found beside those of others."""
    return time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(time.time()))


def _columns() -> int:
    """Return the width of the terminal of standard error, wherever standard output goes."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or USUAL_COLUMNS
    except OSError:
        return USUAL_COLUMNS


def counts_of(run: TaskRun) -> str:
    """Return the counters of a run for a message, also where the server left some out."""
    succeeded, failed, skipped = (getattr(run, name, "?") for name in ("num_successes", "num_errors", "num_skipped"))
    return f"{succeeded} succeeded, {failed} in error, {skipped} skipped"


def shown_id(resource: Task | TaskRun) -> str:
    """Return the id of a resource for a message, also where the server left it out."""
    return str(getattr(resource, "id", "without an id"))


def _status(run: TaskRun) -> str:
    return str(getattr(run, "status", "without a status"))


def wait_for(client: AxClient, run_ids: Sequence[str], options: Mapping[str, Any]) -> Iterator[TaskRun]:
    """Yield runs as they end, within one time limit for all.

    Args:
        client: the client of the command.
        run_ids: the ids of the runs.
        options: the options of the command, with those of `wait_options`.
    """
    waiting = list(run_ids)
    progress = Progress(quiet=options["quiet"], count=len(waiting))
    timing = {name: options[name] for name in ("poll_interval", "timeout")}
    try:
        for run in _as_ended(client, run_ids, on_poll=progress, **timing):
            progress.ended(run)
            # The only one may have come without its id.
            waiting.remove(run.id if len(run_ids) > 1 else run_ids[0])
            yield run
    except KeyboardInterrupt as interrupt:
        progress.clear()
        _stop_waiting(waiting, code_of_interrupt(interrupt))
    finally:
        progress.clear()


@contextmanager
def showing_unended(options: Mapping[str, Any], *, single: bool) -> Iterator[None]:
    """Show scripts the runs as they were last seen, if the wait ends before they do; people are told how to go on.

    Args:
        options: the options of the command.
        single: whether one run is waited for.
    """
    from axtasks import RunError

    try:
        yield
    except RunError as error:
        # Nothing was seen of a run whose server did not respond in time.
        if error.run is not None and is_for_scripts(options):
            show(one(error.run, "run") if single else several(error.runs, "run"), options["output"])
        raise


def is_for_scripts(options: Mapping[str, Any]) -> bool:
    """Return whether the output options of a command ask for more than a table."""
    settings: OutputSettings = options["output"]
    return settings.only_ids or settings.format is not Format.TABLE


def _as_ended(client: AxClient, run_ids: Sequence[str], **how: Any) -> Iterator[TaskRun]:
    """Yield runs as they end. One alone is polled by its id and nothing else, as the documents have it."""
    if len(run_ids) == 1:
        yield client.tasks.wait_for_run(run_ids[0], **how)
    else:
        yield from client.tasks.as_completed(run_ids, **how)


def exit_code(runs: Sequence[TaskRun], options: Mapping[str, Any]) -> Exit:
    """Return the exit code for runs that have ended, by the options of `wait_options`."""

    def is_good(run: TaskRun) -> bool:
        status = type(run.status)
        may_be_cancelled = options["empty_ok"] and run.is_empty
        is_complete = run.status is status.COMPLETED or (may_be_cancelled and run.status is status.CANCELLED)
        # Without their number there may be some.
        return is_complete and not (options["fail_on_errors"] and getattr(run, "num_errors", 1))

    return Exit.DONE if options["no_exit_status"] or all(map(is_good, runs)) else Exit.RUN_FAILED


def _stop_waiting(run_ids: Sequence[str], code: Exit) -> NoReturn:
    """Tell how to wait for the runs again and how to cancel them, and exit."""
    tell(f"Stopped waiting; {'the run goes' if len(run_ids) == 1 else 'the runs go'} on.")
    tell(f"To wait again: {wait_again(*run_ids)}")
    for run_id in run_ids:
        tell(f"To cancel:     {same_server('ax tasks cancel-run', run_id)}")
    raise click.exceptions.Exit(code)


def wait_again(*run_ids: str) -> str:
    """Return the command that waits for runs on the server of this command."""
    return same_server("ax tasks wait-for-run", *run_ids)


OVERRIDE = "give --override-evaluations to evaluate again what has labels"
WINDOW = "give another window (--data-start-time, --data-end-time)"
CREDENTIALS = "look at the credentials and the model of the AI integration"


def tell_of_empty_runs(runs: Iterable[TaskRun], options: Mapping[str, Any]) -> None:
    """Tell on standard error, for each run that evaluated nothing, what can be done about it.

    Args:
        runs: runs, ended or not.
        options: the options of the command.
    """
    for run in runs:
        if run.is_empty:
            say(f"Run {shown_id(run)} {_cause_and_remedy(run)}.", options)


def _cause_and_remedy(run: TaskRun) -> str:
    statuses = type(run.status)
    if run.status is statuses.FAILED:
        return f"failed before anything was evaluated; {CREDENTIALS}"
    if run.status is statuses.CANCELLED:
        return f"evaluated nothing, and the server cancelled it; {OVERRIDE}, {WINDOW}, or {CREDENTIALS}"
    if run.experiment_id:
        return "ran no example; give --example-ids that are in the dataset, or none for all examples"
    if run.num_skipped:
        return f"evaluated nothing and skipped {run.num_skipped}; {OVERRIDE}"
    if run.data_start_time is not None:
        return f"evaluated nothing, as nothing matched; {WINDOW}"
    return "evaluated nothing, as its experiments have no results; give others with --experiment-ids"
