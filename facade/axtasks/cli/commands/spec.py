"""`ax spec`: compares a server, or recorded traffic, with the contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from axtasks.cli.app import CommandGroup
from axtasks.cli.command import AxCommand, connected, say
from axtasks.cli.errors import Exit
from axtasks.cli.files import check_target, write_whole
from axtasks.cli.iostreams import tell, write
from axtasks.cli.options import common_options, output_options
from axtasks.cli.output.show import Result, show
from axtasks.cli.output.values import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from axtasks.conformance import FindingSummary, Traffic

_STDOUT = "-"
_SUCCESS = range(200, 300)
_DENIED = (401, 403)
# The most entries that a line names.
_MOST_NUMBERS = 10

group = CommandGroup("spec", help="Compare a server with the contract.")


@group.command(
    "check",
    cls=AxCommand,
    epilog="\b\nExamples:\n  ax spec check\n  ax spec check --har traffic.har --contract beta --overlay news.yaml",
)
@click.option(
    "--har",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Check the exchanges of this HTTP archive instead of asking a server; needs no key.",
)
@click.option(
    "--base-path",
    metavar="PATH",
    help="With --har: prefix of a gateway before the paths, such as /gateway; by default all that are found.",
)
@click.option(
    "--overlay",
    metavar="FILE|-",
    help="Write an OpenAPI Overlay that mends the contract; - prints it instead of the list.",
)
@output_options()
@common_options
@click.pass_context
def check(ctx: click.Context, /, har: Path | None, base_path: str | None, overlay: str | None, **options: Any) -> None:
    """Tell where answers are not as the contract says.

    Without --har the server is asked for a few things of every kind, by reads alone. Told are fields, values, variants,
    types, statuses, media types and operations that the contract does not know, and fields that it promises; of values
    no more than a few characters, and no secrets. What is compared with is the contract of --contract, or with auto
    the one that goes best with the values in the answers. The exit code is 9 if there is anything to tell, and 1 if
    there was nothing to compare. Preflights, WebSockets and requests without an answer of their own are passed over.
    """
    from axtasks.conformance import compare, detect_contract, load_contract, suggest_overlay, summarize

    if base_path is not None and har is None:
        raise click.UsageError("--base-path goes with --har: for a server, --base-url has the path")
    if overlay == _STDOUT:
        _refuse_output_options(ctx)
    if overlay not in {None, _STDOUT}:
        check_target(Path(str(overlay)))
    traffic = _read_archive(har, base_path) if har else _read_server(options)
    chosen = traffic.contract or options["contract"]
    contract = load_contract(detect_contract(traffic.exchanges) if chosen in {None, "auto"} else chosen)
    findings = compare(contract, traffic.exchanges)
    suggestion = b""
    if overlay and findings:
        document = suggest_overlay(contract, findings, secrets=traffic.secrets)
        suggestion = f"{json_text(document, indent=2)}\n".encode()
    if overlay == _STDOUT:
        write(suggestion)
    else:
        if suggestion:
            write_whole(Path(str(overlay)), suggestion)
        _show(summarize(findings, secrets=traffic.secrets), contract.name, traffic, options)
    for line in _told(traffic, contract.name):
        say(line, options)
    if findings:
        raise click.exceptions.Exit(Exit.DEVIATES)
    if not traffic.compared:
        raise click.exceptions.Exit(Exit.UNEXPECTED)


def _refuse_output_options(ctx: click.Context) -> None:
    for name in ("output", "columns", "query", "quiet"):
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name} is for the list, in whose place --overlay - prints the overlay")


def _read_server(options: Mapping[str, Any]) -> Traffic:
    """Read a server; end the program if all its responses are refusals, which show nothing of the contract."""
    from axtasks.conformance import read_server

    with connected(options) as client:
        traffic = read_server(client)
    if not any(exchange.status in _SUCCESS for exchange in traffic.exchanges):
        first = traffic.exchanges[0]
        tell(f"Error: {first.method} {first.path} was answered with {first.status}, like all that was tried")
        tell("Check the API key and the server: ax api GET /v2/tasks shows the answer.")
        raise click.exceptions.Exit(Exit.DENIED if first.status in _DENIED else Exit.REFUSED)
    return traffic


def _read_archive(path: Path, base_path: str | None) -> Traffic:
    """Read the exchanges of an archive; any other file is an error of usage."""
    from axtasks.conformance import NotAnArchiveError, read_archive

    try:
        return read_archive(json.loads(path.read_text(encoding="utf-8-sig")), base_path=base_path)
    except (OSError, ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, NotAnArchiveError) else f"cannot be read as JSON: {error}"
        raise click.UsageError(f"{str(path)!r}: {reason}") from error


def _told(traffic: Traffic, contract: str) -> Iterator[str]:
    """Yield what was compared, and the entries that were not, by their numbers."""
    from axtasks.conformance import Redactor

    redactor = Redactor(traffic.secrets)
    below = "".join(f" below {redactor.redact(base)}" for base in traffic.base_paths[:1])
    below += f" and {len(traffic.base_paths) - 1} other paths" if len(traffic.base_paths) > 1 else ""
    counted = f"{traffic.compared or 'no'} answer{'' if traffic.compared == 1 else 's'}"
    yield f"Compared {counted}{below} with the {contract} contract."
    numbers: dict[str, list[int]] = {}
    for entry in traffic.uncompared:
        numbers.setdefault(entry.reason, []).append(entry.number)
    for reason, those in numbers.items():
        more = f" and {len(those) - _MOST_NUMBERS} more" if len(those) > _MOST_NUMBERS else ""
        plural = "entry" if len(those) == 1 else "entries"
        yield f"Not compared: {plural} {', '.join(map(str, those[:_MOST_NUMBERS]))}{more} ({reason})."
    if not traffic.exchanges:
        yield "Nothing in it is for the API: --base-path says what stands before /v2/ in its paths."


def _show(summaries: Sequence[FindingSummary], contract: str, traffic: Traffic, options: Mapping[str, Any]) -> None:
    # There are no ids to print: with --quiet alone, the exit code says all.
    if options["output"].only_ids:
        return
    rows: list[dict[str, Any]] = [{**summary} for summary in summaries]
    document = {
        "contract": contract,
        "answers": traffic.compared,
        "not_compared": [{"entry": entry.number, "reason": entry.reason} for entry in traffic.uncompared],
        "deviations": rows,
    }
    show(Result(document, rows, "deviation", single=False), options["output"])
