"""The settings that the output options of a command give."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from axtasks.cli import files, iostreams
from axtasks.cli.errors import OutputError
from axtasks.extras import install_command

from .columns import check_columns
from .formats import ENDINGS, Format
from .query import compile_query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmespath.parser import ParsedResult


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """The output options of a command, checked together.

    Attributes:
        format: the format.
        path: the file to write; standard output if None.
        columns: the fields to show; those that fit the format if None.
        query: the query over the document.
        quiet: whether to leave notices out.
        only_ids: whether to write ids alone, as for --quiet without another output option.
    """

    format: Format
    path: Path | None
    columns: tuple[str, ...] | None
    query: ParsedResult | None
    quiet: bool
    only_ids: bool


def output_settings(
    *,
    output: str | None = None,
    columns: str | None = None,
    query: str | None = None,
    quiet: bool = False,
    noun: str | None = None,
) -> OutputSettings:
    """Check the output options of a command together, and return what they ask for.

    Args:
        output: a format, or a file whose ending says one; a table if None, or JSON for a query.
        columns: fields, with commas between them.
        query: a JMESPath expression.
        quiet: whether to leave notices out.
        noun: the kind of the result, by which the columns are checked; if None, they are checked against the result.

    Raises:
        click.UsageError: they ask for something impossible.
        OutputError: the file cannot be written, or a library for the format is missing.
    """
    fields = None if columns is None else _fields(columns)
    compiled = None if query is None else compile_query(query)
    if output is None:
        kind, path = (Format.JSON if compiled and not fields else Format.TABLE), None
    else:
        kind, path = _format_of(output)
    if kind is Format.JSON and fields:
        raise click.UsageError(
            "--columns does not go with json, which is written as it was received; --query picks fields"
        )
    if kind is Format.PARQUET:
        _check_parquet(path)
    if path is not None:
        files.check_target(path)
    only_ids = quiet and output is None and not fields and not compiled
    settings = OutputSettings(kind, path, fields, compiled, quiet, only_ids)
    if noun:
        check_fields(noun, settings)
    return settings


def check_fields(noun: str, settings: OutputSettings, *, more: Sequence[str] = ()) -> None:
    """Check, before there is a result, that its kind has the fields of `--columns`.

    Args:
        noun: the kind of the result.
        settings: the output options.
        more: fields that this result has besides.

    Raises:
        click.UsageError: it has not.
    """
    # Those of a query are its own.
    if settings.columns and settings.query is None:
        check_columns(noun, settings.columns, rows=[dict.fromkeys(more)])


def _fields(columns: str) -> tuple[str, ...]:
    fields = tuple(field.strip() for field in columns.split(","))
    hint = "'--columns'"
    if not all(fields):
        raise click.BadParameter("give names of fields with commas between them, such as id,name", param_hint=hint)
    for field in fields:
        if fields.count(field) > 1:
            raise click.BadParameter(f"{field!r} is there twice", param_hint=hint)
    return fields


def _format_of(output: str) -> tuple[Format, Path | None]:
    if output in set(Format):
        return Format(output), None
    for ending, kind in ENDINGS.items():
        if output.lower().endswith(ending):
            return kind, Path(output)
    formats, endings = ", ".join(Format), ", ".join(ENDINGS)
    raise click.BadParameter(
        f"{output!r} is neither a format ({formats}) nor a file whose name ends in one of {endings}",
        param_hint="'--output' / '-o'",
    )


def _check_parquet(path: Path | None) -> None:
    if path is None and iostreams.is_terminal():
        raise click.UsageError("parquet is not for reading on a terminal: name a file, such as --output out.parquet")
    try:
        import pyarrow  # noqa: F401, ICN001  # only whether it is there
    except ImportError:
        raise OutputError(f"parquet needs pyarrow: {install_command('parquet')}") from None
