"""Tables of figures, printed line by line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Columns = tuple[tuple[str, int], ...]
"""The title of each column, and its width."""


def print_line(text: str) -> None:
    """Print a line and flush it."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def print_titles(columns: Columns) -> None:
    """Print the titles of a table."""
    print_row([title for title, _ in columns], columns)


def print_row(figures: Sequence[object], columns: Columns) -> None:
    """Print a line of a table.

    Args:
        figures: the cells of the line.
        columns: the columns of the table.
    """
    print_line("".join(f"{figure!s:>{width}}" for figure, (_, width) in zip(figures, columns, strict=True)))


def print_defects(defects: Iterable[tuple[str, str]]) -> None:
    """Print the defects.

    Args:
        defects: the kind and description of each.
    """
    for defect, what in defects:
        print_line(f"\n{defect}: {what}")
