"""Results of commands, and how they are shown."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from axtasks.cli import iostreams
from axtasks.cli.errors import OutputError
from axtasks.cli.iostreams import tell, write_whole

from .columns import Column, all_fields, check_columns, chosen_columns, model_fields, pick
from .encoders import csv_text, jsonl_text
from .formats import Format, Request, request_of
from .query import rows_found, run_query
from .values import escape, json_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Protocol

    from axtasks import Page

    from .table import Table

    class Shown(Protocol):
        """Anything the API returns one of."""

        def to_dict(self) -> dict[str, Any]:
            """Its JSON object."""
            ...


F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Result:
    """What a command has to show.

    Attributes:
        document: the JSON as the API returned it; of a list, its wire key and the pagination.
        rows: a JSON object per item; one for a single object.
        noun: what the items are, such as "task".
        single: whether it is one object rather than a list.
        next_cursor: where a list goes on; None at its end.
    """

    document: dict[str, Any]
    rows: list[dict[str, Any]]
    noun: str
    single: bool
    next_cursor: str | None = None


def show(result: Result, *, output: str | None, columns: str | None, query: str | None, quiet: bool) -> None:
    """Shows a result as the options say: data on standard output or in a file, notices on standard error.

    Args:
        result: what to show.
        output: a format or a file; a table when None, or JSON for a query.
        columns: the fields to show; what suits the format when None.
        query: what to pick from the document; everything when None.
        quiet: whether to leave notices out and, where nothing else was asked for, everything but ids.

    Raises:
        click.UsageError: the options ask for something impossible.
        OutputError: the output cannot be made or written.
    """
    request = request_of(output=output, columns=columns, query=query, quiet=quiet)
    picked = _pick(result, request)
    content = _content(picked, request)
    if request.path is None:
        iostreams.write(content)
    else:
        write_whole(request.path, content)
    for line in () if quiet else _notices(result, picked, request):
        tell(line)
    # Whoever goes on with a part has to know that it is one, and knows where the limit is of their own.
    if result.next_cursor is not None and not (quiet and _is_limited()):
        following = escape(shlex.quote(result.next_cursor))
        tell(f"There are more {result.noun}s: go on with --cursor {following}, or use --all.")


def _is_limited() -> bool:
    """Whether the command was given a limit."""
    context = click.get_current_context(silent=True)
    return context is not None and context.get_parameter_source("limit") is click.core.ParameterSource.COMMANDLINE


@dataclass(frozen=True, slots=True)
class _Picked:
    """What is left of a result after the query.

    Attributes:
        found: as JSON.
        rows: as rows; none for JSON, which has no use for them.
        noun: what the rows are; nothing after a query.
        single: whether it is one object.
    """

    found: Any
    rows: list[dict[str, Any]]
    noun: str
    single: bool


def _pick(result: Result, request: Request) -> _Picked:
    if request.query is None:
        return _Picked(result.document, result.rows, result.noun, result.single)
    found = run_query(request.query, result.document)
    rows = [] if request.format is Format.JSON else rows_found(found)
    return _Picked(found, rows, "", isinstance(found, dict))


def _content(picked: _Picked, request: Request) -> bytes:
    """What is to be written."""
    rows = picked.rows
    shown = request.path is None and iostreams.is_terminal()
    if request.columns:
        check_columns(picked.noun, request.columns, rows=rows)
        _tell_of_nothing(rows, request)
    if request.format is Format.PARQUET:
        from .encoders import parquet_bytes

        return parquet_bytes(rows, request.columns or all_fields(picked.noun, rows), model_fields(picked.noun))
    if request.only_ids:
        text = "".join(f"{_id_of(row)}\n" for row in rows)
    elif request.format is Format.JSON:
        text = json_text(picked.found, indent=2) + "\n"
    elif request.format is Format.JSONL:
        text = jsonl_text(_lines(picked, request))
    elif request.format is Format.CSV:
        text = csv_text(rows, request.columns or all_fields(picked.noun, rows), shown=shown)
    else:
        text = _table_text(picked, request)
    return text.encode(iostreams.encoding() if shown else "utf-8", "backslashreplace")


def _id_of(row: dict[str, Any]) -> str:
    if "id" not in row:
        raise OutputError("what there is to show has no id; leave --quiet out, or use --output")
    return escape(str(row["id"]))


def _lines(picked: _Picked, request: Request) -> list[Any]:
    """The items of JSON lines: objects, or the scalars that a query found."""
    if request.columns:
        return _chosen(picked.rows, request.columns)
    simple = isinstance(picked.found, list) and not any(isinstance(item, dict) for item in picked.found)
    return picked.found if simple else picked.rows


def _chosen(rows: list[dict[str, Any]], paths: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{path: pick(row, path) for path in paths} for row in rows]


def _tell_of_nothing(rows: list[dict[str, Any]], request: Request) -> None:
    """Says which nested fields no row has: one may be misspelt, or there may just be none this time."""
    for path in request.columns or ():
        if rows and "." in path and not request.quiet and all(_is_nothing(pick(row, path)) for row in rows):
            tell(f"Nothing has a value for {path!r}.")


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, list) and all(map(_is_nothing, value)))


def _table_text(picked: _Picked, request: Request) -> str:
    if picked.single:
        from .table import details

        fields = _chosen(picked.rows, request.columns)[0] if request.columns else picked.rows[0]
        return details(fields, colourful=iostreams.wants_colour())
    if not picked.rows:
        return ""
    from .table import plain, table_of

    columns = [Column(path, path) for path in request.columns or ()] or chosen_columns(picked.noun, picked.rows)
    table = table_of(picked.rows, columns)
    return _fitted(table, request) if iostreams.is_terminal() else plain(table, colourful=False)


def _fitted(table: Table, request: Request) -> str:
    """The table as a terminal shows it."""
    from .table import fit, plain

    fitting = fit(table, iostreams.width(), may_drop=request.columns is None)
    kept = {column.path for column in fitting.columns}
    missing = ", ".join(column.label for column in table.columns if column.path not in kept)
    if missing and not request.quiet:
        tell(f"No room for {missing}; --columns chooses what is shown.")
    return plain(fitting, colourful=iostreams.wants_colour())


def _notices(result: Result, picked: _Picked, request: Request) -> Iterator[str]:
    count, noun = len(result.rows), result.noun
    if request.path is not None:
        counted = f"the {noun}" if result.single else f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
        yield f"Wrote {'what the query found' if request.query else counted} to {str(request.path)!r}."
    elif request.query is None and not count:
        yield f"No {noun}s."
    elif picked.found in (None, []):
        yield "The query found nothing."


LARGEST_PAGE = 100


def one(item: Shown, noun: str) -> Result:
    """The result that shows one object."""
    document = item.to_dict()
    return Result(document=document, rows=[document], noun=noun, single=True)


def several(items: Sequence[Shown], noun: str) -> Result:
    """The result that shows objects which no list request returned, as a list however many they are."""
    rows = [item.to_dict() for item in items]
    return Result(document={f"{noun}s": rows}, rows=rows, noun=noun, single=False)


def listing(fetch: Callable[..., Page[Any]], noun: str, *, limit: int, cursor: str | None, everything: bool) -> Result:
    """The result that shows a list, for which as many pages are fetched as it takes.

    Args:
        fetch: asks for a page, given `limit` and `cursor`.
        noun: what the items are.
        limit: the most items to show.
        cursor: where to begin; at the start when None.
        everything: whether to show all there is, whatever the limit.

    Raises:
        RepeatedCursorError: the list goes in circles.
        TooManyPagesError: all of it was asked for, and it has more pages than the client follows.
    """
    pages = fetch(limit=LARGEST_PAGE, cursor=cursor).pages() if everything else _pages_of(fetch, limit, cursor)
    rows: list[dict[str, Any]] = []
    document: dict[str, Any] = {}
    following: str | None = None
    for page in pages:
        document, following = page.to_dict(), page.next_cursor
        rows += document[page.wire_name]
        document[page.wire_name] = rows
    return Result(document=document, rows=rows, noun=noun, single=False, next_cursor=following)


def _pages_of(fetch: Callable[..., Page[Any]], limit: int, cursor: str | None) -> Iterator[Page[Any]]:
    """The pages that have a number of items together, the last of which is asked for no more than is missing."""
    followed = {cursor}
    while True:
        page = fetch(limit=min(limit, LARGEST_PAGE), cursor=cursor)
        yield page
        limit -= len(page.items)
        cursor = page.next_cursor
        if cursor is None or limit <= 0:
            return
        if cursor in followed:
            from axtasks import RepeatedCursorError

            message = f"the list of {page.wire_name} goes in circles: cursor {cursor!r} was followed before"
            raise RepeatedCursorError(message, cursor=cursor)
        followed.add(cursor)


def present(result: Result, options: Mapping[str, Any]) -> None:
    """Shows a result as the command's options say.

    Args:
        result: what to show.
        options: the command's options by name, those of `output_options` among them.
    """
    show(
        result,
        output=options["output"],
        columns=options["columns"],
        query=options["query"],
        quiet=options["quiet"],
    )
