"""The class of commands, and the client of a command."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager, suppress
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.core import ParameterSource
from click.parser import _OptionParser

from axtasks.text import printable

from .errors import Exit, Terminated, code_of_interrupt, explain
from .iostreams import CLIENT, tell
from .options import EARLY, refuse_contradictions, refuse_early, take_over
from .output.formats import VALUES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from axtasks import AxClient


# Where the client tells the stage of the contract.
_STAGE_LOGGER = "axtasks.alpha"
_DAY_SECONDS = 24 * 60 * 60
_SERVER_OPTIONS = {"profile": "--profile", "base_url": "--base-url", "contract": "--contract"}

# What Python has for bytes that it could not read.
_UNREADABLE = "[\udc80-\udcff]"


# click has no public name for its parser any more, and tells nobody else which options were given twice.
class StrictParser(_OptionParser):
    """Parser of click that refuses an option which is given twice: only the last value would count.

    The parser of a command takes over the options that were given before it.
    """

    def parse_args(self, args: list[str]) -> tuple[dict[str, Any], list[str], list[click.Parameter]]:
        """Return the values of the options, the other arguments, and the parameters in the order they were given."""
        if self.ctx and not self.ctx.resilient_parsing:
            _refuse_unreadable(args)
        values, others, given = super().parse_args(args)
        if self.ctx and not self.ctx.resilient_parsing:
            _refuse_repeated(param for param in given if isinstance(param, click.Option))
            if not isinstance(self.ctx.command, click.Group):
                given += _take_over_early(self.ctx, values)
        return values, others, given


def _refuse_unreadable(args: Iterable[str]) -> None:
    """Refuse an argument that the locale could not read, unless it is the name of a file."""
    for arg in args:
        if re.search(_UNREADABLE, arg) and not os.path.lexists(arg.removeprefix("@")):
            encoding = sys.getfilesystemencoding()
            raise click.UsageError(
                f"{arg!r} could not be read as text in {encoding}, the encoding of the locale: use one of UTF-8, as by"
                " LC_ALL=C.UTF-8, or PYTHONUTF8=1"
            )


def strict_parser(command: click.Command, ctx: click.Context) -> StrictParser:
    """Return the parser for the arguments of a command or a group."""
    parser = StrictParser(ctx)
    for param in command.get_params(ctx):
        param.add_to_parser(parser, ctx)
    return parser


def _take_over_early(ctx: click.Context, values: dict[str, Any]) -> list[click.Parameter]:
    """Add the options that were given before the command to its values, and return those that are new."""
    early: Mapping[str, object] = ctx.meta.get(EARLY, {})
    params = {param.name: param for param in ctx.command.params}
    added = [name for name in early if name not in values]
    for name, value in early.items():
        if name not in params:
            refuse_early(name, ctx.command_path)
        take_over(values, name, value, flag=params[name].opts[-1])
    return [params[name] for name in added]


class AxCommand(click.Command):
    """A command that ends with a documented exit code, whatever happens. `CommandGroup` handles a broken pipe."""

    def make_parser(self, ctx: click.Context) -> _OptionParser:
        """Return the parser of the command's arguments."""
        return strict_parser(self, ctx)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; errors become a message on standard error and an exit code."""
        quiet, verbose, debug = (bool(ctx.params.get(name)) for name in ("quiet", "verbose", "debug"))
        ctx.with_resource(stage_notice(quiet=quiet))
        try:
            with _terminable():
                refuse_contradictions(ctx)
                return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except (KeyboardInterrupt, click.Abort) as interrupt:
            code = code_of_interrupt(interrupt)
            tell(f"{code.meaning.capitalize()}.")
            ctx.exit(code)
        except Exception as error:  # noqa: BLE001  the last resort of a program
            if debug:
                import traceback

                tell(*"".join(traceback.format_exception(error)).split("\n"))
            ctx.exit(_code_of(error, verbose=verbose))


@contextmanager
def _terminable() -> Iterator[None]:
    """Have SIGTERM end a command as Ctrl-C does, with a word about what goes on and how to go on."""
    # Imported late, as others below: help does without them.
    import signal

    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL or current_thread() is not main_thread():
        yield
        return
    signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _terminate(_number: int, _frame: object) -> NoReturn:
    raise Terminated


def _code_of(error: Exception, *, verbose: bool) -> Exit:
    from axtasks import AxError

    if isinstance(error, AxError):
        code, lines = explain(error, verbose=verbose)
        tell(*lines)
        return code
    if isinstance(error, OSError) and error.filename is not None:
        tell(f"Error: {printable(str(error.filename))!r} cannot be used: {printable(error.strerror or str(error))}")
        tell("--debug shows where it happened.")
        return Exit.UNEXPECTED
    tell(f"Error: unexpected {type(error).__name__}: {printable(str(error))}")
    tell("--debug shows where it happened.")
    return Exit.UNEXPECTED


def _refuse_repeated(given: Iterable[click.Option]) -> None:
    seen: set[click.Option] = set()
    for option in given:
        # Whoever asks twice for quiet gets it; a flag that can be turned either way may have been.
        may_differ = option.secondary_opts or not option.is_flag
        if option in seen and may_differ and not option.multiple:
            flags = "/".join((option.opts[-1], *option.secondary_opts))
            advice = "give all in one, with commas between them" if _is_list(option) else "only one of them would count"
            raise click.UsageError(f"{flags} is given twice: {advice}")
        seen.add(option)


def _is_list(option: click.Option) -> bool:
    return "," in (option.metavar or "") or option.type.name == "list"


@contextmanager
def connected(options: Mapping[str, Any]) -> Iterator[AxClient]:
    """Create a client by the options of the command, and close it at the end.

    Args:
        options: the options of the command, with those of `common_options`.
    """
    from axtasks import AxClient
    from axtasks.profiles import active_profile, profile_values

    profile = options["profile"] or active_profile()
    meta = click.get_current_context().meta
    if profile is not None and meta.get(VALUES) is None:
        meta[VALUES] = profile_values(profile)
    with AxClient(profile=profile, base_url=options["base_url"], contract=options["contract"]) as client:
        meta[CLIENT] = client
        yield client


def same_server(command: str, *names: str, **options: str | None) -> str:
    """Return the line of a further command for the server of this one.

    Args:
        command: the program and the names of its commands.
        names: its arguments, which are quoted for a shell: a server may have made the ids up.
        options: the values of its options; None for one that is left out.
    """
    # Imported late: few commands are interrupted.
    import shlex

    ctx = click.get_current_context()
    values = {f"--{name}": value for name, value in options.items() if value is not None}
    for name, flag in _SERVER_OPTIONS.items():
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            values[flag] = ctx.params[name]
    words = [word for option in values.items() for word in option]
    # An argument that begins with a dash would be read as an option.
    is_dashed = any(name.startswith("-") for name in names)
    return f"{command} {shlex.join([*words, '--', *names] if is_dashed else [*names, *words])}"


def say(line: str, options: Mapping[str, Any]) -> None:
    """Tell a line on standard error, unless the command is quiet."""
    if not options.get("quiet"):
        tell(line)


@contextmanager
def stage_notice(*, quiet: bool) -> Iterator[None]:
    """Show the notice at most once a day for each stage; never, if quiet."""
    import logging

    logger = logging.getLogger(_STAGE_LOGGER)

    def is_due(record: logging.LogRecord) -> bool:
        return not quiet and _is_due(str(vars(record).get("stage", "")).lower())

    logger.addFilter(is_due)
    try:
        yield
    finally:
        logger.removeFilter(is_due)


def _is_due(stage: str) -> bool:
    """Return True if the notice was not shown within a day, and note that it is now.

    Where the folder cannot be used, it is shown each time.
    """
    import time

    with suppress(OSError, RuntimeError):
        shown = _cache_folder() / f"{stage}-notice"
        with suppress(FileNotFoundError):
            if 0 <= time.time() - shown.stat().st_mtime < _DAY_SECONDS:
                return False
        shown.parent.mkdir(parents=True, exist_ok=True)
        shown.touch()
    return True


def _cache_folder() -> Path:
    """Return the folder that the user's programs may keep things in which can be lost.

    Raises:
        RuntimeError: the home folder is unknown.
    """
    from pathlib import Path

    variable, usual = {"win32": ("LOCALAPPDATA", "AppData/Local"), "darwin": ("", "Library/Caches")}.get(
        sys.platform, ("XDG_CACHE_HOME", ".cache")
    )
    given = Path(os.environ.get(variable, ""))
    return (given if given.is_absolute() else Path.home() / usual) / "ax-tasks"
