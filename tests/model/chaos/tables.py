"""Tables of figures that are printed line by line, as the figures come."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Columns = tuple[tuple[str, int], ...]
"""The title of each column, and its width."""


def print_line(text: str) -> None:
    """Prints a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def print_titles(columns: Columns) -> None:
    """Prints the first line of a table."""
    print_row([title for title, _ in columns], columns)


def print_row(figures: Sequence[object], columns: Columns) -> None:
    """Prints a line of a table.

    Args:
        figures: what stands in it.
        columns: the columns of the table.
    """
    print_line("".join(f"{figure!s:>{width}}" for figure, (_, width) in zip(figures, columns, strict=True)))


def print_defects(defects: Iterable[tuple[str, str]]) -> None:
    """Prints what is wrong.

    Args:
        defects: its kind, and what exactly.
    """
    for defect, what in defects:
        print_line(f"\n{defect}: {what}")
