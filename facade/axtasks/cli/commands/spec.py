"""`ax spec`: whether the contract and what a server does are still the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.app import CommandGroup
from axtasks.cli.command import AxCommand, connected, say
from axtasks.cli.errors import Exit
from axtasks.cli.iostreams import check_target, tell, write, write_whole
from axtasks.cli.options import common_options, output_options
from axtasks.cli.output.show import Result, show
from axtasks.cli.output.values import json_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from axtasks.conformance.compare import Seen
    from axtasks.conformance.redact import Redactor
    from axtasks.conformance.traffic import RecordedExchange, Traffic

_STDOUT = "-"
_SUCCESS = range(200, 300)
_DENIED = (401, 403)

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
    "--overlay",
    metavar="FILE|-",
    help="Write what the contract would have to say as an OpenAPI Overlay; - prints it instead of the list.",
)
@output_options()
@common_options
def check(har: Path | None, overlay: str | None, **options: Any) -> None:
    """Tell where answers are not as the contract says.

    Without --har the server is asked for a few things of every kind, by reads alone. Told are fields, values, variants,
    types, statuses, media types and operations that the contract does not know, and fields that it promises; of values
    no more than a few characters, and no secrets. What is compared with is the contract of --contract, or with auto
    the one that goes best with the values in the answers. The exit code is 1 if there is anything to tell.
    """
    from axtasks.conformance.compare import compare, spoken
    from axtasks.conformance.openapi import bundled
    from axtasks.conformance.redact import Redactor
    from axtasks.conformance.suggestion import suggested

    if overlay not in {None, _STDOUT}:
        check_target(Path(str(overlay)))
    told = options["contract"]
    if har is None:
        traffic, known = _live(options)
        told = known or told
    else:
        traffic = _archived(har)
    contract = bundled(spoken(traffic.exchanges) if told in {None, "auto"} else told)
    found = compare(contract, traffic.exchanges)
    redactor = Redactor(traffic.secrets)
    suggestion = f"{json_text(suggested(contract, found, redactor), indent=2)}\n".encode()
    if overlay == _STDOUT:
        write(suggestion if found else b"")
    else:
        if overlay and found:
            write_whole(Path(overlay), suggestion)
        _show(_rows(found, redactor), contract.name, len(traffic.exchanges), options)
    counted = f"{len(traffic.exchanges)} answer{'' if len(traffic.exchanges) == 1 else 's'}"
    say(f"Compared {counted} with the {contract.name} contract.", options)
    if found:
        raise click.exceptions.Exit(Exit.UNEXPECTED)


def _live(options: Mapping[str, Any]) -> tuple[Traffic, str | None]:
    """What a server answers, and the contract that is known to be spoken.

    Raises:
        Exit: it answered nothing but refusals, which say nothing of the contract.
    """
    from axtasks.conformance.traffic import Traffic, live

    with connected(options) as client:
        exchanges = list(live(client))
        known = client.contract
    if not any(exchange.status in _SUCCESS for exchange in exchanges):
        _refused(exchanges)
    return Traffic(exchanges), known


def _refused(exchanges: Sequence[RecordedExchange]) -> None:
    first = exchanges[0]
    tell(f"Error: {first.method} {first.path} was answered with {first.status}, like all that was tried")
    tell("Check the API key and the server: ax api GET /v2/tasks shows the answer.")
    raise click.exceptions.Exit(Exit.DENIED if first.status in _DENIED else Exit.REFUSED)


def _archived(path: Path) -> Traffic:
    """The exchanges of an archive.

    Raises:
        UsageError: the file is none.
    """
    from axtasks.conformance.traffic import NotAnArchiveError, of_archive

    try:
        return of_archive(json.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, NotAnArchiveError) else f"cannot be read as JSON: {error}"
        raise click.UsageError(f"{str(path)!r}: {reason}") from error


def _rows(found: Sequence[Seen], redactor: Redactor) -> list[dict[str, Any]]:
    """The deviations, each once, with how often it was seen and an example."""
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for seen in found:
        row = _row(seen, redactor)
        told_apart = row["example"] if row["kind"] in {"unknown value", "unknown variant"} else ""
        key = (row["kind"], row["operation"], str(row["status"]), row["path"], str(told_apart))
        rows.setdefault(key, row)["seen"] += 1
    return list(rows.values())


def _row(seen: Seen, redactor: Redactor) -> dict[str, Any]:
    from axtasks.conformance.compare import FindingKind

    finding, exchange = seen.finding, seen.exchange
    value, name = finding.value, finding.path.rpartition(".")[2]
    if finding.kind is FindingKind.UNKNOWN_VARIANT:
        value = value[finding.name]
    operation = f"{exchange.method} {exchange.path}" if finding.kind is FindingKind.OPERATION else seen.operation
    has_example = finding.kind not in {FindingKind.MISSING_FIELD, FindingKind.WRONG_BODY, FindingKind.OPERATION}
    return {
        "kind": str(finding.kind),
        "operation": redactor.text(operation),
        "status": exchange.status,
        "path": redactor.text(finding.path),
        "example": redactor.example(name, value) if has_example else None,
        "seen": 0,
    }


def _show(rows: list[dict[str, Any]], contract: str, answers: int, options: Mapping[str, Any]) -> None:
    # There are no ids to print: with --quiet alone, the exit code says all.
    if options["output"].only_ids:
        return
    document = {"contract": contract, "answers": answers, "deviations": rows}
    show(Result(document, rows, "deviation", single=False), options["output"])
