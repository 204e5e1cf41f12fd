"""Results of commands, and `show`, which prints one or writes it to a file."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from axtasks.cli import files, iostreams
from axtasks.cli.errors import OutputError
from axtasks.text import WIRE, escape

from .columns import (
    Column,
    all_fields,
    check_columns,
    chosen_columns,
    model_fields,
    pick,
    words_of,
)
from .encoders import bare_text, csv_text, jsonl_text
from .formats import VALUES, Format
from .query import check_fit, rows_found, run_query
from .values import json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Protocol

    from axtasks import Page

    from .settings import OutputSettings

    class Shown(Protocol):
        """A model that the API returns."""

        def to_dict(self, spelling: Mapping[str, Mapping[str, str]] = ...) -> dict[str, Any]:
            """Return its JSON object, in a spelling of values."""
            ...


LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a command.

    Attributes:
        document: the JSON as the API returned it; of a list, its wire key and the pagination.
        rows: a JSON object for each item; one for a single object.
        noun: the kind of the items, such as "task".
        single: whether it is one object rather than a list.
        next_cursor: the cursor at which a list goes on; None at its end.
    """

    document: Any
    rows: list[dict[str, Any]]
    noun: str
    single: bool
    next_cursor: str | None = None


def one(item: Shown, noun: str, **more: str) -> Result:
    """Return the result that shows one object, with `more` fields that the API does not have."""
    document = _document(item) | more
    return Result(document, [document], noun, single=True)


def _document(item: Shown) -> dict[str, Any]:
    """Return the JSON object of a model, with values spelled as the command was asked to."""
    context = click.get_current_context(silent=True)
    client = iostreams.client_of_command()
    if context is None or client is None or context.meta.get(VALUES) != WIRE:
        return item.to_dict()
    return client.wire_dict(item)


def _without_key(result: Result) -> Result:
    """Return a result without the key of the client, which a server may repeat in any field."""
    client = iostreams.client_of_command()
    if client is None:
        return result
    content = json.dumps(result.document).encode()
    masked = client.without_key(content)
    if masked == content:
        return result
    rows = json.loads(client.without_key(json.dumps(result.rows).encode()))
    return replace(result, document=json.loads(masked), rows=rows)


def several(items: Sequence[Shown], noun: str) -> Result:
    """Return the result that shows objects which no list request returned, as a list however many they are."""
    rows = [_document(item) for item in items]
    return Result({f"{noun}s": rows}, rows, noun, single=False)


def listing(fetch: Callable[..., Page[Any]], noun: str, *, limit: int, cursor: str | None, everything: bool) -> Result:
    """Return the result that shows a list, and fetch as many pages as it takes.

    Args:
        fetch: requests a page, given `limit` and `cursor`.
        noun: the kind of the items.
        limit: the largest number of items.
        cursor: the cursor to begin at; the start if None.
        everything: whether to fetch all items, whatever the limit.

    Raises:
        RepeatedCursorError: the list goes in circles.
        TooManyPagesError: all of it was asked for, and it has more pages than the client follows.
    """
    pages = fetch(limit=LARGEST_PAGE, cursor=cursor).pages() if everything else _pages(fetch, limit, cursor)
    rows: list[dict[str, Any]] = []
    document: dict[str, Any] = {}
    following: str | None = None
    for page in pages:
        document, following = _document(page.response), page.next_cursor
        rows += document[page.wire_name]
        document[page.wire_name] = rows
    return Result(document, rows, noun, single=False, next_cursor=following)


def _pages(fetch: Callable[..., Page[Any]], limit: int, cursor: str | None) -> Iterator[Page[Any]]:
    """Yield pages until they have `limit` items together; the last request asks for no more than is missing."""
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


def show(result: Result, settings: OutputSettings) -> None:
    """Write a result to standard output or a file, and notices to standard error.

    Args:
        result: the result.
        settings: the output options of the command.

    Raises:
        click.UsageError: the options ask for something impossible.
        OutputError: the output cannot be made or written.
    """
    result = _without_key(result)
    found = _found(result, settings)
    content = _content(found, settings)
    if settings.path is None:
        iostreams.write(content)
    else:
        files.write_whole(settings.path, content)
    if not settings.quiet:
        _tell_notice(result, found, settings)
    # Whoever goes on with a part has to know that it is one, but knows a limit of their own.
    if result.next_cursor is not None and not (settings.quiet and _is_limited()):
        following = shlex.quote(result.next_cursor)
        iostreams.tell(f"There are more {words_of(result.noun or '')}s: go on with --cursor {following}, or use --all.")


def _is_limited() -> bool:
    """Return whether the command was given a limit."""
    context = click.get_current_context(silent=True)
    return context is not None and context.get_parameter_source("limit") is click.core.ParameterSource.COMMANDLINE


def _found(result: Result, settings: OutputSettings) -> Result:
    """Return the result of the query over a result; JSON has no use for its rows."""
    if settings.query is None:
        return result
    found = run_query(settings.query, result.document)
    if found is None:
        check_fit(settings.query, result.document, known=model_fields(result.noun) if result.single else ())
    rows = [] if settings.format in {Format.JSON, Format.TEXT} else rows_found(found)
    return Result(found, rows, "", isinstance(found, dict))


def _content(result: Result, settings: OutputSettings) -> bytes:
    """Return a result in the format of the settings."""
    rows = result.rows
    on_terminal = _is_for_terminal(settings)
    if settings.columns:
        check_columns(result.noun, settings.columns, rows=rows)
        _tell_of_empty_columns(rows, settings)
    if settings.format is Format.PARQUET:
        from .encoders import parquet_bytes

        return parquet_bytes(rows, settings.columns or all_fields(result.noun, rows), model_fields(result.noun))
    if settings.only_ids:
        text = "".join(f"{_id_of(row)}\n" for row in rows)
    elif settings.format is Format.JSON:
        text = json_text(result.document, indent=2) + "\n"
    elif settings.format is Format.TEXT:
        text = _bare_text(result, settings)
    elif settings.format is Format.JSONL:
        text = jsonl_text(_items(result, settings))
    elif settings.format is Format.CSV:
        text = csv_text(rows, settings.columns or all_fields(result.noun, rows), on_terminal=on_terminal)
    else:
        text = _table_text(result, settings)
    return text.encode(iostreams.encoding() if on_terminal else "utf-8", "backslashreplace")


def _id_of(row: dict[str, Any]) -> str:
    if "id" not in row:
        raise OutputError("what there is to show has no id; leave --quiet out, or use --output")
    return escape(str(row["id"]))


def _items(result: Result, settings: OutputSettings) -> list[Any]:
    """Return the items of JSON lines: objects, or the scalars that a query found."""
    if settings.columns:
        return _chosen(result.rows, settings.columns)
    document = result.document
    is_simple = isinstance(document, list) and not any(isinstance(item, dict) for item in document)
    return document if is_simple else result.rows


def _bare_text(result: Result, settings: OutputSettings) -> str:
    """Return the text for shells: what a query found, or the columns of the table."""
    document = result.document
    if settings.columns or settings.query is None:
        columns = chosen_columns(result.noun, result.rows)
        paths = settings.columns or [column.path for column in columns]
        rows = rows_found(document) if settings.query else result.rows
        document = [[pick(row, path) for path in paths] for row in rows]
    text = bare_text(document)
    return "".join(f"{escape(line)}\n" for line in text.splitlines()) if _is_for_terminal(settings) else text


def _is_for_terminal(settings: OutputSettings) -> bool:
    return settings.path is None and iostreams.is_terminal()


def _chosen(rows: list[dict[str, Any]], paths: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{path: pick(row, path) for path in paths} for row in rows]


def _tell_of_empty_columns(rows: list[dict[str, Any]], settings: OutputSettings) -> None:
    """Tell which nested fields no row has: one may be misspelt, or there may just be none this time."""
    for path in settings.columns or ():
        if rows and "." in path and not settings.quiet and all(_is_nothing(pick(row, path)) for row in rows):
            iostreams.tell(f"Nothing has a value for {path!r}.")


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, list) and all(map(_is_nothing, value)))


def _table_text(result: Result, settings: OutputSettings) -> str:
    """Return the text for people, which is made to fit where it goes to a terminal."""
    if not result.rows:
        return ""
    from .table import details, fit, plain, table_of

    colourful = iostreams.wants_colour()
    if result.single:
        fields = _chosen(result.rows, settings.columns)[0] if settings.columns else result.rows[0]
        return details(fields, colourful=colourful)
    columns = [Column(path, path) for path in settings.columns or ()] or chosen_columns(result.noun, result.rows)
    table = table_of(result.rows, columns)
    if iostreams.is_terminal():
        table = fit(table, iostreams.width(), may_drop=settings.columns is None)
        kept = {column.path for column in table.columns}
        missing = ", ".join(column.label for column in columns if column.path not in kept)
        if missing and not settings.quiet:
            iostreams.tell(f"No room for {missing}; --columns chooses what is shown.")
    return plain(table, colourful=colourful)


def _tell_notice(result: Result, found: Result, settings: OutputSettings) -> None:
    """Tell which file was written, or that there is nothing to show."""
    count, noun = len(result.rows), words_of(result.noun or "")
    if settings.path is not None:
        counted = f"the {noun}" if result.single else f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
        what = "what the query found" if settings.query else counted
        iostreams.tell(f"Wrote {what} to {str(settings.path)!r}.")
    elif settings.query is None and not count:
        iostreams.tell(f"No {noun}s.")
    elif found.document in (None, []):
        iostreams.tell("The query found nothing.")
