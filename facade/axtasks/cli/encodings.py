"""Results for programs: JSON lines and CSV."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from .columns import pick
from .values import escape, flat, json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class _Through:
    """A file for `csv` that hands back what is written to it."""

    def write(self, text: str, /) -> str:
        """The text."""
        return text


def jsonl_text(items: Iterable[object]) -> str:
    """One line of JSON per item."""
    return "".join(f"{json_text(item)}\n" for item in items)


def csv_text(rows: Iterable[Mapping[str, object]], paths: Sequence[str], *, shown: bool) -> str:
    """A heading and a line per row, which `csv` reads back.

    Args:
        rows: the rows.
        paths: the fields, or dotted paths to them.
        shown: whether a terminal will show it, for which what would steer it is escaped.
    """
    if not paths:
        return ""
    lines = [list(paths), *([flat(pick(row, path)) for path in paths] for row in rows)]
    if shown:
        lines = [[escape(text) for text in line] for line in lines]
    # The writer is told of CRLF so that it quotes both of its characters; the lines end in LF as other tools expect.
    writer = csv.writer(_Through(), lineterminator="\r\n")
    written: Iterable[object] = (writer.writerow(line) for line in lines)
    return "".join(str(line).removesuffix("\r\n") + "\n" for line in written)
