"""What all commands share: options, the client they talk to, and how they end."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .errors import Exit, explain
from .iostreams import leads_to_terminal, tell
from .output.columns import CLIENT
from .output.values import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from axtasks import AxClient

F = TypeVar("F", bound=Callable[..., object])

PROFILE_VARIABLE = "ARIZE_PROFILE"
# As the client takes it; which dialect that means is explained there.
CONTRACTS = ("documents", "beta", "auto")


class AxCommand(click.Command):
    """A command that ends with a documented exit code, whatever happens; of a broken pipe the program takes care."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What is left of the arguments once the options are taken.

        Raises:
            UsageError: an option is given twice. Only the last would count, and what it leaves out may be written.
        """
        if not ctx.resilient_parsing:
            _, _, given = self.make_parser(ctx).parse_args(args=list(args))
            _refuse_repeated(param for param in given if isinstance(param, click.Option))
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; errors become a message on standard error and an exit code."""
        quiet, verbose, debug = (bool(ctx.params.get(name)) for name in ("quiet", "verbose", "debug"))
        if quiet:
            logging.getLogger("axtasks.alpha").setLevel(logging.ERROR)
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except (KeyboardInterrupt, click.Abort):
            tell("Interrupted.")
            ctx.exit(Exit.INTERRUPTED)
        except Exception as error:  # noqa: BLE001  the last resort of a program
            if debug:
                tell("".join(traceback.format_exception(error)))
            ctx.exit(_code_of(error, verbose=verbose))


def _code_of(error: Exception, *, verbose: bool) -> Exit:
    from axtasks import AxError

    if isinstance(error, AxError):
        code, lines = explain(error, verbose=verbose)
        tell("\n".join(map(escape, lines)))
        return code
    tell(f"Error: unexpected {type(error).__name__}: {escape(str(error))}")
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


def not_empty(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """What was given, if anything. Taken for nothing, an empty text would lead to another server without a word."""
    if value == "":
        raise click.BadParameter("it is empty; leave it out for the default", ctx, param)
    return value


def common_options(command: F) -> F:
    """Adds the options that every command has."""
    for option in reversed(
        (
            click.option(
                "--profile",
                metavar="NAME",
                envvar=PROFILE_VARIABLE,
                callback=not_empty,
                help="Profile of ~/.arize/profiles to fall back on.  [default: the active one]",
            ),
            click.option(
                "--base-url",
                metavar="URL",
                callback=not_empty,
                help="Server to talk to, such as http://127.0.0.1:8765.",
            ),
            click.option(
                "--contract",
                type=click.Choice(CONTRACTS, case_sensitive=False),
                metavar="DIALECT",
                help="What the server speaks: documents, beta, or auto, which finds out.  [default: auto]",
            ),
            click.option("-v", "--verbose", is_flag=True, help="Say more about errors."),
            click.option("--debug", is_flag=True, help="Show where an error happened."),
        )
    ):
        command = option(command)
    return command


@contextmanager
def connected(options: Mapping[str, Any]) -> Iterator[AxClient]:
    """A client set up as the command's options say, closed at the end.

    Args:
        options: the command's options by name, those of `common_options` among them.
    """
    from axtasks import AxClient
    from axtasks.profiles import active_profile

    profile = options["profile"] or active_profile()
    with AxClient(profile=profile, base_url=options["base_url"], contract=options["contract"]) as client:
        click.get_current_context().meta[CLIENT] = client
        yield client


def say(line: str, options: Mapping[str, Any]) -> None:
    """Tells on standard error what was done, unless the command is to be quiet."""
    if not options.get("quiet"):
        tell(escape(line))


_NOBODY_TO_ASK = "there is no terminal to ask on: give --force to go on without asking"


def has_terminal() -> bool:
    """Whether a person can be asked."""
    # Without standard error the question would not be seen.
    return leads_to_terminal(sys.stdin) and sys.stderr is not None


def confirm(question: str, *, force: bool) -> None:
    """Ask before something that cannot be undone; the answer is typed, or comes on standard input.

    Args:
        question: what to ask.
        force: whether to go on without asking.

    Raises:
        UsageError: there is no answer to be had.
        Exit: the answer was no.
    """
    if force:
        return
    check_answerable()
    if not _agrees(question):
        tell("Nothing was done.")
        raise click.exceptions.Exit(Exit.UNEXPECTED)


def check_answerable() -> None:
    """Refuse a question that nobody can answer, before anything is sent.

    Raises:
        UsageError: standard input is closed, or is a terminal on which the question would not be seen.
    """
    if sys.stdin is None or sys.stdin.closed or (leads_to_terminal(sys.stdin) and not has_terminal()):
        raise click.UsageError(_NOBODY_TO_ASK)


def _agrees(question: str) -> bool:
    """Ask a question with yes or no as the answer."""
    try:
        # With older versions of click, what reads the answer writes a blank to standard output, into the data there.
        with redirect_stdout(sys.stderr):
            return click.confirm(escape(question), err=True)
    except click.Abort as error:
        tell("")  # the line of the answer was not ended
        if isinstance(error.__context__, EOFError) and not leads_to_terminal(sys.stdin):
            raise click.UsageError(_NOBODY_TO_ASK) from None
        raise
