"""One object for people: a line per field, nested objects and lists indented below their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .tables import colour_of, text_width
from .values import cell, escape, is_scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GAP = 2
INDENT = 2


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
