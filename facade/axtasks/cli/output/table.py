"""Text for people: a table of rows, or a line for each field of one object. Widths are those of Unicode."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from axtasks.text import ELLIPSIS, escape

from .columns import pick
from .values import NOTHING, cell, is_scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .columns import Column

GAP = 2
INDENT = 2
LEAST_WIDTH = 16  # what is left of a column that may be cut, before whole columns are left out
NARROWEST = 4  # what is left of it, before ids and times are cut, of which a part is of no use


@dataclass(frozen=True, slots=True)
class Table:
    """The texts of a table, column by column.

    Attributes:
        columns: its columns.
        texts: the heading and the cells of each column.
        colours: the colour of each of these texts; None for none.
        numeric: whether a column has nothing but numbers, which stand to the right.
    """

    columns: Sequence[Column]
    texts: Sequence[Sequence[str]]
    colours: Sequence[Sequence[str | None]]
    numeric: Sequence[bool]

    @property
    def widths(self) -> list[int]:
        """The width of each column."""
        return [max(map(text_width, texts)) for texts in self.texts]


def table_of(rows: Sequence[Mapping[str, object]], columns: Sequence[Column]) -> Table:
    """Return the table of some columns of all rows."""
    values = [(column, [pick(row, column.path) for row in rows]) for column in columns]
    return Table(
        columns,
        [[escape(column.label), *(cell(column.path, value) for value in cells)] for column, cells in values],
        [[None, *(colour_of(column.path, value) for value in cells)] for column, cells in values],
        [any(map(_is_number, cells)) and all(v is None or _is_number(v) for v in cells) for _, cells in values],
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def colour_of(path: str, value: object) -> str | None:
    """Return the colour of a value, or None: only the status of a run has one."""
    if path != "status" or not isinstance(value, str):
        return None
    from axtasks import TaskRunStatus

    colours: dict[str, str] = {
        TaskRunStatus.PENDING: "yellow",
        TaskRunStatus.RUNNING: "cyan",
        TaskRunStatus.COMPLETED: "green",
        TaskRunStatus.FAILED: "red",
        TaskRunStatus.CANCELLED: "magenta",
    }
    return colours.get(value)


def text_width(text: str) -> int:
    """Return how many columns of a terminal a text takes up, by the tables of Unicode."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def cut(text: str, room: int) -> str:
    """Return a text, or as much of its beginning as fits in `room` columns with an ellipsis."""
    if text_width(text) <= room:
        return text
    shortened = text[:room]
    while shortened and text_width(shortened) > room - 1:
        shortened = shortened[:-1]
    return shortened + ELLIPSIS


def fit(table: Table, room: int, *, may_drop: bool) -> Table:
    """Return a table cut to fit: long texts are shortened first, then columns left out, then texts shortened more.

    Ids and times are cut last, where nothing else is enough.

    Args:
        table: the table.
        room: how many columns of a terminal there are.
        may_drop: whether columns of the table may be left out.
    """
    natural, columns = table.widths, table.columns
    least, narrowest = (
        [min(width, limit) if column.flexible else width for width, column in zip(natural, columns, strict=True)]
        for limit in (LEAST_WIDTH, NARROWEST)
    )
    kept = list(range(len(columns)))

    def room_for_text() -> int:
        return room - GAP * (len(kept) - 1)

    while may_drop and sum(least[i] for i in kept) > room_for_text() and any(columns[i].rank for i in kept):
        # Of columns that matter equally little, the one further to the right goes.
        kept.remove(max(kept, key=lambda i: (columns[i].rank, i)))
    widths, least, narrowest = ([each[i] for i in kept] for each in (natural, least, narrowest))
    if sum(narrowest) > room_for_text():
        widths, least = least, [1] * len(kept)
    elif sum(least) > room_for_text():
        least = narrowest
    while sum(widths) > room_for_text() and widths != least:
        widest = max(range(len(widths)), key=lambda i: widths[i] - least[i])
        widths[widest] -= 1
    return replace(
        table,
        columns=[columns[i] for i in kept],
        texts=[[cut(text, width) for text in table.texts[i]] for i, width in zip(kept, widths, strict=True)],
        colours=[table.colours[i] for i in kept],
        numeric=[table.numeric[i] for i in kept],
    )


def plain(table: Table, *, colourful: bool) -> str:
    """Return a table as lines of text.

    Args:
        table: the table.
        colourful: whether to use colours.
    """
    padded = [
        [_padded(text, colour if colourful else None, width, right=right) for text, colour in zip(*cells, strict=True)]
        for *cells, width, right in zip(table.texts, table.colours, table.widths, table.numeric, strict=True)
    ]
    return "".join(f"{(' ' * GAP).join(line).rstrip()}\n" for line in zip(*padded, strict=True))


def _padded(text: str, colour: str | None, width: int, *, right: bool) -> str:
    space = " " * (width - text_width(text))
    shown = click.style(text, fg=colour) if colour and text != NOTHING else text
    return space + shown if right else shown + space


def details(fields: Mapping[str, object], *, colourful: bool) -> str:
    """Return the fields of an object as lines of text; nested objects and lists are indented below their names.

    Args:
        fields: names and values.
        colourful: whether to use colours.
    """
    return "".join(f"{line}\n" for line in _field_lines(fields, colourful=colourful))


def _field_lines(fields: Mapping[str, object], *, colourful: bool) -> Iterator[str]:
    names = {name: escape(name) for name in fields}
    margin = max((text_width(names[name]) for name in fields if not _is_nested(fields[name])), default=0) + GAP
    for name, value in fields.items():
        if _is_nested(value):
            yield names[name]
            yield from (f"{' ' * INDENT}{line}" for line in _nested_lines(name, value, colourful=colourful))
            continue
        first, *others = _texts(name, value)
        colour = colour_of(name, value) if colourful else None
        yield _padded(names[name], None, margin, right=False) + (click.style(first, fg=colour) if colour else first)
        yield from (f"{' ' * margin}{text}".rstrip() for text in others)


def _nested_lines(name: str, value: object, *, colourful: bool) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _field_lines(value, colourful=colourful)
        return
    for item in value if isinstance(value, list) else ():
        lines = _nested_lines(name, item, colourful=colourful) if _is_nested(item) else _texts(name, item)
        for number, line in enumerate(lines):
            yield f"{'- ' if number == 0 else '  '}{line}"


def _is_nested(value: object) -> bool:
    """Return whether a value takes more than a line: an object with fields, or a list of more than simple values."""
    if isinstance(value, list):
        return not all(map(is_scalar, value))
    return isinstance(value, dict) and bool(value)


def _texts(name: str, value: object) -> list[str]:
    """Return the lines of a simple value; text keeps its own."""
    if isinstance(value, str) and "\n" in value:
        return [escape(line) for line in value.split("\n")]
    return [cell(name, value)]
