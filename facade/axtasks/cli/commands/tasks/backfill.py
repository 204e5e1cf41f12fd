"""`ax tasks backfill`: evaluates a long span of time, window by window."""

from __future__ import annotations

import shlex
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.command import AxCommand, connected, say
from axtasks.cli.errors import Exit, code_of_interrupt
from axtasks.cli.iostreams import tell
from axtasks.cli.options import common_options, output_options, space_option
from axtasks.cli.output.settings import check_fields
from axtasks.cli.output.show import Result, show
from axtasks.cli.param_types import CountType, DurationType, TimeType
from axtasks.cli.progress import LiveLine, counts_of
from axtasks.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from axtasks import Backfill, BackfillPlan, WindowOutcome


BAR_CHARACTERS = 30
RUN_FIELDS = ("num_successes", "num_errors", "num_skipped", "failure_reason")
# What the documents name as causes of a run that evaluates nothing.
CAUSES = "no data matched, all of it has labels, or the credentials or the model of the AI integration are wrong"
FILLED = (
    "space",
    "window",
    "concurrency",
    "max_spans",
    "newest_first",
    "override_evaluations",
    "since",
    "retry_failed",
)


@click.command(
    "backfill",
    cls=AxCommand,
    epilog="\b\nExamples:\n"
    '  ax tasks backfill "Chat Quality Monitor" --space demo --from 2026-01-01 --to 2026-03-01 --dry-run\n'
    '  ax tasks backfill "Chat Quality Monitor" --space demo --from 2026-01-01 --to 2026-03-01 --window 7d',
)
@click.argument("task")
@space_option
@click.option("--from", "start", type=TimeType(), required=True, help="Start of the first window.")
@click.option("--to", "end", type=TimeType(), required=True, help="End of the last window, not in the future.")
@click.option("--window", type=DurationType(), help="Length of a window, from 1h to 30d.  [default: 30d]")
@click.option("--concurrency", type=CountType(), metavar="N", help="The most runs under way at once.  [default: 3]")
@click.option("--max-spans", type=CountType(), metavar="N", help="The most spans of a run, 10000 by default.")
@click.option("--split/--no-split", default=True, help="Halve a window that was cut short, or do not.")
@click.option("--newest-first", is_flag=True, help="Begin with the newest window.")
@click.option(
    "--override-evaluations", is_flag=True, help="Evaluate again what has labels; counts runs from now on, or --since."
)
@click.option("--since", type=TimeType(), help="Only runs created since then count.")
@click.option("--retry-failed", is_flag=True, help="Trigger failed, cancelled and empty windows again.")
@click.option("--dry-run", is_flag=True, help="Show what is left to do, and trigger nothing.")
@output_options()
@common_options
@click.pass_context
def backfill(
    ctx: click.Context, /, task: str, start: datetime, end: datetime, split: bool, dry_run: bool, **options: Any
) -> None:
    """Evaluate a project over a long span of time, window by window, by the name or id of a task.

    The runs of the task tell which windows are done: the same command again goes on where it was stopped.
    """
    noun = "planned_window" if dry_run else "window"
    check_fields(noun, options["output"])
    # What is not given is left to the client.
    given = {name: options[name] for name in FILLED if options[name]}
    with connected(options) as client:
        windows = client.tasks.backfill(task, start=start, end=end, split=split, **given)
        if dry_run:
            _show_plan(windows.plan(), noun, options)
            return
        progress = _WindowProgress(start, end, quiet=options["quiet"])
        outcomes = []
        with _telling_how_to_go_on(ctx, windows, progress):
            progress.draw()
            for outcome in windows:
                progress.tell(outcome)
                outcomes.append(outcome)
    _show([_row(outcome) for outcome in outcomes], noun, options)
    _tell_summary(outcomes, options)
    ctx.exit(_exit_code(outcomes))


class _WindowProgress(LiveLine):
    """Progress on standard error: a bar over the windows on a terminal, else a line for each.

    Args:
        start: the start of the first window.
        end: the end of the last one.
        quiet: whether to say nothing.
    """

    def __init__(self, start: datetime, end: datetime, *, quiet: bool) -> None:
        super().__init__(quiet=quiet)
        self._whole = end - start
        self._covered = timedelta()
        self._count = 0

    def tell(self, outcome: WindowOutcome) -> None:
        """Tell a window that was settled; of one that was split its halves follow."""
        self._count += 1
        from axtasks import WindowState  # imported late, as the client is

        if outcome.outcome is not WindowState.SPLIT:
            self._covered += outcome.end - outcome.start
        if not self.is_live or outcome.outcome is not WindowState.DONE:
            self.clear()
            self.write(f"{_name(outcome)}: {_told(outcome)}\n")
        self.draw()

    def draw(self) -> None:
        """Draw the bar on a terminal. It stands there before the first window is settled, which may take long."""
        if self.is_live:
            share = self._covered / self._whole
            bar = "#" * round(BAR_CHARACTERS * share)
            self.rewrite(f"[{bar:.<{BAR_CHARACTERS}}] {share:.0%}, {_windows(self._count)} settled")


@contextmanager
def _telling_how_to_go_on(ctx: click.Context, windows: Backfill, progress: _WindowProgress) -> Iterator[None]:
    """On Ctrl-C leave the runs, and tell the command that goes on; it is a note of an error that ends the backfill.

    Without its `--since`, a backfill that evaluates again would do all of it again.
    """
    from axtasks import AxError, InvalidArgumentError

    try:
        yield
    except KeyboardInterrupt as interrupt:
        progress.clear()
        tell("Stopped; runs that are under way go on.")
        tell(f"To go on: {_command(ctx, windows.since)}")
        raise click.exceptions.Exit(code_of_interrupt(interrupt)) from None
    except AxError as error:
        if not isinstance(error, InvalidArgumentError):
            error.add_note(f"To go on: {_command(ctx, windows.since)}")
        raise
    finally:
        progress.clear()


def _command(ctx: click.Context, since: datetime | None) -> str:
    """Return the command as it was given, with the time since which runs count, if they do so since then."""
    words = ["ax", "tasks", "backfill"]
    for param in ctx.command.params:
        name = param.name or ""
        value = ctx.params.get(name)
        if isinstance(param, click.Argument):
            words.append(str(value))
        elif name != "since" and ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            words += _words(param, value)
    return shlex.join([*words, *(() if since is None else ("--since", _text(since)))])


def _words(param: click.Parameter, value: object) -> list[str]:
    """Return an option and its value as words of a command."""
    flag = param.opts[-1] if value is not False else param.secondary_opts[-1]
    if isinstance(value, bool):
        return [flag]
    if isinstance(value, datetime):
        return [flag, _text(value)]
    if isinstance(value, timedelta):
        return [flag, f"{value // timedelta(seconds=1)}s"]
    # The settings of the output are made from what was given.
    return [flag, str(value)] if isinstance(value, str | int) else []


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _name(outcome: WindowOutcome) -> str:
    return f"{_text(outcome.start)} to {_text(outcome.end)}"


def _told(outcome: WindowOutcome) -> str:
    run, state = outcome.run, str(outcome.outcome).replace("_", " ")
    if run is None:
        return state
    reason = f" ({printable(run.failure_reason)})" if run.failure_reason else ""
    return f"{state}{reason}, {counts_of(run)}"


def _row(outcome: WindowOutcome) -> dict[str, Any]:
    run = outcome.run
    # The server may have left some of them out.
    counts = {name: getattr(run, name, None) for name in RUN_FIELDS}
    return {
        "start": _text(outcome.start),
        "end": _text(outcome.end),
        "outcome": str(outcome.outcome),
        "run_id": getattr(run, "id", None),
        **counts,
        "cap_known": outcome.cap_known,
    }


def _show(rows: list[dict[str, Any]], noun: str, options: Mapping[str, Any]) -> None:
    """Show windows, or the ids of their runs alone, where that is asked for."""
    if options["output"].only_ids:
        rows = [{"id": row["run_id"]} for row in rows if row["run_id"] is not None]
    show(Result({"windows": rows}, rows, noun, single=False), options["output"])


def _show_plan(plan: BackfillPlan, noun: str, options: Mapping[str, Any]) -> None:
    rows = [
        {
            "start": _text(window.start),
            "end": _text(window.end),
            "outcome": str(window.state),
            "run_id": getattr(window.run, "id", None),
            "spans_expected": window.spans_expected,
        }
        for window in plan.windows
    ]
    _show(rows, noun, options)
    say(f"{_counted(Counter(str(window.state) for window in plan.windows))}.", options)
    minutes = "" if plan.seconds_expected is None else f", and to take about {plan.seconds_expected / 60:.0f} minutes"
    say(f"Expected to make about {plan.requests} requests{minutes}; windows may have to be cut.", options)


def _counted(states: Counter[str]) -> str:
    counted = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in states.items())
    return f"{_windows(states.total())}: {counted or 'none'}"


def _windows(count: int) -> str:
    return f"{count} window{'' if count == 1 else 's'}"


def _tell_summary(outcomes: Sequence[WindowOutcome], options: Mapping[str, Any]) -> None:
    """Tell how many windows came to what, and what is to be known of them."""
    from axtasks import WindowState

    say(f"{_counted(Counter(str(outcome.outcome) for outcome in outcomes))}.", options)
    for outcome in outcomes:
        if outcome.outcome is WindowState.CUT_SHORT:
            say(f"Cut short: {_name(outcome)}; give --split or a larger --max-spans.", options)
    if any(outcome.outcome is WindowState.EMPTY for outcome in outcomes):
        say(f"Empty windows evaluated nothing: {CAUSES}. --retry-failed triggers them again.", options)
    if any(not outcome.cap_known for outcome in outcomes):
        say(
            "Windows may be cut short: what the counters count is not known for a task that samples, filters, has"
            " several evaluators, or evaluates traces or sessions.",
            options,
        )


def _exit_code(outcomes: Sequence[WindowOutcome]) -> Exit:
    """Return the exit code: that of a failed run, if a window is not done, or if all are empty."""
    from axtasks import WindowState

    states = {outcome.outcome for outcome in outcomes}
    if WindowState.IN_DOUBT in states:
        return Exit.NETWORK
    is_bad = bool(states & {WindowState.FAILED, WindowState.CANCELLED, WindowState.CUT_SHORT}) or states == {
        WindowState.EMPTY
    }
    return Exit.RUN_FAILED if is_bad else Exit.DONE
