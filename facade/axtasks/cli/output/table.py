"""Text for people: a table of rows, or a line for each field of one object."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import click

from .columns import pick
from .values import NOTHING, cell, escape, is_scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .columns import Column

T = TypeVar("T")

GAP = 2
INDENT = 2
LEAST_WIDTH = 16  # what is left of a column that may be cut, before whole columns are left out
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Table:
    """The texts of a table.

    Attributes:
        columns: its columns.
        lines: the texts of each row.
        colours: the colour of each text, None for none.
        numeric: which columns hold nothing but numbers.
    """

    columns: list[Column]
    lines: list[list[str]]
    colours: list[list[str | None]]
    numeric: list[bool]

    def only(self, kept: Sequence[int]) -> Table:
        """This table with some of its columns."""
        return Table(
            _at(self.columns, kept),
            [_at(line, kept) for line in self.lines],
            [_at(line, kept) for line in self.colours],
            _at(self.numeric, kept),
        )


def _at(items: Sequence[T], places: Iterable[int]) -> list[T]:
    return [items[place] for place in places]


def table_of(rows: Sequence[Mapping[str, object]], columns: list[Column]) -> Table:
    """The table of some columns of all rows."""
    values = [[pick(row, column.path) for column in columns] for row in rows]
    return Table(
        columns=columns,
        lines=[[cell(column.path, value) for column, value in zip(columns, line, strict=True)] for line in values],
        colours=[
            [colour_of(column.path, value) for column, value in zip(columns, line, strict=True)] for line in values
        ],
        numeric=[
            any(map(_is_number, column)) and all(value is None or _is_number(value) for value in column)
            for column in zip(*values, strict=True)
        ]
        or [False] * len(columns),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def colour_of(path: str, value: object) -> str | None:
    """The colour of a value; None for those that need none."""
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
    """How many columns of a terminal a text takes up, as far as the Unicode tables say."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def cut(text: str, room: int) -> str:
    """The text, or as much of its beginning as there is room for, with an ellipsis."""
    if text_width(text) <= room:
        return text
    shortened = text[:room]
    while shortened and text_width(shortened) > room - 1:
        shortened = shortened[:-1]
    return shortened + ELLIPSIS


def fit(table: Table, room: int, *, may_drop: bool) -> Table:
    """The table cut so that it fits: first long texts are shortened, then columns left out, then all is shortened.

    Args:
        table: the table.
        room: how wide it may be.
        may_drop: whether columns may be left out.
    """
    natural = _natural_widths(table)
    least = [
        min(width, LEAST_WIDTH) if column.flexible else width
        for width, column in zip(natural, table.columns, strict=True)
    ]
    kept = list(range(len(natural)))

    def gaps() -> int:
        return GAP * (len(kept) - 1)

    while may_drop and sum(_at(least, kept)) + gaps() > room and any(table.columns[place].rank for place in kept):
        # Of columns that matter equally little, the one further to the right goes.
        kept.remove(max(kept, key=lambda place: (table.columns[place].rank, place)))
    widths, least, left = _at(natural, kept), _at(least, kept), room - gaps()
    if sum(least) > left:
        widths, least = least, [1] * len(least)
    while sum(widths) > left and widths != least:
        widest = max(range(len(widths)), key=lambda place: widths[place] - least[place])
        widths[widest] -= 1
    fitting = table.only(kept)
    return Table(
        [
            replace(column, label=cut(column.label, width))
            for column, width in zip(fitting.columns, widths, strict=True)
        ],
        [[cut(text, width) for text, width in zip(line, widths, strict=True)] for line in fitting.lines],
        fitting.colours,
        fitting.numeric,
    )


def _natural_widths(table: Table) -> list[int]:
    texts = [[escape(column.label) for column in table.columns], *table.lines]
    return [max(map(text_width, column)) for column in zip(*texts, strict=True)]


def plain(table: Table, *, colourful: bool) -> str:
    """The table as lines of text.

    Args:
        table: the table.
        colourful: whether to use colours.
    """
    widths = _natural_widths(table)
    header = [escape(column.label) for column in table.columns]
    lines = [_line(header, [None] * len(widths), widths, table.numeric, colourful=colourful)]
    lines += [
        _line(texts, colours, widths, table.numeric, colourful=colourful)
        for texts, colours in zip(table.lines, table.colours, strict=True)
    ]
    return "".join(f"{line}\n" for line in lines)


def _line(
    texts: list[str], colours: Sequence[str | None], widths: list[int], numeric: list[bool], *, colourful: bool
) -> str:
    padded = []
    for text, colour, width, right in zip(texts, colours, widths, numeric, strict=True):
        space = " " * (width - text_width(text))
        shown = click.style(text, fg=colour) if colourful and colour and text != NOTHING else text
        padded.append(space + shown if right else shown + space)
    return (" " * GAP).join(padded).rstrip()


def details(fields: Mapping[str, object], *, colourful: bool) -> str:
    """The fields of an object as lines of text.

    Args:
        fields: names and values.
        colourful: whether to use colours.
    """
    return "".join(f"{line}\n" for line in _lines(fields, colourful=colourful))


def _lines(fields: Mapping[str, object], *, colourful: bool) -> Iterator[str]:
    names = {name: escape(name) for name in fields}
    simple = [text_width(names[name]) for name, value in fields.items() if not _is_nested(value)]
    margin = max(simple, default=0) + GAP
    for name, value in fields.items():
        if _is_nested(value):
            yield names[name]
            yield from (f"{' ' * INDENT}{line}" for line in _nested(name, value, colourful=colourful))
            continue
        first, *others = _texts(name, value)
        colour = colour_of(name, value) if colourful else None
        shown = click.style(first, fg=colour) if colour else first
        yield names[name] + " " * (margin - text_width(names[name])) + shown
        yield from (f"{' ' * margin}{text}".rstrip() for text in others)


def _nested(name: str, value: object, *, colourful: bool) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _lines(value, colourful=colourful)
        return
    for item in value if isinstance(value, list) else ():
        lines = _nested(name, item, colourful=colourful) if _is_nested(item) else _texts(name, item)
        for number, line in enumerate(lines):
            yield f"{'- ' if number == 0 else '  '}{line}"


def _is_nested(value: object) -> bool:
    """Whether a value takes more than a line: an object with fields, or a list of more than simple values."""
    if isinstance(value, list):
        return not all(is_scalar(item) for item in value)
    return isinstance(value, dict) and bool(value)


def _texts(name: str, value: object) -> list[str]:
    """The lines of a simple value; text keeps its own."""
    if isinstance(value, str) and "\n" in value:
        return [escape(line) for line in value.split("\n")]
    return [cell(name, value)]
