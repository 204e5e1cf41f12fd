"""Tables on a terminal by means of rich, which knows more about characters and colours."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from .output.table import GAP
from .output.values import escape

if TYPE_CHECKING:
    from collections.abc import Callable

    from .output.table import Table


def rich_width() -> Callable[[str], int] | None:
    """The function by which rich measures a text; None when rich is not installed."""
    try:
        from rich.cells import cell_len
    except ImportError:
        return None
    return cell_len


def rich_text(table: Table, *, room: int, colourful: bool) -> str:
    """The table as text for a terminal.

    Args:
        table: the table, which fits already.
        room: how wide the terminal is.
        colourful: whether to use colours.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    # Between two columns there is the padding of the left one and the column of the box.
    shown = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0))
    for column, numeric in zip(table.columns, table.numeric, strict=True):
        shown.add_column(
            Text(escape(column.label)), justify="right" if numeric else "left", no_wrap=True, overflow="ellipsis"
        )
    for texts, colours in zip(table.lines, table.colours, strict=True):
        shown.add_row(*(Text(text, style=colour or "") for text, colour in zip(texts, colours, strict=True)))
    written = io.StringIO()
    console = Console(
        file=written,
        width=room,
        force_terminal=True,
        color_system="standard" if colourful else None,
        legacy_windows=False,
    )
    console.print(shown)
    return "".join(f"{line.rstrip()}\n" for line in written.getvalue().splitlines())
