"""What all commands share: options, the client they talk to, and how they end."""

from __future__ import annotations

import logging
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from .errors import Exit, explain
from .iostreams import tell
from .output.columns import CLIENT
from .output.values import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from axtasks import AxClient


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
